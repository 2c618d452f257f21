import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Progress } from 'antd';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { mayCall, type RouteName, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count, HouseholdsAndPeople, Money } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { ClassMark, Due, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Tiles } from './tiles.tsx';
import { Trend } from './trend.tsx';

/** What is due, how the round goes and how the region stands; every figure opens the list behind it. */
export function Overview() {
  const { w, of, language } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const may = (route: RouteName) => ({ enabled: mayCall(me, route) });
  const inbox = useQuery({ ...read('listDecisions', { query: { region, limit: 1 } }), ...may('listDecisions') });
  const rounds = useQuery(read('listRounds', {}));
  const newest = rounds.data?.items.toSorted((a, b) => b.id.localeCompare(a.id))[0];
  const progress = useQuery({
    ...read('readProgress', { params: { id: newest?.id ?? '' }, query: { region } }),
    enabled: newest !== undefined && newest.status !== 'sealed',
    refetchInterval: 20_000,
  });
  const sealed = rounds.data?.items
    .filter(({ status }) => status === 'sealed')
    .toSorted((a, b) => b.id.localeCompare(a.id))[0];
  const totals = useQuery({
    ...read('readRound', { params: { id: sealed?.id ?? '' }, query: { region } }),
    enabled: sealed !== undefined,
  });
  const cases = useQuery({ ...read('listCases', { query: { region, limit: 1 } }), ...may('listCases') });
  const lateCases = useQuery({
    ...read('listCases', { query: { region, limit: 1, overdue: 'true' } }),
    ...may('listCases'),
  });
  const claims = useQuery({ ...read('claimDashboard', { query: { region } }), ...may('claimDashboard') });
  const quality = useQuery({ ...read('listFindings', { query: { region, limit: 1 } }), ...may('listFindings') });
  // Of a whole district it is worked out village by village when it is asked for: seconds, which nobody waits for here.
  const watched = region.length > 6 && mayCall(me, 'readWatchList');
  const watch = useQuery({ ...read('readWatchList', { query: { region, limit: 1 } }), enabled: watched });
  const kept = region === me.region ? {} : { region };
  return (
    <Page title={w.overview} about={`${name(region, true)} · ${dayOf(serverNow())}`}>
      <div className="grid">
        <Block
          title={w.dueForMe}
          extra={
            <Link to="/inbox" search={kept}>
              {w.inbox}
            </Link>
          }
        >
          <Answered to={inbox}>
            {({ total, overdue, items }) => (
              <Facts
                items={[
                  [
                    w.inbox,
                    <Link key="all" to="/inbox" search={kept}>
                      <Count n={total} unit={w.casesUnit} />
                    </Link>,
                  ],
                  [
                    w.overdue,
                    <Link
                      key="late"
                      to="/inbox"
                      search={{ ...kept, overdue: 'true' }}
                      className={overdue > 0 ? 'due late' : ''}
                    >
                      <Count n={overdue} unit={w.casesUnit} />
                    </Link>,
                  ],
                  [
                    w.nextDue,
                    items[0] === undefined ? '—' : <Due key="due" at={items[0].dueAt} overdue={items[0].overdue} />,
                  ],
                ]}
              />
            )}
          </Answered>
        </Block>
        <Block
          title={w.rounds}
          extra={
            newest === undefined ? null : (
              <Link to="/rounds/$id" params={{ id: newest.id }} search={kept}>
                {roundName(newest.id, language)}
              </Link>
            )
          }
        >
          <Answered to={rounds} empty={({ items }) => items.length === 0}>
            {() =>
              newest === undefined ? (
                <Nothing />
              ) : newest.status === 'sealed' ? (
                <Facts
                  items={[
                    [w.status, of('roundStatus', newest.status)],
                    [
                      w.expected,
                      <HouseholdsAndPeople
                        key="n"
                        households={newest.expectedHouseholds ?? 0}
                        people={newest.expectedPeople ?? 0}
                      />,
                    ],
                  ]}
                />
              ) : (
                <Answered to={progress}>
                  {(answer) => (
                    <>
                      <Progress
                        percent={Math.floor(((answer.visited + answer.missed) / Math.max(1, answer.expected)) * 100)}
                      />
                      <Facts
                        items={[
                          [w.visited, <Count key="v" n={answer.visited} unit={w.householdsUnit} />],
                          [w.missed, <Count key="m" n={answer.missed} unit={w.householdsUnit} />],
                          [w.openHouseholds, <Count key="o" n={answer.open} unit={w.householdsUnit} />],
                          [w.due, <Due key="d" at={newest.due} />],
                        ]}
                      />
                    </>
                  )}
                </Answered>
              )
            }
          </Answered>
        </Block>
        {mayCall(me, 'listCases') ? (
          <Block
            title={w.cases}
            extra={
              <Link to="/cases" search={kept}>
                {w.cases}
              </Link>
            }
          >
            <Answered to={cases}>
              {({ counts }) => (
                <Facts
                  items={[
                    ...(['admission', 'open', 'closing', 'closed'] as const).map(
                      (stage) =>
                        [
                          of('stage', stage),
                          <Link key={stage} to="/cases" search={{ ...kept, stage }}>
                            <HouseholdsAndPeople {...(counts.byStage[stage] ?? { households: 0, people: 0 })} />
                          </Link>,
                        ] as const,
                    ),
                    [
                      w.overdue,
                      <Link
                        key="late"
                        to="/cases"
                        search={{ ...kept, overdue: 'true' }}
                        className={(lateCases.data?.counts.total.households ?? 0) > 0 ? 'due late' : ''}
                      >
                        <Count n={lateCases.data?.counts.total.households} unit={w.householdsUnit} />
                      </Link>,
                    ],
                  ]}
                />
              )}
            </Answered>
          </Block>
        ) : null}
        {mayCall(me, 'claimDashboard') ? (
          <Block
            title={w.claims}
            extra={
              <Link to="/claims" search={kept}>
                {w.claims}
              </Link>
            }
          >
            <Answered to={claims}>
              {(answer) => (
                <>
                  <Facts
                    items={[
                      [
                        w.claimsOpen,
                        <Link key="o" to="/claims" search={kept}>
                          <Count n={answer.open} unit={w.claimsUnit} />
                        </Link>,
                      ],
                      [
                        w.overdue,
                        <Link
                          key="l"
                          to="/claims"
                          search={{ ...kept, overdue: 'true' }}
                          className={answer.overdue > 0 ? 'due late' : ''}
                        >
                          <Count n={answer.overdue} unit={w.claimsUnit} />
                        </Link>,
                      ],
                      [
                        w.paid,
                        <span key="p">
                          <Count n={answer.paid.count} unit={w.claimsUnit} /> · <Money fen={answer.paid.amount} />
                        </span>,
                      ],
                      [
                        w.meanDays,
                        answer.meanDaysToPay === null ? (
                          '—'
                        ) : (
                          <Count key="d" n={answer.meanDaysToPay} unit={w.daysUnit} />
                        ),
                      ],
                    ]}
                  />
                  {answer.limit.map(({ policy, limit, reserved, paid }) => (
                    <div key={policy} className="burn">
                      <span>
                        {w.limitUsed} <Illustrative />
                      </span>
                      <Progress
                        size="small"
                        percent={Math.round(((reserved + paid) / limit) * 1000) / 10}
                        success={{ percent: Math.round((paid / limit) * 1000) / 10 }}
                      />
                    </div>
                  ))}
                </>
              )}
            </Answered>
          </Block>
        ) : null}
        {mayCall(me, 'listFindings') ? (
          <Block
            title={w.quality}
            extra={
              <Link to="/quality" search={kept}>
                {w.quality}
              </Link>
            }
          >
            <Answered to={quality}>
              {({ bySeverity }) => (
                <Facts
                  items={(['serious', 'attention'] as const).map((severity) => [
                    of('severity', severity),
                    <Link key={severity} to="/quality" search={{ ...kept, severity }}>
                      <Count n={bySeverity[severity]} unit={w.casesUnit} />
                    </Link>,
                  ])}
                />
              )}
            </Answered>
          </Block>
        ) : null}
        <Block
          title={w.watchList}
          extra={
            <Link to="/watch" search={kept}>
              {w.watchList}
            </Link>
          }
        >
          {watched ? (
            <Answered to={watch}>
              {({ total, overdue }) => (
                <Facts
                  items={[
                    [
                      w.watched,
                      <Link key="w" to="/watch" search={kept}>
                        <Count n={total} unit={w.householdsUnit} />
                      </Link>,
                    ],
                    [
                      w.overdue,
                      <Link
                        key="l"
                        to="/watch"
                        search={{ ...kept, overdue: 'true' }}
                        className={overdue > 0 ? 'due late' : ''}
                      >
                        <Count n={overdue} unit={w.householdsUnit} />
                      </Link>,
                    ],
                  ]}
                />
              )}
            </Answered>
          ) : (
            <Link to="/watch" search={kept}>
              {w.look}
            </Link>
          )}
        </Block>
      </div>
      {sealed === undefined ? null : (
        <>
          <Block
            title={
              <>
                {roundName(sealed.id, language)} · {w.classes}{' '}
                {totals.data?.illustrative === true ? <Illustrative /> : null}
              </>
            }
            extra={
              <span className="legend">
                {(['secure', 'concern', 'monitor'] as const).map((one) => (
                  <ClassMark key={one} of={one} />
                ))}
              </span>
            }
          >
            <Answered to={totals}>{(answer) => <Tiles answer={answer} />}</Answered>
          </Block>
          <Trend
            region={region}
            rounds={rounds.data?.items.filter(({ status }) => status === 'sealed').map(({ id }) => id) ?? []}
          />
        </>
      )}
    </Page>
  );
}
