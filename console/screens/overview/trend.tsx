import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { read } from '../../api/client.ts';
import { Chart } from '../../ui/chart.tsx';
import { classColours } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useWords } from '../../words/language.tsx';

/** The last eight sealed rounds by class. */
export function Trend({ region, rounds }: { region: string; rounds: readonly string[] }) {
  const { w, of } = useWords();
  const last = rounds.toSorted().slice(-8);
  const answers = useQueries({ queries: last.map((id) => read('readRound', { params: { id }, query: { region } })) });
  const all = answers.every(({ data }) => data !== undefined);
  const key = JSON.stringify(answers.map(({ data }) => data?.totals?.byClass));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether any of the numbers changed.
  const option = useMemo(
    () => ({
      tooltip: { trigger: 'axis' as const },
      legend: { top: 0 },
      xAxis: { type: 'category' as const, data: last },
      yAxis: { type: 'value' as const, name: w.householdsUnit },
      series: (['monitor', 'concern', 'secure'] as const).map((one) => ({
        type: 'bar' as const,
        stack: 'all',
        name: of('class', one),
        barMaxWidth: 46,
        itemStyle: { color: classColours[one] },
        data: answers.map(({ data }) => data?.totals?.byClass[one].households ?? 0),
      })),
    }),
    [key, of, w],
  );
  if (last.length < 2 || !all) return null;
  return (
    <Block title={w.trend}>
      <Chart option={option} label={w.trend} />
    </Block>
  );
}
