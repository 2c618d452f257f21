import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../functions/contracts/insurance/claim.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import {
  claimNext,
  clockMarksOf,
  isOpen,
  summaryOfClaim,
  waitingOf,
} from '../../../functions/domain/insurance/claim-stages.ts';
import {
  AT,
  adjudicated,
  adjuster,
  approved,
  closed,
  complete,
  DAY,
  DUE,
  instructed,
  move,
  NOW,
  PRODUCT,
  registered,
  reported,
  settled,
  stepped,
  surveyed,
} from './claim-life.ts';
import { emptyClaim } from './claims.ts';

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
      payees: approved.payee === null ? [] : [approved.payee.person],
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
