import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { type Answer, call, mayCall, usePages } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** What households declared themselves, where each stands, and whether its receipt is in the family's hands. */
export function Declarations() {
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const { pages, items } = usePages('listDeclarations', { query: { region, limit: 100 } });
  return (
    <div className="block">
      <Answered to={pages} empty={() => items.length === 0}>
        {() => (
          <List<Answer<'listDeclarations'>['items'][number]>
            copy
            rowKey="receipt"
            dataSource={items}
            columns={[
              { title: w.at, className: 'number', render: (_value, { receivedAt }) => minute(receivedAt) },
              { title: w.receipt, className: 'number', dataIndex: 'receipt' },
              { title: w.village, render: (_value, { village }) => name(village, true) },
              { title: w.name, dataIndex: 'name' },
              { title: w.declaredBy, render: (_value, { declaredBy }) => of('declaredBy', declaredBy) },
              { title: w.idNumber, className: 'number', dataIndex: 'idNumber' },
              { title: w.phone, className: 'number', dataIndex: 'phone' },
              { title: w.verifiedOnFile, render: (_value, { verified }) => (verified ? '✓' : '') },
              { title: w.trouble, render: (_value, { trouble }) => of('risk', trouble) },
              {
                title: w.household,
                render: (_value, { household }) => (household === null ? '—' : <HouseholdLink id={household} />),
              },
              {
                title: w.status,
                render: (_value, { status, step }) =>
                  step === null
                    ? of('declarationStatus', status)
                    : `${of('declarationStatus', status)} · ${of('step', step)}`,
              },
              { title: w.handedOver, render: (_value, one) => <HandOver one={one} /> },
            ]}
          />
        )}
      </Answered>
      <More of={pages} />
    </div>
  );
}

function HandOver({ one }: { one: Answer<'listDeclarations'>['items'][number] }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const hand = useMutation({
    mutationFn: () => call('handOverDeclaration', { params: { receipt: one.receipt }, body: {} }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listDeclarations'] });
    },
    onError: problem,
  });
  if (one.handedOver !== null) return `${one.handedOver.by} ${minute(one.handedOver.at)}`;
  if (!mayCall(me, 'handOverDeclaration')) return w.notYet;
  return (
    <Popconfirm title={w.handOverSure} okText={w.confirm} cancelText={w.cancel} onConfirm={() => hand.mutate()}>
      <Button size="small" type="link" loading={hand.isPending}>
        {w.handOver}
      </Button>
    </Popconfirm>
  );
}
