import * as z from 'zod';
import { denied, StorageError } from './error.ts';
import { written } from './operation.ts';
import { instant, judgeScope, judgeSignature, type Signer } from './signature.ts';

const policy = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(
    z.union([
      z.record(z.string(), z.string()),
      z.tuple([z.string(), z.union([z.string(), z.int()]), z.union([z.string(), z.int()])]),
    ]),
  ),
});

export interface Posted<T> {
  principal: T;
  input: Record<string, unknown>;
  /** What to answer: 200, 201 or 204. */
  status: number;
  redirect: string | undefined;
}

/**
 * Reads an upload by a form (presigned POST) and judges it by the policy its owner signed.
 * @param body `multipart/form-data`
 * @throws StorageError as S3 answers forms that are altered, too late, or hold what the policy does not let in
 */
export async function readPost<T>(
  request: { bucket: string; body: Buffer; contentType: string },
  by: { find: (accessKeyId: string) => Signer<T> | undefined; region: string; now: number },
): Promise<Posted<T>> {
  const { bucket } = request;
  const form = await new Response(request.body, { headers: { 'content-type': request.contentType } })
    .formData()
    .catch(() => {
      throw new StorageError(
        'MalformedPOSTRequest',
        'The body of your POST request is not well-formed multipart/form-data.',
      );
    });
  const file = form.get('file');
  if (file === null)
    throw new StorageError('InvalidArgument', 'POST requires exactly one file upload per request.', 400, {
      ArgumentName: 'file',
    });
  const bytes = typeof file === 'string' ? Buffer.from(file) : Buffer.from(await file.arrayBuffer());
  const fields = new Map<string, string>();
  for (const [name, value] of form)
    if (name !== 'file' && typeof value === 'string') fields.set(name.toLowerCase(), value);
  const field = (name: string): string => fields.get(name) ?? '';
  if (field('policy') === '') throw denied();
  const [accessKeyId = '', day = '', region = '', service = ''] = field('x-amz-credential').split('/');
  judgeScope(
    { region, service },
    by.region,
    'AuthorizationQueryParametersError',
    'Error parsing the X-Amz-Credential parameter',
  );
  if (field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256' || instant(field('x-amz-date')) === undefined)
    throw new StorageError('InvalidArgument', 'X-Amz-Algorithm and X-Amz-Date must be given.');
  const principal = judgeSignature(
    field('policy'),
    { accessKeyId, day, region, signature: field('x-amz-signature') },
    by.find,
  );
  judgePolicy(field('policy'), new Map([...fields, ['bucket', bucket]]), bytes.length, by.now);
  const name = typeof file === 'string' ? '' : file.name;
  const status = Number(field('success_action_status'));
  const settings = Object.fromEntries([...fields].filter(([each]) => each.startsWith('x-amz-') && !SIGNING.has(each)));
  return {
    principal,
    input: {
      Bucket: bucket,
      // By a function: in a text a file's own `$&` would be read as an order.
      Key: field('key').replaceAll(/\$\{filename\}/g, () => name),
      Body: bytes,
      AuthType: 'POST',
      ...written(settings, Object.fromEntries(fields)),
    },
    status: status === 200 || status === 201 ? status : 204,
    redirect: fields.get('success_action_redirect'),
  };
}

const SIGNING: ReadonlySet<string> = new Set([
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-algorithm',
  'x-amz-date',
  'x-amz-security-token',
]);

/** @throws StorageError for the first condition that does not hold, and for a field that no condition speaks of */
function judgePolicy(encoded: string, fields: ReadonlyMap<string, string>, size: number, now: number): void {
  const { expiration, conditions } = parsed(encoded);
  if (now > Date.parse(expiration)) throw denied('Invalid according to Policy: Policy expired.');
  const spoken = new Set(['policy', 'x-amz-signature', 'bucket']);
  const triples = conditions.flatMap((each): (readonly [string, string | number, string | number])[] =>
    Array.isArray(each) ? [each] : Object.entries(each).map(([name, value]) => ['eq', `$${name}`, value]),
  );
  for (const [operator, subject, wanted] of triples) {
    if (operator === 'content-length-range') {
      judgeSize(size, Number(subject), Number(wanted));
      continue;
    }
    const name = String(subject).slice(1).toLowerCase();
    spoken.add(name);
    const value = fields.get(name) ?? '';
    const holds =
      operator === 'eq' ? value === String(wanted) : operator === 'starts-with' && value.startsWith(String(wanted));
    if (!holds)
      throw denied(
        `Invalid according to Policy: Policy Condition failed: ${JSON.stringify([operator, subject, wanted])}`,
      );
  }
  const extra = [...fields.keys()].find((name) => !spoken.has(name) && !name.startsWith('x-ignore-'));
  if (extra !== undefined) throw denied(`Invalid according to Policy: Extra input fields: ${extra}`);
}

function parsed(encoded: string): z.output<typeof policy> {
  try {
    return policy.parse(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  } catch {
    throw new StorageError('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
  }
}

function judgeSize(size: number, least: number, most: number): void {
  const told = { ProposedSize: String(size) };
  if (size < least)
    throw new StorageError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ...told,
      MinSizeAllowed: String(least),
    });
  if (size > most)
    throw new StorageError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
      ...told,
      MaxSizeAllowed: String(most),
    });
}
