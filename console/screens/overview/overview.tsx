import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Progress } from 'antd';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, mayCall, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count, HouseholdsAndPeople } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { ClassMark, Due, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useKept, useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { DueForMe, Standing } from './standing.tsx';
import { Tiles } from './tiles.tsx';
import { Trend } from './trend.tsx';

type Rounds = Answer<'listRounds'>;

/** What is due, how the round goes and how the region stands; every figure opens the list behind it. */
export function Overview() {
  const { w } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const rounds = useQuery(read('listRounds', {}));
  const sealed = (rounds.data?.items ?? [])
    .filter(({ status }) => status === 'sealed')
    .map(({ id }) => id)
    .sort();
  return (
    <Page title={w.overview} about={`${name(region, true)} · ${dayOf(serverNow())}`}>
      <div className="grid">
        {mayCall(me, 'listDecisions') ? <DueForMe /> : null}
        <RoundBlock rounds={rounds} />
        <Standing />
      </div>
      <Classes round={sealed.at(-1)} />
      <Trend region={region} rounds={sealed} />
    </Page>
  );
}

function RoundBlock({ rounds }: { rounds: UseQueryResult<Rounds> }) {
  const { w, of, language } = useWords();
  const kept = useKept();
  const newest = rounds.data?.items.toSorted((a, b) => b.id.localeCompare(a.id))[0];
  return (
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
      <Answered to={rounds}>
        {() =>
          newest === undefined ? (
            <Nothing />
          ) : newest.status !== 'sealed' ? (
            <Collecting round={newest} />
          ) : (
            <Facts
              items={[
                [w.status, of('roundStatus', newest.status)],
                // The count of the whole district is told to the district only.
                ...(newest.expectedHouseholds === undefined
                  ? []
                  : [
                      [
                        w.expected,
                        <HouseholdsAndPeople
                          key="n"
                          households={newest.expectedHouseholds}
                          people={newest.expectedPeople ?? 0}
                        />,
                      ] as const,
                    ]),
              ]}
            />
          )
        }
      </Answered>
    </Block>
  );
}

/** How far the round is; it moves by itself. */
function Collecting({ round }: { round: Rounds['items'][number] }) {
  const { w } = useWords();
  const region = useRegion();
  const progress = useQuery({
    ...read('readProgress', { params: { id: round.id }, query: { region } }),
    refetchInterval: 20_000,
  });
  return (
    <Answered to={progress}>
      {({ visited, missed, open, expected }) => (
        <>
          <Progress aria-label={w.progress} percent={Math.floor(((visited + missed) / Math.max(1, expected)) * 100)} />
          <Facts
            items={[
              [w.visited, <Count key="v" n={visited} unit={w.householdsUnit} />],
              [w.missed, <Count key="m" n={missed} unit={w.householdsUnit} />],
              [w.openHouseholds, <Count key="o" n={open} unit={w.householdsUnit} />],
              [w.due, <Due key="d" at={round.due} />],
            ]}
          />
        </>
      )}
    </Answered>
  );
}

function Classes({ round }: { round: string | undefined }) {
  const { w, language } = useWords();
  const region = useRegion();
  const totals = useQuery({
    ...read('readRound', { params: { id: round ?? '' }, query: { region } }),
    enabled: round !== undefined,
  });
  if (round === undefined) return null;
  return (
    <Block
      title={
        <>
          {roundName(round, language)} · {w.classes} {totals.data?.illustrative === true ? <Illustrative /> : null}
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
  );
}
