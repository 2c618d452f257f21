import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachOf } from '../../../functions/domain/concurrency.ts';
import { InsuredFamilies, reportOf } from '../../insured-families.ts';
import { FIVE_BYTES } from '../../papers.ts';
import { claimOf, illness, step } from '../../playing-claims.ts';
import { OTHER_VILLAGE, testId, testRow, VILLAGE, WORKER } from '../../playing-households.ts';
import { type Answer, type As, OFFICER, type TestStack } from '../../stack.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };

let families: InsuredFamilies;
let stack: TestStack;
beforeAll(async () => {
  families = await InsuredFamilies.start(28);
  stack = families.stack;
});
afterAll(() => stack.stop());

function invoicesOf(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({ number: `DB-72${String(n).padStart(2, '0')}`, total: 100 }));
}

function statusOf(receipt: string, last4: string): Promise<Answer> {
  return stack.call('POST', `/v1/claim-reports/${receipt}/status`, '', JSON.stringify({ last4 }));
}

/** A report of a caller at another address of this machine. @returns its status */
function reportFrom(localAddress: string, body: object): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(`${stack.local.endpoints.api}/v1/claim-reports`, { method: 'POST', localAddress, headers });
    sent.on('error', reject).on('response', (answer) => resolve(answer.resume().statusCode));
    sent.end(JSON.stringify(body));
  });
}

describe('a report', () => {
  it.each([
    ['outside the period', 'insured', { eventOn: '2022-12-31' }, 'outside-period'],
    ['before enrolment', 'late', { eventOn: '2023-05-31' }, 'not-insured'],
    ['in the waiting period', 'late', { eventOn: '2023-06-30' }, 'waiting-period'],
    ['of somebody uninsured', 'uninsured', {}, 'not-insured'],
  ] as const)(
    '%s is proposed for refusal, which an approver confirms and the village brings to the family',
    async (_, whose, changes, code) => {
      const who = {
        insured: () => families.next(),
        late: () => families.late(),
        uninsured: () => families.uninsured(),
      }[whose]();
      const { status, body } = await stack.post('/v1/claims', WORKER, reportOf(who, changes));
      expect(status).toBe(201);
      await stack.settle(301);
      const claim = await claimOf(stack, who.household);
      expect(claim).toMatchObject({
        id: body.id,
        stage: 'adjudicated',
        refusal: { code, by: 'rules' },
        waiting: { step: 'approval' },
      });
      expect((await step(stack, claim, APPROVER, { step: 'approve', amount: 0 })).body.code).toBe('refusal-proposed');
      const rejected = await step(stack, claim, APPROVER, { step: 'reject', code, reason: '经核对，不予赔付' });
      expect([rejected.status, rejected.body.stage]).toEqual([200, 'rejected']);
      await stack.settle();
      const after = await claimOf(stack, who.household);
      expect(after.waiting).toMatchObject({ step: 'refusal-notice', roles: ['village-worker'] });
      const told = await statusOf(body.receipt, who.idNumber.slice(-4));
      expect(told.body).toMatchObject({ stage: 'rejected', message: expect.stringContaining('经核对，不予赔付') });
      await step(stack, after, WORKER, { step: 'notify-refusal', on: '2023-11-20' });
      expect((await claimOf(stack, who.household)).waiting).toBeNull();
      await step(stack, claim, APPROVER, { step: 'reject', code, reason: '经核对，不予赔付' }).then(({ body: again }) =>
        expect(again.code).toBe('claim-turn-over'),
      );
    },
  );

  it('of somebody who had died before the event is proposed for refusal', async () => {
    const who = families.next();
    const [, child] = who.people;
    const { body: household } = await stack.get(`/v1/households/${who.household}`, OFFICER);
    const change = { kind: 'death', on: '2023-03-01', person: child?.person };
    expect(
      (await stack.patch(`/v1/households/${who.household}`, OFFICER, { version: household.version, change })).status,
    ).toBe(200);
    await stack.post(
      '/v1/claims',
      WORKER,
      reportOf({ household: who.household, person: child?.person ?? '' }, { eventOn: '2023-04-01' }),
    );
    await stack.settle(301);
    const claim = await claimOf(stack, who.household);
    expect(claim.refusal).toMatchObject({ code: 'not-insured' });
    expect(claim.cover.filter(({ holds }: { holds: boolean }) => !holds)).toMatchObject([
      { check: 'alive', observed: '2023-03-01' },
    ]);
  });

  it('of one event by two officials at once is one claim; the other is told which; again by the first it is the same', async () => {
    const who = families.next();
    const answers = await Promise.all([WORKER, TOWN].map((as) => stack.post('/v1/claims', as, reportOf(who))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const first = answers.findIndex(({ status }) => status === 201);
    expect(answers[1 - first]?.body).toMatchObject({ code: 'claim-duplicate', claim: answers[first]?.body.id });
    const again = await stack.post('/v1/claims', first === 0 ? WORKER : TOWN, reportOf(who));
    expect([again.status, again.body]).toEqual([200, expect.objectContaining({ id: answers[first]?.body.id })]);
  });

  it('of one event by two villages at once is one claim, though the household has moved between them', async () => {
    const who = families.next();
    const { body: before } = await stack.get(`/v1/households/${who.household}`, OFFICER);
    const change = { kind: 'move', on: '2023-11-01', village: OTHER_VILLAGE, number: '0077' };
    const moved = await stack.patch(`/v1/households/${who.household}`, OFFICER, { version: before.version, change });
    expect(moved.status).toBe(200);
    const there = { account: 'village-worker', region: OTHER_VILLAGE, person: 2 };
    const answers = await Promise.all([
      stack.post('/v1/claims', WORKER, reportOf(who)),
      stack.post('/v1/claims', there, reportOf({ household: `${OTHER_VILLAGE}-0077`, person: who.person })),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('with an invoice of another claim is refused: an invoice counts once; another village is not told which claim', async () => {
    const [one, other] = [families.next(), families.next()];
    const invoices = [{ number: 'DB-7001', total: 900_000 }];
    expect((await stack.post('/v1/claims', WORKER, reportOf(one, { invoices }))).status).toBe(201);
    const report = { invoices, eventOn: '2023-10-11' };
    const { body } = await stack.post('/v1/claims', WORKER, reportOf(other, report));
    expect(Object.keys(body)).toContain('claim');
    expect(body.code).toBe('claim-duplicate');
    await stack.post('/v1/households:import', OFFICER, { rows: [testRow(801, OTHER_VILLAGE)] });
    const household = `${OTHER_VILLAGE}-0801`;
    const there = { account: 'village-worker', region: OTHER_VILLAGE };
    const { members } = (await stack.get(`/v1/households/${household}`, there)).body;
    const foreign = await stack.post('/v1/claims', there, reportOf({ household, person: members[0].person }, report));
    expect(foreign.body.code).toBe('claim-duplicate');
    expect(Object.keys(foreign.body)).not.toContain('claim');
  });

  it.each([
    ['from the future', { eventOn: '2023-11-21' }, [422, 'date-in-future']],
    ['of a year that was typed in two digits', { eventOn: '0023-05-01' }, [400, 'invalid-body']],
    ['with an unknown field', { amount: 1 }, [400, 'invalid-body']],
    ['of an unknown line', { line: 'theft' }, [400, 'invalid-body']],
    [
      'with one invoice twice',
      { invoices: [1, 2].map((total) => ({ number: 'DB-7101', total })) },
      [400, 'invalid-body'],
    ],
    ['with more invoices than a claim holds', { invoices: invoicesOf(61) }, [400, 'invalid-body']],
  ])('%s is refused and nothing is written', async (_, changes, [status, code]) => {
    const who = families.uninsured(1);
    const answer = await stack.post('/v1/claims', WORKER, reportOf(who, changes));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await stack.get(`/v1/claims?region=${VILLAGE}&household=${who.household}`, OFFICER)).body.total).toBe(0);
  });

  it('with as many invoices as a claim holds is taken in whole', async () => {
    expect(
      (await stack.post('/v1/claims', WORKER, reportOf(families.next(), { invoices: invoicesOf(60) }))).status,
    ).toBe(201);
  });

  it('for somebody of another family is refused', async () => {
    const answer = await stack.post(
      '/v1/claims',
      WORKER,
      reportOf({ household: families.uninsured(1).household, person: families.uninsured().person }),
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'person-not-member']);
  });

  it('for somebody who had left for another household before the event is refused: their own household claims for them', async () => {
    const [who, host] = [families.next(), families.next()];
    const [, child] = who.people;
    if (child === undefined) throw new Error('The family has no child.');
    await families.change(who.household, { kind: 'move-out', on: '2023-05-01', person: child.person });
    const report = (household: string, changes?: object) =>
      stack.post('/v1/claims', WORKER, reportOf({ household, person: child.person }, changes));
    const { name, idNumber } = child;
    await families.change(host.household, {
      kind: 'move-in',
      on: '2023-05-02',
      member: { name, idNumber, relation: 'other' },
    });
    const answer = await report(who.household);
    expect([answer.status, answer.body.code]).toEqual([422, 'person-not-member']);
    expect((await report(who.household, { eventOn: '2023-04-30' })).status).toBe(201);
    expect((await report(host.household)).status).toBe(201);
  });

  it('by the family needs no login; its receipt tells where it stands to whoever knows the last four of the number', async () => {
    const who = families.next();
    const own = { name: who.people[0]?.name, phone: who.phone, line: 'education', eventOn: '2023-09-01' };
    const body = JSON.stringify({ idNumber: who.idNumber, ...own });
    const { status, body: told } = await stack.call('POST', '/v1/claim-reports', '', body);
    expect(status).toBe(201);
    await stack.settle(301);
    const right = await statusOf(told.receipt, who.idNumber.slice(-4));
    expect(right.body).toMatchObject({
      stage: 'registered',
      missing: [{ anyOf: ['enrolment-proof'] }, { anyOf: ['fee-proof'] }],
    });
    expect(JSON.stringify(right.body)).not.toContain(who.household);
    const last4 = who.idNumber.slice(-4) === '0000' ? '1111' : '0000';
    const wrong = await statusOf(told.receipt, last4);
    const unknown = await statusOf('L000000000000', last4);
    expect([wrong.status, wrong.body.code]).toEqual([unknown.status, unknown.body.code]);
    const malformed = await stack.call(
      'POST',
      '/v1/claim-reports',
      '',
      JSON.stringify({ idNumber: '123', line: 'education', eventOn: '2023-09-01' }),
    );
    expect(malformed.body).toMatchObject({ code: 'id-number-invalid', errors: [{ pointer: '/idNumber' }] });
  });

  it('by a stranger is answered like any other, holds nothing, and becomes a claim when the village has looked into it', async () => {
    const who = families.next();
    const invoices = [{ number: 'DB-7301', total: 600_000 }];
    const send = (body: object) =>
      stack.call('POST', '/v1/claim-reports', '', JSON.stringify({ line: 'illness', eventOn: '2023-10-10', ...body }));
    const status = async (receipt: string, last4: string) => {
      const { body } = await statusOf(receipt, last4);
      return { ...body, receipt: '' };
    };
    const nobody = '44090419990101001X';
    const [registered, unknown] = [await send({ idNumber: who.idNumber, invoices }), await send({ idNumber: nobody })];
    expect([registered.status, unknown.status]).toEqual([201, 201]);
    expect(Object.keys(registered.body)).toEqual(Object.keys(unknown.body));
    const ours = await status(registered.body.receipt, who.idNumber.slice(-4));
    expect(ours).toMatchObject({ stage: 'reported', missing: [] });
    expect(await status(unknown.body.receipt, nobody.slice(-4))).toEqual(ours);
    expect((await stack.get(`/v1/claims?region=${VILLAGE}&household=${who.household}`, OFFICER)).body.total).toBe(0);
    // It held neither event nor invoice: the family's own report through the village goes ahead.
    const report = await stack.post('/v1/claims', WORKER, reportOf(who, { invoices }));
    expect(report.status).toBe(201);
    const { body: list } = await stack.get(`/v1/claim-reports?region=${VILLAGE}`, WORKER);
    const listed = list.items.find(({ household }: { household: string }) => household === who.household);
    expect(listed).toMatchObject({ verified: false, idNumber: expect.stringContaining('********'), phone: null });
    const path = `/v1/claim-reports/${listed.receipt}/conclusion`;
    const conclusion = { household: who.household, person: who.person, handedOver: false };
    const elsewhere: As = { account: 'village-worker', region: OTHER_VILLAGE };
    expect((await stack.post(path, elsewhere, conclusion)).body.code).toBe('receipt-unknown');
    expect((await stack.post(path, WORKER, conclusion)).body.claim).toBe(report.body.id);
    expect((await stack.post(path, WORKER, { dismissed: '重复报案' })).body.claim).toBe(report.body.id);
    // Even now the stranger's receipt tells nothing: the village did not see it in the family's hands.
    expect(await status(registered.body.receipt, who.idNumber.slice(-4))).toEqual(ours);
  });

  it('after a flood about nobody is answered alike, whether its person is registered or not', async () => {
    const who = families.next();
    const event = { line: 'illness', eventOn: '2023-10-12' };
    // As many as a village may get in a day, from as many callers as it takes.
    const flood = await eachOf(
      Array.from({ length: 505 }, (_, n) => n),
      4,
      (n) => reportFrom(`127.0.7.${Math.floor(n / 101)}`, { ...event, idNumber: testId(n, '19660606') }),
    );
    expect(new Set(flood)).toEqual(new Set([201]));
    for (const idNumber of [who.idNumber, testId(1, '19770707')])
      expect(await reportFrom('127.0.7.9', { ...event, idNumber })).toBe(201);
  });

  it('of what the village reported before, by the family, tells where that claim stands', async () => {
    const who = families.next();
    const { body: village } = await stack.post('/v1/claims', WORKER, reportOf(who));
    await stack.settle(301);
    const own = { idNumber: who.idNumber, name: who.people[0]?.name, phone: who.phone };
    const body = JSON.stringify({ ...own, line: 'illness', eventOn: '2023-10-10' });
    const { body: told } = await stack.call('POST', '/v1/claim-reports', '', body);
    const stands = await statusOf(told.receipt, who.idNumber.slice(-4));
    expect(stands.body.stage).toBe('registered');
    expect((await claimOf(stack, who.household)).id).toBe(village.id);
  });

  it('with a further invoice of the same event adds it, until somebody has surveyed; then it says what to do', async () => {
    const who = families.next();
    const invoices = [1, 2].map((n) => ({ number: `DB-741${n}`, total: 1_000_000 }));
    const report = (...some: object[]) => stack.post('/v1/claims', WORKER, reportOf(who, { invoices: some }));
    const first = await report(invoices[0] ?? {});
    const second = await report(invoices[1] ?? {});
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect((await report(...invoices)).status).toBe(200);
    const claim = await claimOf(stack, who.household);
    expect(claim.invoices).toEqual(invoices);
    expect(claim.timeline.filter(({ kind }: { kind: string }) => kind === 'invoices-added')).toMatchObject([
      { body: { invoices: ['DB-7412'] } },
    ]);
    await stack.settle(301);
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await families.paper(claim.id, kind);
    const facts = illness(900_000, 'DB-7411');
    const registered = await claimOf(stack, who.household);
    expect((await step(stack, registered, ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts })).status).toBe(
      200,
    );
    const late = await report({ number: 'DB-7413', total: 100 });
    expect([late.status, late.body.code, late.body.claim]).toEqual([409, 'claim-under-way', claim.id]);
    expect((await report(...invoices)).status).toBe(200);
  });

  it('is a clue: an admission of its household begins', async () => {
    const who = families.next();
    await stack.post('/v1/claims', WORKER, reportOf(who));
    await stack.settle(302);
    const { body } = await stack.get(`/v1/cases?region=${VILLAGE}&household=${who.household}`, OFFICER);
    expect(body.items).toMatchObject([{ stage: 'admission' }]);
    const { body: found } = await stack.get(`/v1/cases/${body.items[0].id}`, OFFICER);
    expect(found.episodes[0].clues).toMatchObject([{ source: 'claim' }]);
  });
});

describe('papers', () => {
  it('are let in as announced, asked for once as one list, and the clock stands still meanwhile', async () => {
    const who = families.next();
    const facts = illness(1_500_000, 'DB-8001');
    await families.play([who, 1, facts, 'documents']);
    const waiting = await claimOf(stack, who.household);
    expect(waiting).toMatchObject({
      stage: 'documents-requested',
      waiting: { step: 'documents', roles: ['village-worker'] },
    });
    expect(waiting.missing.map(({ anyOf }: { anyOf: string[] }) => anyOf[0])).toEqual([
      'invoice',
      'itemised-bill',
      'medical-record',
    ]);
    expect((await step(stack, waiting, ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts })).status).toBe(409);
    await stack.settle(20 * 86_400);
    const path = `/v1/claims/${waiting.id}/documents`;
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) {
      const paper = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
      const { body: place } = await stack.post(path, WORKER, paper);
      const early = await stack.post(`${path}/${place.document}`, WORKER, paper);
      expect([early.status, early.body.code]).toEqual([409, 'document-not-uploaded']);
      const put = (bytes: string | Uint8Array<ArrayBuffer>, type = 'image/jpeg') =>
        fetch(place.url, { method: 'PUT', headers: { 'content-type': type }, body: bytes });
      expect((await put('123456')).status).toBe(403);
      expect((await put('12345', 'text/html')).status).toBe(403);
      // Its length and its name are right, and it is no photograph.
      expect((await put('12345')).status).toBe(200);
      const other = await stack.post(`${path}/${place.document}`, WORKER, paper);
      expect([other.status, other.body.code]).toEqual([422, 'document-type-differs']);
      expect((await put(FIVE_BYTES)).status).toBe(200);
      expect((await stack.post(`${path}/${place.document}`, WORKER, paper)).status).toBe(200);
      // Confirmed twice over a bad line, it is there once.
      expect((await stack.post(`${path}/${place.document}`, WORKER, paper)).status).toBe(200);
    }
    await stack.settle(301);
    const complete = await claimOf(stack, who.household);
    expect(complete).toMatchObject({ stage: 'registered', missing: [], waiting: { step: 'survey', overdue: false } });
    expect(complete.documents).toHaveLength(3);
    // Registered on Monday the 20th, three working days and the twenty days in which it stood: the days of asking are not the adjuster's.
    expect(complete.waiting.dueAt).toBe('2023-12-13T16:00:00.000Z');
    const again = await step(stack, complete, ADJUSTER, { step: 'request-documents', kinds: ['photograph'] });
    expect([again.status, again.body.code]).toEqual([409, 'documents-requested-before']);
  });

  it.each([
    ['of a kind that can run', { type: 'text/html' }],
    ['of more than ten megabytes', { bytes: 10 * 1024 * 1024 + 1 }],
    ['of an unknown kind', { kind: 'password' }],
  ])('%s get no address', async (_, changes) => {
    const { body: reported } = await stack.post('/v1/claims', WORKER, reportOf(families.next()));
    const claim = { id: reported.id };
    const paper = { kind: 'invoice', type: 'image/jpeg', bytes: 5, name: 'a.jpg', ...changes };
    expect((await stack.post(`/v1/claims/${claim.id}/documents`, WORKER, paper)).body.code).toBe('invalid-body');
  });
});

// The last one: it lets a day pass.
it('a report that the village dismissed of a stranger does not swallow the same words of the family on another day', async () => {
  const who = families.next();
  const words = JSON.stringify({ idNumber: who.idNumber, line: 'illness', eventOn: '2023-10-13' });
  const send = async () => (await stack.call('POST', '/v1/claim-reports', '', words)).body.receipt;
  const receipt = await send();
  expect(await send()).toBe(receipt);
  await stack.post(`/v1/claim-reports/${receipt}/conclusion`, WORKER, { dismissed: '查无此事' });
  await stack.settle(86_400);
  const again = await send();
  const { body } = await stack.get(`/v1/claim-reports?region=${VILLAGE}&limit=100`, WORKER);
  expect(body.items.map((one: { receipt: string }) => one.receipt)).toContain(again);
});
