import { Problem } from '../../../contracts/problems.ts';
import type { Erasure } from '../../../contracts/registry/erasure.ts';
import { villageOf } from '../../../contracts/values.ts';
import { addMonths, dayOf } from '../../../domain/calendar.ts';
import { isNamedIn } from '../../../domain/registry/erasing.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { retryOnConflict } from '../../../store/conflicts.ts';
import { contentIdOf } from '../../../store/ids.ts';
import { erase } from '../../../store/registry/erasing/erase.ts';
import {
  endErasure,
  keepApproval,
  listRetentions,
  putErasure,
  readErasure,
  readErasures,
  retentionOn,
} from '../../../store/registry/erasing/erasures.ts';
import { type Kept, keptOf } from '../../../store/registry/erasing/kept-records.ts';
import { lastGroundOf } from '../../../store/registry/erasing/last-ground.ts';
import { isErased } from '../../../store/registry/persons.ts';
import { proposeOnce } from '../../proposals.ts';
import type { erasureRoutes } from '../../routes/registry.ts';

/** The periods, and every erasure that was proposed, the newest first. */
export const listErasures: Operation<typeof erasureRoutes.listErasures> = async () => {
  const [periods, all] = await Promise.all([listRetentions(config.district()), readErasures(config.district())]);
  const items = all.sort((a, b) => (a.proposedAt < b.proposedAt ? 1 : -1));
  return { status: 200, body: { periods, items } };
};

/** Proposes to erase a person (PIPL article 47). Sent again it is the same proposal. */
export const proposeErasure: Operation<typeof erasureRoutes.proposeErasure> = async ({ caller, body, now }) => {
  mustContain(caller, villageOf(body.household));
  const district = config.district();
  const id = contentIdOf('erasure', body);
  const before = await readErasure(district, id);
  if (before !== undefined) return { status: 200, body: before };
  const kept = await erasable(body, now);
  if (isNamedIn(body.reason, kept.words)) throw new Problem('erasure-names-person');
  const proposed: Erasure = {
    ...body,
    id,
    status: 'proposed',
    proposedBy: caller.sub,
    proposedAt: new Date(now).toISOString(),
  };
  return await proposeOnce(
    proposed,
    (one) => putErasure(district, one),
    () => readErasure(district, id),
  );
};

/**
 * Another officer approves, and the person is erased at once. What was interrupted goes on when it is sent again, by whomever but the proposer: unless the person
 * has come back meanwhile: what is new of them has its own period, also when they have left again.
 */
export const approveErasure: Operation<typeof erasureRoutes.approveErasure> = async ({ caller, params, now }) => {
  const district = config.district();
  const at = new Date(now).toISOString();
  let found = await readErasure(district, params.id);
  if (found === undefined) throw new Problem('erasure-unknown');
  if (found.proposedBy === caller.sub) throw new Problem('erasure-own-proposal');
  const { person, household } = found;
  const readKept = () => keptOf(district, person, [household], now);
  let kept: Kept | undefined;
  if (found.status === 'proposed') {
    kept = await erasable(found, now);
    const approval = { status: 'approved' as const, approvedBy: caller.sub, approvedAt: at };
    found = await movedOn(found, (one) => keepApproval(district, one, { ...one, ...approval }));
  }
  if (found.status === 'erased') {
    if (found.approvedBy === caller.sub) return { status: 200, body: found };
    throw new Problem('erasure-already-approved');
  }
  if (kept === undefined) {
    kept = await readKept();
    // Nothing is taken before they are marked as erased. From then on whoever comes back has another id.
    if (!(await isErased(person))) await periodIsOver(kept, now);
  }
  await retryOnConflict(async (attempt) =>
    erase(attempt === 1 && kept !== undefined ? kept : await readKept(), household, now),
  );
  const end = { status: 'erased' as const, erasedAt: at };
  return { status: 200, body: await movedOn(found, (one) => endErasure(district, one, { ...one, ...end })) };
};

/**
 * Moves an erasure on, unless somebody else did. It is read again each time: another erasure may have taken a name out of its reason meanwhile.
 * @returns as it is kept then
 */
async function movedOn({ id, status }: Erasure, move: (one: Erasure) => Promise<Erasure>): Promise<Erasure> {
  return await retryOnConflict(async () => {
    const one = await readErasure(config.district(), id);
    if (one === undefined) throw new Problem('erasure-unknown');
    return one.status === status ? await move(one) : one;
  });
}

/** What is kept of somebody who may be erased today. @throws Problem with the ground that stands, or that the period is not over */
async function erasable({ person, household }: Pick<Erasure, 'person' | 'household'>, now: number): Promise<Kept> {
  // A cell that has none erases nobody: asked before anything is read, for looking somebody up brings the index of names up to date.
  await retentionInForce(now);
  const kept = await keptOf(config.district(), person, [household], now);
  if (kept.households.size === 0 || !kept.households.has(household) || (await isErased(person)))
    throw new Problem('not-found');
  await periodIsOver(kept, now);
  return kept;
}

/** Counts from the day on which the last ground to keep somebody ended. @throws Problem as `erasable` does */
async function periodIsOver(kept: Kept, now: number): Promise<void> {
  const today = dayOf(now);
  const period = await retentionInForce(now);
  const ground = await lastGroundOf(kept, now);
  if ('standing' in ground) throw new Problem(ground.standing);
  const until = addMonths(ground.ended, 12 * period.years);
  if (today <= until) throw new Problem('retention-not-over', { extra: { until } });
}

/** @throws Problem retention-missing */
async function retentionInForce(now: number): Promise<{ years: number }> {
  const period = await retentionOn(config.district(), dayOf(now));
  if (period === undefined) throw new Problem('retention-missing');
  return period;
}
