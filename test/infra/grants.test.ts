import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf } from '../../functions/store/registry/personal-data.ts';
import { grants } from '../../infra/config.ts';
import { functionEntries } from '../../infra/functions.ts';
import { OTHER_VILLAGE, testId, testRow } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { ciphersOf, type Heard, listen, PLACES, tracesInEvents, tracesOf, tracesOnDisk } from '../traces/traces.ts';
import { playYear } from './playing-a-year.ts';

let stack: TestStack;
let heard: Heard;
beforeAll(async () => {
  heard = listen();
  stack = await TestStack.start({ empty: true, start: '2023-04-11T10:00:00+08:00' });
  await playYear(stack);
});
afterAll(() => heard.stop());

/** The right to an action where it has another name: to look at an object without its bytes, and to statements, of which there are only updates. */
const RIGHT: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  BatchExecuteStatement: 'dynamodb:PartiQLUpdate',
};

/** What each function called, by its bundle's name; the local gateway has refused whatever was not granted. */
function used(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { principal, service, action } of stack.local.gateway.meter.snapshot().calls) {
    const name = principal.replace(/^shouwang-test-/, '');
    const actions = found.get(name) ?? new Set<string>();
    // IAM knows no right to a transaction: its items' actions are asked for instead.
    if (!action.startsWith('Transact')) actions.add(RIGHT[action] ?? `${service}:${action}`);
    found.set(name, actions);
  }
  return found;
}

it('grants every function what it calls, and nothing it never called in a year with a case', () => {
  const calls = used();
  /** Only in a transaction, or only when a transaction is tried again: the meter shows the transaction, the policy its items. */
  const inTransactions: Record<string, string[]> = {
    households: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    rounds: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'open-round': ['dynamodb:PutItem'],
    'judge-and-seal': ['dynamodb:UpdateItem'],
    visits: [],
    // Query: a sheet of more than 2,000 rows is in parts.
    'start-admissions': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
    // When an answer came before the waiting task had told its token.
    'await-decision': ['states:SendTaskSuccess'],
    'await-claim-step': ['states:SendTaskSuccess'],
    ledger: ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'],
    evidence: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    imports: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    clues: ['dynamodb:PutItem'],
    decisions: ['dynamodb:PutItem'],
    cases: ['dynamodb:PutItem'],
    notices: ['dynamodb:PutItem'],
    policies: ['dynamodb:PutItem'],
    'claim-reports': ['dynamodb:PutItem'],
    'claim-documents': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    claims: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
    payouts: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'payout-confirmations': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    // Batches that a crash left in the middle, which it finishes.
    'deliver-decisions': ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'],
    'check-cover': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'adjudicate-claim': ['dynamodb:PutItem'],
    'close-claim': ['dynamodb:PutItem'],
    'watch-claim': ['dynamodb:PutItem'],
    'watch-clock': ['dynamodb:PutItem'],
    'publish-notice': ['dynamodb:PutItem'],
    'conclude-notice': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  };
  for (const name of functionEntries().keys()) {
    const grant = grants[name] ?? {};
    const granted = [
      ...(grant.table ?? []),
      ...(grant.openIndex || grant.timeIndex ? ['dynamodb:Query'] : []),
      ...(grant.personalData ?? []),
      ...(grant.documents?.actions ?? []),
      ...(grant.erasesDocuments ? ['s3:DeleteObject'] : []),
      ...(grant.writesAuditRoots ? ['s3:PutObject'] : []),
      ...(grant.events ? ['events:PutEvents'] : []),
      ...(grant.signsBriefs ? ['kms:Sign', 'kms:GetPublicKey'] : []),
      ...Object.values(grant.workflows ?? {}).flat(),
    ].map(String);
    const seen = calls.get(name) ?? new Set();
    const never = granted.filter((action) => !seen.has(action) && !inTransactions[name]?.includes(action));
    expect([name, never]).toEqual([name, []]);
    expect([
      name,
      [...seen].filter((action) => !granted.includes(action) && action !== 'states:SendTaskSuccess'),
    ]).toEqual([name, []]);
  }
});

it('encrypts everything anew under a new data key while it runs, and finds everybody as before', async () => {
  const rotate = async (...options: string[]) => {
    const args = ['operations/rotate-data-key.ts', '--data', stack.data, ...options];
    return (await promisify(execFile)(process.execPath, args)).stdout;
  };
  const idNumber = testId(1, '19510115');
  const found = async () =>
    (await stack.post('/v1/households/search', OFFICER, { region: '440904', idNumber })).body.items;
  const numbers = async () => {
    const [{ id, members }] = await found();
    const asked = { field: 'idNumber', person: members[0].person, reason: '核对身份证号' };
    const { body: batches } = await stack.get('/v1/payouts/batches', OFFICER);
    const answer = await stack.get(`/v1/payouts/batches/${batches.items[0].id}`, { account: 'bank' });
    return [(await stack.post(`/v1/households/${id}/reveal`, OFFICER, asked)).body, answer.body.payouts];
  };
  const before = { found: await found(), numbers: await numbers() };
  expect(before.numbers[0]).toMatchObject({ value: idNumber });
  expect(new Set((await ciphersOf(stack.local)).map(keyOf))).toEqual(new Set([1]));
  expect(await rotate('--new')).toMatch(/第 2 把数据密钥[\s\S]*改写 [1-9]\d* 处密文/);
  const kinds = await ciphersOf(stack.local);
  expect(kinds.length).toBeGreaterThan(20);
  expect(new Set(kinds.map(keyOf))).toEqual(new Set([2]));
  expect({ found: await found(), numbers: await numbers() }).toEqual(before);
  // What comes in now is under the new key at once, and is the same person.
  expect(
    (await stack.post('/v1/households:import', OFFICER, { rows: [{ ...testRow(1), number: '0777' }] })).body.items,
  ).toMatchObject([{ problem: { code: 'person-in-other-household' } }]);
  await stack.post('/v1/households:import', OFFICER, { rows: [testRow(77, OTHER_VILLAGE)] });
  expect(new Set((await ciphersOf(stack.local)).map(keyOf))).toEqual(new Set([2]));
  // Run again there is nothing left; a third key takes over from both.
  expect(await rotate()).toContain('改写 0 处密文');
  await rotate('--new');
  expect(new Set((await ciphersOf(stack.local)).map(keyOf))).toEqual(new Set([3]));
  expect({ found: await found(), numbers: await numbers() }).toEqual(before);
});

it('keeps what it was told of people where docs/privacy.md says, and nowhere else', async () => {
  const { sent } = heard;
  // What is not there cannot be found elsewhere.
  expect(sent.kinds).toEqual(new Set(['idNumber', 'phone', 'account', 'name']));
  // The bus remembers a thousand events.
  const { last } = stack.local.events;
  expect(last.length).toBeLessThan(1000);
  const found = [...(await heard.answered()), ...(await tracesOf(stack.local, sent)), ...tracesInEvents(last, sent)];
  await stack.stop({ keep: true });
  found.push(...tracesOnDisk(stack.data, sent));
  rmSync(stack.data, { recursive: true });
  expect(found.sort()).toEqual([...PLACES].sort());
  const page = readFileSync('docs/privacy.md', 'utf8');
  expect(PLACES.filter((place) => !page.includes(`\`${place}\``))).toEqual([]);
});
