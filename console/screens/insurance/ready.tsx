import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, read, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';

/** A batch takes so many claims. */
const MOST = 25;

type Line = Answer<'listClaims'>['items'][number];

/** Approved claims that wait for their payment, and the batch that is made of those chosen. */
export function Ready() {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  // Only what is approved waits for its payment: of all claims there are more than are read at once.
  const claims = useQuery(readAll('listClaims', { query: { region: me.region, stage: 'approved', limit: 200 } }));
  const policies = useQuery(read('listPolicies', {}));
  const ready: Line[] = (claims.data?.items ?? []).filter(({ waiting }) => waiting?.step === 'payment');
  const [chosen, setChosen] = useState<readonly string[]>();
  // A batch is of one policy: of two years' claims those of the first that is chosen.
  const wanted = chosen === undefined ? ready : ready.filter(({ id }) => chosen.includes(id));
  const inBatch = wanted.filter(({ policy }) => policy === wanted[0]?.policy).slice(0, MOST);
  const ids = inBatch.map(({ id }) => id);
  const sum = inBatch.reduce((total, { approved }) => total + (approved ?? 0), 0);
  const [first] = inBatch;
  const create = useMutation({
    mutationFn: () =>
      call('createBatch', {
        body: {
          policy: first?.policy ?? '',
          executionOn: dayOf(serverNow()),
          claims: inBatch.map(({ id }) => id),
          count: inBatch.length,
          sum,
        },
      }),
    onSuccess: () => {
      void message.success(w.done);
      setChosen(undefined);
      void client.invalidateQueries();
    },
    onError: problem,
  });
  return (
    <Block
      title={w.readyToPay}
      extra={
        <Button
          type="primary"
          size="small"
          disabled={inBatch.length === 0}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {fill(w.makeBatch, { n: inBatch.length })} <Money fen={sum} />
        </Button>
      }
    >
      <Answered to={claims} empty={() => ready.length === 0}>
        {() => (
          <List<Line>
            rowKey="id"
            dataSource={ready}
            rowSelection={{
              selectedRowKeys: ids,
              onChange: (keys) => setChosen(keys.map(String)),
              getCheckboxProps: ({ policy }) => ({ disabled: ids.length > 0 && policy !== first?.policy }),
            }}
            columns={[
              {
                title: w.insuredLine,
                render: (_value, { id, line }) => (
                  <Link to="/claims/$id" params={{ id }}>
                    {of('line', line)}
                  </Link>
                ),
              },
              { title: w.household, dataIndex: 'household', className: 'number' },
              {
                title: w.policyNumber,
                className: 'number',
                render: (_value, { policy }) => policies.data?.items.find(({ id }) => id === policy)?.number ?? '—',
              },
              { title: w.approved, align: 'right', render: (_value, { approved }) => <Money fen={approved} /> },
            ]}
          />
        )}
      </Answered>
    </Block>
  );
}
