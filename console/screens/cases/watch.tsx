import { Button } from 'antd';
import * as z from 'zod';
import { type Answer, usePages } from '../../api/client.ts';
import { whole } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Due } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { fill, useWords } from '../../words/language.tsx';

const view = z.object({ overdue: z.enum(['true']).optional() });

/** Households of the key groups and when they are to be called at next. */
export function Watch() {
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const [{ overdue }, setView] = useView(view);
  const { pages, first, items } = usePages('readWatchList', { query: { region, overdue, limit: 200 } });
  return (
    <Page
      title={w.watchList}
      about={
        first?.total === undefined || first.overdue === undefined
          ? undefined
          : fill(w.watchAbout, { n: whole(first.total), late: whole(first.overdue) })
      }
    >
      <div className="filters">
        <Button
          size="small"
          type={overdue === undefined ? 'default' : 'primary'}
          onClick={() => setView({ overdue: overdue === undefined ? 'true' : undefined })}
        >
          {w.onlyOverdue}
        </Button>
      </div>
      <div className="block">
        <Answered to={pages} empty={() => items.length === 0}>
          {() => (
            <List<Answer<'readWatchList'>['items'][number]>
              copy
              tall
              rowKey="household"
              dataSource={items}
              columns={[
                {
                  title: w.household,
                  width: 240,
                  render: (_value, { household }) => (
                    <HouseholdLink
                      id={household}
                    >{`${name(household.slice(0, 12), true)} ${household.slice(13)}`}</HouseholdLink>
                  ),
                },
                {
                  title: w.group,
                  width: 260,
                  render: (_value, { groups }) => groups.map((one) => of('watchGroup', one)).join(w.and),
                },
                {
                  title: w.interval,
                  width: 100,
                  align: 'right',
                  className: 'number',
                  render: (_value, { intervalDays }) => `${intervalDays} ${w.daysUnit}`,
                },
                {
                  title: w.lastSeen,
                  width: 120,
                  className: 'number',
                  render: (_value, { lastSeenOn }) => lastSeenOn ?? '—',
                },
                {
                  title: w.due,
                  width: 160,
                  render: (_value, { dueOn, overdue: late }) => (
                    <>
                      <span className="number">{dueOn}</span> <Due at={dueOn} overdue={late} />
                    </>
                  ),
                },
              ]}
            />
          )}
        </Answered>
        <More of={pages} />
      </div>
    </Page>
  );
}
