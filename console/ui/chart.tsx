import { lazy, Suspense } from 'react';
import type { ChartOption } from './chart-canvas.tsx';

// The library is as large as everything else together: it is fetched when the first chart is looked at.
const Canvas = lazy(() => import('./chart-canvas.tsx').then((module) => ({ default: module.ChartCanvas })));

/** A chart; its place is kept while it is loaded, so that nothing jumps. `label` says in words what it shows. */
export function Chart({
  option,
  height = 240,
  label,
  onPick,
}: {
  option: ChartOption;
  height?: number;
  label: string;
  onPick?: (name: string) => void;
}) {
  return (
    <div style={{ height }} role="img" aria-label={label}>
      <Suspense fallback={null}>
        <Canvas option={option} {...(onPick === undefined ? {} : { onPick })} />
      </Suspense>
    </div>
  );
}
