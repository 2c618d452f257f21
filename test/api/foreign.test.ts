import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { contains } from '../../functions/contracts/regions.ts';
import type { Route } from '../../functions/runtime/http.ts';
import { admissionOf, agreeUntil, pendingOf, visited } from '../playing-cases.ts';
import { insureWith, registerFamilies, rosterOf } from '../playing-claims.ts';
import { OTHER_VILLAGE, testId, VILLAGE, WORKER } from '../playing-households.ts';
import { type As, OFFICER, TestStack } from '../stack.ts';
import { OPAQUE, placed, unplaced } from './placed.ts';

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
/** Headers that no two answers share. */
const EACH_OWN = ['date', 'apigw-requestid'];
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
  { kind: 'claim', method: 'GET', path: '/v1/claims/{}/payees', none: 'claim-0123456789abcdef' },
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
  {
    kind: 'case',
    method: 'POST',
    path: '/v1/cases/{}/measures/measure-0123456789abcdef',
    none: 'case-0123456789abcdef',
    body: { change: { to: 'under-way', on: '2023-10-11' } },
  },
  {
    kind: 'case',
    method: 'POST',
    path: '/v1/cases/{}/helper',
    none: 'case-0123456789abcdef',
    body: { helper: { account: 'h', name: '陈帮扶', unit: '镇农业办' }, reason },
  },
  {
    kind: 'claim',
    method: 'GET',
    path: '/v1/claims/{}/documents/doc-0123456789abcdef',
    none: 'claim-0123456789abcdef',
  },
  {
    kind: 'claim',
    method: 'POST',
    path: '/v1/claims/{}/documents/doc-0123456789abcdef',
    none: 'claim-0123456789abcdef',
    body: { kind: 'invoice', type: 'image/jpeg', bytes: 5, name: 'a.jpg' },
  },
  ...['/v1/evidence', '/v1/evidence/photo-0123456789abcdef'].map((path) => ({
    kind: 'case',
    method: 'POST',
    path,
    none: 'case-0123456789abcdef',
    body: {
      of: { kind: 'measure', case: '{}', measure: 'measure-0123456789abcdef' },
      ...{ type: 'image/jpeg', bytes: 5, sha256: `${'A'.repeat(43)}=` },
    },
  })),
  { kind: 'help', method: 'POST', path: '/v1/help-requests/{}/outcome', none: 'help-0123456789abcdef', body: help },
];

describe('a place that a request names is judged by the region of whoever asks:', () => {
  const [TOWN, DISTRICT] = [VILLAGE.slice(0, 9), VILLAGE.slice(0, 6)];
  /** Whoever answers for a region, and what they ask for: their own, above it, beside it, below it. */
  const ASKED: Readonly<Record<string, readonly string[]>> = {
    [DISTRICT]: [DISTRICT, '440905', TOWN, VILLAGE, '440905001001'],
    [TOWN]: [TOWN, DISTRICT, '440904116', VILLAGE, '440904116208'],
    [VILLAGE]: [VILLAGE, TOWN, DISTRICT, OTHER_VILLAGE],
  };
  const all = Object.values<Route>(routes).map((route) => ({ ...route, name: `${route.method} ${route.path}` }));

  it('every route says how', () => {
    const open = all.filter(({ roles, level }) => roles !== 'public' && level !== 'district').map(({ name }) => name);
    const known = [...placed.map(({ route }) => route), ...Object.keys(unplaced)];
    expect(open.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !all.some((route) => route.name === name))).toEqual([]);
  });

  it.each(placed)('$route', async ({ route, by, path, body }) => {
    const { roles = [], level, method = 'GET' } = all.find(({ name }) => name === route) ?? {};
    const told: unknown[] = [];
    const right: unknown[] = [];
    for (const account of roles === 'public' ? [] : roles)
      for (const [region, places] of Object.entries(ASKED))
        for (const place of places.filter((code) => by === 'region' || code.length === 12)) {
          // Who answers for too little is refused whatever they name (routes.test.ts).
          if (level === 'district' && region !== DISTRICT) continue;
          const named = by === 'household' ? `${place}-0001` : place;
          const fill = (text: string) => text.replace('{}', named);
          const { status, body: answer } = await stack.call(
            method,
            fill(path),
            { account, region },
            body && fill(body),
          );
          // An export asks in its caller's name, and is told of their role before their region.
          const isRefused =
            status === 403 && answer.code !== 'role-not-allowed'
              ? answer.code === 'outside-region'
              : status === 403 && !contains(region, place);
          told.push([account, region, place, isRefused, status < 500 && status !== 400]);
          right.push([account, region, place, !contains(region, place), true]);
        }
    expect(told).toEqual(right);
    expect(told.length).toBeGreaterThan(0);
  });
});

it.each(routesAsked)(
  'a foreign $kind and none are told alike: $method $path',
  async ({ kind, method, path, none, body }) => {
    const ask = async (id: string): Promise<unknown> => {
      for (const as of [FOREIGN, FOREIGN_TOWN]) {
        const answer = await fetch(`${stack.local.endpoints.api}${path.replace('{}', id)}`, {
          method,
          headers: { authorization: `Bearer ${await stack.token(as)}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body).replace('"{}"', `"${id}"`) }),
        });
        const told = Object(await answer.json());
        if (told.code === 'role-not-allowed') continue;
        const headers = [...answer.headers].filter(([name]) => !EACH_OWN.includes(name));
        return { status: answer.status, body: { ...told, requestId: '' }, headers };
      }
      throw new Error(`${method} ${path} is for neither.`);
    };
    const id = exists.get(kind) ?? '';
    expect(id).not.toBe('');
    const foreign = await ask(id);
    expect(foreign).toEqual(await ask(none));
    expect(foreign).toMatchObject({ status: 404 });
  },
);

it('no route that takes an opaque id is left out', () => {
  const asked = routesAsked.map(({ method, path }) => `${method} ${path}`);
  const shapeOf = (route: string) => new RegExp(`^${route.replace(/\{\w+\}/g, '(\\{\\}|[a-z]+-[0-9a-f]{16})')}$`);
  const left = Object.entries(unplaced)
    .filter(([, how]) => how === OPAQUE)
    .map(([route]) => route)
    .filter((route) => !asked.some((one) => shapeOf(route).test(one)));
  // What follows is of this one.
  expect(left).toEqual(['POST /v1/notices/{id}/objections/{objection}/answer']);
});

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
