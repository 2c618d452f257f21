import { awaitInput } from '../../contracts/tasks/quarterly-screening.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { putEarlySealToken } from '../../store/screening/rounds.ts';

/**
 * Leaves the token of the wait with the round. `POST /v1/rounds/{id}/seal` sends it; otherwise the wait times out at the due date.
 * Ceiling: none; it writes one attribute of one item.
 */
export const handler = taskHandler(awaitInput, async ({ round, token }): Promise<null> => {
  await putEarlySealToken(config.district(), round, token);
  return null;
});
