import { afterAll, beforeAll, expect, it } from 'vitest';
import { admissionOf, agreeUntil, pendingOf, visited } from '../playing-cases.ts';
import { insureWith, registerFamilies, rosterOf } from '../playing-claims.ts';
import { OTHER_VILLAGE, testId, VILLAGE, WORKER } from '../playing-households.ts';
import { type Answer, type As, OFFICER, TestStack } from '../stack.ts';

/** Officials of another village and town, with the right roles and the wrong region. */
const FOREIGN: As = { account: 'village-worker', region: OTHER_VILLAGE };
const FOREIGN_TOWN: As = { account: 'town-officer', region: '440904116' };

let stack: TestStack;
/** Things that exist in one village, each by its opaque id. */
const exists = new Map<string, string>();
beforeAll(async () => {
  stack = await TestStack.start();
  const [household] = await visited(stack, 2);
  if (household === undefined) throw new Error('No household.');
  const subject = await admissionOf(stack, household);
  exists.set('case', subject);
  exists.set('decision', (await pendingOf(stack, subject))?.id ?? '');
  await agreeUntil(stack, subject, household, 'public-notice');
  const { body: notices } = await stack.call('GET', `/v1/notices?region=${VILLAGE}`, '');
  exists.set('notice', notices.items[0].id);
  const objection = JSON.stringify({ text: '该户有车有房' });
  const { body: lodged } = await stack.call('POST', `/v1/notices/${notices.items[0].id}/objections`, '', objection);
  exists.set('objection', lodged.id);
  const declared = { name: '测试', idNumber: testId(7, '19990909'), phone: '13800001111', village: VILLAGE };
  const declaration = JSON.stringify({ ...declared, trouble: 'illness', declaredBy: 'self' });
  const { body: receipt } = await stack.call('POST', '/v1/declarations', '', declaration);
  exists.set('declaration', receipt.receipt);
  const { body: clues } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, OFFICER);
  exists.set('clue', clues.items[0].id);
  const [family] = await registerFamilies(stack, 1, `${VILLAGE.slice(0, 9)}003`);
  if (family === undefined) throw new Error('No family.');
  await insureWith(stack, rosterOf([family]));
  const event = {
    household: family.household,
    person: family.people[0]?.person,
    line: 'illness',
    eventOn: '2023-10-01',
  };
  exists.set('claim', (await stack.post('/v1/claims', OFFICER, event)).body.id);
  const own = JSON.stringify({ idNumber: family.people[0]?.idNumber, line: 'education', eventOn: '2023-09-01' });
  exists.set('report', (await stack.call('POST', '/v1/claim-reports', '', own)).body.receipt);
  const asked = { household: household.id, person: household.members[0]?.person, askedOn: '2023-10-01', wants: 'work' };
  exists.set(
    'help',
    (await stack.post('/v1/help-requests', WORKER, { ...asked, channel: 'counter', words: '想找一份工作' })).body.id,
  );
});
afterAll(() => stack.stop());

const reason = '核对情况';
const measure = { key: 'measure-1', kind: 'health', plannedOn: '2023-10-20' };
const help = { outcome: { outcome: 'refused', on: '2023-10-11', note: reason } };
/** Every route that takes an opaque id: whose it is, and a body that would be right. */
const routesAsked: readonly { kind: string; method: string; path: string; none: string; body?: object }[] = [
  { kind: 'case', method: 'GET', path: '/v1/cases/{}', none: 'case-0123456789abcdef' },
  { kind: 'case', method: 'GET', path: '/v1/cases/{}/closure-check', none: 'case-0123456789abcdef' },
  {
    kind: 'case',
    method: 'POST',
    path: '/v1/cases/{}/closure',
    none: 'case-0123456789abcdef',
    body: { method: 'natural' },
  },
  {
    kind: 'case',
    method: 'POST',
    path: '/v1/cases/{}/measures',
    none: 'case-0123456789abcdef',
    body: { ...measure, responsible: { account: 'h', name: '陈帮扶', unit: '镇农业办' } },
  },
  {
    kind: 'case',
    method: 'POST',
    path: '/v1/cases/{}/risks',
    none: 'case-0123456789abcdef',
    body: { add: 'illness', reason },
  },
  {
    kind: 'decision',
    method: 'POST',
    path: '/v1/decisions/{}',
    none: 'decision-0123456789abcdef',
    body: { verdict: { verdict: 'approve' } },
  },
  { kind: 'decision', method: 'GET', path: '/v1/decisions/{}', none: 'decision-0123456789abcdef' },
  { kind: 'notice', method: 'GET', path: '/v1/notices/{}/objections', none: 'notice-0123456789abcdef' },
  {
    kind: 'clue',
    method: 'POST',
    path: '/v1/clues/{}/resolution',
    none: 'clue-0123456789abcdef',
    body: { dismissed: reason },
  },
  {
    kind: 'clue',
    method: 'POST',
    path: '/v1/clues/{}/reveal',
    none: 'clue-0123456789abcdef',
    body: { field: 'phone', reason },
  },
  { kind: 'declaration', method: 'POST', path: '/v1/declarations/{}/handover', none: '0123456789AB', body: {} },
  { kind: 'claim', method: 'GET', path: '/v1/claims/{}', none: 'claim-0123456789abcdef' },
  { kind: 'claim', method: 'POST', path: '/v1/claims/{}/appeal', none: 'claim-0123456789abcdef', body: { reason } },
  {
    kind: 'claim',
    method: 'POST',
    path: '/v1/claims/{}/steps',
    none: 'claim-0123456789abcdef',
    body: { step: 'withdraw', turn: 1, reason },
  },
  {
    kind: 'claim',
    method: 'POST',
    path: '/v1/claims/{}/documents',
    none: 'claim-0123456789abcdef',
    body: { kind: 'invoice', type: 'image/jpeg', bytes: 5, name: 'a.jpg' },
  },
  {
    kind: 'claim',
    method: 'POST',
    path: '/v1/claims/{}/payee',
    none: 'claim-0123456789abcdef',
    body: {
      kind: 'member',
      person: 'p-0123456789abcdef',
      name: '测试',
      bank: '示例银行',
      account: '6217000000000000123',
    },
  },
  {
    kind: 'report',
    method: 'POST',
    path: '/v1/claim-reports/{}/conclusion',
    none: 'L0123456789AB',
    body: { dismissed: reason },
  },
  { kind: 'help', method: 'POST', path: '/v1/help-requests/{}/outcome', none: 'help-0123456789abcdef', body: help },
];

it.each(routesAsked)(
  'a foreign $kind and none are told alike: $method $path',
  async ({ kind, method, path, none, body }) => {
    const ask = async (id: string): Promise<unknown> => {
      const as = await stack.call(method, path.replace('{}', id), FOREIGN, body && JSON.stringify(body));
      const told: Answer =
        as.body.code === 'role-not-allowed'
          ? await stack.call(method, path.replace('{}', id), FOREIGN_TOWN, body && JSON.stringify(body))
          : as;
      return { status: told.status, body: { ...told.body, requestId: '' } };
    };
    const id = exists.get(kind) ?? '';
    expect(id).not.toBe('');
    const foreign = await ask(id);
    expect(foreign).toEqual(await ask(none));
    expect(foreign).toMatchObject({ status: 404 });
  },
);

it('an objection’s answer likewise', async () => {
  const answer = JSON.stringify({ text: '经核实，异议不成立' });
  const ask = async (notice: string) => {
    const path = `/v1/notices/${notice}/objections/${exists.get('objection')}/answer`;
    const { status, body } = await stack.call('POST', path, FOREIGN, answer);
    return { status, body: { ...body, requestId: '' } };
  };
  expect(await ask(exists.get('notice') ?? '')).toEqual(await ask('notice-0123456789abcdef'));
});

it('an id is not to be computed from what it names', async () => {
  const { createHash } = await import('node:crypto');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
  const household = (await stack.get(`/v1/cases/${exists.get('case')}`, OFFICER)).body.household;
  expect(exists.get('case')).not.toBe(`case-${hash(`case of ${household}`)}`);
  expect(exists.get('case')).not.toBe(`case-${hash(JSON.stringify(['case', household]))}`);
});

it('one caller cannot lengthen a review without end: twenty voices a day, then they are refused, and the case still answers', async () => {
  const path = `/v1/notices/${exists.get('notice')}/objections`;
  const answers: number[] = [];
  for (let n = 0; n < 24; n += 1)
    answers.push((await stack.call('POST', path, '', JSON.stringify({ text: `第 ${n} 条不同的异议` }))).status);
  expect(answers.filter((status) => status === 201)).toHaveLength(19);
  expect(answers.at(-1)).toBe(429);
  const { body: found } = await stack.get(`/v1/cases/${exists.get('case')}`, OFFICER);
  expect(JSON.stringify(found.episodes).length).toBeLessThan(2_000);
  const { body } = await stack.get(path, OFFICER);
  expect(body.items).toHaveLength(20);
});
