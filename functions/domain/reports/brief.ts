import type { Divisions } from '../../contracts/regions.ts';
import type { Brief } from '../../contracts/reports/brief.ts';
import { type BriefFacts, roundsOf } from './brief-facts.ts';
import { allFigures, compute } from './figures.ts';
import { partsOf } from './parts.ts';

/** The brief of a region: its figures, its rounds, and the parts one level below it. @param illustrative whether its year's lines are */
export function briefOf(facts: BriefFacts, divisions: Divisions, illustrative: boolean): Brief {
  const { region, asOf, knownAt } = facts;
  const part = partsOf(facts, region.length === 6 ? 9 : 12);
  const parts = below(region, divisions).map(({ code, name }) => {
    const inside = part(code);
    const value = (key: Parameters<typeof compute>[0]) => compute(key, inside).figure.value;
    return {
      region: code,
      name,
      registered: value('registry.households'),
      open: value('cases.open.households'),
      helped: value('helped.households'),
    };
  });
  return {
    region,
    name: nameOf(region, divisions),
    asOf,
    knownAt,
    illustrative,
    figures: allFigures(facts),
    rounds: roundsOf(facts),
    parts,
  };
}

/** A region's name with those above it: 观珠镇沙垌村. */
export function nameOf(region: string, { district, towns }: Divisions): string {
  const town = towns.find(({ code }) => region.startsWith(code));
  if (town === undefined) return district.name;
  return `${town.name}${town.villages.find(({ code }) => code === region)?.name ?? ''}`;
}

function below(region: string, { towns }: Divisions): readonly { code: string; name: string }[] {
  if (region.length === 6) return towns;
  return region.length === 9 ? (towns.find(({ code }) => code === region)?.villages ?? []) : [];
}
