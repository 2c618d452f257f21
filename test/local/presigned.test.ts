import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../../local/index.ts';
import { writeAssembly } from './fixture/assembly.ts';
import { said, signersOf, withBuckets } from './fixture/buckets.ts';
import { presigned, type Signer, sendSigned, signedForm } from './fixture/sign.ts';
import { start } from './fixture/stack.ts';

let stack: LocalStack;
let owner: Signer;
let notes: Signer;
beforeAll(async () => {
  stack = await start({ assembly: writeAssembly(withBuckets) });
  ({ owner, notes } = await signersOf(stack));
});
afterAll(() => stack.close());

const at = (path: string): string => stack.endpoints.api + path;
const get = (path: string, more: Record<string, string> = {}): Promise<Response> =>
  sendSigned(owner, 'GET', at(path), '', more);

describe('a presigned address', () => {
  const url = (more: Partial<Parameters<typeof presigned>[1]> = {}, by = notes): string =>
    presigned(by, { method: 'PUT', url: at('/photos/in/upload.jpg'), seconds: 300, ...more });
  const limits = { 'content-type': 'image/jpeg', 'content-length': '5' };
  const send = (
    address: string,
    body: string,
    type = 'image/jpeg',
    more: Record<string, string> = {},
  ): Promise<Response> => fetch(address, { method: 'PUT', body, headers: { 'content-type': type, ...more } });

  test('to put lets in exactly what was signed', async () => {
    const address = url({ headers: limits });
    expect((await send(address, '12345')).status).toBe(200);
    expect(await said(await send(address, '123456'))).toBe('403 SignatureDoesNotMatch');
    expect(await said(await send(address, '1234'))).toBe('403 SignatureDoesNotMatch');
    expect(await said(await send(address, '12345', 'text/html'))).toBe('403 SignatureDoesNotMatch');
    expect(await said(await fetch(address, { method: 'DELETE' }))).toBe('403 SignatureDoesNotMatch');
    expect(await said(await send(address.replace('upload.jpg', 'other.jpg'), '12345'))).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await said(await send(address.replace('X-Amz-Expires=300', 'X-Amz-Expires=301'), '12345'))).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await said(await send(address, '12345', 'image/jpeg', { 'x-amz-meta-more': '1' }))).toBe('403 AccessDenied');
  });

  test('to put holds a signed checksum, by header', async () => {
    const sum = { 'x-amz-checksum-sha256': createHash('sha256').update('12345').digest('base64') };
    const address = url({ headers: { ...limits, ...sum } });
    expect((await send(address, '12345', 'image/jpeg', sum)).status).toBe(200);
    expect(await said(await send(address, '54321', 'image/jpeg', sum))).toBe('400 BadDigest');
    expect(await said(await send(address, '12345'))).toBe('403 SignatureDoesNotMatch');
    const hashed = { 'x-amz-content-sha256': createHash('sha256').update('12345').digest('hex') };
    expect(await said(await send(url({ headers: hashed }), '54321', 'image/jpeg', hashed))).toBe(
      '400 XAmzContentSHA256Mismatch',
    );
    // The SDK signs the checksum of an empty body into the address; S3 does not look at it there.
    expect(
      (await send(url({ query: { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-meta-who': 'me' } }), '12345')).status,
    ).toBe(200);
    expect((await get('/photos/in/upload.jpg')).headers.get('x-amz-meta-who')).toBe('me');
  });

  test('to get gives the bytes, under the headers that were asked for', async () => {
    const got = await fetch(
      url({ method: 'GET', query: { 'response-content-disposition': 'attachment; filename="a.jpg"' } }),
    );
    expect([await got.text(), got.headers.get('content-disposition')]).toEqual([
      '12345',
      'attachment; filename="a.jpg"',
    ]);
  });

  test('ends by the stack’s clock', async () => {
    const address = url();
    await stack.clock.advance(stack.clock.now() + 300_000);
    expect((await send(address, 'x')).status).toBe(200);
    await stack.clock.advance(stack.clock.now() + 1_000);
    const late = await send(address, 'x');
    expect(await late.text()).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>300</X-Amz-Expires>',
    );
    const early = url({}, { ...notes, now: stack.clock.now() + 3_600_000 });
    expect(await (await send(early, 'x')).text()).toContain('Request is not valid yet');
  });

  test('does not do more than its signer may', async () => {
    expect(await said(await send(url({ url: at('/photos/out/1') }), 'x'))).toBe('403 AccessDenied');
  });

  test.each<[string, (address: string) => string]>([
    ['for longer than a week', () => url({ seconds: 604_801 })],
    ['for no number of seconds', (address) => address.replace('X-Amz-Expires=300', 'X-Amz-Expires=soon')],
    ['without its date', (address) => address.replace(/X-Amz-Date=[^&]*&/, '')],
    ['for another region', (address) => address.replace('us-east-1', 'eu-west-1')],
    ['for another service', (address) => address.replace('%2Fs3%2F', '%2Fdynamodb%2F')],
  ])('%s is malformed', async (_name, change) => {
    expect(await said(await send(change(url()), 'x'))).toBe('400 AuthorizationQueryParametersError');
  });

  test('is open to the pages the bucket names', async () => {
    const preflight = (origin: string, method = 'PUT', headers = 'content-type'): Promise<Response> =>
      fetch(url(), {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
      });
    const allowed = await preflight('http://localhost:5173');
    expect([allowed.status, Object.fromEntries(allowed.headers)]).toMatchObject([
      200,
      {
        'access-control-allow-origin': 'http://localhost:5173',
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '60',
      },
    ]);
    expect(await said(await preflight('http://example.org'))).toBe('403 AccessForbidden');
    expect(await said(await preflight('http://localhost:5173', 'DELETE'))).toBe('403 AccessForbidden');
    expect(await said(await preflight('http://localhost:5173', 'PUT', 'x-other'))).toBe('403 AccessForbidden');
    const answered = await send(url(), 'x', 'image/jpeg', { origin: 'http://localhost:5173' });
    expect([
      answered.headers.get('access-control-allow-origin'),
      answered.headers.get('access-control-expose-headers'),
    ]).toEqual(['http://localhost:5173', 'ETag']);
  });
});

describe('a form under a policy', () => {
  const expiration = '2023-10-30T00:00:00Z';
  const conditions = [
    { bucket: 'photos' },
    ['starts-with', '$key', 'in/'],
    ['eq', '$Content-Type', 'image/png'],
    ['content-length-range', 2, 8],
  ];
  const fields = { key: `in/$\{filename}`, 'Content-Type': 'image/png' };
  const send = (form: FormData, body: string): Promise<Response> => {
    form.append('file', new Blob([body]), 'form.png');
    return fetch(at('/photos'), { method: 'POST', body: form });
  };

  test('uploads what the policy lets in', async () => {
    expect((await send(signedForm(notes, { expiration, conditions }, fields), 'pixels')).status).toBe(204);
    const got = await get('/photos/in/form.png');
    expect([await got.text(), got.headers.get('content-type')]).toEqual(['pixels', 'image/png']);
    const told = { conditions: [...conditions, { success_action_status: '201' }], expiration };
    const made = await send(signedForm(notes, told, { ...fields, success_action_status: '201' }), 'pixels');
    expect([made.status, await made.text()]).toEqual([201, expect.stringContaining('<Key>in/form.png</Key>')]);
  });

  test.each<[string, FormData | (() => FormData), string, string]>([
    ['too much', () => signedForm(notes, { expiration, conditions }, fields), '123456789', '400 EntityTooLarge'],
    ['too little', () => signedForm(notes, { expiration, conditions }, fields), '1', '400 EntityTooSmall'],
    [
      'another type',
      () => signedForm(notes, { expiration, conditions }, { ...fields, 'Content-Type': 'text/html' }),
      '123',
      '403 AccessDenied',
    ],
    [
      'another key',
      () => signedForm(notes, { expiration, conditions }, { ...fields, key: 'out/1' }),
      '123',
      '403 AccessDenied',
    ],
    [
      'more fields',
      () => signedForm(notes, { expiration, conditions }, { ...fields, 'x-amz-meta-a': '1' }),
      '123',
      '403 AccessDenied',
    ],
    [
      'too late',
      () => signedForm(notes, { expiration: '2023-09-30T00:00:00Z', conditions }, fields),
      '123',
      '403 AccessDenied',
    ],
    [
      'forged',
      () => signedForm({ ...notes, secretAccessKey: 'x' }, { expiration, conditions }, fields),
      '123',
      '403 SignatureDoesNotMatch',
    ],
    ['unsigned', () => new FormData(), '123', '403 AccessDenied'],
  ])('%s is refused', async (_name, form, body, outcome) => {
    expect(await said(await send(typeof form === 'function' ? form() : form, body))).toBe(outcome);
  });
});
