/**
 * The table could not serve a call: throttled, or in conflict with other writers, at every attempt. By this one name the retry policies
 * of tasks try again with full jitter, and the API answers 503 with Retry-After.
 */
export class TableThrottled extends Error {
  override readonly name = 'TableThrottled';

  constructor(cause?: unknown) {
    super('The table takes no more calls for the moment.', { cause });
  }
}

/** DynamoDB's names for it, as an error and as a reason of a cancelled transaction. */
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
