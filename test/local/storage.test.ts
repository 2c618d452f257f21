import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../../local/index.ts';
import { writeAssembly } from './fixture/assembly.ts';
import { said, signersOf, withBuckets } from './fixture/buckets.ts';
import { type Signer, sendSigned } from './fixture/sign.ts';
import { newFolder, start } from './fixture/stack.ts';

const data = newFolder();
const assembly = writeAssembly(withBuckets);
let stack: LocalStack;
let owner: Signer;
let notes: Signer;
beforeAll(async () => {
  stack = await start({ data, assembly });
  ({ owner, notes } = await signersOf(stack));
});
afterAll(() => stack.close());

const at = (path: string): string => stack.endpoints.api + path;
const put = (path: string, body: string, more: Record<string, string> = {}): Promise<Response> =>
  sendSigned(owner, 'PUT', at(path), body, more);
const get = (path: string, more: Record<string, string> = {}): Promise<Response> =>
  sendSigned(owner, 'GET', at(path), '', more);

describe('an object', () => {
  test('comes back as it was put, over a restart too', async () => {
    const stored = await put('/photos/a%20b/%E5%AE%88.txt', 'hello', {
      'content-type': 'text/plain',
      'x-amz-meta-who': 'me',
      'cache-control': 'no-store',
    });
    expect([stored.status, stored.headers.get('etag')]).toEqual([
      200,
      `"${createHash('md5').update('hello').digest('hex')}"`,
    ]);
    writeFileSync(join(data, 'storage', 'objects', 'half-written.new'), 'x');
    await stack.close();
    stack = await start({ data, assembly });
    ({ owner, notes } = await signersOf(stack));
    const got = await get('/photos/a%20b/%E5%AE%88.txt');
    expect(await got.text()).toBe('hello');
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'text/plain',
      'x-amz-meta-who': 'me',
      'cache-control': 'no-store',
      'content-length': '5',
      'accept-ranges': 'bytes',
      'last-modified': 'Sat, 30 Sep 2023 00:00:00 GMT',
      'x-amz-server-side-encryption': 'AES256',
    });
    expect(readdirSync(join(data, 'storage', 'objects'))).toHaveLength(1);
  });

  test('is replaced and deleted whole, its bytes with it', async () => {
    await put('/photos/once', 'one');
    const before = readdirSync(join(data, 'storage', 'objects')).length;
    await put('/photos/once', 'three');
    expect(await (await get('/photos/once')).text()).toBe('three');
    expect(readdirSync(join(data, 'storage', 'objects'))).toHaveLength(before);
    for (const _time of [1, 2]) expect((await sendSigned(owner, 'DELETE', at('/photos/once'))).status).toBe(204);
    expect(await said(await get('/photos/once'))).toBe('404 NoSuchKey');
    expect(readdirSync(join(data, 'storage', 'objects'))).toHaveLength(before - 1);
  });

  test.each([
    ['bytes=1-3', 206, 'bcd', 'bytes 1-3/6'],
    ['bytes=4-', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=2-100', 206, 'cdef', 'bytes 2-5/6'],
    ['bytes=3-1', 200, 'abcdef', null],
    ['lines=1-2', 200, 'abcdef', null],
  ])('is read in part: %s', async (range, status, text, told) => {
    await put('/photos/letters', 'abcdef');
    const got = await get('/photos/letters', { range });
    expect([got.status, await got.text(), got.headers.get('content-range')]).toEqual([status, text, told]);
    expect(await said(await get('/photos/letters', { range: 'bytes=6-' }))).toBe('416 InvalidRange');
  });

  test('is told about without its bytes, and only when it changed', async () => {
    const etag = (await put('/photos/head', 'abc')).headers.get('etag') ?? '';
    const head = await sendSigned(owner, 'HEAD', at('/photos/head'));
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
      200,
      '3',
      'binary/octet-stream',
    ]);
    expect((await sendSigned(owner, 'HEAD', at('/photos/none'))).status).toBe(404);
    expect((await get('/photos/head', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/photos/head', { 'if-modified-since': 'Sat, 30 Sep 2023 00:00:00 GMT' })).status).toBe(304);
    expect(await said(await get('/photos/head', { 'if-match': '"other"' }))).toBe('412 PreconditionFailed');
    expect(await said(await put('/photos/head', 'x', { 'if-none-match': '*' }))).toBe('412 PreconditionFailed');
    expect((await put('/photos/head', 'x', { 'if-match': etag })).status).toBe(200);
    expect(await said(await put('/photos/head', 'y', { 'if-match': etag }))).toBe('412 PreconditionFailed');
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'another SHA-256',
      { 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') },
      '400 BadDigest',
    ],
    ['its SHA-256', { 'x-amz-checksum-sha256': createHash('sha256').update('123456789').digest('base64') }, '200'],
    ['its CRC-32', { 'x-amz-checksum-crc32': 'y/Q5Jg==' }, '200'],
    ['its CRC-32C', { 'x-amz-checksum-crc32c': '4waSgw==' }, '200'],
    ['another MD5', { 'content-md5': createHash('md5').update('other').digest('base64') }, '400 BadDigest'],
    ['an ACL for all', { 'x-amz-acl': 'public-read' }, '400 AccessControlListNotSupported'],
    ['tags', { 'x-amz-tagging': 'a=b' }, '501 NotImplemented'],
    ['another encryption', { 'x-amz-server-side-encryption': 'aws:kms' }, '501 NotImplemented'],
    ['chunks of signatures', { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }, '501 NotImplemented'],
  ])('sent with %s', async (_name, headers, outcome) => {
    expect(await said(await put('/photos/sum', '123456789', headers))).toBe(outcome);
  });

  test('is taken in chunks with a trailing checksum', async () => {
    const streamed = (sum: string): Promise<Response> =>
      put('/photos/chunks', `5\r\n12345\r\n4\r\n6789\r\n0\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`, {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '9',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      });
    expect(await said(await streamed('AAAAAA=='))).toBe('400 BadDigest');
    expect((await streamed('y/Q5Jg==')).status).toBe(200);
    const got = await get('/photos/chunks', { 'x-amz-checksum-mode': 'ENABLED' });
    expect([await got.text(), got.headers.get('content-encoding'), got.headers.get('x-amz-checksum-crc32')]).toEqual([
      '123456789',
      null,
      'y/Q5Jg==',
    ]);
  });

  test('may not have an endless name', async () => {
    expect((await put(`/photos/${'k'.repeat(1_024)}`, 'x')).status).toBe(200);
    expect(await said(await put(`/photos/${'k'.repeat(1_025)}`, 'x'))).toBe('400 KeyTooLongError');
    await sendSigned(owner, 'DELETE', at(`/photos/${'k'.repeat(1_024)}`));
    // No key leads out of the folder.
    expect(
      (await stack.gateway.call(asOwner('PutObject', { Bucket: 'photos', Key: '../../endpoints.json', Body: 'x' })))[
        'ETag'
      ],
    ).toBeDefined();
    expect(readdirSync(join(data, 'storage'))).toEqual(expect.arrayContaining(['objects', 'objects.db']));
  });
});

const asOwner = (action: string, input: Record<string, unknown>): Parameters<LocalStack['gateway']['call']>[0] => ({
  principal: stack.gateway.principals.operator,
  service: 's3',
  action,
  input,
});

describe('a version that is locked', () => {
  const summed = (body: string) => ({ 'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64') });

  test('is put with a checksum only, and where the policy asks for it only if there is none', async () => {
    expect(await said(await put('/kept/plain', 'x'))).toBe('400 InvalidRequest');
    expect(
      (await put('/kept/md5', 'x', { 'content-md5': createHash('md5').update('x').digest('base64') })).status,
    ).toBe(200);
    const byNotes = (more: Record<string, string>): Promise<Response> =>
      sendSigned(notes, 'PUT', at('/kept/1'), 'x', { ...summed('x'), ...more });
    expect(await said(await byNotes({}))).toBe('403 AccessDenied');
    expect((await byNotes({ 'if-none-match': '*' })).status).toBe(200);
    expect(await said(await byNotes({ 'if-none-match': '*' }))).toBe('412 PreconditionFailed');
  });

  test('is deleted by nobody before its time, and nothing takes its place', async () => {
    const version = (await put('/kept/2', 'x', summed('x'))).headers.get('x-amz-version-id') ?? '';
    const withdrawn = (): Promise<Response> => sendSigned(owner, 'DELETE', at(`/kept/2?versionId=${version}`));
    expect(await said(await withdrawn())).toBe('403 AccessDenied');
    // A newer version and a marker of deletion, which S3 would lay over it, do not run here.
    expect(await said(await put('/kept/2', 'y', summed('y')))).toBe('501 NotImplemented');
    expect(await said(await sendSigned(owner, 'DELETE', at('/kept/2')))).toBe('501 NotImplemented');
    expect((await sendSigned(owner, 'DELETE', at('/kept/2?versionId=another'))).status).toBe(204);
    expect((await get('/kept/2')).headers.get('x-amz-version-id')).toBe(version);
    await stack.clock.advance(stack.clock.now() + 2 * 86_400_000);
    expect((await withdrawn()).status).toBe(204);
    expect((await get('/kept/2')).status).toBe(404);
    expect(await said(await sendSigned(owner, 'DELETE', at(`/photos/once?versionId=${version}`)))).toBe(
      '501 NotImplemented',
    );
  });
});

test('a listing goes by the bytes of the keys, page by page, with what they have in common', async () => {
  const keys = ['z', 'l/b/1', 'l/a', 'l/b/2', 'l/c/1', 'l/\u{ffee}', 'l/\u{1f600}', 'l/d'];
  for (const Key of keys) await stack.gateway.call(asOwner('PutObject', { Bucket: 'photos', Key, Body: Key }));
  const list = async (
    query: string,
  ): Promise<{ keys: string[]; prefixes: string[]; next: string | undefined; count: string | undefined }> => {
    const text = await (await get(`/photos?list-type=2&${query}`)).text();
    const all = (name: string): string[] =>
      [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value = '']) => value);
    const [next] = all('NextContinuationToken');
    const prefixes = [...text.matchAll(/<CommonPrefixes><Prefix>([^<]*)/g)].map(([, value = '']) => value);
    return { keys: all('Key'), prefixes, next, count: all('KeyCount')[0] };
  };
  expect((await list('prefix=l%2F')).keys).toEqual([
    'l/a',
    'l/b/1',
    'l/b/2',
    'l/c/1',
    'l/d',
    'l/\u{ffee}',
    'l/\u{1f600}',
  ]);
  expect(await list('prefix=l%2F&delimiter=%2F')).toMatchObject({
    prefixes: ['l/b/', 'l/c/'],
    keys: ['l/a', 'l/d', 'l/\u{ffee}', 'l/\u{1f600}'],
    count: '6',
  });
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const page = await list(
      `prefix=l%2F&delimiter=%2F&max-keys=2${token === undefined ? '' : `&continuation-token=${token}`}`,
    );
    seen.push([...page.keys, ...page.prefixes].join(' '));
    token = page.next;
  } while (token !== undefined);
  expect(seen).toEqual(['l/a l/b/', 'l/d l/c/', 'l/\u{ffee} l/\u{1f600}']);
  expect((await list('prefix=l%2F&start-after=l%2Fd&encoding-type=url')).keys).toEqual([
    'l/%EF%BF%AE',
    'l/%F0%9F%98%80',
  ]);
  expect(await said(await get('/photos?list-type=2&continuation-token=guess'))).toBe('400 InvalidArgument');
  expect(await said(await get('/photos?versions='))).toBe('501 NotImplemented');
  expect(await said(await get('/nobody?list-type=2'))).toBe('404 NoSuchBucket');
  expect(await (await get('/')).text()).toContain('<Name>photos</Name>');
});

describe('who calls', () => {
  const asNotes = (method: string, path: string, body = ''): Promise<Response> =>
    sendSigned(notes, method, at(path), body);

  test('may do what the role grants', async () => {
    expect((await asNotes('PUT', '/photos/in/1', 'x')).status).toBe(200);
    expect(await (await asNotes('GET', '/photos/in/1')).text()).toBe('x');
    const refused = await asNotes('PUT', '/photos/out/1', 'x');
    expect(await refused.text()).toContain(
      '<Code>AccessDenied</Code><Message>User: arn:aws:sts::000000000000:assumed-role/Fixture-Role/notes is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::photos/out/1 because no identity-based policy allows the s3:PutObject action</Message>',
    );
    expect(await said(await asNotes('DELETE', '/photos/in/1'))).toBe('403 AccessDenied');
    expect(await said(await asNotes('GET', '/photos?list-type=2'))).toBe('403 AccessDenied');
  });

  test('who may not list is not told what does not exist', async () => {
    expect(await said(await asNotes('GET', '/photos/in/none'))).toBe('403 AccessDenied');
  });

  test('is denied by the policy of the bucket', async () => {
    expect(await (await asNotes('PUT', '/photos/closed/1', 'x')).text()).toContain(
      'with an explicit deny in a resource-based policy',
    );
  });

  test('needs the right to the key of the bucket too', async () => {
    const bucket = 'fixture-papers';
    expect(await (await asNotes('PUT', `/${bucket}/1`, 'x')).text()).toContain('kms:GenerateDataKey');
    const stored = await put(`/${bucket}/1`, 'x');
    expect(stored.headers.get('x-amz-server-side-encryption')).toBe('aws:kms');
    expect(stored.headers.get('x-amz-server-side-encryption-aws-kms-key-id')).toContain(':key/');
  });

  test('is counted and priced, and faults strike', async () => {
    stack.gateway.meter.reset();
    await asNotes('PUT', '/photos/in/2', 'x'.repeat(1_000));
    await asNotes('GET', '/photos/in/2');
    const { calls, storedBytes } = stack.gateway.meter.snapshot();
    expect(calls).toMatchObject([
      { principal: 'notes', service: 's3', action: 'PutObject', calls: 1 },
      { principal: 'notes', service: 's3', action: 'GetObject', calls: 1 },
    ]);
    expect(storedBytes).toBeGreaterThan(1_000);
    expect(stack.gateway.meter.price().lines.map(({ what }) => what)).toEqual([
      'S3 PUT and LIST requests',
      'S3 GET requests',
      'S3 GB kept for a month',
    ]);
    stack.gateway.faults.add({ service: 's3', kind: 'throttle', times: 1 });
    expect(await said(await asNotes('GET', '/photos/in/2'))).toBe('503 SlowDown');
    stack.gateway.faults.clear();
  });

  test('must sign, with its own secret', async () => {
    expect(await said(await sendSigned({ ...owner, secretAccessKey: 'guessed' }, 'GET', at('/photos/letters')))).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await said(await sendSigned({ ...owner, accessKeyId: 'AKIANOBODY' }, 'GET', at('/photos/letters')))).toBe(
      '403 InvalidAccessKeyId',
    );
    expect(
      await said(
        await put('/photos/x', 'x', { 'x-amz-content-sha256': createHash('sha256').update('y').digest('hex') }),
      ),
    ).toBe('400 XAmzContentSHA256Mismatch');
    // Without a signature it is a request to the HTTP API.
    expect(await (await fetch(at('/photos/letters'))).json()).toEqual({ message: 'Not Found' });
  });
});

test('a state machine writes and reads objects, as its role may', async () => {
  const { principals } = stack.gateway;
  const ran = async (prefix: string): Promise<Record<string, unknown>> => {
    const call = (action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> =>
      stack.gateway.call({ principal: principals.operator, service: 'states', action, input });
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:copier';
    const { executionArn } = await call('StartExecution', {
      stateMachineArn,
      input: JSON.stringify({ key: `${prefix}/1` }),
    });
    await stack.clock.idle();
    return call('DescribeExecution', { executionArn });
  };
  expect(await ran('machine')).toMatchObject({ status: 'SUCCEEDED', output: '{"text":"守望"}' });
  expect(await ran('out')).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('s3:PutObject') });
});

test('damaged storage refuses the start', async () => {
  const folder = newFolder();
  await (await start({ data: folder, assembly })).close();
  writeFileSync(join(folder, 'storage', 'objects.db'), 'x'.repeat(5_000));
  await expect(start({ data: folder, assembly })).rejects.toThrow('The data folder is damaged: ');
});
