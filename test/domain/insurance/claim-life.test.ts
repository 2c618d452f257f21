import { describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { Claim, ClaimDocument, ClaimStep, Payee } from '../../../functions/contracts/insurance/claim.ts';
import { claimStage } from '../../../functions/contracts/insurance/claim.ts';
import type { Product } from '../../../functions/contracts/insurance/product.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import { type ClaimAction, holdings, moveClaim } from '../../../functions/domain/insurance/claim.ts';
import { isLegal } from '../../../functions/domain/insurance/claim-change.ts';
import {
  approversNeeded,
  claimNext,
  clockMarksOf,
  isOpen,
  isPayeeApproved,
  legalFrom,
  summaryOfClaim,
  waitingOf,
} from '../../../functions/domain/insurance/claim-stages.ts';
import { type StepContext, takeStep } from '../../../functions/domain/insurance/claim-steps.ts';
import { emptyClaim } from './claims.ts';

/*
 * One claim's life, step by step: an illness with two invoices of 60,000 yuan together, of which 20,000 are left after reimbursement. Above the deductible
 * of 5,000 the first 10,000 pay half and the other 5,000 three fifths: 8,000 yuan.
 */
const AT = '2023-11-20T02:00:00.000Z';
const NOW = Date.parse(AT);
const DAY = 86_400_000;
const PRODUCT: Product = {
  ...illustrativeProduct,
  id: 'product-0123456789ab',
  state: 'approved',
  proposedBy: 'district-officer',
  proposedAt: AT,
};
const DUE = 800_000;
const STANDING = { accepted: 0, approved: 0, household: 0, limitLeft: 4_900_000_000 };
const FACTS = {
  line: 'illness' as const,
  bills: [
    { invoice: 'INV-1', total: 4_000_000, reimbursed: 3_000_000, excluded: 0 },
    { invoice: 'INV-2', total: 2_000_000, reimbursed: 1_000_000, excluded: 0 },
  ],
};

const by = (account: string, role: Role, changes: Partial<StepContext> = {}): StepContext => ({
  by: { account, role },
  product: PRODUCT,
  standing: STANDING,
  now: NOW,
  ...changes,
});
const adjuster = by('adjuster-1', 'insurer-adjuster');
const approver = by('approver-1', 'insurer-approver');
const secondApprover = by('approver-2', 'insurer-approver');
const worker = by('worker-1', 'village-worker');
const officer = by('district-1', 'district-officer');

function done(change: ReturnType<typeof takeStep> | ReturnType<typeof moveClaim>) {
  if (change.after === undefined) throw new Error(`refused: ${change.refusal}`);
  return change;
}
const step = (claim: Claim, said: object, as: StepContext) =>
  takeStep(claim, { turn: claim.turn, ...said } as ClaimStep, as);
const stepped = (claim: Claim, said: object, as: StepContext) => done(step(claim, said, as));
const move = (claim: Claim, action: ClaimAction, now = NOW) => done(moveClaim(claim, action, now));

const paper = (n: number, kind: ClaimDocument['kind']): ClaimDocument => ({
  id: `doc-00000000000000${String(n).padStart(2, '0')}`,
  kind,
  type: 'image/jpeg',
  bytes: 5,
  receivedAt: AT,
  by: 'worker-1',
});
const PAPERS = [paper(1, 'invoice'), paper(2, 'itemised-bill'), paper(3, 'medical-record')];
const payee = (recordedBy: string): Payee => ({
  kind: 'member',
  person: 'p-0123456789abcdef',
  name: '测试户主',
  bank: '农商银行',
  accountCipher: 'cipher',
  accountMasked: '**** 0001',
  recordedBy,
  recordedAt: AT,
});
const INVOICES = [
  { number: 'INV-1', total: 4_000_000 },
  { number: 'INV-2', total: 2_000_000 },
];
const HOLDS = { check: 'insured' as const, holds: true, observed: null, required: null };

const reported = emptyClaim({ invoices: INVOICES, claimed: 6_000_000 });
const registered = move(reported, { move: 'cover-checked', checks: [HOLDS], code: null }).after;
const complete: Claim = { ...registered, documents: PAPERS };
const SURVEY = { step: 'survey', visitedOn: '2023-11-20', facts: FACTS };
const surveyed = stepped(complete, SURVEY, adjuster).after;
const ADJUDICATION = { outcome: 'payable' as const, amount: DUE, accepted: 2_000_000, steps: [] };
const adjudicated = move(surveyed, { move: 'adjudicated', adjudication: ADJUDICATION }).after;
const withPayee = move(adjudicated, { move: 'payee', payee: payee('worker-1') }).after;
const approved = stepped(withPayee, { step: 'approve', amount: DUE }, approver).after;
const ORDER: ClaimAction = { move: 'instruct', endToEndId: 'E2E-1', by: 'approver-2', batch: 'B-1', terms: PRODUCT };
const instructed = move(approved, ORDER).after;
const settled = move(instructed, { move: 'settled', endToEndId: 'E2E-1', amount: DUE, on: '2023-11-21' }).after;
const closed = move(settled, { move: 'close' }).after;

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
      after: { ...registered, payee: payee('worker-1'), payeeBy: ['worker-1'] },
      events: [{ kind: 'payee-recorded', body: { person: 'p-0123456789abcdef', by: 'worker-1' } }],
    });
    expect(move(once.after, { move: 'payee', payee: payee('worker-1') }).after.payeeBy).toEqual(['worker-1']);
  });
});

describe('a claim that is not paid', () => {
  const REFUSAL = { step: 'propose-refusal', code: 'duplicate', reason: '同一事故已赔付' };

  it('is proposed for refusal by the adjuster, also while papers are awaited, and confirmed by another', () => {
    const asked = stepped(registered, { step: 'request-documents', kinds: [] }, adjuster).after;
    const proposed = stepped(asked, REFUSAL, adjuster);
    expect(proposed.after).toMatchObject({
      stage: 'adjudicated',
      adjudication: null,
      approvals: [],
      refusal: { code: 'duplicate', reason: '同一事故已赔付', by: 'adjuster-1' },
      pauses: [{ from: AT, to: AT }],
    });
    expect(proposed.events).toEqual([
      { kind: 'refusal-proposed', body: { code: 'duplicate', reason: '同一事故已赔付', by: 'adjuster-1' } },
    ]);
    expect(step(asked, REFUSAL, worker)).toEqual({ refusal: 'claim-not-yours' });
    const reject = { step: 'reject', code: 'duplicate', reason: '同一事故已赔付' };
    expect(step(proposed.after, reject, by('adjuster-1', 'insurer-approver'))).toEqual({ refusal: 'claim-own-work' });
    const refused = stepped(proposed.after, reject, approver);
    expect(refused.after).toMatchObject({
      stage: 'rejected',
      counted: 0,
      rejected: { code: 'duplicate', reason: '同一事故已赔付', by: 'approver-1', at: AT, notifiedOn: null },
    });
    expect(refused.events).toEqual([
      { kind: 'claim-rejected', body: { code: 'duplicate', reason: '同一事故已赔付', by: 'approver-1' } },
    ]);
    const told = stepped(refused.after, { step: 'notify-refusal', on: '2023-11-20' }, worker);
    expect(told.after.rejected?.notifiedOn).toBe('2023-11-20');
    expect(told.events).toEqual([{ kind: 'refusal-notified', body: { on: '2023-11-20', by: 'worker-1' } }]);
    expect(step(told.after, { step: 'notify-refusal', on: '2023-11-20' }, worker).refusal).toBeDefined();
    const appealed = move(told.after, { move: 'appeal', claim: 'claim-2', by: 'worker-1' });
    expect(appealed.after).toMatchObject({ stage: 'appealed', appealedBy: 'claim-2', counted: 0 });
    expect(appealed.events).toEqual([{ kind: 'claim-appealed', body: { claim: 'claim-2', by: 'worker-1' } }]);
  });

  it('below the deductible still counts its cost towards the year, and is computed again before it is refused', () => {
    const facts = { ...FACTS, bills: [{ invoice: 'INV-1', total: 400_000, reimbursed: 0, excluded: 0 }] };
    const small = stepped(complete, { ...SURVEY, facts }, adjuster).after;
    const found = { outcome: 'below-deductible' as const, amount: 0, accepted: 400_000, steps: [] };
    const waiting = move(small, { move: 'adjudicated', adjudication: found }).after;
    const reject = { step: 'reject', code: 'below-deductible', reason: '未达到起付线' };
    expect(stepped(waiting, reject, approver).after).toMatchObject({ stage: 'rejected', counted: 400_000 });
    const more = { ...approver, standing: { ...STANDING, accepted: 400_000 } };
    expect(step(waiting, reject, more)).toMatchObject({
      changed: true,
      after: { stage: 'surveyed' },
      events: [{ kind: 'sent-to-adjudication', body: { was: 0 } }],
    });
    expect(step({ ...waiting, survey: null }, reject, approver)).toEqual({ refusal: 'claim-stage' });
    expect(step({ ...waiting, adjudication: null }, reject, approver)).toEqual({ refusal: 'claim-stage' });
    expect(step(waiting, { ...reject, code: 'limit-exhausted' }, approver)).toMatchObject({ changed: true });
  });

  it('is withdrawn by the village for the family, until the payment is instructed', () => {
    const withdraw = { step: 'withdraw', reason: '家属自愿撤回' };
    const asked = stepped(registered, { step: 'request-documents', kinds: [] }, adjuster).after;
    const withdrawn = stepped(asked, withdraw, worker);
    expect(withdrawn.after).toMatchObject({
      stage: 'withdrawn',
      withdrawn: { by: 'worker-1', at: AT, reason: '家属自愿撤回' },
      pauses: [{ from: AT, to: AT }],
    });
    expect(withdrawn.events).toEqual([
      { kind: 'claim-withdrawn', body: { by: 'worker-1', at: AT, reason: '家属自愿撤回' } },
    ]);
    for (const role of ['town-officer', 'district-officer'] as const)
      expect(stepped(approved, withdraw, by('o', role)).after.stage).toBe('withdrawn');
    expect(step(instructed, withdraw, worker)).toEqual({ refusal: 'claim-stage' });
  });
});

describe('the money a claim holds', () => {
  it('is reserved at its approval, paid at its settlement, and nobody’s after a withdrawal or return', () => {
    const none = { reserved: 0, paid: 0, approved: 0, counted: 0 };
    expect(holdings(undefined)).toEqual(none);
    expect(holdings(withPayee)).toEqual(none);
    expect(holdings(approved)).toEqual({ reserved: DUE, paid: 0, approved: DUE, counted: 2_000_000 });
    expect(holdings(closed)).toEqual({ reserved: 0, paid: DUE, approved: DUE, counted: 2_000_000 });
    const back = move(closed, { move: 'returned', endToEndId: 'E2E-1', reason: 'AC04', on: '2023-11-22' }).after;
    expect(holdings(back)).toEqual({ reserved: DUE, paid: 0, approved: DUE, counted: 2_000_000 });
    const withdrawn = stepped(back, { step: 'withdraw', reason: '家属自愿撤回' }, worker).after;
    expect(holdings(withdrawn)).toEqual(none);
  });
});

describe('whose turn it is', () => {
  const asked = stepped(registered, { step: 'request-documents', kinds: [] }, adjuster).after;
  const rejected = { code: 'duplicate' as const, reason: '同一事故', by: 'approver-1', at: AT, notifiedOn: null };
  const end = (day: string) => Date.parse(`${day}T00:00:00+08:00`) + DAY;

  it.each<[string, Claim, string, Role[], Role[], string]>([
    ['registered', complete, 'survey', ['insurer-adjuster'], ['insurer-approver'], '2023-11-23'],
    ['documents-requested', asked, 'documents', ['village-worker'], ['town-officer'], '2024-01-19'],
    ['adjudicated', adjudicated, 'approval', ['insurer-approver'], ['district-officer'], '2023-12-20'],
    [
      'adjudicated once approved',
      { ...adjudicated, approvals: [{ by: 'a', at: AT }] },
      'second-approval',
      ['insurer-approver', 'district-officer'],
      [],
      '2023-12-20',
    ],
    ['approved', approved, 'payment', ['insurer-approver'], ['district-officer'], '2023-11-30'],
    [
      'approved without a payee',
      { ...approved, payee: null },
      'account',
      ['village-worker'],
      ['town-officer'],
      '2023-11-30',
    ],
    [
      'approved with another payee',
      { ...approved, approvals: [] },
      'payee-approval',
      ['insurer-approver', 'district-officer'],
      [],
      '2023-11-30',
    ],
    [
      'payment-instructed',
      instructed,
      'confirmation',
      ['bank'],
      ['insurer-approver', 'district-officer'],
      '2023-11-30',
    ],
    [
      'payment-returned, by the day it came back',
      { ...approved, stage: 'payment-returned', enteredAt: '2023-12-01T02:00:00.000Z' },
      'account',
      ['village-worker'],
      ['town-officer'],
      '2023-12-11',
    ],
    [
      'rejected',
      emptyClaim({ stage: 'rejected', rejected }),
      'refusal-notice',
      ['village-worker'],
      ['town-officer'],
      '2023-11-23',
    ],
  ])('%s', (_, claim, what, roles, escalated, day) => {
    expect(waitingOf(claim, PRODUCT, NOW)).toEqual({ step: what, roles, dueAt: end(day) });
    expect(waitingOf({ ...claim, escalated: true }, PRODUCT, NOW)?.roles).toEqual([...roles, ...escalated]);
  });

  it('is nobody’s while a task of the workflow works, and after the end', () => {
    for (const claim of [
      reported,
      surveyed,
      settled,
      closed,
      emptyClaim({ stage: 'withdrawn' }),
      emptyClaim({ stage: 'appealed' }),
    ])
      expect(waitingOf(claim, PRODUCT, NOW)).toBeUndefined();
    const told = emptyClaim({ stage: 'rejected', rejected: { ...rejected, notifiedOn: '2023-11-21' } });
    expect(waitingOf(told, PRODUCT, NOW)).toBeUndefined();
    expect([reported, approved, settled].map(isOpen)).toEqual([true, true, true]);
    const over = (['closed', 'rejected', 'withdrawn', 'appealed'] as const).map((stage) => emptyClaim({ stage }));
    expect(over.map(isOpen)).toEqual([false, false, false, false]);
  });

  it('counts from the registration, and not while papers were awaited', () => {
    const paused = { ...adjudicated, pauses: [{ from: AT, to: '2023-11-25T02:00:00.000Z' }] };
    expect(waitingOf(paused, PRODUCT, NOW)?.dueAt).toBe(end('2023-12-25'));
    expect(waitingOf({ ...asked, requested: null }, PRODUCT, NOW)?.dueAt).toBe(end('2024-01-19'));
    const lasting = { ...complete, pauses: [{ from: AT, to: null }] };
    expect(waitingOf(lasting, PRODUCT, NOW + 7 * DAY)?.dueAt).toBe(end('2023-11-30'));
    const unregistered = { ...complete, registeredAt: null, reportedAt: '2023-11-13T02:00:00.000Z' };
    expect(waitingOf(unregistered, PRODUCT, NOW)?.dueAt).toBe(end('2023-11-16'));
  });

  it('is what the workflow asks for: the next task, or how long to sleep', () => {
    expect(claimNext(reported, PRODUCT, NOW)).toEqual({ next: 'check', turn: 1, waitSeconds: 1 });
    expect(claimNext(surveyed, PRODUCT, NOW)).toMatchObject({ next: 'adjudicate', turn: surveyed.turn });
    expect(claimNext(settled, PRODUCT, NOW)).toMatchObject({ next: 'close' });
    expect(claimNext(closed, PRODUCT, NOW)).toMatchObject({ next: 'ended' });
    const due = end('2023-11-23');
    const remind = due - 15 * 3_600_000;
    const seconds = (now: number, claim = complete) => claimNext(claim, PRODUCT, now).waitSeconds;
    expect(claimNext(complete, PRODUCT, NOW)).toMatchObject({ next: 'wait', waitSeconds: (remind - NOW) / 1000 });
    expect(seconds(remind)).toBe(15 * 3600);
    expect(seconds(due - 500)).toBe(1);
    expect(seconds(due)).toBe(1);
    // Once escalated it looks again after thirty days, in case a callback was lost.
    expect(seconds(due, { ...complete, escalated: true })).toBe(30 * 86_400);
    expect(seconds(NOW, asked)).toBe(30 * 86_400);
    expect(clockMarksOf(complete, PRODUCT, remind - 1)).toEqual({ remind: false, escalate: false });
    expect(clockMarksOf(complete, PRODUCT, remind)).toEqual({ remind: true, escalate: false });
    expect(clockMarksOf(complete, PRODUCT, due)).toEqual({ remind: true, escalate: true });
    expect(clockMarksOf({ ...complete, escalated: true }, PRODUCT, due)).toEqual({ remind: true, escalate: false });
    expect(clockMarksOf(closed, PRODUCT, due)).toEqual({ remind: false, escalate: false });
    const escalated = move(complete, { move: 'escalate' });
    expect(escalated).toEqual({
      after: { ...complete, escalated: true },
      events: [{ kind: 'claim-escalated', body: { stage: 'registered', turn: complete.turn } }],
    });
  });

  it('is not known where the calendar it needs is not published: it is looked at once a day', () => {
    const far = { ...complete, registeredAt: '2199-12-31T02:00:00.000Z' };
    expect(waitingOf(far, PRODUCT, NOW)?.dueAt).toBeNull();
    expect(claimNext(far, PRODUCT, NOW)).toMatchObject({ next: 'wait', waitSeconds: 86_400 });
    expect(clockMarksOf(far, PRODUCT, NOW)).toEqual({ remind: false, escalate: false });
    expect(summaryOfClaim(far, PRODUCT, NOW).waiting?.dueAt).toBeNull();
  });

  it('stands in the lists beside what was claimed, approved and paid', () => {
    expect(summaryOfClaim(approved, PRODUCT, NOW)).toEqual({
      id: approved.id,
      policy: approved.policy,
      line: 'illness',
      person: approved.person,
      household: approved.household,
      eventOn: '2023-10-10',
      reportedAt: AT,
      stage: 'approved',
      waiting: { step: 'payment', roles: ['insurer-approver'], dueAt: new Date(end('2023-11-30')).toISOString() },
      claimed: 6_000_000,
      approved: DUE,
      paid: null,
      rejected: null,
      closedAt: null,
    });
    expect(summaryOfClaim(closed, PRODUCT, NOW)).toMatchObject({
      waiting: null,
      paid: { amount: DUE, on: '2023-11-21' },
      closedAt: AT,
    });
    expect(summaryOfClaim(emptyClaim({ stage: 'rejected', rejected }), PRODUCT, NOW)).toMatchObject({
      rejected: 'duplicate',
      approved: null,
    });
  });
});
