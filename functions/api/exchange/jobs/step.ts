import { Problem, problems } from '../../../contracts/problems.ts';
import { told } from '../../../runtime/errors.ts';
import { logger } from '../../../runtime/logger.ts';
import { type ReadJob, type StoredJob, writeJob } from '../../../store/exchange-jobs.ts';

/** A step begins nothing more after this many milliseconds: then there is time to write and to hand on within the 29 seconds of a request. */
export const WORKING_MS = 14_000;
/** Longer than a request may last, milliseconds: whoever held a lease as long has ended without giving it back. */
const LEASE_MS = 35_000;
/** Steps in a row that came to nothing, after which a job is given up. */
const MOST_FAILURES = 5;

export interface Who {
  sub: string;
  now: number;
}

/** A job as it stands after a step, and whether the next one is to be asked for. */
export interface Stepped<Job> {
  job: Job;
  more: boolean;
}

/** Whether nobody works on it at this instant, and somebody should. */
export function isWaiting({ state, leasedUntil }: StoredJob, now: number): boolean {
  return state === 'running' && leasedUntil <= now;
}

/**
 * Goes on with a job for a step, unless somebody else is at it or it has ended. Each part is written before the job says so, and a job is only written over the
 * version it was read in: of two who take the same step one stops, and a step that broke off is taken again from the last part.
 * @param part one part: the job as it stands when that is written
 */
export async function takeStep<Job extends StoredJob>(
  read: ReadJob<Job>,
  { sub, now }: Who,
  part: (job: Job) => Promise<Job>,
): Promise<Stepped<Job>> {
  const { job } = read;
  const isBegun = job.state === 'announced' && job.leasedUntil <= now;
  if (!isBegun && !isWaiting(job, now)) return { job, more: false };
  const leased = await writeJob<Job>(sub, { ...job, leasedUntil: now + LEASE_MS }, read.version, now);
  if (leased === undefined) return { job, more: false };
  const until = performance.now() + WORKING_MS;
  const held: number[] = [];
  let at = leased;
  try {
    do {
      const next = await writeJob(sub, await part(at.job), at.version, now);
      // Somebody else has taken over: what they write counts.
      if (next === undefined) return { job: at.job, more: false };
      at = next;
      held.push(heldMiB());
    } while (at.job.state === 'running' && performance.now() < until);
    const free = await writeJob<Job>(sub, { ...at.job, leasedUntil: 0 }, at.version, now);
    logger.info('step of a job', {
      ...{ job: job.id, state: at.job.state, rows: at.job.rows, parts: at.job.files.length },
      // After each of the parts.
      heldMiB: held,
    });
    return { job: free?.job ?? at.job, more: free !== undefined && at.job.state === 'running' };
  } catch (error) {
    return await broken(at, error, { sub, now });
  }
}

/** What this function holds after a part, its heap and what lies beside it, with what is not collected yet. It must not grow with the rows. */
function heldMiB(): number {
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1_048_576);
}

/** Not this job's fault: no answer, too many at once, a file that is still on its way, or a token that has ended, after which whoever asked goes on with a new one. */
const PASSING: ReadonlySet<string> = new Set([
  'read-interrupted',
  'too-many-requests',
  'unavailable',
  'unauthenticated',
  'internal',
]);

/** What the API refuses ends a job; where it did not answer, the next step tries again, and after some in a row nobody does. */
async function broken<Job extends StoredJob>(
  { job, version }: ReadJob<Job>,
  error: unknown,
  { sub, now }: Who,
): Promise<Stepped<Job>> {
  const code = error instanceof Problem ? error.code : 'internal';
  if (code === 'document-not-uploaded') {
    await writeJob<Job>(sub, { ...job, leasedUntil: 0 }, version, now);
    throw error;
  }
  logger.warn('step of a job failed', { job: job.id, code, ...told(error) });
  const failures = job.failures + 1;
  const isOver = !PASSING.has(code) || failures >= MOST_FAILURES;
  const detail = error instanceof Problem ? error.detail : problems.internal[1];
  const after: Job = {
    ...job,
    failures,
    leasedUntil: 0,
    ...(isOver ? { state: 'failed' as const, problem: { code, detail } } : {}),
  };
  const written = await writeJob(sub, after, version, now);
  // With a token that has ended there is no next step.
  return { job: written?.job ?? after, more: written !== undefined && !isOver && code !== 'unauthenticated' };
}
