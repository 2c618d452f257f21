import { Link } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import * as z from 'zod';
import { ageBand, caseStage, riskCode } from '../../../functions/contracts/cases/case.ts';
import { caseType } from '../../../functions/contracts/screening/triage.ts';
import { type Answer, usePages } from '../../api/client.ts';
import { MOST_CARDS, Rest } from '../../ui/board.tsx';
import { HouseholdsAndPeople } from '../../ui/figures.tsx';
import { day } from '../../ui/format.ts';
import { Due, Stage } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { NoticeRegister } from './notice-register.tsx';

const view = z.object({
  stage: caseStage.optional(),
  type: caseType.optional(),
  risk: riskCode.optional(),
  overdue: z.enum(['true']).optional(),
  age: ageBand.optional(),
  as: z.enum(['board', 'notices']).optional(),
});
type Line = Answer<'listCases'>['items'][number];

/** The register of monitored households: as a list, or as a board by stage. */
export function Cases() {
  const { w, of } = useWords();
  const region = useRegion();
  const [{ stage, type, risk, overdue, age, as }, setView] = useView(view);
  const { pages, items, first } = usePages('listCases', {
    query: { region, stage, type, risk, overdue, age, limit: 200 },
  });
  const counts = first?.counts;
  const select = <T extends string>(
    label: string,
    value: T | undefined,
    options: readonly T[],
    table: 'stage' | 'caseType' | 'risk' | 'caseAge',
    name: string,
  ) => (
    <Select
      size="small"
      aria-label={label}
      value={value ?? 'all'}
      style={{ minWidth: 140 }}
      options={[
        { value: 'all', label: `${label}${w.colon}${w.allOf}` },
        ...options.map((one) => ({ value: one, label: of(table, one) })),
      ]}
      onChange={(chosen) => setView({ [name]: chosen === 'all' ? undefined : chosen })}
    />
  );
  return (
    <Page
      title={w.cases}
      about={counts === undefined ? undefined : <HouseholdsAndPeople {...counts.total} />}
      actions={
        <Segmented
          size="small"
          value={as ?? 'list'}
          options={[
            { value: 'list', label: w.asList },
            { value: 'board', label: w.asBoard },
            { value: 'notices', label: w.noticeRegister },
          ]}
          onChange={(value) => setView({ as: value === 'list' ? undefined : value })}
        />
      }
    >
      {as === 'notices' ? (
        <NoticeRegister />
      ) : (
        <>
          <div className="filters">
            {select(w.stage, stage, caseStage.options, 'stage', 'stage')}
            {select(w.type, type, caseType.options, 'caseType', 'type')}
            {select(w.risks, risk, riskCode.options, 'risk', 'risk')}
            {select(w.monitoredFor, age, ageBand.options, 'caseAge', 'age')}
            <Button
              size="small"
              type={overdue === undefined ? 'default' : 'primary'}
              onClick={() => setView({ overdue: overdue === undefined ? 'true' : undefined })}
            >
              {w.onlyOverdue}
            </Button>
          </div>
          <Answered to={pages} empty={() => items.length === 0}>
            {() => (as === 'board' ? <Board items={items} counts={counts?.byStage} /> : <Register items={items} />)}
          </Answered>
          <More of={pages} />
        </>
      )}
    </Page>
  );
}

function Register({ items }: { items: readonly Line[] }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  return (
    <div className="block">
      <List
        copy
        tall
        rowKey="id"
        dataSource={[...items]}
        columns={[
          {
            title: w.household,
            width: 230,
            render: (_value, { id, household }) => (
              <Link
                to="/cases/$id"
                params={{ id }}
              >{`${name(household.slice(0, 12), true)} ${household.slice(13)}`}</Link>
            ),
          },
          {
            title: w.people,
            width: 70,
            align: 'right',
            className: 'number',
            render: (_value, { people }) => `${people} ${w.peopleUnit}`,
          },
          { title: w.stage, width: 130, render: (_value, { stage }) => <Stage of={stage} /> },
          { title: w.type, width: 130, render: (_value, { caseType: one }) => of('caseType', one) },
          {
            title: w.risks,
            width: 180,
            render: (_value, { risks }) => risks.map((one) => of('risk', one)).join(w.and),
          },
          {
            title: w.step,
            width: 100,
            render: (_value, { review }) => (review === null ? '' : of('step', review.step)),
          },
          {
            title: w.due,
            width: 110,
            render: (_value, { review }) =>
              review === null ? '' : <Due at={review.stepDueAt ?? review.totalDueAt} overdue={review.overdue} />,
          },
          {
            title: w.admittedOn,
            width: 110,
            className: 'number',
            render: (_value, { admittedOn }) => admittedOn ?? '',
          },
          { title: w.helper, width: 110, render: (_value, { helper }) => helper ?? '' },
          {
            title: w.closedOn,
            width: 170,
            className: 'number',
            render: (_value, { closed }) =>
              closed === null ? '' : `${closed.on} ${of('closureMethod', closed.method)}`,
          },
        ]}
      />
    </div>
  );
}

type Counts = NonNullable<Answer<'listCases'>['counts']>['byStage'];

/** @param counts of each stage, over all pages: only what has been loaded can be drawn */
function Board({ items, counts }: { items: readonly Line[]; counts: Counts | undefined }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  return (
    <div className="board">
      {caseStage.options.map((stage) => {
        const inside = items.filter((one) => one.stage === stage);
        const all = counts?.[stage].households ?? inside.length;
        return (
          <section key={stage}>
            <h2>
              {of('stage', stage)} <span className="quiet number">{all}</span>
            </h2>
            {inside.slice(0, MOST_CARDS).map((one) => (
              <Link key={one.id} to="/cases/$id" params={{ id: one.id }} className="card">
                <b>
                  {name(one.household.slice(0, 12))} {one.household.slice(13)}
                </b>
                <span>
                  {of('caseType', one.caseType)} · {one.people} {w.peopleUnit}
                </span>
                <span className="quiet">{one.risks.map((risk) => of('risk', risk)).join(w.and)}</span>
                {one.review === null ? (
                  <span className="quiet number">{one.closed?.on ?? one.admittedOn ?? day(one.startedAt)}</span>
                ) : (
                  <span>
                    {of('step', one.review.step)}{' '}
                    <Due at={one.review.stepDueAt ?? one.review.totalDueAt} overdue={one.review.overdue} />
                  </span>
                )}
              </Link>
            ))}
            <Rest of={all} drawn={Math.min(inside.length, MOST_CARDS)} />
          </section>
        );
      })}
    </div>
  );
}
