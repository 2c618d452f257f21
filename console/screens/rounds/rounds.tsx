import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count } from '../../ui/figures.tsx';
import { minute, roundName } from '../../ui/format.ts';
import { Due, Illustrative } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useKept } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** Every round there was; the schedule opens the next one, or an officer does. */
export function Rounds() {
  const { w, of, language } = useWords();
  const me = useMe();
  const kept = useKept();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const rounds = useQuery(read('listRounds', {}));
  const open = useMutation({
    mutationFn: () => call('openRound', { body: {} }),
    onSuccess: ({ id }) => {
      void message.success(`${roundName(id, language)} · ${w.done}`);
      void client.invalidateQueries({ queryKey: ['listRounds'] });
    },
    onError: problem,
  });
  return (
    <Page
      title={w.rounds}
      actions={
        mayCall(me, 'openRound') ? (
          <Popconfirm title={w.openRoundSure} onConfirm={() => open.mutate()} okText={w.confirm} cancelText={w.cancel}>
            <Button size="small" loading={open.isPending}>
              {w.openRound}
            </Button>
          </Popconfirm>
        ) : null
      }
    >
      <div className="block">
        <Answered to={rounds} empty={({ items }) => items.length === 0}>
          {({ items }) => (
            <List
              copy
              rowKey="id"
              dataSource={items.toSorted((a, b) => b.id.localeCompare(a.id))}
              columns={[
                {
                  title: w.round,
                  render: (_value, { id, illustrative }) => (
                    <>
                      <Link to="/rounds/$id" params={{ id }} search={kept}>
                        {roundName(id, language)}
                      </Link>
                      {illustrative === true ? <Illustrative /> : null}
                    </>
                  ),
                },
                { title: w.status, render: (_value, { status }) => of('roundStatus', status) },
                {
                  title: w.expected,
                  align: 'right',
                  render: (_value, { expectedHouseholds }) => <Count n={expectedHouseholds} unit={w.householdsUnit} />,
                },
                {
                  title: w.people,
                  align: 'right',
                  render: (_value, { expectedPeople }) => <Count n={expectedPeople} unit={w.peopleUnit} />,
                },
                { title: w.openedAt, className: 'number', render: (_value, { openedAt }) => minute(openedAt) },
                {
                  title: w.due,
                  render: (_value, { due, status }) => (status === 'sealed' ? due : <Due at={due} />),
                },
                {
                  title: w.sealedAt,
                  className: 'number',
                  render: (_value, { sealedAt }) => (sealedAt === undefined ? '—' : minute(sealedAt)),
                },
              ]}
            />
          )}
        </Answered>
      </div>
    </Page>
  );
}
