import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { illustrativeProduct, policy2023 } from '../../demo/claims/product.ts';
import { illustrativeCriteria } from '../../demo/criteria.ts';
import { PROPOSER, TOWN, today } from '../playing-cases.ts';
import { OTHER_VILLAGE, register, submit, testRow, VILLAGE, visitOf, WORKER } from '../playing-households.ts';
import { type Answer, type As, OFFICER, SECOND_OFFICER, TestStack } from '../stack.ts';

const UNKNOWN = `${VILLAGE}-9999`;
const TOMORROW = '2023-10-12';

let stack: TestStack;
let home: { id: string; version: number; members: { person: string }[] };
let second: string;
let gone: string;

beforeAll(async () => {
  stack = await TestStack.start();
  const [one, two, three] = await register(stack, 3, VILLAGE, 2);
  second = two ?? '';
  gone = three ?? '';
  await change(gone, { kind: 'cancel', on: today(stack), reason: 'moved-away' });
  home = (await stack.get(`/v1/households/${one}`, OFFICER)).body;
});
afterAll(() => stack.stop());

async function change(id: string, what: object, version = 1): Promise<Answer> {
  return await stack.patch(`/v1/households/${id}`, OFFICER, { version, change: what });
}

describe('a change of a household', () => {
  it.each<[string, string, () => object]>([
    [
      'by a person with a wrong number',
      'id-number-invalid',
      () => ({ kind: 'birth', member: child('110105194912310020') }),
    ],
    ['by a split whose head does not leave', 'change-not-possible', () => ({ ...split(), head: person(0) })],
    ['by a move into its own village', 'change-not-possible', () => ({ kind: 'move', village: VILLAGE, number: '88' })],
    ['by a move to nowhere', 'village-unknown', () => ({ kind: 'move', village: '440904001999', number: '88' })],
    ['by a merge into nothing', 'household-unknown', () => ({ kind: 'merge', into: UNKNOWN, intoVersion: 1 })],
    ['by a merge into what is gone', 'household-cancelled', () => ({ kind: 'merge', into: gone, intoVersion: 2 })],
    ['by a merge into itself', 'change-not-possible', () => ({ kind: 'merge', into: home.id, intoVersion: 1 })],
    ['by a merge into what has changed', 'version-conflict', () => ({ kind: 'merge', into: second, intoVersion: 7 })],
  ])('%s is refused', async (_, code, what) => {
    expect((await change(home.id, { on: today(stack), ...what() })).body.code).toBe(code);
    expect((await stack.get(`/v1/households/${home.id}`, OFFICER)).body.version).toBe(1);
  });

  it('of a household that never was is refused', async () => {
    expect((await change(UNKNOWN, { kind: 'cancel', on: today(stack), reason: 'moved-away' })).body.code).toBe(
      'household-unknown',
    );
  });

  it('that ends with everybody’s death leaves nobody who could be registered again', async () => {
    const row = testRow(7, OTHER_VILLAGE, 1);
    await stack.post('/v1/households:import', OFFICER, { rows: [row] });
    const id = `${OTHER_VILLAGE}-0007`;
    expect((await change(id, { kind: 'cancel', on: today(stack), reason: 'all-deceased' })).status).toBe(200);
    const again = await stack.post('/v1/households:import', OFFICER, { rows: [{ ...row, number: '0008' }] });
    expect(again.body.items[0].problem.code).toBe('person-in-other-household');
  });
});

function person(n: number): string {
  return home.members[n]?.person ?? '';
}

function split() {
  return { kind: 'split', number: '77', persons: [person(1)], head: person(1) };
}

function child(idNumber: string) {
  return { name: '测试孩', relation: 'child', idNumber };
}

describe('a period that ends before it begins', () => {
  it.each(['/v1/alerts', '/v1/ledger', '/v1/exchange/ledger'])('is refused: %s', async (path) => {
    expect(await stack.get(`${path}?region=440904&from=2023-10-11&to=2023-10-10`, OFFICER)).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameter', errors: [{ pointer: '/to', detail: '结束日期不能早于开始日期。' }] },
    });
  });
});

describe('what names something that is not there, or comes too early or too late', () => {
  it.each<[string, string, As, string, () => object]>([
    ['a clue for nobody', 'household-unknown', PROPOSER, '/v1/clues', () => clue(UNKNOWN)],
    ['a clue for whom is gone', 'household-cancelled', PROPOSER, '/v1/clues', () => clue(gone)],
    ['a policy of no product', 'product-unknown', OFFICER, '/v1/policies', () => policy2023('product-000000000000')],
    [
      'the approval of no product',
      'product-unknown',
      OFFICER,
      '/v1/products/product-000000000000/approval',
      () => ({}),
    ],
    [
      'a roster of no policy',
      'policy-unknown',
      OFFICER,
      '/v1/policies/policy-000000000000/roster',
      () => ({ rows: [{}] }),
    ],
    ['a roster too long', 'too-many-rows', OFFICER, '/v1/policies/policy-000000000000/roster', () => many(5000)],
    ['a ledger too long', 'too-many-rows', OFFICER, '/v1/ledger', () => many(5000)],
    [
      'help that is asked for tomorrow',
      'date-in-future',
      TOWN,
      '/v1/help-requests',
      () => help(home.id, { askedOn: TOMORROW }),
    ],
    ['help for nobody’s household', 'household-unknown', TOWN, '/v1/help-requests', () => help(UNKNOWN)],
    ['help for another’s member', 'person-not-member', TOWN, '/v1/help-requests', () => help(second)],
    ['a rehearsal on no round', 'round-unknown', OFFICER, '/v1/criteria/rehearsals', () => rehearsal('2022Q4')],
    [
      'visits of no round',
      'round-not-open',
      WORKER,
      '/v1/rounds/2022Q4/visits',
      () => ({ village: VILLAGE, visits: [{}] }),
    ],
    [
      'the answer of no objection',
      'notice-unknown',
      WORKER,
      '/v1/notices/notice-0000000000000000/objections/objection-0000000000000000/answer',
      () => ({ text: '已核实属实' }),
    ],
    [
      'the resolution of no payment',
      'payout-unknown',
      OFFICER,
      '/v1/payouts/0123456789abcdef-01/resolution',
      () => ({ reason: '与银行核对一致' }),
    ],
    [
      'a claim without a policy',
      'policy-missing',
      WORKER,
      '/v1/claims',
      () => ({ household: home.id, person: person(0), line: 'illness', eventOn: today(stack), invoices: [] }),
    ],
  ])('%s is refused', async (_, code, as, path, body) => {
    expect((await stack.post(path, as, body())).body.code).toBe(code);
  });

  it.each<[string, string, As, string]>([
    ['a batch', 'batch-unknown', { account: 'bank' }, '/v1/payouts/batches/batch-0000000000000000'],
    ['a round', 'round-unknown', OFFICER, '/v1/rounds/2021Q1?region=440904'],
    ['a reconciliation', 'policy-unknown', OFFICER, '/v1/policies/policy-000000000000/reconciliation?region=440904'],
    ['prompts', 'policy-unknown', OFFICER, '/v1/policies/policy-000000000000/prompts?region=440904'],
  ])('%s that never was is not there', async (_, code, as, path) => {
    expect((await stack.get(path, as)).body.code).toBe(code);
  });

  it('a report of tomorrow, a reversal of tomorrow and an outcome of tomorrow come too early', async () => {
    const report = { idNumber: '11010519491231002X', line: 'illness', eventOn: TOMORROW };
    expect((await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(report))).body.code).toBe(
      'date-in-future',
    );
    const reversal = { region: VILLAGE, occurredOn: today(stack), on: TOMORROW, reason: '录入有误' };
    expect((await stack.post('/v1/ledger/entry-0000000000000000/reversal', TOWN, reversal)).body.code).toBe(
      'date-in-future',
    );
    const { body: asked } = await stack.post('/v1/help-requests', TOWN, help(home.id));
    const path = `/v1/help-requests/${asked.id}/outcome`;
    const outcome = { outcome: 'refused', on: today(stack), note: '已有稳定工作' };
    expect((await stack.post(path, TOWN, { outcome: { ...outcome, on: TOMORROW } })).body.code).toBe('date-in-future');
    const [first, again] = [await stack.post(path, TOWN, { outcome }), await stack.post(path, TOWN, { outcome })];
    expect([first.status, again.status]).toEqual([200, 200]);
    const other = { outcome: 'referral', on: today(stack), to: '区人社局', note: '转介处理' };
    expect((await stack.post(path, TOWN, { outcome: other })).body.code).toBe('help-ended');
  });

  it('notices of another district are not this one’s to show', async () => {
    expect((await stack.call('GET', '/v1/notices?region=440983', '')).body.code).toBe('outside-region');
  });
});

function clue(household: string) {
  return { household, reason: '走访发现重病住院' };
}

function many(count: number) {
  return { rows: Array.from({ length: count }, () => ({})) };
}

function help(household: string, changes: object = {}) {
  return {
    household,
    person: person(0),
    askedOn: today(stack),
    wants: 'work',
    channel: 'counter',
    words: '失业三个月',
    ...changes,
  };
}

function rehearsal(round: string) {
  return { round, region: '440904', terms: illustrativeCriteria };
}

describe('the same said again', () => {
  it('a product and criteria are approved once: again by the same officer changes nothing, by another it is refused', async () => {
    const { body: product } = await stack.post('/v1/products', OFFICER, illustrativeProduct);
    const path = `/v1/products/${product.id}/approval`;
    expect((await stack.post(path, SECOND_OFFICER)).status).toBe(200);
    expect((await stack.post(path, SECOND_OFFICER)).status).toBe(200);
    expect((await stack.post(path, { ...OFFICER, person: 3 })).body.code).toBe('product-already-approved');
    const { body: listed } = await stack.get('/v1/criteria', OFFICER);
    const criteria = `/v1/criteria/${listed.items[0].id}/approval`;
    expect((await stack.post(criteria, SECOND_OFFICER)).status).toBe(200);
    expect((await stack.post(criteria, { ...OFFICER, person: 3 })).body.code).toBe('criteria-already-approved');
  });

  it('a policy is created once: again it is the same one, with other terms it is refused', async () => {
    const { body: product } = await stack.post('/v1/products', OFFICER, illustrativeProduct);
    const terms = policy2023(product.id);
    const first = await stack.post('/v1/policies', OFFICER, terms);
    expect(first.status).toBe(201);
    const again = await stack.post('/v1/policies', OFFICER, terms);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await stack.post('/v1/policies', OFFICER, { ...terms, premium: 1 })).body.code).toBe('policy-exists');
  });

  it('a round that is opened twice is one; what does not belong to it is refused row by row', async () => {
    const first = await stack.post('/v1/rounds', OFFICER, { round: '2023Q4' });
    const again = await stack.post('/v1/rounds', OFFICER, { round: '2023Q4' });
    expect([first.body.id, again.status, again.body.id]).toEqual(['2023Q4', 200, '2023Q4']);
    await stack.settle();
    expect((await stack.post('/v1/criteria/rehearsals', OFFICER, rehearsal('2023Q4'))).body.code).toBe(
      'sheet-not-sealed',
    );
    const strange = { id: `${OTHER_VILLAGE}-0001`, members: [{ person: person(0) }] };
    const { body } = await submit(stack, [
      visitOf(home),
      visitOf(strange),
      visitOf({ ...home, id: UNKNOWN }),
      visitOf({ ...home, id: gone }),
    ]);
    expect(body.items.map((item: { problem?: { code: string } }) => item.problem?.code ?? 'accepted')).toEqual([
      'accepted',
      'outside-region',
      'household-unknown',
      'household-cancelled',
    ]);
  });
});
