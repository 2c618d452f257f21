import { describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { ClaimStep, DocumentKind } from '../../../functions/contracts/insurance/claim.ts';
import { takeStep } from '../../../functions/domain/insurance/claim-steps.ts';
import { emptyClaim } from './claims.ts';

const AT = '2023-11-20T02:00:00.000Z';
const context = {
  by: { account: 'adjuster-1', role: 'insurer-adjuster' as const },
  product: {
    ...illustrativeProduct,
    id: 'product-0123456789ab',
    state: 'approved' as const,
    proposedBy: 'district-officer',
    proposedAt: AT,
  },
  standing: { accepted: 0, approved: 0, household: 0, limitLeft: 4_900_000_000 },
  now: Date.parse(AT),
};
const registered = emptyClaim({
  stage: 'registered',
  registeredAt: AT,
  invoices: [{ number: 'INV-1', total: 1_000_000 }],
  claimed: 1_000_000,
});
const papers = (['invoice', 'itemised-bill', 'medical-record'] satisfies DocumentKind[]).map((kind, n) => ({
  id: `doc-000000000000000${n}`,
  kind,
  type: 'image/jpeg' as const,
  bytes: 5,
  receivedAt: AT,
  by: 'village-worker-1',
}));
const survey: ClaimStep = {
  step: 'survey',
  turn: registered.turn,
  visitedOn: '2023-11-20',
  facts: { line: 'illness', bills: [{ invoice: 'INV-1', total: 1_000_000, reimbursed: 0, excluded: 0 }] },
};
const rejected = {
  code: 'duplicate' as const,
  reason: '同一事故已赔付',
  by: 'approver-1',
  at: AT,
  notifiedOn: null,
};

describe('a step of a claim', () => {
  it('surveys nothing while papers are missing, and asks for none when none is', () => {
    expect(takeStep(registered, survey, context)).toEqual({ refusal: 'documents-missing' });
    const whole = { ...registered, documents: papers };
    expect(takeStep(whole, survey, context)).toMatchObject({ after: { stage: 'surveyed' } });
    const asking: ClaimStep = { step: 'request-documents', turn: registered.turn, kinds: [] };
    expect(takeStep(registered, asking, context)).toMatchObject({ after: { stage: 'documents-requested' } });
    expect(takeStep(whole, asking, context)).toEqual({ refusal: 'documents-nothing-missing' });
  });

  it('tells a family of a refusal once, and not tomorrow', () => {
    const refused = emptyClaim({ stage: 'rejected', rejected });
    const telling = (on: string): ClaimStep => ({ step: 'notify-refusal', turn: refused.turn, on });
    const worker = { ...context, by: { account: 'village-worker-1', role: 'village-worker' as const } };
    expect(takeStep(refused, telling('2023-11-21'), worker)).toEqual({ refusal: 'date-in-future' });
    const told = takeStep(refused, telling('2023-11-20'), worker);
    expect(told).toMatchObject({ after: { rejected: { notifiedOn: '2023-11-20' } } });
  });
});
