/** The network between a function and a service failed. It passes by itself (`contracts/passing-errors.ts`). */
export class NetworkFailed extends Error {
  override readonly name = 'NetworkFailed';
}

/** A name that is not resolved, a place that is not reached, a connection that ends: of Node, and of its `fetch`. */
const CODES: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/**
 * Gives failures of the network one name. Node calls them `Error`, and `fetch` calls them `TypeError` and hides them in its cause: names that defects have
 * too, so that no retry policy can name them. What has a name of its own keeps it.
 */
export function named(error: unknown): unknown {
  if (!(error instanceof Error) || (error.name !== 'Error' && error.name !== 'TypeError')) return error;
  const code = [error, error.cause].flatMap((each) => (each instanceof Error && 'code' in each ? [each.code] : []))[0];
  if (!CODES.has(code)) return error;
  const failed = new NetworkFailed(`The network failed: ${code}.`, { cause: error });
  // Where it happened, not where it was named.
  if (error.stack !== undefined) failed.stack = error.stack;
  return failed;
}
