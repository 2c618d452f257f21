import { MOST_INVOICES } from '../../../contracts/insurance/adjudication.ts';
import type { Claim } from '../../../contracts/insurance/claim.ts';
import type { Policy } from '../../../contracts/insurance/policy.ts';
import type { Product } from '../../../contracts/insurance/product.ts';
import { Problem } from '../../../contracts/problems.ts';
import { villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { moveClaim } from '../../../domain/insurance/claim.ts';
import { newClaim, type ReportedEvent } from '../../../domain/insurance/new-claim.ts';
import { config } from '../../../runtime/config.ts';
import { retryOnConflict } from '../../../store/conflicts.ts';
import { dueStart } from '../../../store/due-starts.ts';
import { idOf } from '../../../store/ids.ts';
import {
  changeClaim,
  claimHolding,
  claimReceiptOf,
  holdsOf,
  naturalsOf,
  takes,
} from '../../../store/insurance/claims.ts';
import { listPolicies, readProduct } from '../../../store/insurance/policies.ts';
import { readInContext, settlementStart } from '../../../store/insurance/settlements.ts';
import { firstHousehold } from '../../../store/registry/households.ts';

export interface Reported {
  claim: Claim;
  /** `added`: invoices the claim did not have were put into it. */
  outcome: 'reported' | 'added' | 'known';
}

/** The policy an event falls under: whose period holds its day, or else the newest, so that the check can say what is wrong. */
async function policyFor(eventOn: string): Promise<Policy> {
  const policies = await listPolicies(config.district());
  const found =
    policies.find(({ from, to }) => from <= eventOn && eventOn <= to) ??
    policies.sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (found === undefined) throw new Problem('policy-missing');
  return found;
}

/**
 * Takes a report in, with its workflow to be started by the sweep. An event or invoice belongs to one claim: reported again by the same reporter it is
 * that claim, to which invoices it does not have are added while nobody has surveyed it; by somebody else it is a duplicate.
 * @param receipt the one already given for it; a new one otherwise
 * @throws Problem claim-duplicate, claim-under-way, date-in-future, policy-missing
 */
export async function report(
  event: ReportedEvent,
  by: Claim['reportedBy'],
  now: number,
  receipt?: string,
): Promise<Reported> {
  const { policy, product } = await ground(event, now);
  return await retryOnConflict(async () => {
    const held = await claimHolding(policy.id, naturalsOf(event));
    return held === undefined
      ? { claim: await open(event, { policy, product, by, receipt }, now), outcome: 'reported' }
      : await again(held, event, by, now);
  });
}

/** Whose an event or invoice would be by then, by its name: what earlier rows of a batch would have reported. */
export type Foreseen = Map<string, Report>;

type Report = Pick<Claim, 'person' | 'line' | 'eventOn' | 'reportedBy'>;

/** What reporting it would come to, after `earlier`, to which it is added; nothing is written. @throws what `report` throws */
export async function foreseenReport(
  event: ReportedEvent,
  by: Claim['reportedBy'],
  now: number,
  earlier: Foreseen = new Map(),
): Promise<Reported['outcome']> {
  const { policy } = await ground(event, now);
  const naturals = naturalsOf(event);
  const others = naturals.flatMap((one) => earlier.get(one) ?? []);
  if (others.some((one) => !isSameReport(one, event, by))) throw new Problem('claim-duplicate');
  const held = await claimHolding(policy.id, naturals);
  const taken = held === undefined ? naturals : (await besideHeld(held, event, by, now)).taken;
  const fresh = taken.filter((one) => !earlier.has(one));
  for (const one of fresh) earlier.set(one, { ...event, reportedBy: by });
  if (fresh.length === 0) return 'known';
  return held === undefined && others.length === 0 ? 'reported' : 'added';
}

async function ground(event: ReportedEvent, now: number): Promise<{ policy: Policy; product: Product }> {
  if (event.eventOn > dayOf(now)) throw new Problem('date-in-future');
  const policy = await policyFor(event.eventOn);
  const product = await readProduct(config.district(), policy.product);
  if (product === undefined) throw new Problem('product-unknown');
  return { policy, product };
}

/** A new claim with its event and invoices. @throws ConditionFailed when another claim took one of them meanwhile */
async function open(
  event: ReportedEvent,
  given: { policy: Policy; product: Product; by: Claim['reportedBy']; receipt: string | undefined },
  now: number,
): Promise<Claim> {
  const { policy, product, by } = given;
  const reportedAt = new Date(now).toISOString();
  const id = await idOf('claim', policy.id, event.person, event.line, event.eventOn, reportedAt);
  const receipt = given.receipt ?? (await claimReceiptOf(id));
  const capOf = await firstHousehold(event.household);
  const claim = newClaim({ id, receipt, event, capOf, policy, by, reportedAt });
  const { channel, told } = by;
  const body = { line: claim.line, eventOn: claim.eventOn, channel, by: by.by, ...(told === null ? {} : { told }) };
  const start = settlementStart(claim);
  return await changeClaim(
    undefined,
    { after: claim, events: [{ kind: 'claim-reported', body }] },
    { policy, product, now },
    [...takes(claim), dueStart(config.district(), start, now)],
  );
}

/** The claim that holds an event or invoice already. @throws Problem claim-duplicate, claim-under-way @throws ConditionFailed */
async function again(id: string, event: ReportedEvent, by: Claim['reportedBy'], now: number): Promise<Reported> {
  const { claim, policy, product, moved, taken } = await besideHeld(id, event, by, now);
  if (moved === undefined) return { claim, outcome: 'known' };
  const written = await changeClaim(claim, moved, { policy, product, now }, holdsOf(claim, taken));
  return { claim: written, outcome: 'added' };
}

/** The claim that holds it, and how that would take in the invoices it does not have. @throws Problem claim-duplicate, claim-under-way */
async function besideHeld(id: string, event: ReportedEvent, by: Claim['reportedBy'], now: number) {
  const found = await readInContext(id);
  if (found === undefined || !isSameReport(found.claim, event, by)) {
    // Which claim it is, only where the caller certainly sees it: an invoice may be counted in another village.
    const isSeen = found !== undefined && villageOf(found.claim.household) === villageOf(event.household);
    throw new Problem('claim-duplicate', isSeen || by.channel === 'household' ? { extra: { claim: id } } : {});
  }
  const { claim, policy } = found;
  const known = new Set(claim.invoices.map(({ number }) => number));
  const fresh = event.invoices.filter(({ number }) => !known.has(number));
  if (fresh.length === 0) return { ...found, moved: undefined, taken: [] };
  if (claim.invoices.length + fresh.length > MOST_INVOICES)
    throw new Problem('invoices-full', { extra: { claim: id } });
  const moved = moveClaim(claim, { move: 'add-invoices', invoices: fresh, by: by.by }, now);
  if (moved.after === undefined) throw new Problem('claim-under-way', { extra: { claim: id } });
  const taken = fresh.map(({ number }) => `INVOICE#${number}`);
  if ((await claimHolding(policy.id, taken)) !== undefined) throw new Problem('claim-duplicate');
  return { ...found, moved, taken };
}

/** Whether it is what the same reporter reported before. A hospital's feed is the same whoever pushes it. */
function isSameReport(
  { person, line, eventOn, reportedBy }: Report,
  event: ReportedEvent,
  { channel, by, told }: Claim['reportedBy'],
): boolean {
  const sameEvent = person === event.person && line === event.line && eventOn === event.eventOn;
  const sameReporter = channel === 'hospital' ? reportedBy.told === told : reportedBy.by === by;
  return sameEvent && reportedBy.channel === channel && sameReporter;
}
