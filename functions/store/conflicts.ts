import { ConditionFailed } from './table.ts';

/** More than three meetings in a row are not chance. */
const ATTEMPTS = 4;

/**
 * Does work that reads, judges and writes on the condition that what it read still stands; when somebody else wrote in between, it reads and judges again.
 * @param work is told which attempt it is, from 1
 * @throws ConditionFailed when it met somebody every time; the API answers that as `conflict`
 */
export async function retryOnConflict<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof ConditionFailed) || attempt === ATTEMPTS) throw error;
    }
  }
}
