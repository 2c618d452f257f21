import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idsIn, outcomeOf, told, withoutPersons } from '../../functions/runtime/errors.ts';
import { named } from '../../functions/runtime/network.ts';

beforeAll(() => {
  process.env['DISTRICT'] = '440904';
});
afterAll(() => {
  delete process.env['DISTRICT'];
});

describe('what a log tells of an error', () => {
  it.each([
    ['Sheets of 440904116208 differ from the roster.', 'Sheets of 440904116208 differ from the roster.'],
    ['Attribute doc of a stored item is no text.', 'Attribute doc of a stored item is no text.'],
    ['Unexpected token in JSON at position 12', 'Unexpected token in JSON at position 12'],
    ["Property 'openSort' is missing", "Property 'openSort' is missing"],
    // What libraries repeat of a request.
    ['Invalid value 440902199001011234', 'Invalid value …'],
    ['Invalid value 44090219900101123X for "张某某"', 'Invalid value … for …'],
    ['Unexpected token 李, "李某 13812345678" is not valid JSON', 'Unexpected token …, … is not valid JSON'],
    ['account 6222 0212 3456 7890 123 refused', 'account … refused'],
    ['no such user zhang.san@example.org', 'no such user …'],
    ['other district 440605001002', 'other district …'],
  ])('%s', (message, safe) => {
    expect(withoutPersons(message)).toBe(safe);
  });

  it('names the error, its cause and the lines of the sources', () => {
    const error = new TypeError('list is not iterable', { cause: new Error('phone 13812345678') });
    error.stack = `TypeError: list is not iterable
    at decide (file:///var/task/functions/api/cases/decisions.ts:40:7)
    at file:///var/node_modules/zod/v4/core/parse.js:3:1`;
    expect(told(error)).toEqual({
      error: 'TypeError',
      reason: 'list is not iterable',
      stack: ['at decide (functions/api/cases/decisions.ts:40:7)', 'at node_modules/zod/v4/core/parse.js:3:1'],
      cause: 'Error: phone …',
    });
    expect(told('thrown')).toEqual({ error: 'string', reason: '', stack: [] });
  });
});

it('takes ids from a request and an input, but no receipt and nothing of a person', () => {
  expect(
    idsIn({ id: 'decision-0123456789abcdef', case: 'case-0123456789abcdef', round: '2023Q4', token: 'AAAA', turn: 3 }),
  ).toEqual({ decision: 'decision-0123456789abcdef', case: 'case-0123456789abcdef', round: '2023Q4' });
  expect(idsIn({ receipt: 'ABCD-EFGH-2345', idNumber: '440902199001011234' })).toEqual({});
  expect(idsIn(undefined)).toEqual({});
});

it('takes the words and counts of an answer, and of a list how long it is', () => {
  expect(
    outcomeOf({ next: 'decide', turn: 2, escalated: true, villages: ['440904116208'], round: '2023Q4', name: '张三' }),
  ).toEqual({ next: 'decide', turn: 2, escalated: true, villages: 1 });
  expect(outcomeOf(undefined)).toEqual({});
});

/** What a deployed bundle answers or throws, and its log, in a process of its own. */
function playedIn(bundle: string, event: object, environment: Record<string, string>) {
  const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(`dist/${bundle}/index.mjs`).href)});
    const came = await handler(${JSON.stringify(event)}, {}).catch(({ name }) => ({ threw: name }));
    console.log(JSON.stringify({ came }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { NODE_OPTIONS: '--enable-source-maps', DISTRICT: '440904', AWS_REGION: 'us-east-1', ...environment },
    encoding: 'utf8',
  });
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

const request = {
  routeKey: 'GET /v1/divisions',
  headers: {},
  requestContext: {
    requestId: 'request-1',
    timeEpoch: 0,
    apiId: 'api',
    domainName: 'localhost',
    http: { sourceIp: '127.0.0.1' },
    authorizer: { jwt: { claims: { sub: 'officer', role: 'auditor', region: '440904' } } },
  },
};

it('a bundle’s stack trace names the source it was made from, by the map beside it', () => {
  for (const name of readdirSync('dist')) {
    if (existsSync(`dist/${name}/index.mjs`))
      expect([name, existsSync(`dist/${name}/index.mjs.map`)]).toEqual([name, true]);
  }
  expect(playedIn('divisions', request, {}).find(({ message }) => message === 'failed')).toMatchObject({
    level: 'ERROR',
    route: 'GET /v1/divisions',
    requestId: 'request-1',
    code: 'internal',
    error: 'Error',
    reason: 'TABLE_NAME is not set.',
    stack: expect.arrayContaining([expect.stringMatching(/^at tableName \(functions\/store\/table\.ts:\d+:\d+\)$/)]),
  });
});

describe('a failure of the network has one name, by which it is tried again', () => {
  const reaching = (endpoint: string) => ({
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    TABLE_NAME: 't',
    AWS_ENDPOINT_URL: endpoint,
  });

  it.each(['http://nobody.invalid', 'http://127.0.0.1:65123'])('where %s is the service', (endpoint) => {
    const answered = playedIn('divisions', request, reaching(endpoint)).find((line) => 'came' in line);
    expect(answered?.['came']).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    const enteredAt = '2023-10-11T10:00:00+08:00';
    const thrown = playedIn('close-day', { enteredAt }, reaching(endpoint)).find((line) => 'came' in line);
    expect(thrown?.['came']).toEqual({ threw: 'NetworkFailed' });
  });

  it('also where `fetch` hides it in its cause, and a defect keeps its own', async () => {
    const failed: unknown = await fetch('http://127.0.0.1:65123').catch((error: unknown) => error);
    expect(named(failed)).toMatchObject({ name: 'NetworkFailed', cause: failed });
    const defect = new TypeError('list is not iterable', { cause: new Error('other') });
    expect(named(defect)).toBe(defect);
  });
});
