import { describe, expect, it } from 'vitest';
import type { LedgerItem } from '../../../functions/contracts/assistance/ledger-entry.ts';
import type { Signal, SignalId } from '../../../functions/contracts/screening/triage.ts';
import {
  amountOf,
  fundChange,
  HELP_DAYS,
  isReversal,
  ofKind,
  standing,
  told,
} from '../../../functions/domain/assistance/ledger-rules.ts';
import { inKeyGroup, watched } from '../../../functions/domain/assistance/watch-list.ts';

const item = (id: string, occurredOn: string, recordedAt: string, changes: object = {}) =>
  ({
    id,
    kind: 'goods',
    occurredOn,
    recordedAt,
    what: '鸡苗',
    quantity: 1,
    region: '440904001001',
    ...changes,
  }) as unknown as LedgerItem;
const asked = { asOf: '2023-06-30', knownAt: '2023-07-01T00:00:00+08:00' };

describe('an entry of the ledger', () => {
  it('is told when it had happened by the day and was known at the instant, whatever zone it is written in', () => {
    const at = (occurredOn: string, recordedAt: string) => told({ occurredOn, recordedAt }, asked);
    expect(at('2023-06-30', '2023-06-30T16:00:00Z')).toBe(true);
    expect(at('2023-07-01', '2023-06-30T16:00:00Z')).toBe(false);
    expect(at('2023-06-30', '2023-06-30T16:00:00.001Z')).toBe(false);
  });

  it('stands until a reversal of it is known', () => {
    const entry = item('e-1', '2023-06-01', '2023-06-01T00:00:00Z');
    const other = item('e-2', '2023-06-01', '2023-06-01T00:00:00Z', { kind: 'loan', amount: 5 });
    const reversal = item('e-3', '2023-06-02', '2023-06-02T00:00:00Z', { kind: 'reversal', reverses: 'e-1' });
    const later = item('e-3', '2023-06-02', '2023-07-02T00:00:00Z', { kind: 'reversal', reverses: 'e-1' });
    const ids = (...items: LedgerItem[]) => standing(items, asked).map(({ id }) => id);
    expect(ids(reversal, entry, other)).toEqual(['e-2']);
    expect(ids(entry, later, other)).toEqual(['e-1', 'e-2']);
    expect(ids(item('e-9', '2023-07-09', '2023-06-01T00:00:00Z'))).toEqual([]);
    expect([isReversal(reversal), isReversal(entry)]).toEqual([true, false]);
    expect(ofKind(standing([entry, other], asked), 'loan').map(({ id }) => id)).toEqual(['e-2']);
  });

  it('is worth its amount, or nothing; a donation changes its fund by it', () => {
    const of = (changes: object) =>
      item('e', '2023-06-01', '2023-06-01T00:00:00Z', changes) as Parameters<typeof amountOf>[0];
    expect([amountOf(of({ amount: 7 })), amountOf(of({}))]).toEqual([7, 0]);
    const money = { fund: '助学基金', amount: 7 };
    expect(fundChange(of({ kind: 'donation-received', ...money }))).toEqual({ fund: '助学基金', amount: 7 });
    expect(fundChange(of({ kind: 'donation-spent', ...money }))).toEqual({ fund: '助学基金', amount: -7 });
    expect(fundChange(of({ kind: 'loan', ...money }))).toBeUndefined();
    expect(HELP_DAYS).toBe(30);
  });
});

describe('a household of the watch list', () => {
  const row = (...ids: SignalId[]) => ({
    household: '440904001001-0001',
    signals: ids.map((id) => ({ id }) as unknown as Signal),
  });
  const since = '2023-10-31';
  const of = (openCase: boolean, seen: string[], ...ids: SignalId[]) => watched(row(...ids), { openCase, seen, since });

  it('is in the groups its case and signals put it in, and due by the shortest interval of them', () => {
    expect(of(true, [])).toEqual({
      household: '440904001001-0001',
      groups: ['open-case'],
      intervalDays: 30,
      lastSeenOn: null,
      dueOn: '2023-11-30',
    });
    expect(of(false, [], 'SERIOUS_ILLNESS')).toMatchObject({ groups: ['serious-illness'], intervalDays: 30 });
    expect(of(false, [], 'CHRONIC_BURDEN')).toMatchObject({ groups: ['chronic-burden'], intervalDays: 60 });
    expect(of(false, [], 'SEVERE_DISABILITY')).toMatchObject({ groups: ['severe-disability'], dueOn: '2023-12-30' });
    expect(of(true, [], 'CHRONIC_BURDEN', 'NO_LABOUR')).toMatchObject({
      groups: ['open-case', 'chronic-burden'],
      intervalDays: 30,
    });
  });

  it('is due from the newest day somebody was there', () => {
    expect(of(false, ['2023-11-05', '2023-12-01', '2023-11-20'], 'CHRONIC_BURDEN')).toMatchObject({
      lastSeenOn: '2023-12-01',
      dueOn: '2024-01-30',
    });
  });

  it('is none without a case or such a signal', () => {
    expect(of(false, [], 'NO_LABOUR', 'HOUSING_UNSAFE')).toBeUndefined();
    expect(inKeyGroup(row('NO_LABOUR'))).toBe(false);
    expect(inKeyGroup(row('NO_LABOUR', 'SERIOUS_ILLNESS'))).toBe(true);
  });
});
