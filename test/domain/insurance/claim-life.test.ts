import { describe, expect, it } from 'vitest';
import { claimStage } from '../../../functions/contracts/insurance/claim.ts';
import { type ClaimAction, moveClaim } from '../../../functions/domain/insurance/claim.ts';
import { isLegal } from '../../../functions/domain/insurance/claim-change.ts';
import { approversNeeded, isPayeeApproved, legalFrom } from '../../../functions/domain/insurance/claim-stages.ts';
import {
  ADJUDICATION,
  AT,
  adjudicated,
  adjuster,
  approved,
  approver,
  by,
  closed,
  complete,
  DAY,
  DUE,
  FACTS,
  HOLDS,
  INVOICES,
  instructed,
  move,
  NOW,
  ORDER,
  officer,
  PAPERS,
  PRODUCT,
  paper,
  payee,
  registered,
  reported,
  STANDING,
  SURVEY,
  secondApprover,
  settled,
  step,
  stepped,
  surveyed,
  withPayee,
} from './claim-life.ts';

describe('each move', () => {
  it('is legal from these stages and no other', () => {
    const stages = (move: keyof typeof legalFrom) =>
      claimStage.options.filter((stage) => isLegal({ ...reported, stage }, move)).join(' ');
    expect(
      Object.fromEntries(Object.keys(legalFrom).map((move) => [move, stages(move as keyof typeof legalFrom)])),
    ).toEqual({
      'cover-checked': 'reported',
      'add-invoices': 'reported registered documents-requested',
      'request-documents': 'registered',
      'document-received': 'reported registered documents-requested surveyed adjudicated',
      survey: 'registered',
      'propose-refusal': 'registered documents-requested',
      adjudicated: 'surveyed',
      approve: 'adjudicated approved',
      'send-back': 'adjudicated',
      reject: 'adjudicated',
      readjudicate: 'adjudicated',
      payee: 'reported registered documents-requested surveyed adjudicated approved payment-returned',
      instruct: 'approved',
      settled: 'payment-instructed',
      returned: 'payment-instructed paid closed',
      'notify-refusal': 'rejected',
      withdraw: 'reported registered documents-requested surveyed adjudicated approved payment-returned',
      appeal: 'rejected',
      close: 'paid',
      escalate: 'registered documents-requested adjudicated approved payment-instructed payment-returned rejected',
    });
  });

  it('elsewhere, of a turn that is over, or by somebody whose turn it is not, is refused', () => {
    expect(moveClaim(reported, { move: 'close' }, NOW)).toEqual({ refusal: 'claim-stage' });
    expect(step(reported, SURVEY, adjuster)).toEqual({ refusal: 'claim-stage' });
    expect(step(complete, { ...SURVEY, turn: complete.turn - 1 }, adjuster)).toEqual({ refusal: 'claim-turn-over' });
    expect(step(complete, SURVEY, approver)).toEqual({ refusal: 'claim-not-yours' });
    // When the adjuster's time has run out, the approver may go.
    expect(step({ ...complete, escalated: true }, SURVEY, approver)).toMatchObject({ after: { stage: 'surveyed' } });
    expect(step(withPayee, { step: 'approve', amount: DUE }, adjuster)).toEqual({ refusal: 'claim-not-yours' });
    expect(step(registered, { step: 'withdraw', reason: '自愿撤回' }, adjuster)).toEqual({
      refusal: 'claim-not-yours',
    });
  });
});

describe('from the report to the money', () => {
  it('the cover is checked: the claim is registered, or a refusal waits for a person', () => {
    expect(move(reported, { move: 'cover-checked', checks: [HOLDS], code: null })).toEqual({
      after: {
        ...reported,
        stage: 'registered',
        turn: 2,
        enteredAt: AT,
        escalated: false,
        cover: [HOLDS],
        registeredAt: AT,
      },
      events: [{ kind: 'cover-checked', body: { code: null, failed: [] } }],
    });
    const failed = { ...HOLDS, check: 'period' as const, holds: false };
    const refused = move(reported, { move: 'cover-checked', checks: [HOLDS, failed], code: 'outside-period' });
    expect(refused.after).toMatchObject({
      stage: 'adjudicated',
      registeredAt: AT,
      cover: [HOLDS, failed],
      refusal: { code: 'outside-period', reason: '', by: 'rules' },
    });
    expect(refused.events).toEqual([{ kind: 'cover-checked', body: { code: 'outside-period', failed: ['period'] } }]);
  });

  it('invoices may be added before the survey, by name of who brings them', () => {
    const more = [{ number: 'INV-3', total: 5 }];
    const added = move(registered, { move: 'add-invoices', invoices: more, by: 'hospital-1' });
    expect(added).toEqual({
      after: {
        ...registered,
        invoices: [...INVOICES, ...more],
        invoicesBy: ['hospital-1'],
        claimed: 6_000_005,
      },
      events: [{ kind: 'invoices-added', body: { invoices: ['INV-3'], by: 'hospital-1' } }],
    });
    const again = move(added.after, {
      move: 'add-invoices',
      invoices: [{ number: 'I-4', total: 1 }],
      by: 'hospital-1',
    });
    expect(again.after.invoicesBy).toEqual(['hospital-1']);
    const unknown = { ...registered, claimed: null };
    expect(move(unknown, { move: 'add-invoices', invoices: more, by: 'h' }).after.claimed).toBeNull();
  });

  it('papers are asked for once, as one list; the clock stands still until the last one has come', () => {
    const asked = stepped(registered, { step: 'request-documents', kinds: ['photograph'], note: '补拍' }, adjuster);
    expect(asked.after).toMatchObject({
      stage: 'documents-requested',
      requested: { at: AT, by: 'adjuster-1', kinds: ['photograph'], note: '补拍' },
      pauses: [{ from: AT, to: null }],
    });
    expect(asked.events[0]).toMatchObject({
      kind: 'documents-requested',
      body: { by: 'adjuster-1', missing: expect.arrayContaining([{ anyOf: ['photograph'], count: 1 }]) },
    });
    expect(stepped(registered, { step: 'request-documents', kinds: [] }, adjuster).after.requested?.note).toBeNull();
    let claim = asked.after;
    const later = NOW + DAY;
    for (const document of PAPERS) {
      const one = move(claim, { move: 'document-received', document }, later);
      expect(one.events).toEqual([
        { kind: 'document-received', body: { document: document.id, kind: document.kind, by: 'worker-1' } },
      ]);
      expect(one.after.stage).toBe('documents-requested');
      claim = one.after;
    }
    expect(move(claim, { move: 'document-received', document: PAPERS[0] ?? paper(1, 'invoice') })).toEqual({
      after: claim,
      events: [],
    });
    const last = move(claim, { move: 'document-received', document: paper(4, 'photograph') }, later);
    expect(last.after).toMatchObject({
      stage: 'registered',
      turn: claim.turn + 1,
      pauses: [{ from: AT, to: new Date(later).toISOString() }],
    });
    expect(last.events[1]).toEqual({ kind: 'documents-complete', body: {} });
    expect(step(last.after, { step: 'request-documents', kinds: ['other'] }, adjuster)).toEqual({
      refusal: 'documents-requested-before',
    });
    const full = { ...registered, documents: Array.from({ length: 60 }, (_, n) => paper(n + 10, 'other')) };
    expect(moveClaim(full, { move: 'document-received', document: paper(99, 'other') }, NOW)).toEqual({
      refusal: 'documents-full',
    });
  });

  it('a survey is of this line, on a day between the event and today, and of no more than was presented', () => {
    expect(surveyed).toMatchObject({
      stage: 'surveyed',
      turn: complete.turn + 1,
      refusal: null,
      survey: { by: 'adjuster-1', at: AT, visitedOn: '2023-11-20', facts: FACTS, report: null, note: null },
    });
    expect(stepped(complete, { ...SURVEY, report: 'r-1', note: '已查看' }, adjuster).after.survey).toMatchObject({
      report: 'r-1',
      note: '已查看',
    });
    expect(stepped(complete, SURVEY, adjuster).events).toEqual([
      { kind: 'surveyed', body: { by: 'adjuster-1', visitedOn: '2023-11-20', facts: FACTS } },
    ]);
    const refused = (changes: object) => step(complete, { ...SURVEY, ...changes }, adjuster).refusal;
    expect(refused({ facts: { ...FACTS, line: 'accident-medical' } })).toBe('facts-other-line');
    expect(refused({ visitedOn: '2023-11-21' })).toBe('date-in-future');
    expect(refused({ visitedOn: '2023-10-09' })).toBe('date-before-event');
    expect(refused({ visitedOn: complete.eventOn })).toBeUndefined();
    const bill = (changes: object) => ({ facts: { ...FACTS, bills: [{ ...FACTS.bills[0], ...changes }] } });
    expect(refused(bill({ total: 4_000_001 }))).toBe('amount-above-invoices');
    expect(refused(bill({ invoice: 'INV-9', total: 0 }))).toBe('amount-above-invoices');
  });

  it('what the rules find waits for an approver; what they refuse too', () => {
    expect(move(surveyed, { move: 'adjudicated', adjudication: ADJUDICATION })).toMatchObject({
      after: { stage: 'adjudicated', adjudication: ADJUDICATION, refusal: null, approvals: [] },
      events: [{ kind: 'adjudicated', body: { outcome: 'payable', amount: DUE } }],
    });
    const below = { ...ADJUDICATION, outcome: 'below-deductible' as const, amount: 0 };
    expect(move(surveyed, { move: 'adjudicated', adjudication: below }).after.refusal).toEqual({
      code: 'below-deductible',
      reason: '',
      by: 'rules',
    });
    const back = stepped(
      { ...adjudicated, approvals: [{ by: 'a', at: AT }] },
      { step: 'send-back', reason: '发票重复' },
      secondApprover,
    );
    expect(back.after).toMatchObject({
      stage: 'registered',
      survey: null,
      adjudication: null,
      refusal: null,
      approvals: [],
    });
    expect(back.events).toEqual([{ kind: 'sent-back', body: { by: 'approver-2', reason: '发票重复' } }]);
  });

  it('one approver does up to the threshold and a second person above; the amount must be the one that was computed', () => {
    expect(approversNeeded(1_000_000, PRODUCT)).toBe(1);
    expect(approversNeeded(1_000_001, PRODUCT)).toBe(2);
    expect(approved).toMatchObject({
      stage: 'approved',
      approvals: [{ by: 'approver-1', at: AT }],
      approved: { amount: DUE, at: AT },
      counted: 2_000_000,
      adjudication: { outcome: 'payable', amount: DUE, accepted: 2_000_000 },
    });
    expect(stepped(withPayee, { step: 'approve', amount: DUE }, approver).events).toEqual([
      { kind: 'claim-approved', body: { by: ['approver-1'], amount: DUE } },
    ]);
    expect(step(withPayee, { step: 'approve', amount: DUE - 1 }, approver)).toEqual({ refusal: 'amount-differs' });
    const own = by('adjuster-1', 'insurer-approver');
    expect(step(withPayee, { step: 'approve', amount: DUE }, own)).toEqual({ refusal: 'claim-own-work' });
    for (const lacks of [
      { adjudication: null },
      { survey: null },
      { refusal: { code: 'duplicate' as const, reason: '', by: 'rules' } },
    ])
      expect(step({ ...withPayee, ...lacks }, { step: 'approve', amount: DUE }, approver)).toEqual({
        refusal: 'refusal-proposed',
      });
    const strict = { ...approver, product: { ...PRODUCT, secondApproverAbove: DUE - 1 } };
    const first = stepped(withPayee, { step: 'approve', amount: DUE }, strict);
    expect(first.after).toMatchObject({ stage: 'adjudicated', approved: null, counted: 0 });
    expect(first.events).toEqual([{ kind: 'first-approved', body: { by: 'approver-1', amount: DUE } }]);
    expect(step(first.after, { step: 'approve', amount: DUE }, strict)).toEqual({ refusal: 'claim-own-work' });
    const second = stepped(first.after, { step: 'approve', amount: DUE }, { ...officer, product: strict.product });
    expect(second.after.approvals.map((one) => one.by)).toEqual(['approver-1', 'district-1']);
    expect(second.after.approved).toEqual({ amount: DUE, at: AT });
  });

  it('an approval computes again: another claim decided meanwhile sends it back to be adjudicated', () => {
    const fuller = { ...STANDING, household: 9_500_000 };
    const again = step(withPayee, { step: 'approve', amount: DUE }, { ...approver, standing: fuller });
    expect(again).toMatchObject({
      changed: true,
      after: { stage: 'surveyed', approvals: [], refusal: null },
      events: [{ kind: 'sent-to-adjudication', body: { by: 'approver-1', was: DUE } }],
    });
    const nothing = { ...withPayee, adjudication: { ...ADJUDICATION, amount: 0 } };
    const exhausted = { ...approver, standing: { ...STANDING, limitLeft: 0 } };
    expect(step(nothing, { step: 'approve', amount: 0 }, exhausted)).toMatchObject({ changed: true });
  });

  it('a payment is instructed for an approved payee only, by nobody who prepared or approved, and settled once', () => {
    expect(instructed).toMatchObject({
      stage: 'payment-instructed',
      payouts: ['E2E-1'],
      instructedBy: ['approver-2'],
    });
    expect(move(approved, ORDER).events).toEqual([
      { kind: 'payment-instructed', body: { endToEndId: 'E2E-1', batch: 'B-1', by: 'approver-2' } },
    ]);
    expect(moveClaim({ ...approved, payee: null }, ORDER, NOW)).toEqual({ refusal: 'account-missing' });
    expect(moveClaim({ ...approved, approvals: [] }, ORDER, NOW)).toEqual({ refusal: 'payee-unapproved' });
    expect(moveClaim(approved, { ...ORDER, by: 'approver-1' }, NOW)).toEqual({ refusal: 'claim-own-work' });
    expect(settled).toMatchObject({ stage: 'paid', paid: { amount: DUE, on: '2023-11-21' } });
    expect(move(instructed, { move: 'settled', endToEndId: 'E2E-1', amount: DUE, on: '2023-11-21' }).events).toEqual([
      { kind: 'payment-settled', body: { endToEndId: 'E2E-1', amount: DUE, on: '2023-11-21' } },
    ]);
    expect(closed.stage).toBe('closed');
    expect(move(settled, { move: 'close' }).events).toEqual([{ kind: 'claim-closed', body: { paid: DUE } }]);
  });

  it('a payment that comes back waits for the account; after the end another execution carries it', () => {
    const back: ClaimAction = { move: 'returned', endToEndId: 'E2E-1', reason: 'AC04', on: '2023-11-22' };
    const early = move(instructed, back);
    expect(early.after).toMatchObject({ stage: 'payment-returned', paid: null, run: 1 });
    expect(early.events).toEqual([
      {
        kind: 'payment-returned',
        body: { endToEndId: 'E2E-1', reason: 'AC04', on: '2023-11-22', afterSettlement: false },
      },
    ]);
    const late = move(closed, back);
    expect(late.after).toMatchObject({ stage: 'payment-returned', paid: null, run: 2 });
    expect(late.events[0]?.body).toMatchObject({ afterSettlement: true });
    // Whoever gave the amount's approval keeps it; the changed payee is approved anew.
    const corrected = move(early.after, { move: 'payee', payee: payee('worker-2') });
    expect(corrected.after).toMatchObject({
      stage: 'approved',
      turn: early.after.turn + 1,
      approvals: [],
      voidedApprovalsBy: ['approver-1'],
      payeeBy: ['worker-1', 'worker-2'],
      payee: { recordedBy: 'worker-2' },
    });
    expect(corrected.events).toEqual([
      { kind: 'payee-recorded', body: { person: 'p-0123456789abcdef', by: 'worker-2', approvalsVoid: true } },
    ]);
    expect(isPayeeApproved(corrected.after, PRODUCT)).toBe(false);
    const anew = stepped(corrected.after, { step: 'approve', amount: DUE }, approver);
    expect(anew.events).toEqual([{ kind: 'payee-approved', body: { person: 'p-0123456789abcdef', by: 'approver-1' } }]);
    expect(isPayeeApproved(anew.after, PRODUCT)).toBe(true);
    expect(step(corrected.after, { step: 'approve', amount: 1 }, approver)).toEqual({ refusal: 'amount-differs' });
    expect(
      step(
        anew.after,
        { step: 'approve', amount: DUE },
        { ...approver, by: { account: 'x', role: 'insurer-approver' } },
      ),
    ).toMatchObject({
      refusal: 'claim-stage',
    });
  });

  it('before the survey a payee is a fact like others, and the same person is named once', () => {
    const once = move(registered, { move: 'payee', payee: payee('worker-1') });
    expect(once).toEqual({
      after: { ...registered, payee: payee('worker-1'), payees: ['p-0123456789abcdef'], payeeBy: ['worker-1'] },
      events: [{ kind: 'payee-recorded', body: { person: 'p-0123456789abcdef', by: 'worker-1' } }],
    });
    const again = move(once.after, { move: 'payee', payee: payee('worker-1') }).after;
    expect([again.payees, again.payeeBy]).toEqual([['p-0123456789abcdef'], ['worker-1']]);
    // Who was to be paid before is still known: payments may have gone to them.
    const other = { ...payee('worker-2'), person: 'p-fedcba9876543210' };
    expect(move(once.after, { move: 'payee', payee: other }).after.payees).toEqual([
      'p-0123456789abcdef',
      other.person,
    ]);
    const before = { ...registered, payee: payee('worker-1') };
    expect(move(before, { move: 'payee', payee: other }).after.payees).toEqual(['p-0123456789abcdef', other.person]);
  });
});
