import { describe, expect, it } from 'vitest';
import { adjudicate } from '../../../functions/domain/insurance/adjudicate.ts';
import { resumed } from '../../../functions/domain/insurance/claim-change.ts';
import { claimNext } from '../../../functions/domain/insurance/claim-stages.ts';
import { appealTo } from '../../../functions/domain/insurance/new-claim.ts';
import {
  AT,
  adjudicated,
  adjuster,
  approved,
  approver,
  complete,
  DUE,
  FACTS,
  INVOICES,
  move,
  NOW,
  ORDER,
  PAPERS,
  PRODUCT,
  payee,
  registered,
  STANDING,
  step,
  stepped,
  surveyed,
} from './claim-life.ts';

const REFUSAL = { step: 'propose-refusal', code: 'duplicate', reason: '同一事故已赔付' };
const refused = stepped(
  stepped(complete, REFUSAL, adjuster).after,
  { step: 'reject', code: 'duplicate', reason: '同一事故已赔付' },
  approver,
).after;
const LATER = '2023-12-20T02:00:00.000Z';
const GIVEN = { id: 'claim-fedcba9876543210', receipt: 'LBA9876543210', by: 'worker-2', reportedAt: LATER };

describe('an appeal', () => {
  it('is a new claim of the same event with the papers of the refused one, in which everything is judged anew', () => {
    const { household, person, line, eventOn, policy, product } = refused;
    expect(appealTo({ ...refused, payee: payee('worker-1'), invoicesBy: ['worker-3'] }, GIVEN)).toMatchObject({
      ...{ household, person, line, eventOn, policy, product, invoices: INVOICES, claimed: 6_000_000 },
      ...{
        id: GIVEN.id,
        receipt: GIVEN.receipt,
        reportedAt: LATER,
        stage: 'reported',
        version: 0,
        appealOf: refused.id,
      },
      ...{ payee: null, payeeBy: [], survey: null, adjudication: null, refusal: null, rejected: null, approvals: [] },
      documents: PAPERS.map((one) => ({ ...one, of: refused.id })),
      // Neither who reported the refused one nor who brought its invoices decides in this one; nor who refused it.
      invoicesBy: ['worker-3', 'village-worker-1'],
      refusedBefore: ['approver-1'],
    });
  });

  it('against an appeal that was refused keeps where its papers lie, and everybody who refused', () => {
    const first = appealTo(refused, GIVEN);
    const again = { ...first, rejected: { ...Object(refused.rejected), by: 'approver-2' } };
    const second = appealTo(again, { ...GIVEN, id: 'claim-0000000000000003' });
    expect(second).toMatchObject({ appealOf: GIVEN.id, refusedBefore: ['approver-1', 'approver-2'] });
    expect(second.documents.map(({ of }) => of)).toEqual(PAPERS.map(() => refused.id));
    expect(appealTo({ ...first, rejected: null }, GIVEN).refusedBefore).toEqual(['approver-1']);
  });
});

describe('approvals', () => {
  it('of a payee that came later say who gave them, and leave the claim approved', () => {
    const back = {
      move: 'returned' as const,
      endToEndId: 'E2E-1',
      reason: 'AC04',
      on: '2023-11-22',
      afterSettlement: false,
    };
    const returned = move(move(approved, ORDER).after, back).after;
    const corrected = move(returned, { move: 'payee', payee: payee('worker-2') }).after;
    const anew = stepped(corrected, { step: 'approve', amount: DUE }, approver).after;
    expect([anew.stage, anew.approvals]).toEqual(['approved', [{ by: 'approver-1', at: AT }]]);
    expect(step({ ...corrected, approved: null }, { step: 'approve', amount: DUE }, approver)).toEqual({
      refusal: 'amount-differs',
    });
  });

  it('and what was proposed are void when the amount has become another', () => {
    const proposed = { code: 'below-deductible' as const, reason: '未达到起付线', by: 'adjuster-1' };
    const half = { ...adjudicated, approvals: [{ by: 'approver-2', at: AT }] };
    const reject = { step: 'reject', code: 'below-deductible', reason: '未达到起付线' };
    for (const again of [
      stepped({ ...half, refusal: proposed }, reject, approver),
      stepped(half, { step: 'approve', amount: DUE }, { ...approver, standing: { ...STANDING, accepted: 500_000 } }),
    ])
      expect(again).toMatchObject({ changed: true, after: { stage: 'surveyed', approvals: [], refusal: null } });
    expect(step({ ...half, adjudication: null }, reject, approver)).toEqual({ refusal: 'claim-stage' });
    const other = stepped(
      { ...half, adjudication: null, refusal: proposed },
      { ...reject, code: 'duplicate' },
      approver,
    );
    expect(other.after.stage).toBe('rejected');
  });

  it.each(['illness', 'accident-medical'] as const)('of %s add the cost they accept to the year’s', (line) => {
    const facts = { ...FACTS, line };
    const found = adjudicate(PRODUCT, facts, STANDING);
    expect(found.accepted).toBeGreaterThan(0);
    const survey = { ...Object(surveyed.survey), facts };
    const claim = { ...adjudicated, line, survey, adjudication: found };
    const first = stepped(claim, { step: 'approve', amount: found.amount }, approver).after;
    const { stage, counted } = first;
    expect([stage, counted]).toEqual(['approved', found.accepted]);
  });
});

it('a pause that has ended keeps its end, and the one that lasts ends now', () => {
  const ended = { from: AT, to: '2023-11-25T02:00:00.000Z' };
  const pauses = [ended, { from: '2023-11-30T02:00:00.000Z', to: null }];
  expect(resumed({ ...registered, pauses }, LATER)).toEqual([ended, { from: '2023-11-30T02:00:00.000Z', to: LATER }]);
});

it('a workflow looks again when the time has come, not the second before', () => {
  const whole = claimNext(complete, PRODUCT, NOW).waitSeconds;
  expect([1, 500, 999].map((early) => claimNext(complete, PRODUCT, NOW - early).waitSeconds)).toEqual([
    whole + 1,
    whole + 1,
    whole + 1,
  ]);
});
