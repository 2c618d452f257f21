import type { Retention } from '../../../contracts/registry/erasure.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { contentIdOf } from '../../../store/ids.ts';
import { keepRetention, listRetentions, putRetention } from '../../../store/registry/erasing/erasures.ts';
import { approveInOrder, proposeOnce } from '../../proposals.ts';
import type { erasureRoutes } from '../../routes/registry.ts';

const list = () => listRetentions(config.district());
const read = async (id: string) => (await list()).find((one) => one.id === id);

export const proposeRetention: Operation<typeof erasureRoutes.proposeRetention> = async ({ caller, body, now }) => {
  const id = contentIdOf('retention', body, 12);
  const proposedAt = new Date(now).toISOString();
  const proposed: Retention = { ...body, id, status: 'proposed', proposedBy: caller.sub, proposedAt };
  return await proposeOnce(
    proposed,
    (one) => putRetention(config.district(), one),
    () => read(id),
  );
};

export const approveRetention: Operation<typeof erasureRoutes.approveRetention> = async (request) =>
  await approveInOrder('retention', request, {
    read: () => read(request.params.id),
    list,
    keep: (approved) => keepRetention(config.district(), approved),
  });
