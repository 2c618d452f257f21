import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { illustrativeProduct, policy2023 } from '../../../demo/claims/product.ts';
import { insureWith, registerFamilies, rosterOf } from '../../playing-claims.ts';
import {
  OTHER_TOWN_VILLAGE,
  openRound,
  submit,
  testRow,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { type As, OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };

let stack: TestStack;
let families: Claimant[] = [];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-10-11T10:00:00+08:00' });
  families = await registerFamilies(stack, 4);
});
afterAll(() => stack.stop());

describe('a product', () => {
  it('is proposed by one and approved by another, is the same when proposed again, and stands behind no policy before', async () => {
    const terms = { ...illustrativeProduct, name: '试行条款' };
    const { status, body } = await stack.post('/v1/products', OFFICER, terms);
    expect([status, body.state]).toEqual([201, 'proposed']);
    expect((await stack.post('/v1/products', OFFICER, terms)).body.id).toBe(body.id);
    const approval = `/v1/products/${body.id}/approval`;
    expect((await stack.post('/v1/policies', OFFICER, policy2023(body.id))).body.code).toBe('product-not-approved');
    expect((await stack.post(approval, OFFICER)).body.code).toBe('product-own-proposal');
    expect((await stack.post(approval, TOWN)).status).toBe(403);
    expect((await stack.post(approval, SECOND_OFFICER)).body.state).toBe('approved');
    expect((await stack.post(approval, SECOND_OFFICER)).status).toBe(200);
    expect((await stack.post(approval, { account: 'district-officer', person: 3 })).body.code).toBe(
      'product-already-approved',
    );
  });

  it.each([
    [
      'tiers that do not rise',
      {
        illness: {
          ...illustrativeProduct.lines.illness,
          tiers: [
            { upTo: 5, percent: 50 },
            { upTo: 5, percent: 60 },
            { upTo: null, percent: 70 },
          ],
        },
      },
    ],
    [
      'a share above the whole',
      { illness: { ...illustrativeProduct.lines.illness, tiers: [{ upTo: null, percent: 101 }] } },
    ],
    [
      'a waiting period for accidents',
      { 'accident-medical': { ...illustrativeProduct.lines['accident-medical'], waitingDays: 1 } },
    ],
    ['no line at all', {}],
    ['a line nobody knows', { theft: { kind: 'lump-sum' } }],
  ])('with %s is refused', async (_, lines) => {
    expect((await stack.post('/v1/products', OFFICER, { ...illustrativeProduct, lines })).body.code).toBe(
      'invalid-body',
    );
  });

  it('computes a line for anybody to check, step by step, and stores nothing', async () => {
    const { body: product } = await stack.post('/v1/products', OFFICER, illustrativeProduct);
    const facts = {
      line: 'illness',
      bills: [{ invoice: 'TRY-1', total: 5_000_000, reimbursed: 2_000_000, excluded: 100_001 }],
    };
    const { status, body } = await stack.post(`/v1/products/${product.id}/adjudicate`, WORKER, { facts });
    // 28,999.99 accepted, 23,999.99 above the deductible: 10,000 at 50 %, 13,999.99 at 60 % = 8,399.994.
    expect([status, body.outcome, body.amount]).toEqual([200, 'payable', 500_000 + 839_999]);
    expect(body.sentences).toContain('扣除免赔额 5000.00 元，余 23999.99 元。');
    expect((await stack.get('/v1/claims?region=440904', OFFICER)).body.total).toBe(0);
    const standing = { accepted: 2_899_999, approved: 1_339_999, household: 1_339_999, limitLeft: 100 };
    expect((await stack.post(`/v1/products/${product.id}/adjudicate`, WORKER, { facts, standing })).body).toMatchObject(
      {
        outcome: 'limit-exhausted',
        amount: 0,
      },
    );
  });
});

describe('a roster', () => {
  let policy = '';
  beforeAll(async () => {
    policy = await insureWith(stack, rosterOf(families.slice(0, 2)));
  });

  it('that several send at once is taken in once, and nobody is refused for the others', async () => {
    const people = Array.from({ length: 200 }, (_, n) => testRow(200 + n).members[0]);
    const rows = people.map((one, n) => ({
      ...{ name: one?.name, idNumber: one?.idNumber, certificate: `C-4${n}`, enrolledOn: '2023-02-01' },
    }));
    // Each has read before anybody writes.
    stack.local.gateway.faults.add({ action: 'TransactWriteItems', kind: 'delay', milliseconds: 300, times: 9 });
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows })),
    );
    stack.local.gateway.faults.clear();
    expect(answers.map(({ body }) => body.refused)).toEqual([0, 0, 0]);
    const counted = (word: string) => answers.reduce((sum, { body }) => sum + body[word], 0);
    expect([counted('enrolled'), counted('unchanged')]).toEqual([200, 400]);
    // These are of nobody else's business in this file.
    const ended = rows.map((row) => ({ ...row, removedOn: '2023-02-02' }));
    expect((await stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: ended })).body.removed).toBe(200);
  });

  it('comes in row by row: known rows change nothing, one ends, faulty ones say where', async () => {
    const rows = rosterOf(families.slice(0, 2));
    const [first, second] = rows;
    const idNumber = `${first?.idNumber.slice(0, 17)}${first?.idNumber.endsWith('1') ? '2' : '1'}`;
    const sent = [
      first,
      { ...second, removedOn: '2023-06-30' },
      { ...first, idNumber, certificate: 'C-9' },
      { ...first, enrolledOn: '2023-02-02' },
      { ...first, certificate: 'C-10', enrolledOn: '2023-02-30' },
      { ...first, certificate: 'C-10', enrolledOn: '1990-01-01' },
      { ...first, certificate: 'C-10', enrolledOn: '2024-01-01' },
      { ...first, removedOn: '2022-12-31' },
    ];
    const { body } = await stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: sent });
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'unchanged',
      'removed',
      ...Array.from({ length: 6 }, () => 'refused'),
    ]);
    expect(body.items.slice(2).map(({ problem }: { problem: { code: string } }) => problem.code)).toEqual([
      ...['id-number-invalid', 'roster-contradicts', 'invalid-body'],
      ...['enrolled-before-any-policy', 'enrolled-after-policy', 'removed-before-enrolled'],
    ]);
    expect(
      body.items
        .slice(4)
        .map(({ problem }: { problem: { errors: { pointer: string }[] } }) => problem.errors[0]?.pointer),
    ).toEqual(['/rows/4/enrolledOn', '/rows/5/enrolledOn', '/rows/6/enrolledOn', '/rows/7/removedOn']);
    expect(JSON.stringify(body)).not.toContain(first?.idNumber);
  });

  it('is reconciled with the register: uninsured, unregistered, insured twice, in the caller’s region, on any day', async () => {
    const stranger = { name: '外来', idNumber: '11010519491231002X', certificate: 'C-11', enrolledOn: '2023-01-01' };
    const twice = { ...rosterOf(families.slice(0, 1))[0], certificate: 'C-12' };
    await stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: [stranger, twice] });
    const path = `/v1/policies/${policy}/reconciliation`;
    const { body } = await stack.get(path, OFFICER);
    // Eight are registered; three of the first two families are still covered, one twice, and somebody from elsewhere.
    expect(body).toMatchObject({
      insured: 4,
      registered: 8,
      both: 3,
      uninsured: 5,
      unregistered: 1,
      twice: 1,
      items: [],
    });
    expect((await stack.get(`${path}?on=2023-06-30`, OFFICER)).body).toMatchObject({ insured: 5, uninsured: 4 });
    const { body: list } = await stack.get(`${path}?list=uninsured&limit=2`, OFFICER);
    expect(list.items).toHaveLength(2);
    const { body: rest } = await stack.get(`${path}?list=uninsured&limit=200&cursor=${list.next}`, OFFICER);
    expect(rest.items).toHaveLength(3);
    expect((await stack.get(`${path}?list=unregistered`, OFFICER)).body.items).toMatchObject([
      { household: null, idNumber: '110105********002X' },
    ]);
    expect((await stack.get(path, TOWN)).body).toMatchObject({ insured: 3, registered: 8, unregistered: 0 });
    expect((await stack.get(`${path}?region=440904116`, TOWN)).status).toBe(403);
  });
});

it('a large self-paid cost without a claim is prompted to the village, until there is one', async () => {
  const { items } = (await stack.get('/v1/policies', OFFICER)).body;
  await openRound(stack);
  const found = await worklist(stack);
  const visits = found.map((household, n) =>
    visitOf(household, {
      selfPaid: { medical: n === 0 ? 500_000 : 499_999, education: 0, other: 0 },
      recordedAt: '2023-10-11T09:30:00+08:00',
    }),
  );
  expect((await submit(stack, visits)).body.refused).toBe(0);
  await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
  await stack.settle(60);
  const prompts = async () =>
    (await stack.get(`/v1/policies/${items[0].id}/prompts?region=${VILLAGE}`, WORKER)).body.items;
  const [prompt, ...others] = await prompts();
  expect([prompt, others]).toEqual([{ household: found[0]?.id, round: '2023Q4', medical: 500_000 }, []]);
  const family = families.find(({ household }) => household === prompt.household);
  await stack.post('/v1/claims', WORKER, {
    household: prompt.household,
    person: family?.people[0]?.person,
    line: 'illness',
    eventOn: '2023-10-01',
  });
  expect(await prompts()).toEqual([]);
});

it('whoever moves to another town is insured there too, though enrolled here', async () => {
  const { items } = (await stack.get('/v1/policies', OFFICER)).body;
  const path = `/v1/policies/${items[0].id}/reconciliation`;
  const { body: before } = await stack.get(path, OFFICER);
  const change = { kind: 'move', on: '2023-10-10', village: OTHER_TOWN_VILLAGE, number: '0001' };
  const moving = `/v1/households/${families[1]?.household}`;
  expect((await stack.patch(moving, OFFICER, { version: 1, change })).status).toBe(200);
  expect((await stack.get(path, OFFICER)).body).toEqual(before);
  const there: As = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
  expect((await stack.get(path, there)).body).toMatchObject({
    ...{ insured: 2, registered: 2, both: 2 },
    ...{ uninsured: 0, unregistered: 0, twice: 0 },
  });
});
