import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { setting } from '../../app/config.ts';
import { classColours } from '../../ui/marks.tsx';
import { useWords } from '../../words/language.tsx';
import { boundaries, drawn } from './boundaries.ts';

/** A part of a region with its totals, as the overview shows it. */
export type Part = NonNullable<Answer<'readRound'>['parts']>[number];

const WIDTH = 900;

/** Real boundaries, when the deployment has put some beside the console; undefined without, or when they cannot be read. */
export function useBoundaries() {
  return useQuery({
    queryKey: ['boundaries'],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      const { config } = await setting();
      if (config.boundaries === undefined || config.boundaries === '') return null;
      const file = await fetch(new URL(config.boundaries, new URL(import.meta.env.BASE_URL, location.origin)));
      return boundaries.parse(await file.json());
    },
  }).data;
}

/** The parts where they lie, each with its name and how many are to be watched; the deeper the shade, the larger their share. */
export function RegionMap({
  round,
  parts,
  found,
}: {
  round: string;
  parts: readonly Part[];
  found: NonNullable<ReturnType<typeof useBoundaries>>;
}) {
  const { w, of } = useWords();
  const { shapes, height } = drawn(
    found,
    parts.map(({ region }) => region),
    WIDTH,
  );
  return (
    <svg className="map" viewBox={`-2 -2 ${WIDTH + 4} ${height + 4}`}>
      <title>{w.classes}</title>
      {shapes.map(({ code, path, at: [x, y] }) => {
        const part = parts.find(({ region }) => region === code);
        if (part === undefined) return null;
        const { byClass, visited } = part.totals;
        const share = byClass.monitor.households / Math.max(1, visited.households);
        const name = part.name.replace(/(村民|居民)?委员会$/, '');
        const told = `${name}${w.colon}${of('class', 'monitor')} ${byClass.monitor.households} ${w.householdsUnit}`;
        const shape = (
          <>
            <path d={path} fill={classColours.monitor} fillOpacity={0.06 + Math.min(1, share * 2) * 0.6} />
            <text x={x} y={y}>
              {name}
            </text>
            <text x={x} y={y + 15}>
              ▲{byClass.monitor.households}
            </text>
          </>
        );
        return code.length === 12 ? (
          <Link key={code} to="/rounds/$id/sheets/$village" params={{ id: round, village: code }} aria-label={told}>
            {shape}
          </Link>
        ) : (
          <Link key={code} to="/overview" search={{ region: code }} aria-label={told}>
            {shape}
          </Link>
        );
      })}
    </svg>
  );
}
