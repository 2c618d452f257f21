import { eachOf } from '../../../domain/concurrency.ts';
import { ownFront } from '../../../runtime/front.ts';
import { partAddress, type StoredJob } from '../../../store/exchange-jobs.ts';

/** How long the next step is given to have been received, milliseconds. It goes on when nobody waits for its answer. */
const RECEIVED_MS = 1_000;
/** Addresses signed at once. */
const AT_ONCE = 8;

/**
 * Asks for the next step and does not wait for its answer. Should it get lost, the job waits until whoever asked for it looks again (docs/adr/0020).
 * The token is in this request and nowhere else.
 */
export async function handOn(
  path: string,
  { origin, authorization }: { origin: string; authorization: string },
): Promise<void> {
  try {
    await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { authorization, ...ownFront(), 'content-type': 'application/json' },
      body: '{}',
      redirect: 'error',
      signal: AbortSignal.timeout(RECEIVED_MS),
    });
  } catch {
    // It is under way by now, or lost: either way nothing is to be done here.
  }
}

/** Where each part of a job can be fetched. */
export function filesOf({ id, files }: StoredJob, sub: string, now: number): Promise<{ rows: number; url: string }[]> {
  return eachOf(files, AT_ONCE, async ({ rows }, part) => ({ rows, url: await partAddress(sub, id, part, now) }));
}
