import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count, HouseholdsAndPeople } from '../../ui/figures.tsx';
import { minute, percent, roundName, whole } from '../../ui/format.ts';
import { ClassMark, Due, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Heat } from './heat.tsx';
import { Parts } from './parts.tsx';

/** One round of a region: how it moves while visits arrive, and how it stands once sealed. */
export function RoundScreen() {
  const { id } = useParams({ from: '/rounds/$id' });
  const { w, of, language } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const round = useQuery(read('readRound', { params: { id }, query: { region } }));
  const sealed = round.data?.status === 'sealed';
  return (
    <Page
      title={
        <>
          {roundName(id, language)} {round.data?.illustrative === true ? <Illustrative /> : null}
        </>
      }
      about={name(region, true)}
      actions={<Seal id={id} sealed={sealed} />}
    >
      <Answered to={round}>
        {(answer) => (
          <>
            <Block title={of('roundStatus', answer.status)}>
              <Facts
                items={[
                  [
                    w.expected,
                    <HouseholdsAndPeople
                      key="e"
                      households={answer.totals?.expected.households ?? answer.expectedHouseholds ?? 0}
                      people={answer.totals?.expected.people ?? answer.expectedPeople ?? 0}
                    />,
                  ],
                  [w.openedAt, minute(answer.openedAt)],
                  [w.due, sealed ? answer.due : <Due key="due" at={answer.due} />],
                  [w.hardDeadline, answer.hardDeadline],
                  [w.sealedAt, answer.sealedAt === undefined ? '—' : minute(answer.sealedAt)],
                ]}
              />
            </Block>
            {sealed ? <Sealed id={id} previous={answer.previous} region={region} /> : <Heat id={id} region={region} />}
          </>
        )}
      </Answered>
    </Page>
  );
}

function Seal({ id, sealed }: { id: string; sealed: boolean }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const seal = useMutation({
    mutationFn: () => call('sealRound', { params: { id }, body: {} }),
    onSuccess: () => {
      void message.success(w.sealing);
      void client.invalidateQueries();
    },
    onError: problem,
  });
  if (sealed || !mayCall(me, 'sealRound')) return null;
  return (
    <Popconfirm title={w.sealSure} onConfirm={() => seal.mutate()} okText={w.confirm} cancelText={w.cancel}>
      <Button size="small" loading={seal.isPending}>
        {w.seal}
      </Button>
    </Popconfirm>
  );
}

/** Sealed: classes of the parts beside the quarter before, who was missed and why, how the surveyor agrees. */
function Sealed({ id, previous, region }: { id: string; previous: string | undefined; region: string }) {
  const { w, of, language } = useWords();
  const me = useMe();
  const round = useQuery(read('readRound', { params: { id }, query: { region } }));
  const before = useQuery({
    ...read('readRound', { params: { id: previous ?? '' }, query: { region } }),
    enabled: previous !== undefined,
  });
  const sample = useQuery({
    ...read('readSample', { params: { id }, query: { region, limit: 1 } }),
    enabled: mayCall(me, 'readSample'),
  });
  const change = (now: number, then: number | undefined): string =>
    then === undefined ? '' : now === then ? '±0' : `${now > then ? '+' : '−'}${whole(Math.abs(now - then))}`;
  return (
    <Answered to={round}>
      {({ totals, parts = [] }) =>
        totals === undefined ? null : (
          <>
            <div className="grid">
              <Block title={w.classes}>
                <table className="plain wide">
                  <thead>
                    <tr>
                      <th>{w.class}</th>
                      <th className="right">{w.householdsUnit}</th>
                      <th className="right">{w.peopleUnit}</th>
                      <th className="right">{w.share}</th>
                      <th className="right">
                        {previous === undefined ? '' : `${w.against} ${roundName(previous, language)}`}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {(['secure', 'concern', 'monitor'] as const).map((one) => (
                      <tr key={one}>
                        <td>
                          <ClassMark of={one} />
                        </td>
                        <td className="right number">
                          <Link to="/rounds/$id/households" params={{ id }} search={{ region, class: one }}>
                            {whole(totals.byClass[one].households)}
                          </Link>
                        </td>
                        <td className="right number">{whole(totals.byClass[one].people)}</td>
                        <td className="right number">
                          {percent(totals.byClass[one].households, totals.visited.households)}
                        </td>
                        <td className="right number">
                          {change(totals.byClass[one].households, before.data?.totals?.byClass[one].households)}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Block>
              <Block title={w.missed}>
                <Facts
                  items={[
                    [w.missed, <HouseholdsAndPeople key="m" {...totals.missed} />],
                    ...Object.entries(totals.missedByReason).map(
                      ([reason, n]) =>
                        [
                          of('missed', reason),
                          <Link
                            key={reason}
                            to="/rounds/$id/households"
                            params={{ id }}
                            search={{ region, missed: reason }}
                          >
                            <Count n={n} unit={w.householdsUnit} />
                          </Link>,
                        ] as const,
                    ),
                  ]}
                />
              </Block>
              <Block
                title={w.surveyorAgrees}
                extra={
                  <Link to="/sample" search={{ round: id }}>
                    {w.sample}
                  </Link>
                }
              >
                {sample.data === undefined ? null : (
                  <Facts
                    items={[
                      [w.drawn, <Count key="d" n={sample.data.drawn} unit={w.householdsUnit} />],
                      [w.visited, <Count key="v" n={sample.data.visited} unit={w.householdsUnit} />],
                      [w.agreement, sample.data.agreementPercent === null ? '—' : `${sample.data.agreementPercent}%`],
                    ]}
                  />
                )}
              </Block>
            </div>
            <Block title={w.parts}>
              <Parts
                id={id}
                village="/rounds/$id/sheets/$village"
                parts={parts}
                columns={[
                  { key: 'expected', title: w.expected, of: (part) => part.totals.expected.households },
                  { key: 'visited', title: w.visited, of: (part) => part.totals.visited.households },
                  { key: 'missed', title: w.missed, of: (part) => part.totals.missed.households },
                  ...(['secure', 'concern', 'monitor'] as const).map((one) => ({
                    key: one,
                    title: <ClassMark of={one} />,
                    of: (part: (typeof parts)[number]) => part.totals.byClass[one].households,
                  })),
                  { key: 'disagreements', title: w.disagreements, of: (part) => part.totals.disagreements },
                ]}
              />
            </Block>
            <p className="quiet">{w.countsAre}</p>
          </>
        )
      }
    </Answered>
  );
}
