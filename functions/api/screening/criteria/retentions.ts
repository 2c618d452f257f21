import { Problem } from '../../../contracts/problems.ts';
import type { Retention } from '../../../contracts/registry/erasure.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { contentIdOf } from '../../../store/ids.ts';
import { keepRetention, listRetentions, putRetention } from '../../../store/registry/erasing/erasures.ts';
import { ConditionFailed } from '../../../store/table.ts';
import type { erasureRoutes } from '../../routes/registry.ts';

async function read(id: string): Promise<Retention | undefined> {
  return (await listRetentions(config.district())).find((one) => one.id === id);
}

/** The id is the hash of the terms: the same proposal sent twice is one proposal. */
export const proposeRetention: Operation<typeof erasureRoutes.proposeRetention> = async ({ caller, body, now }) => {
  const id = contentIdOf('retention', body, 12);
  const proposedAt = new Date(now).toISOString();
  const proposed: Retention = { ...body, id, status: 'proposed', proposedBy: caller.sub, proposedAt };
  try {
    await putRetention(config.district(), proposed);
    return { status: 201, body: proposed };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { status: 200, body: await read(id) };
  }
};

/** A second officer approves; what is approved never changes, and a later one takes effect later, so that what was refused or allowed then can be told. */
export const approveRetention: Operation<typeof erasureRoutes.approveRetention> = async ({ caller, params, now }) => {
  const found = await read(params.id);
  if (found === undefined) throw new Problem('retention-unknown');
  if (found.status === 'approved') {
    if (found.approvedBy === caller.sub) return { status: 200, body: found };
    throw new Problem('retention-already-approved');
  }
  if (found.proposedBy === caller.sub) throw new Problem('retention-own-proposal');
  const others = await listRetentions(config.district());
  if (others.some((other) => other.status === 'approved' && other.effectiveFrom >= found.effectiveFrom))
    throw new Problem('retention-out-of-order');
  const approvedAt = new Date(now).toISOString();
  const approved: Retention = { ...found, status: 'approved', approvedBy: caller.sub, approvedAt };
  try {
    await keepRetention(config.district(), approved);
    return { status: 200, body: approved };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Perhaps our own approval, whose answer was lost on the way and which was sent again.
    const theirs = await read(params.id);
    if (theirs?.approvedBy === caller.sub) return { status: 200, body: theirs };
    throw new Problem('retention-already-approved');
  }
};
