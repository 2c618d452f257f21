import type { BriefFacts, VillageSums } from './brief-facts.ts';

/** The facts of each part of a region, by codes of so many digits: what lies in it. The cover is the district's own. */
export function partsOf(facts: BriefFacts, digits: 9 | 12): (region: string) => BriefFacts {
  const parts = new Map<string, Parts>();
  const at = (code: string): Parts => {
    const region = code.slice(0, digits);
    const known = parts.get(region) ?? {
      households: [],
      cases: [],
      sheets: [],
      entries: [],
      insured: [],
      claims: [],
      sums: [],
    };
    parts.set(region, known);
    return known;
  };
  for (const one of facts.households) at(one.id).households.push(one);
  for (const one of facts.cases) at(one.household).cases.push(one);
  for (const one of facts.sheets) at(one.village).sheets.push(one);
  // What lies in no part, as a loan of the whole district, has a shorter code.
  for (const one of facts.entries) at(one.region).entries.push(one);
  for (const place of facts.insurance.insured) at(place).insured.push(place);
  for (const one of facts.insurance.claims) at(one.household).claims.push(one);
  for (const one of facts.sums ?? []) at(one.village).sums.push(one);
  const { asOf, knownAt } = facts;
  return (region) => {
    const { insured, claims, ...part } = at(region);
    return { region, asOf, knownAt, ...part, insurance: { insured, cover: 0, claims } };
  };
}

interface Parts {
  households: BriefFacts['households'][number][];
  cases: BriefFacts['cases'][number][];
  sheets: BriefFacts['sheets'][number][];
  entries: BriefFacts['entries'][number][];
  insured: string[];
  claims: BriefFacts['insurance']['claims'][number][];
  sums: VillageSums[];
}
