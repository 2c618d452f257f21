import { ConditionFailed } from './table.ts';

/** After three conflicts in a row something is wrong, or the item is overloaded. */
const ATTEMPTS = 4;

/**
 * Runs work that reads, judges and writes on the condition that what it read is unchanged; after a conflict, it reads and judges again.
 * @param work is told which attempt it is, from 1
 * @throws ConditionFailed when every attempt met a conflict; the API answers that as `conflict`
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
