import type { Criteria } from '../../contracts/screening/criteria.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { contentIdOf } from '../../store/ids.ts';
import { approveProposal, listCriteria, putProposal, readCriteria } from '../../store/screening/criteria.ts';
import { approveInOrder, proposeOnce } from '../proposals.ts';
import { erasureRoutes } from '../routes/registry.ts';
import { criteriaRoutes } from '../routes/screening.ts';
import { approveErasure, listErasures, proposeErasure } from './criteria/erasures.ts';
import { rehearseCriteria } from './criteria/rehearsal.ts';
import { approveRetention, proposeRetention } from './criteria/retentions.ts';

const list: Operation<typeof criteriaRoutes.listCriteria> = async () => ({
  status: 200,
  body: { items: await listCriteria(config.district()) },
});

const propose: Operation<typeof criteriaRoutes.proposeCriteria> = async ({ caller, body, now }) => {
  const id = contentIdOf('c', body, 12);
  const criteria: Criteria = {
    ...body,
    id,
    status: 'proposed',
    proposedBy: caller.sub,
    proposedAt: new Date(now).toISOString(),
  };
  return await proposeOnce(
    criteria,
    (one) => putProposal(config.district(), one),
    () => readCriteria(config.district(), id),
  );
};

const approve: Operation<typeof criteriaRoutes.approveCriteria> = async (request) =>
  await approveInOrder('criteria', request, {
    read: () => readCriteria(config.district(), request.params.id),
    list: () => listCriteria(config.district()),
    keep: (approved) => approveProposal(config.district(), approved),
  });

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
