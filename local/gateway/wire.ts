import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import { isRecord } from '../template/stack.ts';
import { type Gateway, Raw } from './gateway.ts';
import { verify } from './signature.ts';

/** Services by the prefix of `X-Amz-Target`, with the prefix their errors carry on the wire. */
const TARGETS: Readonly<Record<string, { service: string; errors: string }>> = {
  DynamoDB_20120810: { service: 'dynamodb', errors: 'com.amazonaws.dynamodb.v20120810#' },
  AWSStepFunctions: { service: 'states', errors: '' },
  AWSEvents: { service: 'events', errors: '' },
  TrentService: { service: 'kms', errors: '' },
};

/** Errors that DynamoDB's front answers before DynamoDB itself. */
const CORAL = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
]);

/** Answers a request in AWS JSON 1.0 or 1.1. */
export async function answerWire(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const [prefix = '', action = ''] = String(request.headers['x-amz-target']).split('.');
  const target = TARGETS[prefix];
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const send = (status: number, bytes: Buffer): void => {
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': bytes.length,
      'x-amzn-requestid': randomUUID(),
    });
    response.end(bytes);
  };
  try {
    if (target === undefined)
      throw new AwsError('UnknownOperationException', `${prefix}.${action} does not run locally.`);
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const principal = verify({ method: request.method ?? 'POST', path, query, headers: request.headers, body }, (key) =>
      gateway.principals.byKey(key),
    );
    const outcome = await gateway.perform({
      principal,
      service: target.service,
      action,
      input: inputOf(body),
      body,
      tag: tagOf(request),
    });
    if (outcome instanceof Raw) send(outcome.status, outcome.body);
    else send(200, Buffer.from(JSON.stringify(outcome)));
  } catch (error) {
    const known =
      error instanceof AwsError
        ? error
        : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
    const namespace =
      target?.service === 'dynamodb' && CORAL.has(known.code) ? 'com.amazon.coral.service#' : (target?.errors ?? '');
    send(known.statusCode, Buffer.from(JSON.stringify({ __type: namespace + known.code, message: known.message })));
  }
}

/** The header by which a worker tells which of its calls this is. */
export const TAG = 'x-local-call';

export function tagOf({ headers }: IncomingMessage): string | undefined {
  const tag = headers[TAG];
  return typeof tag === 'string' && /^\d+\.\d+$/.test(tag) ? tag : undefined;
}

function inputOf(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (isRecord(input)) return input;
  } catch {
    // Answered below, like every body that is no object.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}
