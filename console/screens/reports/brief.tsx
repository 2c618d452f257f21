import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useMemo } from 'react';
import * as z from 'zod';
import { figureKey } from '../../../functions/contracts/reports/brief.ts';
import { isoDate } from '../../../functions/contracts/values.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, fetchFile, read, serverNow, usePages } from '../../api/client.ts';
import { Chart } from '../../ui/chart.tsx';
import { save } from '../../ui/download.ts';
import { minute, whole, yuan } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { classColours, Illustrative } from '../../ui/marks.tsx';
import { Block, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { englishFigures } from '../../words/english-figures.ts';
import { useWords } from '../../words/language.tsx';
import { Published } from './published.tsx';

const view = z.object({ asOf: isoDate.optional(), knownAt: isoDate.optional(), figure: figureKey.optional() });
type Figure = Answer<'readBrief'>['figures'][number];

/** The brief (简报) of any region and day, as it was known on any day; each figure opens the households it is made of. */
export function Brief() {
  const { w, language } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const problem = useProblem();
  const [{ asOf, knownAt, figure }, setView] = useView(view);
  const when = {
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownAt === undefined ? {} : { knownAt: `${knownAt}T23:59:59+08:00` }),
  };
  const brief = useQuery(read('readBrief', { query: { region, ...when } }));
  return (
    <Page
      title={
        <>
          {name(region, true)} {w.reports} {brief.data?.illustrative === true ? <Illustrative /> : null}
        </>
      }
      about={
        brief.data === undefined
          ? undefined
          : `${w.asOf} ${brief.data.asOf} · ${w.knownAt} ${minute(brief.data.knownAt)}`
      }
      actions={
        <>
          <label className="quiet">
            {w.asOf}{' '}
            <input
              type="date"
              value={asOf ?? ''}
              max={dayOf(serverNow())}
              onChange={({ target }) => setView({ asOf: target.value })}
            />
          </label>
          <label className="quiet">
            {w.knownAt}{' '}
            <input
              type="date"
              value={knownAt ?? ''}
              max={dayOf(serverNow())}
              onChange={({ target }) => setView({ knownAt: target.value })}
            />
          </label>
          <Button
            size="small"
            onClick={() =>
              void fetchFile('exportBrief', { query: { region, ...when } }).then(
                ({ blob, name: file }) => save(blob, file),
                problem,
              )
            }
          >
            {w.export}
          </Button>
          <Button size="small" type="primary" onClick={() => window.print()}>
            {w.print}
          </Button>
        </>
      }
    >
      <Answered to={brief}>
        {(answer) => (
          <>
            <div className="block">
              <ul className="brief">
                {answer.figures.map((one) => (
                  <li key={one.key} className={figure === one.key ? 'chosen' : ''}>
                    <span title={language === 'zh' ? one.definition : undefined}>
                      {language === 'zh' ? one.zh : englishFigures[one.key]}
                    </span>
                    <span className="number">
                      {one.unit === 'fen' ? (
                        <b>{yuan(one.value)}</b>
                      ) : (
                        <button
                          type="button"
                          className="figure"
                          onClick={() => setView({ figure: figure === one.key ? undefined : one.key })}
                        >
                          {whole(one.value)}
                        </button>
                      )}{' '}
                      <span className="unit">{unitOf(one, w)}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </div>
            {figure === undefined ? null : <Behind region={region} figure={figure} when={when} />}
            <Rounds rounds={answer.rounds} />
            {answer.parts.length === 0 ? null : (
              <Block title={w.parts}>
                <List
                  copy
                  rowKey="region"
                  dataSource={answer.parts}
                  columns={[
                    {
                      title: w.region,
                      render: (_value, part) => (
                        <Link to="/brief" search={{ region: part.region, ...(asOf === undefined ? {} : { asOf }) }}>
                          {part.name}
                        </Link>
                      ),
                    },
                    {
                      title: w.registered,
                      align: 'right',
                      className: 'number',
                      render: (_value, part) => `${whole(part.registered)} ${w.householdsUnit}`,
                    },
                    {
                      title: w.monitoredNow,
                      align: 'right',
                      className: 'number',
                      render: (_value, part) => `${whole(part.open)} ${w.householdsUnit}`,
                    },
                    {
                      title: w.helped,
                      align: 'right',
                      className: 'number',
                      render: (_value, part) => `${whole(part.helped)} ${w.householdsUnit}`,
                    },
                  ]}
                />
              </Block>
            )}
          </>
        )}
      </Answered>
      {region.length === 6 ? <Published region={region} /> : null}
    </Page>
  );
}

function unitOf({ unit }: Figure, w: ReturnType<typeof useWords>['w']): string {
  return {
    household: w.householdsUnit,
    person: w.peopleUnit,
    'household-visit': w.visitsUnit,
    fen: w.yuan,
    claim: w.claimsUnit,
    post: w.postsUnit,
    'person-time': w.personTimes,
  }[unit];
}

function Behind({
  region,
  figure,
  when,
}: {
  region: string;
  figure: Figure['key'];
  when: { asOf?: string; knownAt?: string };
}) {
  const { w } = useWords();
  const name = useRegionNames();
  const { pages, first } = usePages('readBehind', { params: { key: figure }, query: { region, ...when, limit: 200 } });
  const households = pages.data?.pages.flatMap((page) => page.households) ?? [];
  return (
    <Block title={w.behind}>
      <Answered to={pages} empty={() => households.length === 0}>
        {() => (
          <>
            <p className="quiet number">
              {households.length} / {first?.total} {w.householdsUnit}
            </p>
            <div className="chips">
              {households.map((id) => (
                <HouseholdLink key={id} id={id}>
                  {name(id.slice(0, 12))} {id.slice(13)}
                </HouseholdLink>
              ))}
            </div>
            <More of={pages} />
          </>
        )}
      </Answered>
    </Block>
  );
}

function Rounds({ rounds }: Pick<Answer<'readBrief'>, 'rounds'>) {
  const { w, of } = useWords();
  const option = useMemo(
    () => ({
      tooltip: { trigger: 'axis' as const },
      legend: { bottom: 0 },
      xAxis: { type: 'category' as const, data: rounds.map(({ round }) => round) },
      yAxis: { type: 'value' as const, name: w.householdsUnit },
      series: (['monitor', 'concern', 'secure'] as const).map((one) => ({
        type: 'bar' as const,
        stack: 'all',
        barMaxWidth: 46,
        name: of('class', one),
        itemStyle: { color: classColours[one] },
        data: rounds.map((round) => round[one]),
      })),
    }),
    [rounds, of, w],
  );
  if (rounds.length === 0) return null;
  return (
    <Block title={w.classes}>
      <Chart option={option} label={w.classes} height={220} />
    </Block>
  );
}
