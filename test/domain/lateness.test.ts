import { describe, expect, it } from 'vitest';
import type { Decision } from '../../functions/contracts/decision.ts';
import type { Payout } from '../../functions/contracts/insurance/payout.ts';
import type { VillageProgress } from '../../functions/contracts/screening/round.ts';
import { dueOf, oldestUnreconciledDays, pointsBehind, unopenedQuarter } from '../../functions/domain/lateness.ts';

const at = (instant: string) => Date.parse(instant);

describe('a quarter that did not open', () => {
  const rounds = [{ id: '2023Q3' }];

  it.each([
    ['2023-10-11T14:59:59+08:00', undefined],
    ['2023-10-11T15:00:00+08:00', '2023Q4'],
    ['2023-12-31T23:00:00+08:00', '2023Q4'],
    // The new quarter is not late yet.
    ['2024-01-01T07:00:00+08:00', undefined],
    ['2024-01-11T15:00:00+08:00', '2024Q1'],
  ])('is told at %s: %s', (now, quarter) => {
    expect(unopenedQuarter(rounds, at(now))).toBe(quarter);
  });

  it('is not told once there is a round, whatever became of it', () => {
    expect(unopenedQuarter([...rounds, { id: '2023Q4' }], at('2023-10-20T16:30:00+08:00'))).toBeUndefined();
  });
});

describe('a round behind an even pace', () => {
  const round = { openedAt: '2023-10-11T09:00:00+08:00', due: '2023-10-31' };
  const village = (expected: number, visited: number): VillageProgress => ({
    village: '440904116208',
    status: 'collecting',
    expected,
    visited: new Set(Array.from({ length: visited }, (_, n) => String(n))),
    sampled: new Set(),
    accepted: new Set(),
    missed: new Map(),
    reminders: [],
  });

  it.each([
    ['the first morning', '2023-10-11T09:00:00+08:00', 0, 0],
    ['half the days and nothing', '2023-10-21T16:30:00+08:00', 0, 50],
    ['half the days and half the households', '2023-10-21T16:30:00+08:00', 5, 0],
    ['ahead', '2023-10-12T16:30:00+08:00', 9, 0],
    ['after the due date', '2023-11-05T16:30:00+08:00', 8, 20],
  ])('%s', (_, now, visited, points) => {
    expect(pointsBehind(round, [village(6, Math.min(6, visited)), village(4, Math.max(0, visited - 6))], at(now))).toBe(
      points,
    );
  });

  it('is none where nobody is expected', () => {
    expect(pointsBehind(round, [], at('2023-11-05T16:30:00+08:00'))).toBe(0);
  });
});

it('counts the age of a payment until the bank has said what came of it, and of a contradiction until a person has', () => {
  const payout = (more: Partial<Payout>) =>
    ({ status: 'settled', disputed: null, resolved: null, instructedAt: '2023-10-01T10:00:00Z', ...more }) as Payout;
  const now = at('2023-10-10T10:00:00Z');
  expect(oldestUnreconciledDays([], now)).toBe(0);
  expect(oldestUnreconciledDays([payout({}), payout({ status: 'returned' })], now)).toBe(0);
  expect(oldestUnreconciledDays([payout({ status: 'accepted', instructedAt: '2023-10-08T10:00:00Z' })], now)).toBe(2);
  const disputed = { status: 'returned', on: '2023-10-02', at: '2023-10-02T10:00:00Z' } as const;
  expect(oldestUnreconciledDays([payout({ disputed })], now)).toBe(9);
  const resolved = { by: 'a', at: '2023-10-03T10:00:00Z', reason: 'asked' };
  expect(oldestUnreconciledDays([payout({ disputed, resolved })], now)).toBe(0);
});

it('tells decisions whose time is over from those whose time ends tomorrow', () => {
  const decision = (id: string, dueAt: string | null) => ({ id, dueAt }) as Decision;
  const { overdue, tomorrow } = dueOf(
    [
      decision('over', '2023-10-10T00:30:00Z'),
      // 24:00 of the 10th is today's end, 24:00 of the 11th tomorrow's.
      decision('today', '2023-10-11T00:00:00+08:00'),
      decision('tomorrow', '2023-10-12T00:00:00+08:00'),
      decision('later', '2023-10-12T00:00:01+08:00'),
      decision('awaits its calendar', null),
    ],
    at('2023-10-10T08:30:00+08:00'),
  );
  expect(overdue.map(({ id }) => id)).toEqual(['over']);
  expect(tomorrow.map(({ id }) => id)).toEqual(['tomorrow']);
});
