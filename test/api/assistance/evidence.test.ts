import { afterAll, beforeAll, expect, test } from 'vitest';
import { bring, photograph } from '../../bringing-evidence.ts';
import { admissionOf, agreeUntil, HELPER, TOWN, today, visited } from '../../playing-cases.ts';
import { OTHER_VILLAGE, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

const SURVEYOR: As = { account: 'surveyor' };
const AUDITOR: As = { account: 'auditor' };
const ELSEWHERE: As = { account: 'village-worker', region: OTHER_VILLAGE };
let stack: TestStack;
let household: string;
/** What photographs can show: a visit, a measure, an entry of the ledger. */
let shown: { visit: object; measure: object; entry: object };

beforeAll(async () => {
  stack = await TestStack.start();
  const [first] = await visited(stack, 2);
  if (first === undefined) throw new Error('No household.');
  household = first.id;
  const { body: visits } = await stack.get(`/v1/households/${household}/visits`, OFFICER);
  const [visit] = visits.items;
  const subject = await admissionOf(stack, first);
  await agreeUntil(stack, subject, first);
  const { body } = await stack.post(`/v1/cases/${subject}/measures`, TOWN, {
    key: 'measure-1',
    kind: 'health',
    plannedOn: today(stack),
    responsible: HELPER,
  });
  const goods = { kind: 'goods', region: VILLAGE, household, occurredOn: '2023-10-11', what: '鸡苗', quantity: 30 };
  const { body: ledger } = await stack.post('/v1/ledger', TOWN, { rows: [goods] });
  shown = {
    visit: { kind: 'visit', round: visit.round, household, visit: visit.id },
    measure: { kind: 'measure', case: subject, measure: body.measure.id },
    entry: { kind: 'entry', region: VILLAGE, occurredOn: '2023-10-11', entry: ledger.items[0].id },
  };
});
afterAll(() => stack.stop());

const listed = async (as: As = OFFICER) => (await stack.get(`/v1/households/${household}/evidence`, as)).body.items;

test('a photograph of a visit, a measure and an entry is put, confirmed, and looked at by a short link', async () => {
  expect(await listed()).toEqual([]);
  for (const of of Object.values(shown)) expect((await bring(stack, WORKER, of)).status).toBe(200);
  const found = await listed(AUDITOR);
  expect(found.map(({ of }: { of: object }) => of)).toEqual(expect.arrayContaining([shown.visit, shown.measure]));
  expect(found).toHaveLength(2);
  const entry = String(Object(shown.entry).entry);
  const { body } = await stack.get(`/v1/ledger/${entry}/evidence?region=${VILLAGE}`, AUDITOR);
  expect(body.items).toMatchObject([{ of: shown.entry, by: 'village-worker', bytes: found[0].bytes }]);
  for (const { url } of [...found, ...body.items]) {
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(await answer.text()).toContain('invented photograph');
  }
});

test('sent any number of times it lies there once; other bytes than announced are never taken', async () => {
  const again = await stack.post('/v1/evidence', WORKER, photograph(shown.visit));
  expect(again).toMatchObject({ status: 200, body: { known: true } });
  expect(again.body.url).toBeUndefined();
  expect((await stack.post(`/v1/evidence/${again.body.evidence}`, WORKER, photograph(shown.visit))).status).toBe(200);
  expect(await listed()).toHaveLength(2);

  const bytes = Buffer.from('another photograph');
  const announced = photograph(shown.visit, bytes);
  const { body } = await stack.post('/v1/evidence', WORKER, announced);
  const confirm = () => stack.post(`/v1/evidence/${body.evidence}`, WORKER, announced);
  expect((await confirm()).body.code).toBe('document-not-uploaded');
  // As long as what was announced, and something else.
  const put = await fetch(body.url, { method: 'PUT', headers: body.headers, body: 'ANOTHER photograph' });
  expect(put.status).toBe(400);
  expect((await confirm()).body.code).toBe('document-not-uploaded');
  // The announcement of one is no confirmation of another.
  expect((await stack.post(`/v1/evidence/${body.evidence}`, WORKER, photograph(shown.visit))).body.code).toBe(
    'document-not-uploaded',
  );
});

test('is taken from those who answer for the place only, and of what exists only', async () => {
  const code = async (as: As, of: object) => (await stack.post('/v1/evidence', as, photograph(of))).body.code;
  expect(await code(ELSEWHERE, shown.visit)).toBe('outside-region');
  expect(await code(ELSEWHERE, shown.measure)).toBe('case-unknown');
  expect(await code(ELSEWHERE, shown.entry)).toBe('outside-region');
  // A surveyor has no part in helping.
  expect(await code(SURVEYOR, shown.measure)).toBe('role-not-allowed');
  expect(await code(SURVEYOR, shown.entry)).toBe('role-not-allowed');
  expect(await code(AUDITOR, shown.visit)).toBe('role-not-allowed');
  expect(await code(WORKER, { ...shown.visit, visit: 'a'.repeat(22) })).toBe('evidence-of-nothing');
  expect(await code(WORKER, { ...shown.measure, measure: 'measure-0123456789abcdef' })).toBe('measure-unknown');
  expect(await code(WORKER, { ...shown.entry, entry: 'entry-0123456789abcdef' })).toBe('evidence-of-nothing');
  expect((await stack.get(`/v1/households/${household}/evidence`, ELSEWHERE)).body.code).toBe('outside-region');
  expect(
    (await stack.get(`/v1/ledger/${Object(shown.entry).entry}/evidence?region=${VILLAGE}`, ELSEWHERE)).status,
  ).toBe(403);
});

test('a visit takes six, each of a megabyte at most', async () => {
  const ofVisit = async () => (await listed()).filter(({ of }: { of: { kind: string } }) => of.kind === 'visit').length;
  for (let n = await ofVisit(); n < 6; n += 1)
    expect(
      (await bring(stack, SURVEYOR, shown.visit, Buffer.from(`\u00ff\u00d8\u00ff photograph ${n}`, 'latin1'))).status,
    ).toBe(200);
  expect((await bring(stack, SURVEYOR, shown.visit, Buffer.from('one too many'))).body.code).toBe('evidence-full');
  expect(await ofVisit()).toBe(6);
  const large = { ...photograph(shown.measure), bytes: 1_000_001 };
  expect((await stack.post('/v1/evidence', WORKER, large)).body.code).toBe('invalid-body');
});

test('six it stays, however many are sent at the same instant', async () => {
  const shots = Array.from({ length: 12 }, (_, n) => Buffer.from(`\u00ff\u00d8\u00ff at once ${n}`, 'latin1'));
  const answers = await Promise.all(shots.map((bytes) => bring(stack, WORKER, shown.measure, bytes)));
  const full = answers.filter(({ body }) => body.code === 'evidence-full');
  const ofMeasure = (await listed()).filter(({ of }: { of: { kind: string } }) => of.kind === 'measure');
  // One was there before.
  expect([answers.filter(({ status }) => status === 200).length, full.length, ofMeasure.length]).toEqual([5, 7, 6]);
  // Who has one among the six is told so again.
  const [kept] = answers.flatMap(({ status }, n) => (status === 200 ? [shots[n]] : []));
  expect((await bring(stack, WORKER, shown.measure, kept)).body.known).toBe(true);
});
