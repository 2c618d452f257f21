import { useMemo } from 'react';
import type { Answer } from '../../api/client.ts';
import { Chart } from '../../ui/chart.tsx';
import { yuan } from '../../ui/format.ts';
import { Illustrative } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useWords } from '../../words/language.tsx';

const sources = ['wages', 'business', 'property', 'transfer'] as const;
const colours = ['#12655f', '#5b9a8b', '#a9c7b8', '#c9b26b'];

/** Income by source over the visits, and beside it the income a head with the monitoring line drawn in. */
export function Income({ visits }: { visits: Answer<'householdVisits'>['items'] }) {
  const { w, of } = useWords();
  const seen = useMemo(
    () => [...new Map(visits.filter(({ purpose }) => purpose === 'screening').map((one) => [one.round, one])).values()],
    [visits],
  );
  const rounds = seen.map(({ round }) => round);
  const total = useMemo(
    () => ({
      tooltip: { trigger: 'axis' as const, valueFormatter: (value: unknown) => `${value} ${w.yuan}` },
      legend: { bottom: 0 },
      xAxis: { type: 'category' as const, data: rounds },
      yAxis: { type: 'value' as const, name: w.yuan },
      series: sources.map((source, place) => ({
        type: 'bar' as const,
        stack: 'income',
        name: of('income', source),
        barMaxWidth: 40,
        itemStyle: { color: colours[place] ?? '#888' },
        data: seen.map(({ income }) => income[source] / 100),
      })),
    }),
    [seen, rounds, of, w],
  );
  const head = useMemo(
    () => ({
      tooltip: { trigger: 'axis' as const, valueFormatter: (value: unknown) => `${value} ${w.yuan}` },
      legend: { bottom: 0 },
      xAxis: { type: 'category' as const, data: rounds },
      yAxis: { type: 'value' as const, name: w.yuan },
      series: [
        {
          type: 'bar' as const,
          name: w.perCapita,
          barMaxWidth: 40,
          itemStyle: { color: '#12655f' },
          data: seen.map(({ triage }) => triage.perCapita / 100),
        },
        {
          type: 'line' as const,
          name: w.line,
          step: 'middle' as const,
          symbol: 'circle',
          symbolSize: 7,
          lineStyle: { color: '#a8322a', width: 2 },
          itemStyle: { color: '#a8322a' },
          data: seen.map(({ line }) => (line === null ? null : line.line / 100)),
        },
      ],
    }),
    [seen, rounds, w],
  );
  const last = seen.at(-1);
  return (
    <div className="grid">
      <Block title={w.incomeBySource}>
        <Chart option={total} label={w.incomeBySource} />
      </Block>
      <Block
        title={
          <>
            {w.perCapita} · {w.line} {last?.line?.illustrative === true ? <Illustrative /> : null}
          </>
        }
        extra={
          last?.line == null ? null : (
            <span className="quiet number">
              {yuan(last.line.line)} {w.yuan}
            </span>
          )
        }
      >
        <Chart option={head} label={w.perCapita} />
      </Block>
    </div>
  );
}
