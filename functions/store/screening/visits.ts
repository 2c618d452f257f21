import { createHash } from 'node:crypto';
import type { TriageResult } from '../../contracts/screening/triage.ts';
import type { Visit } from '../../contracts/screening/visit.ts';
import type { AcceptedVisit } from '../../domain/screening/sheet.ts';
import { jsonText } from '../json-text.ts';
import { keys, villageKey } from '../keys.ts';
import { batchPut, type Item, queryAll, queryBetween, queryParts, text } from '../table.ts';

const visitText = jsonText<Visit>();
const triageText = jsonText<TriageResult & { criteria: string }>('triage');

/** A visit with the provisional triage it was answered with. */
export interface SubmittedVisit extends AcceptedVisit {
  triage: TriageResult;
  criteria: string;
  submittedBy: string;
  submittedAt: string;
}

/**
 * A visit's id: 128 bits of SHA-256 over exactly its fields, in the order of their names. The same form sent twice is the same
 * visit; a corrected one is another. 22 characters, base64url.
 */
export function visitId(visit: Visit): string {
  return createHash('sha256').update(canonical(visit)).digest('base64url').slice(0, 22);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .join()}}`;
}

/** Stores visits; they count only once `acceptVisits` (store/progress.ts) has let them through. */
export async function putVisits(visits: readonly SubmittedVisit[]): Promise<void> {
  await batchPut(visits.map(fromSubmitted));
}

export function fromSubmitted({ id, visit, triage, criteria, submittedBy, submittedAt }: SubmittedVisit): Item {
  return {
    ...keys.visit(visit.round, visit.household, id),
    ...visitText.put(visit),
    // Beside the document, so that who was seen when is known without reading what was seen.
    visitedOn: visit.visitedOn,
    ...triageText.put({ ...triage, criteria }),
    submittedBy,
    submittedAt,
  };
}

/** Every stored visit of a village in a round, by household. Whether one was accepted, the village's progress tells. */
export async function readVisits(
  round: string,
  village: string,
  { consistent }: { consistent: boolean } = { consistent: true },
): Promise<Map<string, AcceptedVisit[]>> {
  return byHousehold(await queryAll(villageKey(village), `VISIT#${round}#`, { consistent }));
}

/** The same of the households from `first` to `last` only, both included: a page of a village. */
export async function readVisitsOfPage(
  round: string,
  first: string,
  last: string,
): Promise<Map<string, AcceptedVisit[]>> {
  const { pk, sk } = keys.visit(round, first, '');
  // Ids are base64url: every one of them stands before a tilde.
  return byHousehold(await queryBetween(pk, sk, keys.visit(round, last, '~').sk, { consistent: true }));
}

function byHousehold(items: readonly Item[]): Map<string, AcceptedVisit[]> {
  const found = new Map<string, AcceptedVisit[]>();
  for (const item of items) {
    const sk = text(item, 'sk');
    const stored = { id: sk.slice(sk.lastIndexOf('#') + 1), visit: visitText.read(item) };
    const others = found.get(stored.visit.household);
    if (others === undefined) found.set(stored.visit.household, [stored]);
    else others.push(stored);
  }
  return found;
}

/** The days of every stored visit of a village in a round, by household. */
export async function readVisitDays(round: string, village: string): Promise<Map<string, string[]>> {
  const items = await queryParts(villageKey(village), `VISIT#${round}#`, ['sk', 'visitedOn'], { consistent: true });
  const days = new Map<string, string[]>();
  for (const item of items) {
    const of = text(item, 'sk').split('#')[2] ?? '';
    days.set(of, [...(days.get(of) ?? []), text(item, 'visitedOn')]);
  }
  return days;
}

/** One household's stored visits of a round, each with the triage it was answered with. */
export async function readHouseholdVisits(round: string, household: string): Promise<SubmittedVisit[]> {
  const { pk, sk } = keys.visit(round, household, '');
  return (await queryAll(pk, sk, { consistent: true })).map(toSubmitted);
}

function toSubmitted(item: Item): SubmittedVisit {
  const sk = text(item, 'sk');
  const { criteria, ...triage } = triageText.read(item);
  return {
    id: sk.slice(sk.lastIndexOf('#') + 1),
    visit: visitText.read(item),
    triage,
    criteria,
    submittedBy: text(item, 'submittedBy'),
    submittedAt: text(item, 'submittedAt'),
  };
}
