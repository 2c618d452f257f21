/**
 * The table could not take a call now: throttled in every try, or in conflict with other writers in every try. By this one name the retry policies
 * of tasks try again with full jitter, and the API answers 503 with Retry-After.
 */
export class TableThrottled extends Error {
  override readonly name = 'TableThrottled';

  constructor(cause?: unknown) {
    super('The table takes no more calls for the moment.', { cause });
  }
}

/** What DynamoDB calls it, in a call of its own and among the reasons of a canceled transaction. */
const throttles: ReadonlySet<unknown> = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'RequestLimitExceeded',
]);

export function isThrottle(name: unknown): boolean {
  return throttles.has(name);
}
