import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { Claim, ClaimDocument, ClaimStep, Payee } from '../../../functions/contracts/insurance/claim.ts';
import type { Product } from '../../../functions/contracts/insurance/product.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import { type ClaimAction, moveClaim } from '../../../functions/domain/insurance/claim.ts';
import { type StepContext, takeStep } from '../../../functions/domain/insurance/claim-steps.ts';
import { emptyClaim } from './claims.ts';

/*
 * One claim's life, step by step: an illness with two invoices of 60,000 yuan together, of which 20,000 are left after reimbursement. Above the deductible
 * of 5,000 the first 10,000 pay half and the other 5,000 three fifths: 8,000 yuan.
 */
export const AT = '2023-11-20T02:00:00.000Z';
export const NOW = Date.parse(AT);
export const DAY = 86_400_000;
export const PRODUCT: Product = {
  ...illustrativeProduct,
  id: 'product-0123456789ab',
  state: 'approved',
  proposedBy: 'district-officer',
  proposedAt: AT,
};
export const DUE = 800_000;
export const STANDING = { accepted: 0, approved: 0, household: 0, limitLeft: 4_900_000_000 };
export const FACTS = {
  line: 'illness' as const,
  bills: [
    { invoice: 'INV-1', total: 4_000_000, reimbursed: 3_000_000, excluded: 0 },
    { invoice: 'INV-2', total: 2_000_000, reimbursed: 1_000_000, excluded: 0 },
  ],
};

export const by = (account: string, role: Role, changes: Partial<StepContext> = {}): StepContext => ({
  by: { account, role },
  product: PRODUCT,
  standing: STANDING,
  now: NOW,
  ...changes,
});
export const adjuster = by('adjuster-1', 'insurer-adjuster');
export const approver = by('approver-1', 'insurer-approver');
export const secondApprover = by('approver-2', 'insurer-approver');
export const worker = by('worker-1', 'village-worker');
export const officer = by('district-1', 'district-officer');

function done(change: ReturnType<typeof takeStep> | ReturnType<typeof moveClaim>) {
  if (change.after === undefined) throw new Error(`refused: ${change.refusal}`);
  return change;
}
export const step = (claim: Claim, said: object, as: StepContext) =>
  takeStep(claim, { turn: claim.turn, ...said } as ClaimStep, as);
export const stepped = (claim: Claim, said: object, as: StepContext) => done(step(claim, said, as));
export const move = (claim: Claim, action: ClaimAction, now = NOW) => done(moveClaim(claim, action, now));

export const paper = (n: number, kind: ClaimDocument['kind']): ClaimDocument => ({
  id: `doc-00000000000000${String(n).padStart(2, '0')}`,
  kind,
  type: 'image/jpeg',
  bytes: 5,
  receivedAt: AT,
  by: 'worker-1',
});
export const PAPERS = [paper(1, 'invoice'), paper(2, 'itemised-bill'), paper(3, 'medical-record')];
export const payee = (recordedBy: string): Payee => ({
  kind: 'member',
  person: 'p-0123456789abcdef',
  name: '测试户主',
  bank: '农商银行',
  accountCipher: 'cipher',
  accountMasked: '**** 0001',
  recordedBy,
  recordedAt: AT,
});
export const INVOICES = [
  { number: 'INV-1', total: 4_000_000 },
  { number: 'INV-2', total: 2_000_000 },
];
export const HOLDS = { check: 'insured' as const, holds: true, observed: null, required: null };

export const reported = emptyClaim({ invoices: INVOICES, claimed: 6_000_000 });
export const registered = move(reported, { move: 'cover-checked', checks: [HOLDS], code: null }).after;
export const complete: Claim = { ...registered, documents: PAPERS };
export const SURVEY = { step: 'survey', visitedOn: '2023-11-20', facts: FACTS };
export const surveyed = stepped(complete, SURVEY, adjuster).after;
export const ADJUDICATION = { outcome: 'payable' as const, amount: DUE, accepted: 2_000_000, steps: [] };
export const adjudicated = move(surveyed, { move: 'adjudicated', adjudication: ADJUDICATION }).after;
export const withPayee = move(adjudicated, { move: 'payee', payee: payee('worker-1') }).after;
export const approved = stepped(withPayee, { step: 'approve', amount: DUE }, approver).after;
export const ORDER = {
  move: 'instruct' as const,
  endToEndId: 'E2E-1',
  by: 'approver-2',
  batch: 'B-1',
  terms: PRODUCT,
} satisfies ClaimAction;
export const instructed = move(approved, ORDER).after;
export const settled = move(instructed, { move: 'settled', endToEndId: 'E2E-1', amount: DUE, on: '2023-11-21' }).after;
export const closed = move(settled, { move: 'close' }).after;
