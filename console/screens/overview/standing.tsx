import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ageBand } from '../../../functions/contracts/cases/case.ts';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count, HouseholdsAndPeople, Money } from '../../ui/figures.tsx';
import { LimitUsed } from '../../ui/limit-used.tsx';
import { Due, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts } from '../../ui/page.tsx';
import { useKept, useRegion } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';

type Screen = '/inbox' | '/cases' | '/claims' | '/quality' | '/watch';

function All({ to, n, unit }: { to: Screen; n: number | undefined; unit: string }) {
  return (
    <Link to={to} search={useKept()}>
      <Count n={n} unit={unit} />
    </Link>
  );
}

function Late({ to, n, unit }: { to: Screen; n: number | undefined; unit: string }) {
  return (
    <Link to={to} search={{ ...useKept(), overdue: 'true' }} className={(n ?? 0) > 0 ? 'due late' : ''}>
      <Count n={n} unit={unit} />
    </Link>
  );
}

/** A part of the overview, and the screen it opens. */
function Part({ to, title, children }: { to: Screen; title: string; children: ReactNode }) {
  const kept = useKept();
  const { w } = useWords();
  return (
    <Block
      title={title}
      extra={
        <Link to={to} search={kept} aria-label={`${w.look}${w.colon}${title}`}>
          {w.look}
        </Link>
      }
    >
      {children}
    </Block>
  );
}

export function DueForMe() {
  const { w } = useWords();
  const region = useRegion();
  const inbox = useQuery(read('listDecisions', { query: { region, limit: 1 } }));
  return (
    <Part to="/inbox" title={w.dueForMe}>
      <Answered to={inbox}>
        {({ items, total, overdue }) => (
          <Facts
            items={[
              [w.inbox, <All key="a" to="/inbox" n={total} unit={w.casesUnit} />],
              [w.overdue, <Late key="l" to="/inbox" n={overdue} unit={w.casesUnit} />],
              [
                w.nextDue,
                items[0] === undefined ? '—' : <Due key="n" at={items[0].dueAt} overdue={items[0].overdue} />,
              ],
            ]}
          />
        )}
      </Answered>
    </Part>
  );
}

/** Cases by their stage, those that are open by how long they have been, and what is late. */
function CasesBlock() {
  const { w, of } = useWords();
  const region = useRegion();
  const kept = useKept();
  const cases = useQuery(read('listCases', { query: { region, limit: 1 } }));
  const late = useQuery(read('listCases', { query: { region, limit: 1, overdue: 'true' } }));
  return (
    <Part to="/cases" title={w.cases}>
      <Answered to={cases}>
        {({ counts }) => (
          <Facts
            items={[
              ...(['admission', 'open', 'closing', 'closed'] as const).map(
                (stage) =>
                  [
                    of('stage', stage),
                    <Link key={stage} to="/cases" search={{ ...kept, stage }}>
                      <HouseholdsAndPeople {...(counts?.byStage[stage] ?? { households: 0, people: 0 })} />
                    </Link>,
                  ] as const,
              ),
              ...ageBand.options.flatMap((age) =>
                (counts?.byAge[age]?.households ?? 0) === 0
                  ? []
                  : [
                      [
                        `${w.monitoredFor} ${of('caseAge', age)}`,
                        <Link key={age} to="/cases" search={{ ...kept, age }}>
                          <HouseholdsAndPeople {...(counts?.byAge[age] ?? { households: 0, people: 0 })} />
                        </Link>,
                      ] as const,
                    ],
              ),
              [w.overdue, <Late key="l" to="/cases" n={late.data?.counts?.total.households} unit={w.householdsUnit} />],
            ]}
          />
        )}
      </Answered>
    </Part>
  );
}

function ClaimsBlock() {
  const { w } = useWords();
  const region = useRegion();
  const claims = useQuery(read('claimDashboard', { query: { region } }));
  return (
    <Part to="/claims" title={w.claims}>
      <Answered to={claims}>
        {({ open, overdue, paid, meanDaysToPay, limit: limits }) => (
          <>
            <Facts
              items={[
                [w.claimsOpen, <All key="a" to="/claims" n={open} unit={w.claimsUnit} />],
                [w.overdue, <Late key="l" to="/claims" n={overdue} unit={w.claimsUnit} />],
                [
                  w.paid,
                  <span key="p">
                    <Count n={paid.count} unit={w.claimsUnit} /> · <Money fen={paid.amount} />
                  </span>,
                ],
                [w.meanDays, <Count key="d" n={meanDaysToPay} unit={w.daysUnit} />],
              ]}
            />
            {limits.map(({ policy, limit, reserved, paid: used }) => (
              <div key={policy} className="burn">
                <span>
                  {w.limitUsed} <Illustrative />
                </span>
                <LimitUsed limit={limit} reserved={reserved} paid={used} />
              </div>
            ))}
          </>
        )}
      </Answered>
    </Part>
  );
}

function QualityBlock() {
  const { w, of } = useWords();
  const region = useRegion();
  const kept = useKept();
  const quality = useQuery(read('listFindings', { query: { region, limit: 1 } }));
  return (
    <Part to="/quality" title={w.quality}>
      <Answered to={quality}>
        {({ bySeverity }) => (
          <Facts
            items={(['serious', 'attention'] as const).map((severity) => [
              of('severity', severity),
              <Link key={severity} to="/quality" search={{ ...kept, severity }}>
                <Count n={bySeverity?.[severity]} unit={w.casesUnit} />
              </Link>,
            ])}
          />
        )}
      </Answered>
    </Part>
  );
}

function WatchBlock() {
  const { w } = useWords();
  const region = useRegion();
  const watch = useQuery(read('readWatchList', { query: { region, limit: 1 } }));
  return (
    <Part to="/watch" title={w.watchList}>
      <Answered to={watch}>
        {({ total, overdue }) => (
          <Facts
            items={[
              [w.watched, <All key="a" to="/watch" n={total} unit={w.householdsUnit} />],
              [w.overdue, <Late key="l" to="/watch" n={overdue} unit={w.householdsUnit} />],
            ]}
          />
        )}
      </Answered>
    </Part>
  );
}

/** What the caller may see of all this, as the table of routes says. */
export function Standing() {
  const me = useMe();
  return (
    <>
      {mayCall(me, 'listCases') ? <CasesBlock /> : null}
      {mayCall(me, 'claimDashboard') ? <ClaimsBlock /> : null}
      {mayCall(me, 'listFindings') ? <QualityBlock /> : null}
      {mayCall(me, 'readWatchList') ? <WatchBlock /> : null}
    </>
  );
}
