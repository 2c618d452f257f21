import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Answer, read } from '../../api/client.ts';
import { Chart } from '../../ui/chart.tsx';
import { classColours } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useWords } from '../../words/language.tsx';

/** Those that have come. The same list while no number in it has changed, so that the chart is not drawn anew. */
function roundsRead(answers: readonly { data: Answer<'readRound'> | undefined }[]): Answer<'readRound'>[] {
  return answers.flatMap(({ data }) => data ?? []);
}

/** The last eight sealed rounds by class. */
export function Trend({ region, rounds }: { region: string; rounds: readonly string[] }) {
  const { w, of } = useWords();
  const last = rounds.toSorted().slice(-8);
  const sealed = useQueries({
    queries: last.map((id) => read('readRound', { params: { id }, query: { region } })),
    combine: roundsRead,
  });
  const option = useMemo(
    () => ({
      tooltip: { trigger: 'axis' as const },
      legend: { bottom: 0 },
      xAxis: { type: 'category' as const, data: sealed.map(({ id }) => id) },
      yAxis: { type: 'value' as const, name: w.householdsUnit },
      series: (['monitor', 'concern', 'secure'] as const).map((one) => ({
        type: 'bar' as const,
        stack: 'all',
        name: of('class', one),
        barMaxWidth: 46,
        itemStyle: { color: classColours[one] },
        data: sealed.map(({ totals }) => totals?.byClass[one].households ?? 0),
      })),
    }),
    [sealed, of, w],
  );
  if (last.length < 2 || sealed.length < last.length) return null;
  return (
    <Block title={w.trend}>
      <Chart option={option} label={w.trend} />
    </Block>
  );
}
