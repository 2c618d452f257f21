import type { Measure } from '../../contracts/assistance/measure.ts';
import type { ClosureMethod, RecordedRisk } from '../../contracts/cases/case.ts';
import type { GateId, GateResult, GateValues } from '../../contracts/cases/closure.ts';
import { type CriteriaTerms, monitoringLine } from '../../contracts/screening/criteria.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import { type SignalId, severities, type TriageResult } from '../../contracts/screening/triage.ts';
import type { Findings } from '../../contracts/screening/visit.ts';
import { labourOf, matches, natureOf } from '../assistance/measures.ts';
import { addMonths } from '../calendar.ts';

/** Months an assisted household is helped at least before it may be closed (docs/domain.md, 5). */
const MONTHS_OPEN = 6;
/** How many of the newest sealed rounds must show an income above the line. */
const ROUNDS = 2;

/** The facts the gates check, all read by the caller at one instant. */
export interface ClosureFacts {
  /** Asia/Shanghai */
  today: string;
  method: ClosureMethod;
  /** The day the district approved the admission of this episode. */
  admittedOn: string;
  /** The household's newest counted visit with its triage; null when nobody has seen it. */
  newestVisit: {
    id: string;
    visit: Pick<Findings, 'visitedOn' | 'guarantees' | 'members'>;
    triage: Pick<TriageResult, 'perCapita' | 'signals'>;
  } | null;
  /** Sealed rows of the household, at least the two newest, in any order; `visitedOn` of the counted visit where it is known. */
  sheets: readonly (Pick<SheetRow, 'missed' | 'perCapita'> & { round: string; visitedOn?: string })[];
  measures: readonly Pick<Measure, 'kind' | 'status'>[];
  risks: readonly RecordedRisk[];
  openClaims: number;
  unansweredObjections: number;
  /** Monitoring lines of the years, and the village (or household id) they are asked for. */
  criteria: Pick<CriteriaTerms, 'lines'>;
  region: string;
}

/** Signals left out of the risk gate: they have a gate of their own, or every open case gives them. */
const covered: ReadonlySet<SignalId> = new Set([
  'INCOME_BELOW_LINE',
  'RIGID_SPENDING',
  'FOOD_UNSAFE',
  'CLOTHING_UNSAFE',
  'EDUCATION_UNSAFE',
  'MEDICAL_UNSAFE',
  'HOUSING_UNSAFE',
  'WATER_UNSAFE',
  'OPEN_CASE',
]);

/**
 * Checks all gates of a closure in their order. Pure: it can be asked at any time without effect, and the same facts give
 * the same answer at the start and at the approval. What is not known does not hold.
 */
export function closureGates(facts: ClosureFacts): GateResult[] {
  return [
    sixMonths(facts),
    measureDone(facts),
    incomeAboveLine(facts),
    guaranteesSafe(facts),
    rigidSpendingSolved(facts),
    risksResolved(facts),
    noNewRisk(facts),
    notWhollyUnable(facts),
  ];
}

/** Whether a closure may start, or be approved. */
export function allHold(results: readonly Pick<GateResult, 'holds'>[]): boolean {
  return results.every(({ holds }) => holds);
}

function sixMonths({ today, admittedOn, method }: ClosureFacts): GateResult {
  const from = addMonths(admittedOn, MONTHS_OPEN);
  return exemptIfNatural(method, gate('SIX_MONTHS', today >= from, { day: today }, { day: from }, ['case']));
}

function measureDone({ measures, method, newestVisit }: ClosureFacts): GateResult {
  const done = measures.filter(({ status }) => status === 'completed');
  const development = done.filter(({ kind }) => natureOf(kind) === 'development').length;
  // Unknown labour counts as labour: no case is closed on what is not known.
  const needed = newestVisit !== null && labourOf(newestVisit.visit.members) === 'none' ? 0 : 1;
  const holds = done.length >= 1 && development >= needed;
  const result = gate(
    'MEASURE_DONE',
    holds,
    { completed: done.length, development },
    { completed: 1, development: needed },
    ['measures', ...visitSource(newestVisit)],
  );
  return exemptIfNatural(method, result);
}

function incomeAboveLine({ newestVisit, sheets, criteria, region }: ClosureFacts): GateResult {
  const newest = [...sheets].sort((a, b) => (a.round < b.round ? 1 : -1)).slice(0, ROUNDS);
  const observed: GateValues = { visit: newestVisit?.triage.perCapita ?? null };
  const required: GateValues = { visit: newestVisit === null ? null : lineOf(newestVisit.visit.visitedOn) };
  for (const row of newest) {
    // A missed row only carries an earlier income forward, so it does not count.
    observed[row.round] = row.missed === null ? row.perCapita : null;
    required[row.round] = lineOf(row.visitedOn ?? row.round);
  }
  const holds =
    newest.length === ROUNDS &&
    Object.entries(observed).every(([name, seen]) => {
      const line = required[name];
      return typeof seen === 'number' && typeof line === 'number' && seen >= line;
    });
  return gate('INCOME_ABOVE_LINE', holds, observed, required, [
    ...visitSource(newestVisit),
    ...newest.map(({ round }) => `sheet:${round}`),
    'criteria',
  ]);

  function lineOf(when: string): number | null {
    return monitoringLine(criteria, Number(when.slice(0, 4)), region) ?? null;
  }
}

function guaranteesSafe({ newestVisit }: ClosureFacts): GateResult {
  const names = [
    'food',
    'clothing',
    'compulsoryEducation',
    'basicMedicalInsurance',
    'housing',
    'drinkingWater',
  ] as const;
  const observed = Object.fromEntries(names.map((name) => [name, newestVisit?.visit.guarantees[name] ?? null]));
  const holds = names.every((name) => observed[name] === true);
  return gate(
    'GUARANTEES_SAFE',
    holds,
    observed,
    Object.fromEntries(names.map((name) => [name, true])),
    visitSource(newestVisit),
  );
}

function rigidSpendingSolved({ newestVisit }: ClosureFacts): GateResult {
  const signal = newestVisit?.triage.signals.find(({ id }) => id === 'RIGID_SPENDING');
  const rigid = newestVisit === null ? null : signal !== undefined;
  const amounts = signal === undefined ? {} : { spent: Number(signal.observed), threshold: Number(signal.threshold) };
  return gate(
    'RIGID_SPENDING_SOLVED',
    rigid === false,
    { rigid, ...amounts },
    { rigid: false },
    visitSource(newestVisit),
  );
}

function risksResolved({ risks, measures }: ClosureFacts): GateResult {
  const done = measures.filter(({ status }) => status === 'completed');
  const observed = Object.fromEntries(
    risks.map(({ code, gone }) => [
      code,
      gone !== undefined ? 'gone' : done.some(({ kind }) => matches(code, kind)) ? 'measure' : 'unresolved',
    ]),
  );
  const holds = Object.values(observed).every((state) => state !== 'unresolved');
  return gate('RISKS_RESOLVED', holds, observed, Object.fromEntries(risks.map(({ code }) => [code, 'resolved'])), [
    'case',
    'measures',
  ]);
}

function noNewRisk({ newestVisit, openClaims, unansweredObjections }: ClosureFacts): GateResult {
  const fresh = newestVisit?.triage.signals
    .filter(({ id }) => severities[id] === 'risk' && !covered.has(id))
    .map(({ id }) => id);
  const observed = { signals: fresh === undefined ? null : fresh.join(' '), openClaims, unansweredObjections };
  const holds = fresh?.length === 0 && openClaims === 0 && unansweredObjections === 0;
  return gate('NO_NEW_RISK', holds, observed, { signals: '', openClaims: 0, unansweredObjections: 0 }, [
    ...visitSource(newestVisit),
    'claims',
    'objections',
  ]);
}

function notWhollyUnable({ newestVisit, method }: ClosureFacts): GateResult {
  const working = newestVisit?.visit.members.filter(({ labour }) => labour !== 'none').length ?? null;
  const result = gate(
    'NOT_WHOLLY_UNABLE',
    working !== null && working >= 1,
    { working },
    { working: 1 },
    visitSource(newestVisit),
  );
  return exemptIfNatural(method, result);
}

function gate(id: GateId, holds: boolean, observed: GateValues, required: GateValues, source: string[]): GateResult {
  return { gate: id, holds, observed, required, source };
}

function exemptIfNatural(method: ClosureMethod, result: GateResult): GateResult {
  return method === 'natural' ? { ...result, holds: true, exempt: true } : result;
}

function visitSource(newestVisit: ClosureFacts['newestVisit']): string[] {
  return newestVisit === null ? [] : [`visit:${newestVisit.id}`];
}
