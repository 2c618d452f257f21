import { Problem } from '../../contracts/problems.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { contentIdOf } from '../../store/ids.ts';
import { approveProposal, listCriteria, putProposal, readCriteria } from '../../store/screening/criteria.ts';
import { ConditionFailed } from '../../store/table.ts';
import { erasureRoutes } from '../routes/registry.ts';
import { criteriaRoutes } from '../routes/screening.ts';
import { approveErasure, listErasures, proposeErasure } from './criteria/erasures.ts';
import { rehearseCriteria } from './criteria/rehearsal.ts';
import { approveRetention, proposeRetention } from './criteria/retentions.ts';

const list: Operation<typeof criteriaRoutes.listCriteria> = async () => ({
  status: 200,
  body: { items: await listCriteria(config.district()) },
});

/** The id is the hash of the terms: the same proposal sent twice is one proposal. */
const propose: Operation<typeof criteriaRoutes.proposeCriteria> = async ({ caller, body, now }) => {
  const id = contentIdOf('c', body, 12);
  const criteria: Criteria = {
    ...body,
    id,
    status: 'proposed',
    proposedBy: caller.sub,
    proposedAt: new Date(now).toISOString(),
  };
  try {
    await putProposal(config.district(), criteria);
    return { status: 201, body: criteria };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { status: 200, body: await readCriteria(config.district(), id) };
  }
};

/** A second officer approves; approved criteria never change. A later one must take effect later, so that no past day is judged anew. */
const approve: Operation<typeof criteriaRoutes.approveCriteria> = async ({ caller, params, now }) => {
  const criteria = await readCriteria(config.district(), params.id);
  if (criteria === undefined) throw new Problem('criteria-unknown');
  if (criteria.status === 'approved') {
    if (criteria.approvedBy === caller.sub) return { status: 200, body: criteria };
    throw new Problem('criteria-already-approved');
  }
  if (criteria.proposedBy === caller.sub) throw new Problem('criteria-own-proposal');
  const others = await listCriteria(config.district());
  if (others.some((other) => other.status === 'approved' && other.effectiveFrom >= criteria.effectiveFrom))
    throw new Problem('criteria-out-of-order');
  const approved: Criteria = {
    ...criteria,
    status: 'approved',
    approvedBy: caller.sub,
    approvedAt: new Date(now).toISOString(),
  };
  try {
    await approveProposal(config.district(), approved);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Perhaps our own approval, whose answer was lost on the way and which was sent again.
    const theirs = await readCriteria(config.district(), params.id);
    if (theirs?.approvedBy === caller.sub) return { status: 200, body: theirs };
    throw new Problem('criteria-already-approved');
  }
  return { status: 200, body: approved };
};

/** What one officer of the district proposes and another approves: criteria, periods of retention, erasures. One function, because a stack may have 500 resources. */
export const handler = httpHandler(
  { ...criteriaRoutes, ...erasureRoutes },
  {
    listCriteria: list,
    proposeCriteria: propose,
    approveCriteria: approve,
    rehearseCriteria,
    proposeRetention,
    approveRetention,
    listErasures,
    proposeErasure,
    approveErasure,
  },
);
