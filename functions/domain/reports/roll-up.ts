import { type Brief, type Figure, type FigureKey, figureKeys } from '../../contracts/reports/brief.ts';

/** Figures of which a whole takes the greatest of its parts; all others are sums, since no household lies in two districts. */
const GREATEST: ReadonlySet<FigureKey> = new Set(['insurance.example.accidentalDeath.amount']);

export class BriefsDiffer extends Error {
  override readonly name = 'BriefsDiffer';
}

/**
 * The brief of a city or a province from its districts' briefs. Households, visits, claims and fen add up; somebody who was helped to work in two districts is
 * counted in both. It tells of the earliest of the districts' days and instants: until then it is complete.
 * @param briefs one a district, of this region
 * @throws BriefsDiffer when there is none, a district twice, one that lies elsewhere, or one whose figures are not those known here
 */
export function rolledUp(region: { code: string; name: string }, briefs: readonly Brief[]): Brief {
  const [first] = briefs;
  if (first === undefined) throw new BriefsDiffer('没有可汇总的简报。');
  const seen = new Set<string>();
  for (const { region: district, name, figures } of briefs) {
    if (!district.startsWith(region.code) || district.length !== 6)
      throw new BriefsDiffer(`${name}（${district}）不属于${region.name}。`);
    if (seen.has(district)) throw new BriefsDiffer(`${name}（${district}）有两份简报。`);
    seen.add(district);
    const keys = new Set(figures.map(({ key }) => key));
    if (keys.size !== figureKeys.length || figureKeys.some((key) => !keys.has(key)))
      throw new BriefsDiffer(`${name}（${district}）的简报指标与本版本不同。`);
  }
  const rounds = [...new Set(briefs.flatMap((brief) => brief.rounds.map(({ round }) => round)))].sort();
  const earliest = (instants: readonly string[]) => instants.toSorted()[0] ?? '';
  return {
    region: region.code,
    name: region.name,
    asOf: earliest(briefs.map(({ asOf }) => asOf)),
    knownAt: earliest(briefs.map(({ knownAt }) => knownAt)),
    illustrative: briefs.some(({ illustrative }) => illustrative),
    figures: first.figures.map((figure) => ({ ...figure, value: whole(figure.key, briefs) })),
    rounds: rounds.map((round) => {
      const own = briefs.flatMap((brief) => brief.rounds.filter((one) => one.round === round));
      const sum = (of: 'visited' | 'secure' | 'concern' | 'monitor') => own.reduce((total, one) => total + one[of], 0);
      return {
        round,
        visited: sum('visited'),
        secure: sum('secure'),
        concern: sum('concern'),
        monitor: sum('monitor'),
      };
    }),
    parts: briefs
      .map((brief) => ({
        region: brief.region,
        name: brief.name,
        registered: figureOf(brief.figures, 'registry.households'),
        open: figureOf(brief.figures, 'cases.open.households'),
        helped: figureOf(brief.figures, 'helped.households'),
      }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}

function whole(key: FigureKey, briefs: readonly Brief[]): number {
  const values = briefs.map(({ figures }) => figureOf(figures, key));
  return GREATEST.has(key) ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

function figureOf(figures: readonly Figure[], key: FigureKey): number {
  return figures.find((figure) => figure.key === key)?.value ?? 0;
}
