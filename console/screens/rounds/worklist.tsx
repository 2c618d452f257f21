import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Segmented } from 'antd';
import * as z from 'zod';
import { readAll } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';

const states = ['open', 'visited', 'missed'] as const;
const view = z.object({ show: z.enum(states).optional() });

/** Which households of a village are visited, missed with what reason, or still open. */
export function Worklist() {
  const { id, village } = useParams({ from: '/rounds/$id/worklist/$village' });
  const { w, of, language } = useWords();
  const name = useRegionNames();
  const [{ show }, setView] = useView(view);
  const list = useQuery(readAll('readWorklist', { params: { id }, query: { village, limit: 200 } }));
  const words = { open: w.openHouseholds, visited: w.visited, missed: w.missed };
  return (
    <Page title={`${name(village, true)} · ${roundName(id, language)} ${w.worklist}`}>
      <div className="block">
        <div className="filters">
          <Segmented
            size="small"
            value={show ?? 'all'}
            options={[{ value: 'all', label: w.allOf }, ...states.map((value) => ({ value, label: words[value] }))]}
            onChange={(value) => setView({ show: value === 'all' ? undefined : value })}
          />
        </div>
        <Answered to={list}>
          {({ items }) => (
            <List
              copy
              rowKey={({ household }) => household.id}
              dataSource={items.filter(({ state }) => show === undefined || state === show)}
              columns={[
                {
                  title: w.household,
                  render: (_value, { household }) => <HouseholdLink id={household.id} />,
                },
                {
                  title: w.head,
                  render: (_value, { household }) =>
                    household.members.find(({ relation }) => relation === 'head')?.name,
                },
                {
                  title: w.people,
                  align: 'right',
                  className: 'number',
                  render: (_value, { household }) => `${household.members.length} ${w.peopleUnit}`,
                },
                {
                  title: w.status,
                  render: (_value, { state, missed }) =>
                    missed === null ? words[state] : `${words[state]} · ${of('missed', missed)}`,
                },
                { title: w.classBefore, render: (_value, { previousClass }) => <ClassMark of={previousClass} /> },
                {
                  title: w.before,
                  align: 'right',
                  render: (_value, { previousPerCapita }) => <Money fen={previousPerCapita} />,
                },
              ]}
            />
          )}
        </Answered>
      </div>
    </Page>
  );
}
