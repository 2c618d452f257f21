import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionOf, agreeUntil, pendingOf, type Registered, visited } from '../../playing-cases.ts';
import { OTHER_VILLAGE, testId, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  households = await visited(stack, 4);
});
afterAll(() => stack.stop());

/** The ID number `testRow` gives the head of household `n`. */
function idOf(n: number): string {
  return testId(n, '19510115');
}

function declare(body: object) {
  return stack.call('POST', '/v1/declarations', '', JSON.stringify(body));
}

/** What the family of household `n` knows to be on file; anybody else knows the number at most. */
const declaration = (idNumber: string, name = '测试') => ({
  name,
  idNumber,
  phone: '13800001111',
  village: VILLAGE,
  trouble: 'illness',
  declaredBy: 'self',
});

describe('a declaration', () => {
  it('without login starts an admission; its receipt tells where it stands, to the end', async () => {
    const [household] = households;
    if (household === undefined) throw new Error('No household.');
    const first = await declare(declaration(` g${idOf(1)} `, '测 试1'));
    expect(first.status).toBe(201);
    expect(first.body.receipt).toMatch(/^[0-9A-Z]{12}$/);
    expect((await declare(declaration(idOf(1), '测 试1'))).body.receipt).toBe(first.body.receipt);
    const stands = async () => (await stack.call('GET', `/v1/declarations/${first.body.receipt}`, '')).body;
    expect(await stands()).toMatchObject({
      status: 'under-review',
      step: 'home-verification',
      message: '正在办理：入户核实。',
    });
    await stack.settle(301);
    const { body } = await stack.get(`/v1/cases?region=${VILLAGE}&household=${household.id}`, OFFICER);
    const [{ id }] = body.items;
    await agreeUntil(stack, id, household, 'data-comparison');
    expect(await stands()).toMatchObject({ status: 'under-review', step: 'data-comparison' });
    const pending = await pendingOf(stack, id);
    const verdict = { verdict: 'reject', code: 'above-standard', reason: '家庭名下有商品房' };
    expect((await stack.post(`/v1/decisions/${pending?.id}`, OFFICER, { verdict })).status).toBe(200);
    expect(await stands()).toMatchObject({
      status: 'not-admitted',
      message: '未纳入监测：经比对家庭经济状况高于标准。家庭名下有商品房',
    });
    expect(JSON.stringify(await stands())).not.toContain(household.id);
  });

  it('refuses a wrong number, an unknown village, unknown fields and an unknown receipt', async () => {
    expect((await declare(declaration('440904198001010000'))).body).toMatchObject({
      code: 'id-number-invalid',
      errors: [{ pointer: '/idNumber' }],
    });
    expect((await declare({ ...declaration(idOf(2)), village: '440904999999' })).body.code).toBe('village-unknown');
    expect((await declare({ ...declaration(idOf(2)), extra: 1 })).body.code).toBe('invalid-body');
    expect((await stack.call('GET', '/v1/declarations/000000000000', '')).body.code).toBe('receipt-unknown');
  });

  it('of somebody on no register waits for a person, who finds the household or dismisses it with a reason', async () => {
    const unknown = await declare(declaration(testId(7, '19990909')));
    expect(unknown.status).toBe(201);
    const status = async (receipt: string) => (await stack.call('GET', `/v1/declarations/${receipt}`, '')).body;
    expect(await status(unknown.body.receipt)).toMatchObject({ status: 'received' });
    const { body: list } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER);
    expect(list.items).toMatchObject([
      {
        source: 'declaration',
        about: '因病',
        name: '测试',
        phone: '138****1111',
        idNumber: `440904********${testId(7, '19990909').slice(-4)}`,
      },
    ]);
    const [{ id }] = list.items;
    const second = households[1]?.id;
    const resolved = await stack.post(`/v1/clues/${id}/resolution`, OFFICER, { household: second });
    expect(resolved.body).toMatchObject({ outcome: 'started' });
    expect((await stack.post(`/v1/clues/${id}/resolution`, OFFICER, { household: second })).body.outcome).toBe('known');
    expect((await stack.post(`/v1/clues/${id}/resolution`, OFFICER, { dismissed: '查无此人' })).body.code).toBe(
      'clue-resolved',
    );
    // Who declared it nobody knows yet: the receipt tells more once an official has seen it in the family's hands.
    expect(await status(unknown.body.receipt)).toMatchObject({ status: 'received' });
    const handover = (as: As) => stack.post(`/v1/declarations/${unknown.body.receipt}/handover`, as);
    expect((await handover({ account: 'village-worker', region: OTHER_VILLAGE })).body.code).toBe('receipt-unknown');
    expect((await handover(WORKER)).status).toBe(200);
    expect((await handover(WORKER)).status).toBe(200);
    expect(await status(unknown.body.receipt)).toMatchObject({ status: 'under-review' });
    expect((await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER)).body.items).toEqual([]);
    const other = await declare(declaration(testId(8, '19990909')));
    const { body: again } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER);
    await stack.post(`/v1/clues/${again.items[0].id}/resolution`, OFFICER, { dismissed: '查无此人，电话不通' });
    expect(await status(other.body.receipt)).toMatchObject({ status: 'received' });
    await stack.post(`/v1/declarations/${other.body.receipt}/handover`, WORKER);
    expect(await status(other.body.receipt)).toMatchObject({ status: 'not-admitted' });
  });

  it('is one, however a phone writes its numbers: full width, spaces, marks that nobody sees, the code of the country', async () => {
    const plain = await declare(declaration(idOf(1), '测试1'));
    const full = idOf(1).replace(/[0-9X]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
    const phones = ['１３８００００１１１１', '+86 138-0000-1111', '\u202d138 0000 1111\u202c', '008613800001111'];
    for (const phone of phones) {
      const other = await declare({ ...declaration(full, '测试1'), phone });
      expect([phone, other.body.receipt]).toEqual([phone, plain.body.receipt]);
    }
    for (const phone of ['0668-5512345', '1380000111', '8613800001111x'])
      expect((await declare({ ...declaration(idOf(1)), phone })).body.errors).toMatchObject([{ pointer: '/phone' }]);
  });

  it('by a stranger who knows the ID number is answered like any other, and tells nothing of the household’s case', async () => {
    const [household] = households;
    if (household === undefined) throw new Error('No household.');
    const answers = [];
    for (const body of [
      declaration(idOf(1), '不相干'),
      { ...declaration(idOf(1), '测试1'), phone: '13900009999' },
      declaration(testId(9, '19880808'), '不相干'),
    ]) {
      const { status, body: declared } = await declare(body);
      const { body: stands } = await stack.call('GET', `/v1/declarations/${declared.receipt}`, '');
      answers.push({ status, fields: Object.keys(declared), stands: { ...stands, receipt: '', receivedAt: '' } });
    }
    expect(answers[0]).toMatchObject({ status: 201, stands: { status: 'received', step: null } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('that names a village of the sender’s choice is handed over there to no effect: the household is another’s', async () => {
    const { body: declared } = await declare({ ...declaration(idOf(2), '不相干'), village: OTHER_VILLAGE });
    const stands = async () => (await stack.call('GET', `/v1/declarations/${declared.receipt}`, '')).body;
    const elsewhere: As = { account: 'village-worker', region: OTHER_VILLAGE };
    const handover = (as: As) => stack.post(`/v1/declarations/${declared.receipt}/handover`, as);
    expect((await handover(elsewhere)).status).toBe(200);
    expect(await stands()).toMatchObject({ status: 'received' });
    expect((await handover(OFFICER)).status).toBe(200);
    expect((await stands()).status).not.toBe('received');
  });

  it('of the family while something is under way says only that it was passed on, and lengthens nothing in the case', async () => {
    const [, , , fourth] = households;
    if (fourth === undefined) throw new Error('No household.');
    const subject = await admissionOf(stack, fourth);
    const before = (await stack.get(`/v1/cases/${subject}`, OFFICER)).body;
    for (const trouble of ['illness', 'education', 'housing']) {
      const { body } = await declare({ ...declaration(idOf(4), '测试4'), trouble });
      expect((await stack.call('GET', `/v1/declarations/${body.receipt}`, '')).body).toMatchObject({
        status: 'passed-on',
        step: null,
      });
      // The same again is the same.
      expect((await declare({ ...declaration(idOf(4), '测试4'), trouble })).body.receipt).toBe(body.receipt);
    }
    const { body: after } = await stack.get(`/v1/cases/${subject}`, OFFICER);
    expect(after.episodes).toEqual([{ ...before.episodes[0], declarations: 3 }]);
    expect(after.joinedDeclarations).toHaveLength(3);
  });

  it('that nobody could match shows its whole number only for a reason, which is written down', async () => {
    await declare(declaration(testId(6, '19770707')));
    const { body: list } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER);
    const path = `/v1/clues/${list.items.at(-1).id}/reveal`;
    expect((await stack.post(path, OFFICER, { field: 'phone' })).body.code).toBe('invalid-body');
    expect((await stack.post(path, OFFICER, { field: 'phone', reason: '电话联系核实' })).body.value).toBe(
      '13800001111',
    );
    expect((await stack.post(path, WORKER, { field: 'phone', reason: '电话联系核实' })).status).toBe(403);
  });

  it('is counted by its caller, and refused when they flood', async () => {
    const answers = [];
    for (let n = 0; n < 130; n += 1)
      answers.push((await stack.call('GET', '/v1/declarations/000000000000', '')).status);
    expect(answers.at(0)).toBe(404);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('department alerts', () => {
  it('have an outcome for each row, join a running admission, are known when sent again, and their share is told', async () => {
    const on = '2023-10-10';
    const rows = [
      { idNumber: idOf(2), kind: 'large-medical-bill', on },
      { idNumber: idOf(3), kind: 'job-loss', on },
      { idNumber: testId(9, '19990909'), kind: 'dropout', on, village: VILLAGE },
      { idNumber: '123', kind: 'dropout', on },
      { idNumber: idOf(1), kind: 'thunder', on },
      { idNumber: idOf(1), kind: 'disaster', on: '2024-01-01' },
      { idNumber: testId(9, '19990909'), kind: 'disaster', on, village: '440904999999' },
    ];
    const send = async () => (await stack.post('/v1/alerts', OFFICER, { department: '医保局', rows })).body.items;
    const items = await send();
    expect(items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'joined',
      'started',
      'unmatched',
      'refused',
      'refused',
      'refused',
      'refused',
    ]);
    expect(items.slice(3).map(({ problem }: { problem: { code: string } }) => problem.code)).toEqual([
      'id-number-invalid',
      'invalid-body',
      'date-in-future',
      'village-unknown',
    ]);
    expect(items[6].problem.errors).toMatchObject([{ pointer: '/rows/6/village' }]);
    expect((await send()).map(({ outcome }: { outcome: string }) => outcome).slice(0, 3)).toEqual([
      'known',
      'known',
      'known',
    ]);
    const { body } = await stack.get(`/v1/alerts?region=440904&from=${on}&to=${on}`, OFFICER);
    expect(body).toMatchObject({
      alerts: 3,
      matched: 2,
      unmatched: 1,
      admitted: 0,
      sharePercent: 0,
      byKind: { 'job-loss': { alerts: 1 } },
    });
    expect((await stack.post('/v1/alerts', OFFICER, { department: '医保局', rows: [{ idNumber: '1' }] })).status).toBe(
      400,
    );
    await stack.settle(301);
    // A department's list is cumulative: what led to a rejected admission begins no other.
    const second = households[1];
    if (second === undefined) throw new Error('No household.');
    await agreeUntil(stack, items[0].case, second, 'data-comparison');
    const pending = await pendingOf(stack, items[0].case);
    const verdict = { verdict: 'reject', code: 'above-standard', reason: '家庭名下有商品房' };
    expect((await stack.post(`/v1/decisions/${pending?.id}`, OFFICER, { verdict })).status).toBe(200);
    expect((await send())[0]).toMatchObject({ outcome: 'known', case: items[0].case });
    const { body: rejected } = await stack.get(`/v1/cases/${items[0].case}`, OFFICER);
    expect([rejected.stage, rejected.episodes.length]).toEqual(['rejected', 1]);
    const third = households[2];
    if (third === undefined) throw new Error('No household.');
    const { body: cases } = await stack.get(`/v1/cases?region=440904&household=${third.id}`, OFFICER);
    await agreeUntil(stack, cases.items[0].id, third);
    expect((await stack.get(`/v1/alerts?region=440904&from=${on}&to=${on}`, OFFICER)).body).toMatchObject({
      admitted: 1,
      sharePercent: 33.3,
    });
  });
});
