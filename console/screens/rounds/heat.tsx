import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Progress } from 'antd';
import { call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';

/** Covered of expected as a cell's shade: what is still to do is what stands out. */
function shade(covered: number, expected: number): string {
  const open = expected === 0 ? 0 : 1 - covered / expected;
  return `rgba(173, 87, 0, ${(open * 0.42).toFixed(3)})`;
}

/** The parts of a region while visits arrive: it moves by itself. In the order of their codes: nobody is ranked. */
export function Heat({ id, region }: { id: string; region: string }) {
  const { w, of } = useWords();
  const progress = useQuery({
    ...read('readProgress', { params: { id }, query: { region } }),
    refetchInterval: 10_000,
  });
  return (
    <Answered to={progress}>
      {({ visited, missed, expected, open, parts }) => (
        <Block
          title={w.progress}
          extra={
            <span className="page-actions">
              <span className="number">
                {visited + missed} / {expected} {w.householdsUnit} · {w.openHouseholds} {open}
              </span>
              <Remind
                id={id}
                villages={parts.filter((part) => part.region.length === 12 && part.open > 0).map((part) => part.region)}
              />
            </span>
          }
        >
          <Progress percent={Math.floor(((visited + missed) / Math.max(1, expected)) * 100)} size="small" />
          <List
            copy
            rowKey="region"
            dataSource={parts}
            columns={[
              {
                title: w.region,
                render: (_value, part) =>
                  part.region.length === 12 ? (
                    <Link to="/rounds/$id/worklist/$village" params={{ id, village: part.region }}>
                      {part.name}
                    </Link>
                  ) : (
                    <Link to="/rounds/$id" params={{ id }} search={{ region: part.region }}>
                      {part.name}
                    </Link>
                  ),
              },
              { title: w.status, render: (_value, part) => of('roundStatus', part.status) },
              { title: w.expected, align: 'right', className: 'number', dataIndex: 'expected' },
              { title: w.visited, align: 'right', className: 'number', dataIndex: 'visited' },
              { title: w.missed, align: 'right', className: 'number', dataIndex: 'missed' },
              {
                title: w.openHouseholds,
                align: 'right',
                className: 'number',
                dataIndex: 'open',
                onCell: (part) => ({ style: { background: shade(part.expected - part.open, part.expected) } }),
              },
              { title: w.reminders, render: (_value, part) => part.reminders.join('、') },
            ]}
          />
        </Block>
      )}
    </Answered>
  );
}

/** 督办: reminds every village of the region that still has somebody to visit; the workflow does so by itself after the due date. */
function Remind({ id, villages }: { id: string; villages: readonly string[] }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const remind = useMutation({
    mutationFn: () => call('remindVillages', { params: { id }, body: { villages: [...villages] } }),
    onSuccess: ({ items }) => {
      void message.success(fill(w.reminded, { n: items.filter(({ outcome }) => outcome === 'reminded').length }));
      void client.invalidateQueries({ queryKey: ['readProgress'] });
    },
    onError: problem,
  });
  if (villages.length === 0 || !mayCall(me, 'remindVillages')) return null;
  return (
    <Button size="small" loading={remind.isPending} onClick={() => remind.mutate()}>
      {fill(w.remindVillages, { n: villages.length })}
    </Button>
  );
}
