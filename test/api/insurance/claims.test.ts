import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../../playing-claims.ts';
import { OTHER_VILLAGE, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };
const SECOND_APPROVER: As = { account: 'insurer-approver', person: 2 };

let stack: TestStack;
let policy = '';
let families: Claimant[] = [];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
  await stack.prepare();
  families = await registerFamilies(stack, 33);
  const [late, ...others] = families.slice(0, 31);
  if (late === undefined) throw new Error('There is no family.');
  policy = await insureWith(stack, [...rosterOf(others), ...rosterOf([late], '2023-06-01')]);
});
afterAll(() => stack.stop());

/** Each test has a family of its own, so that none meets what another has done. */
const unused = Array.from({ length: 30 }, (_, n) => n + 1);
function family(n = unused.shift() ?? 0): Claimant & { person: string; idNumber: string } {
  const found = families[n];
  const [parent] = found?.people ?? [];
  if (found === undefined || parent === undefined) throw new Error(`There is no family ${n}.`);
  return { ...found, person: parent.person, idNumber: parent.idNumber };
}

function reportOf({ household, person }: { household: string; person: string }, changes: object = {}): object {
  return { household, person, line: 'illness', eventOn: '2023-10-10', invoices: [], ...changes };
}

function invoicesOf(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({ number: `DB-72${String(n).padStart(2, '0')}`, total: 100 }));
}

async function played(...claims: Parameters<typeof claimFor>[]): Promise<void> {
  await playClaims(
    stageOf(stack),
    policy,
    claims.map((claim) => claimFor(...claim)),
  );
}

describe('a report', () => {
  it.each([
    ['outside the period', 1, { eventOn: '2022-12-31' }, 'outside-period'],
    ['before enrolment', 0, { eventOn: '2023-05-31' }, 'not-insured'],
    ['in the waiting period', 0, { eventOn: '2023-06-30' }, 'waiting-period'],
    ['of somebody uninsured', 31, {}, 'not-insured'],
  ])(
    '%s is proposed for refusal, which an approver confirms and the village brings to the family',
    async (_, n, changes, code) => {
      const who = family(n);
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
      const told = await stack.call('GET', `/v1/claim-reports/${body.receipt}?last4=${who.idNumber.slice(-4)}`, '');
      expect(told.body).toMatchObject({ stage: 'rejected', message: expect.stringContaining('经核对，不予赔付') });
      await step(stack, after, WORKER, { step: 'notify-refusal', on: '2023-11-20' });
      expect((await claimOf(stack, who.household)).waiting).toBeNull();
      await step(stack, claim, APPROVER, { step: 'reject', code, reason: '经核对，不予赔付' }).then(({ body: again }) =>
        expect(again.code).toBe('claim-turn-over'),
      );
    },
  );

  it('of somebody who had died before the event is proposed for refusal', async () => {
    const who = family();
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
    const who = family();
    const answers = await Promise.all([WORKER, TOWN].map((as) => stack.post('/v1/claims', as, reportOf(who))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const first = answers.findIndex(({ status }) => status === 201);
    expect(answers[1 - first]?.body).toMatchObject({ code: 'claim-duplicate', claim: answers[first]?.body.id });
    const again = await stack.post('/v1/claims', first === 0 ? WORKER : TOWN, reportOf(who));
    expect([again.status, again.body]).toEqual([200, expect.objectContaining({ id: answers[first]?.body.id })]);
  });

  it('of one event by two villages at once is one claim, though the household has moved between them', async () => {
    const who = family();
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

  it('with an invoice of another claim is refused: an invoice counts once', async () => {
    const [one, other] = [family(), family()];
    const invoices = [{ number: 'DB-7001', total: 900_000 }];
    expect((await stack.post('/v1/claims', WORKER, reportOf(one, { invoices }))).status).toBe(201);
    const { body } = await stack.post('/v1/claims', WORKER, reportOf(other, { invoices, eventOn: '2023-10-11' }));
    expect(body.code).toBe('claim-duplicate');
  });

  it.each([
    ['from the future', { eventOn: '2023-11-21' }, [422, 'date-in-future']],
    ['with an unknown field', { amount: 1 }, [400, 'invalid-body']],
    ['of an unknown line', { line: 'theft' }, [400, 'invalid-body']],
    [
      'with one invoice twice',
      { invoices: [1, 2].map((total) => ({ number: 'DB-7101', total })) },
      [400, 'invalid-body'],
    ],
    ['with more invoices than a claim holds', { invoices: invoicesOf(61) }, [400, 'invalid-body']],
  ])('%s is refused and nothing is written', async (_, changes, [status, code]) => {
    const who = family(32);
    const answer = await stack.post('/v1/claims', WORKER, reportOf(who, changes));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await stack.get(`/v1/claims?region=${VILLAGE}&household=${who.household}`, OFFICER)).body.total).toBe(0);
  });

  it('with as many invoices as a claim holds is taken in whole', async () => {
    expect((await stack.post('/v1/claims', WORKER, reportOf(family(), { invoices: invoicesOf(60) }))).status).toBe(201);
  });

  it('for somebody of another family is refused', async () => {
    const answer = await stack.post(
      '/v1/claims',
      WORKER,
      reportOf({ household: family(32).household, person: family(31).person }),
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'person-not-member']);
  });

  it('by the family needs no login; its receipt tells where it stands to whoever knows the last four of the number', async () => {
    const who = family();
    const own = { name: who.people[0]?.name, phone: who.phone, line: 'education', eventOn: '2023-09-01' };
    const body = JSON.stringify({ idNumber: who.idNumber, ...own });
    const { status, body: told } = await stack.call('POST', '/v1/claim-reports', '', body);
    expect(status).toBe(201);
    await stack.settle(301);
    const right = await stack.call('GET', `/v1/claim-reports/${told.receipt}?last4=${who.idNumber.slice(-4)}`, '');
    expect(right.body).toMatchObject({
      stage: 'registered',
      missing: [{ anyOf: ['enrolment-proof'] }, { anyOf: ['fee-proof'] }],
    });
    expect(JSON.stringify(right.body)).not.toContain(who.household);
    const last4 = who.idNumber.slice(-4) === '0000' ? '1111' : '0000';
    const wrong = await stack.call('GET', `/v1/claim-reports/${told.receipt}?last4=${last4}`, '');
    const unknown = await stack.call('GET', `/v1/claim-reports/L000000000000?last4=${last4}`, '');
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
    const who = family();
    const invoices = [{ number: 'DB-7301', total: 600_000 }];
    const send = (body: object) =>
      stack.call('POST', '/v1/claim-reports', '', JSON.stringify({ line: 'illness', eventOn: '2023-10-10', ...body }));
    const status = async (receipt: string, last4: string) => {
      const { body } = await stack.call('GET', `/v1/claim-reports/${receipt}?last4=${last4}`, '');
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

  it('of what the village reported before, by the family, tells where that claim stands', async () => {
    const who = family();
    const { body: village } = await stack.post('/v1/claims', WORKER, reportOf(who));
    await stack.settle(301);
    const own = { idNumber: who.idNumber, name: who.people[0]?.name, phone: who.phone };
    const body = JSON.stringify({ ...own, line: 'illness', eventOn: '2023-10-10' });
    const { body: told } = await stack.call('POST', '/v1/claim-reports', '', body);
    const stands = await stack.call('GET', `/v1/claim-reports/${told.receipt}?last4=${who.idNumber.slice(-4)}`, '');
    expect(stands.body.stage).toBe('registered');
    expect((await claimOf(stack, who.household)).id).toBe(village.id);
  });

  it('with a further invoice of the same event adds it, until somebody has surveyed; then it says what to do', async () => {
    const who = family();
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
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await paper(claim.id, kind);
    const facts = illness(900_000, 'DB-7411');
    const registered = await claimOf(stack, who.household);
    expect((await step(stack, registered, ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts })).status).toBe(
      200,
    );
    const late = await report({ number: 'DB-7413', total: 100 });
    expect([late.status, late.body.code, late.body.claim]).toEqual([409, 'claim-under-way', claim.id]);
    expect((await report(...invoices)).status).toBe(200);
  });

  it('by a hospital has an outcome for each row, and sent again is known', async () => {
    const [one, other] = [family(), family()];
    const row = ({ idNumber }: { idNumber: string }, number: string) => ({
      idNumber,
      line: 'illness',
      eventOn: '2023-10-20',
      invoices: [{ number, total: 700_000 }],
    });
    const rows = [
      row(one, 'H-0001'),
      { ...row(other, 'H-0002'), line: 'education' },
      row({ idNumber: '44090419990101001X' }, 'H-0003'),
      row(other, 'H-0004'),
    ];
    const feed = () => stack.post('/v1/claim-reports/hospital', OFFICER, { hospital: '区人民医院', rows });
    const { body } = await feed();
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'reported',
      'refused',
      'refused',
      'reported',
    ]);
    expect(body.items[1].problem.errors[0].pointer).toBe('/rows/1/line');
    // Another officer pushes the same hospital's next bills: what is new is added, what is known is known.
    const again = [...rows];
    again[3] = { ...row(other, 'H-0005') };
    const next = { hospital: '区人民医院', rows: again };
    const added = await stack.post('/v1/claim-reports/hospital', { ...OFFICER, person: 2 }, next);
    expect(added.body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'refused',
      'refused',
      'added',
    ]);
    expect((await claimOf(stack, other.household)).claimed).toBe(1_400_000);
    expect((await feed()).body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'refused',
      'refused',
      'known',
    ]);
  });

  it('is a clue: an admission of its household begins', async () => {
    const who = family();
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
    const who = family();
    const facts = illness(1_500_000, 'DB-8001');
    await played([who, 1, facts, 'documents']);
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
      const put = (bytes: string, type = 'image/jpeg') =>
        fetch(place.url, { method: 'PUT', headers: { 'content-type': type }, body: bytes });
      expect((await put('123456')).status).toBe(403);
      expect((await put('12345', 'text/html')).status).toBe(403);
      expect((await put('12345')).status).toBe(200);
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
    const claim = await claimOf(stack, family(1).household);
    const paper = { kind: 'invoice', type: 'image/jpeg', bytes: 5, name: 'a.jpg', ...changes };
    expect((await stack.post(`/v1/claims/${claim.id}/documents`, WORKER, paper)).body.code).toBe('invalid-body');
  });
});

describe('a survey', () => {
  it('counts nothing beyond the family’s invoices, of the reported line, in its time, by an adjuster', async () => {
    const who = family();
    const facts = illness(1_500_000, 'DB-8101');
    await played([who, 1, facts, 'approval']);
    const done = await claimOf(stack, who.household);
    // Sent back, it is surveyed again, with other facts.
    expect((await step(stack, done, APPROVER, { step: 'send-back', reason: '请核对发票金额' })).status).toBe(200);
    await stack.settle();
    const claim = await claimOf(stack, who.household);
    const survey = (as: As, changes: object) =>
      step(stack, claim, as, { step: 'survey', visitedOn: '2023-11-20', facts, ...changes });
    const above = { line: 'illness', bills: [{ invoice: 'DB-8101', total: 1_600_001, reimbursed: 0, excluded: 0 }] };
    const code = async (answer: ReturnType<typeof survey>) => (await answer).body.code;
    expect(await code(survey(ADJUSTER, { facts: above }))).toBe('amount-above-invoices');
    expect(await code(survey(ADJUSTER, { facts: illness(1, 'DB-8199') }))).toBe('amount-above-invoices');
    expect(await code(survey(ADJUSTER, { facts: { line: 'accidental-death' } }))).toBe('facts-other-line');
    expect(await code(survey(ADJUSTER, { visitedOn: '2024-01-01' }))).toBe('date-in-future');
    expect(await code(survey(ADJUSTER, { visitedOn: '2023-10-09' }))).toBe('date-before-event');
    expect(await code(survey(APPROVER, {}))).toBe('claim-not-yours');
    const overpaid = { line: 'illness', bills: [{ invoice: 'DB-8101', total: 100, reimbursed: 60, excluded: 41 }] };
    expect(await code(survey(ADJUSTER, { facts: overpaid }))).toBe('invalid-body');
    expect((await survey(ADJUSTER, {})).status).toBe(200);
  });
});

describe('an approval', () => {
  it('above the second approver’s amount needs two people; two at the same instant are two, the same one twice is refused', async () => {
    const who = family();
    await played([who, 1, illness(3_500_000, 'DB-8201'), 'approval']);
    const claim = await claimOf(stack, who.household);
    const { amount } = claim.adjudication;
    expect(amount).toBeGreaterThan(1_000_000);
    const approve = (as: As, turn = claim.turn) => step(stack, { ...claim, turn }, as, { step: 'approve', amount });
    const answers = await Promise.all([approve(APPROVER), approve(SECOND_APPROVER)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const first = answers[0]?.status === 200 ? APPROVER : SECOND_APPROVER;
    const half = await claimOf(stack, who.household);
    expect(half).toMatchObject({ stage: 'adjudicated', waiting: { step: 'second-approval' }, approved: null });
    expect((await approve(first, half.turn)).body.code).toBe('claim-own-work');
    expect((await approve(ADJUSTER, half.turn)).body.code).toBe('claim-not-yours');
    const { body: before } = await stack.get('/v1/policies', OFFICER);
    expect((await approve(first === APPROVER ? SECOND_APPROVER : APPROVER, half.turn)).body).toMatchObject({
      stage: 'approved',
    });
    const { body: after } = await stack.get('/v1/policies', OFFICER);
    expect(after.items[0].reserved - before.items[0].reserved).toBe(amount);
  });

  it('is of the amount shown, by nobody who reported or surveyed, and once', async () => {
    const who = family();
    await played([who, 1, illness(900_000, 'DB-8301'), 'approval']);
    const claim = await claimOf(stack, who.household);
    const { amount } = claim.adjudication;
    const approve = (as: As, sum: number) => step(stack, claim, as, { step: 'approve', amount: sum });
    expect((await approve(APPROVER, amount - 1)).body.code).toBe('amount-differs');
    const answers = await Promise.all([
      approve(APPROVER, amount),
      approve(SECOND_APPROVER, amount),
      approve(APPROVER, amount),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await claimOf(stack, who.household)).approvals).toHaveLength(1);
  });

  it('is computed again in its own transaction: what another claim has taken meanwhile sends it back to be adjudicated', async () => {
    const who = family();
    await played(
      [who, 1, illness(900_000, 'DB-8401'), 'approval'],
      [who, 2, illness(900_000, 'DB-8402'), 'approval', { eventOn: '2023-10-12' }],
    );
    const { body } = await stack.get(`/v1/claims?region=${VILLAGE}&household=${who.household}`, OFFICER);
    const both = await Promise.all(
      body.items.map(async ({ id }: { id: string }) => (await stack.get(`/v1/claims/${id}`, OFFICER)).body),
    );
    // Each was adjudicated as if the deductible were its own.
    expect(both.map(({ adjudication }) => adjudication.amount)).toEqual([200_000, 200_000]);
    const answers = await Promise.all(
      both.map((claim) => step(stack, claim, APPROVER, { step: 'approve', amount: 200_000 })),
    );
    expect(answers.map(({ body: { changed, stage } }) => [changed, stage]).sort()).toEqual([
      [false, 'approved'],
      [true, 'surveyed'],
    ]);
    await stack.settle(301);
    const again = (await stack.get(`/v1/claims/${answers.find(({ body: one }) => one.changed)?.body.id}`, OFFICER))
      .body;
    // 18,000 yuan together: 13,000 above the deductible, 5,000 at 50 % and the rest at 60 % … less what was approved.
    expect(again).toMatchObject({
      stage: 'adjudicated',
      adjudication: { outcome: 'payable', amount: 500_000 + 180_000 - 200_000 },
    });
  });

  it('of two claims at once never goes beyond the limit; the one that does not fit is refused', async () => {
    const [one, other] = [family(), family()];
    await insureWith(stack, rosterOf([one, other], '2022-01-01'), {
      product: { name: '上年条款', effectiveFrom: '2022-01-01' },
      policy: { number: 'DB-FFP-2022', year: 2022, from: '2022-01-01', to: '2022-12-31', limit: 300_000 },
    });
    const eventOn = '2022-06-10';
    await played(
      [one, 1, illness(900_000, 'DB-8501'), 'approval', { eventOn }],
      [other, 2, illness(900_000, 'DB-8502'), 'approval', { eventOn }],
    );
    const both = await Promise.all([one, other].map(({ household }) => claimOf(stack, household)));
    const answers = await Promise.all(
      both.map((claim) => step(stack, claim, APPROVER, { step: 'approve', amount: 200_000 })),
    );
    expect(answers.map(({ body }) => body.stage).sort()).toEqual(['approved', 'surveyed']);
    await stack.settle(301);
    const left = await claimOf(
      stack,
      both[answers.findIndex(({ body }) => body.stage === 'surveyed')]?.household ?? '',
    );
    expect(left).toMatchObject({
      stage: 'adjudicated',
      refusal: { code: 'limit-exhausted' },
      adjudication: { outcome: 'limit-exhausted', amount: 0 },
    });
    const { body } = await stack.get('/v1/policies', OFFICER);
    expect(body.items.find(({ year }: { year: number }) => year === 2022)).toMatchObject({
      reserved: 200_000,
      paid: 0,
      left: 100_000,
    });
  });
});

describe('an end', () => {
  it('by withdrawal releases what was reserved, and the event can be reported again', async () => {
    const who = family();
    await played([who, 1, illness(900_000, 'DB-8601'), 'payment']);
    const claim = await claimOf(stack, who.household);
    const reserved = async () =>
      (await stack.get('/v1/policies', OFFICER)).body.items.find(({ year }: { year: number }) => year === 2023)
        .reserved;
    const before = await reserved();
    expect((await step(stack, claim, ADJUSTER, { step: 'withdraw', reason: '家属要求撤回' })).body.code).toBe(
      'claim-not-yours',
    );
    expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).body.stage).toBe(
      'withdrawn',
    );
    expect(before - (await reserved())).toBe(200_000);
    const { status } = await stack.post(
      '/v1/claims',
      WORKER,
      reportOf(who, { invoices: [{ number: 'DB-8601', total: 1_000_000 }] }),
    );
    expect(status).toBe(201);
  });

  it('by refusal below the deductible still counts its cost; an appeal is a claim of its own, linked both ways', async () => {
    const who = family();
    await played([who, 1, illness(400_000, 'DB-8701'), 'survey']);
    const claim = await claimOf(stack, who.household);
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await paper(claim.id, kind);
    await step(stack, claim, ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts: illness(400_000, 'DB-8701') });
    await stack.settle(301);
    const adjudicated = await claimOf(stack, who.household);
    expect(adjudicated).toMatchObject({
      refusal: { code: 'below-deductible' },
      adjudication: { amount: 0, accepted: 400_000 },
    });
    expect(
      (await step(stack, adjudicated, APPROVER, { step: 'reject', code: 'below-deductible', reason: '未超过免赔额' }))
        .status,
    ).toBe(200);
    const appealed = await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '漏计一张发票' });
    expect([appealed.status, appealed.body.appealOf]).toEqual([201, claim.id]);
    expect((await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '漏计一张发票' })).body.id).toBe(
      appealed.body.id,
    );
    await stack.settle(301);
    const { body: old } = await stack.get(`/v1/claims/${claim.id}`, OFFICER);
    const { body: fresh } = await stack.get(`/v1/claims/${appealed.body.id}`, OFFICER);
    expect([old.stage, old.appealedBy, fresh.stage, fresh.appealOf]).toEqual([
      'appealed',
      fresh.id,
      'registered',
      old.id,
    ]);
    expect((await stack.post(`/v1/claims/${fresh.id}/appeal`, WORKER, { reason: '再次复议' })).body.code).toBe(
      'claim-stage',
    );
  });
});

async function paper(claim: string, kind: string): Promise<void> {
  const announced = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
  const { body: place } = await stack.post(`/v1/claims/${claim}/documents`, WORKER, announced);
  await fetch(place.url, { method: 'PUT', headers: place.headers, body: '12345' });
  await stack.post(`/v1/claims/${claim}/documents/${place.document}`, WORKER, announced);
}

describe('who sees a claim', () => {
  it('is who sees its region: lists, counts and the claim itself', async () => {
    const claim = await claimOf(stack, family(1).household);
    const other: As = { account: 'village-worker', region: OTHER_VILLAGE };
    const [foreign, unknown] = await Promise.all([
      stack.get(`/v1/claims/${claim.id}`, other),
      stack.get('/v1/claims/claim-0123456789abcdef', other),
    ]);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'claim-unknown']);
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect((await stack.get(`/v1/claims?region=${VILLAGE}`, other)).status).toBe(403);
    expect(
      (await stack.get(`/v1/claims?region=${OTHER_VILLAGE}`, other)).body.items.every(
        ({ household }: { household: string }) => household.startsWith(OTHER_VILLAGE),
      ),
    ).toBe(true);
    expect((await stack.get(`/v1/reports/claims?region=${VILLAGE}`, other)).status).toBe(403);
    // The district's limit, and what has become of it, is the district's own.
    const { body: terms } = await stack.get('/v1/policies', WORKER);
    for (const one of terms.items) expect(one).toMatchObject({ limit: null, reserved: null, paid: null, left: null });
    expect((await stack.get('/v1/reports/claims?region=440904', OFFICER)).body.limit.length).toBeGreaterThan(0);
    const { body } = await stack.get(`/v1/reports/claims?region=${VILLAGE}`, WORKER);
    expect(body.limit).toEqual([]);
    expect(body.open).toBeGreaterThan(5);
    expect(body.byStep.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBeLessThanOrEqual(
      body.open,
    );
  });

  it('finds what waits in the insurer’s inbox; a claim is not decided like a review', async () => {
    const { body } = await stack.get('/v1/decisions?region=440904&procedure=settlement', APPROVER);
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items.every(({ roles }: { roles: string[] }) => roles.includes('insurer-approver'))).toBe(true);
    const { body: villages } = await stack.get(`/v1/decisions?region=${VILLAGE}&procedure=settlement`, WORKER);
    const answer = await stack.post(`/v1/decisions/${villages.items[0]?.id ?? body.items[0].id}`, WORKER, {
      verdict: { verdict: 'approve' },
    });
    expect(answer.body.code).toBe('claim-step-elsewhere');
  });
});
