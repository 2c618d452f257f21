import type { SheetRow, Totals } from '../../contracts/screening/round.ts';

function noTotals(): Totals {
  const none = () => ({ households: 0, people: 0 });
  return {
    expected: none(),
    visited: none(),
    missed: none(),
    missedByReason: {},
    byClass: { secure: none(), concern: none(), monitor: none() },
    candidatesByType: { 'unstable-lifted': none(), marginal: none(), 'sudden-hardship': none() },
    disagreements: 0,
    samples: 0,
    samplesAgreeing: 0,
  };
}

/** Counts a village's sealed rows, households and people. */
export function totalsOf(rows: readonly SheetRow[]): Totals {
  const totals = noTotals();
  for (const row of rows) {
    const count = (cell: { households: number; people: number }) => {
      cell.households += 1;
      cell.people += row.people;
    };
    count(totals.expected);
    if (row.missed !== null) {
      count(totals.missed);
      totals.missedByReason[row.missed] = (totals.missedByReason[row.missed] ?? 0) + 1;
      continue;
    }
    count(totals.visited);
    if (row.class !== null) count(totals.byClass[row.class]);
    if (row.caseType !== null) count(totals.candidatesByType[row.caseType]);
    if (row.disagreement) totals.disagreements += 1;
    if (row.sample !== null) {
      totals.samples += 1;
      if (row.sample === row.class) totals.samplesAgreeing += 1;
    }
  }
  return totals;
}

/** The sum of several regions' totals. */
export function sumTotals(all: readonly Totals[]): Totals {
  const sum = noTotals();
  const add = (to: { households: number; people: number }, from: { households: number; people: number }) => {
    to.households += from.households;
    to.people += from.people;
  };
  for (const one of all) {
    add(sum.expected, one.expected);
    add(sum.visited, one.visited);
    add(sum.missed, one.missed);
    for (const [reason, households] of Object.entries(one.missedByReason)) {
      sum.missedByReason[reason] = (sum.missedByReason[reason] ?? 0) + households;
    }
    for (const name of ['secure', 'concern', 'monitor'] as const) add(sum.byClass[name], one.byClass[name]);
    for (const name of ['unstable-lifted', 'marginal', 'sudden-hardship'] as const)
      add(sum.candidatesByType[name], one.candidatesByType[name]);
    sum.disagreements += one.disagreements;
    sum.samples += one.samples;
    sum.samplesAgreeing += one.samplesAgreeing;
  }
  return sum;
}
