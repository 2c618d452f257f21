import { Problem } from '../contracts/problems.ts';
import type { Caller } from '../runtime/http.ts';
import { ConditionFailed } from '../store/table.ts';

/** Terms of the district, proposed by one officer and approved by another. */
interface Terms {
  status: 'proposed' | 'approved';
  proposedBy: string;
  approvedBy?: string | undefined;
  effectiveFrom: string;
}

/** Keeps what an officer proposes. Its id is the hash of what it says: sent twice it is one proposal, answered as it stands. */
export async function proposeOnce<T>(proposed: T, keep: (one: T) => Promise<void>, read: () => Promise<T | undefined>) {
  try {
    await keep(proposed);
    return { status: 201, body: proposed };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { status: 200, body: await read() };
  }
}

/**
 * A second officer approves; what is approved never changes. A later one takes effect later, so that no past day is judged anew.
 * @throws Problem `…-unknown`, `…-already-approved`, `…-own-proposal`, `…-out-of-order`
 */
export async function approveInOrder<T extends Terms>(
  what: 'criteria' | 'retention',
  { caller, now }: { caller: Caller; now: number },
  store: {
    read: () => Promise<T | undefined>;
    list: () => Promise<readonly T[]>;
    keep: (approved: T) => Promise<void>;
  },
) {
  const found = await store.read();
  if (found === undefined) throw new Problem(`${what}-unknown`);
  if (found.status === 'approved') {
    if (found.approvedBy === caller.sub) return { status: 200, body: found };
    throw new Problem(`${what}-already-approved`);
  }
  if (found.proposedBy === caller.sub) throw new Problem(`${what}-own-proposal`);
  const others = await store.list();
  if (others.some(({ status, effectiveFrom }) => status === 'approved' && effectiveFrom >= found.effectiveFrom))
    throw new Problem(`${what}-out-of-order`);
  const approvedAt = new Date(now).toISOString();
  const approved: T = { ...found, status: 'approved', approvedBy: caller.sub, approvedAt };
  try {
    await store.keep(approved);
    return { status: 200, body: approved };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Perhaps our own approval, whose answer was lost on the way and which was sent again.
    const theirs = await store.read();
    if (theirs?.approvedBy === caller.sub) return { status: 200, body: theirs };
    throw new Problem(`${what}-already-approved`);
  }
}
