import { describe, expect, it } from 'vitest';
import { holdings } from '../../../functions/domain/insurance/claim.ts';
import {
  AT,
  adjuster,
  approved,
  approver,
  by,
  closed,
  complete,
  DUE,
  FACTS,
  instructed,
  move,
  registered,
  STANDING,
  SURVEY,
  step,
  stepped,
  withPayee,
  worker,
} from './claim-life.ts';

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
    const early = { step: 'notify-refusal', on: '2023-11-19' };
    expect(step(refused.after, early, worker)).toEqual({ refusal: 'date-before-refusal' });
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
