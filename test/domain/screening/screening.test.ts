import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Household, Member } from '../../../functions/contracts/registry/household.ts';
import type { Criteria } from '../../../functions/contracts/screening/criteria.ts';
import type { SheetRow } from '../../../functions/contracts/screening/round.ts';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { addDays, addMonths, dayOf, endOf, lastDayOfMonth, roundOf } from '../../../functions/domain/calendar.ts';
import { applyChange } from '../../../functions/domain/registry/household-changes.ts';
import { nextStep, uncovered } from '../../../functions/domain/screening/coverage.ts';
import { plannedRound, RoundRefused } from '../../../functions/domain/screening/opening.ts';
import { ownPayoutsUpTo } from '../../../functions/domain/screening/own-payouts.ts';
import { type AcceptedVisit, newest, sealRow } from '../../../functions/domain/screening/sheet.ts';
import { criteriaInForce, NoMonitoringLine, thresholdsOf } from '../../../functions/domain/screening/thresholds.ts';
import { sumTotals, totalsOf } from '../../../functions/domain/screening/totals.ts';
import { SAFE } from '../../harmless.ts';

const criteria: Criteria = {
  id: 'c-000000000001',
  status: 'approved',
  effectiveFrom: '2023-01-01',
  lines: [
    { year: 2023, region: '44', line: 700_000, status: 'illustrative', source: 'test' },
    { year: 2023, region: '440904', line: 800_000, status: 'illustrative', source: 'test' },
  ],
  nearLinePercent: 120,
  collapsePercent: 50,
  rigidSpendingPercent: 40,
  chronicBurden: 500_000,
  proposedBy: 'a',
  proposedAt: '',
};

const household: Household = {
  id: '440904001001-0001',
  origin: 'lifted',
  status: 'registered',
  version: 1,
  registeredOn: '2023-01-01',
  members: [
    {
      person: 'p-0000000000000001',
      name: '',
      relation: 'head',
      sex: 'male',
      birthYear: 1980,
      idCipher: '',
      idMasked: '',
    },
  ],
  ownPayouts: [],
};

function accepted(id: string, wages: number, changes: Partial<Visit> = {}): AcceptedVisit {
  return {
    id,
    visit: {
      household: household.id,
      round: '2023Q4',
      visitedOn: '2023-10-12',
      recordedAt: '2023-10-12T10:00:00+08:00',
      visitor: 'w',
      purpose: 'screening',
      income: { wages, business: 0, property: 0, transfer: 0, businessCosts: 0 },
      insurancePayouts: 0,
      selfPaid: { medical: 0, education: 0, other: 0 },
      guarantees: SAFE,
      shocks: [],
      members: [{ person: 'p-0000000000000001', labour: 'full', health: 'healthy', inSchool: false }],
      ...changes,
    },
  };
}

const base = { household, missed: undefined, previous: null, criteria };

describe('a sealed row', () => {
  it('counts the greatest by day, then recording, then id, whatever order visits arrive in', () => {
    const a = accepted('a', 1, { visitedOn: '2023-10-11' });
    const b = accepted('b', 2, { recordedAt: '2023-10-12T03:00:00Z' });
    const c = accepted('c', 3, { recordedAt: '2023-10-12T11:00:00+08:00' });
    fc.assert(
      fc.property(fc.shuffledSubarray([a, b, c], { minLength: 3 }), (order) => {
        expect(newest(order)?.id).toBe('c');
      }),
    );
  });

  it('flags two screening visits that disagree on the class, and compares a sample without counting it', () => {
    const row = sealRow({
      ...base,
      visits: [accepted('a', 100), accepted('b', 3_000_000, { visitedOn: '2023-10-13' })],
    });
    expect(row).toMatchObject({ visit: 'b', class: 'secure', disagreement: true, sample: null });
    const sampled = sealRow({
      ...base,
      visits: [accepted('a', 3_000_000), accepted('s', 100, { purpose: 'sample', visitedOn: '2023-10-20' })],
    });
    expect(sampled).toMatchObject({ visit: 'a', class: 'secure', disagreement: false, sample: 'monitor' });
  });

  it('is missed with the reason given, or no-reason, and carries the earlier income forward', () => {
    const previous = { perCapita: 900_000, round: '2023Q2', class: 'secure' as const };
    expect(sealRow({ ...base, previous, visits: [], missed: 'refused' })).toMatchObject({
      visit: null,
      missed: 'refused',
      class: null,
      perCapita: 900_000,
      perCapitaRound: '2023Q2',
    });
    expect(sealRow({ ...base, visits: [] })).toMatchObject({
      missed: 'no-reason',
      perCapita: null,
      perCapitaRound: null,
    });
    const only = sealRow({ ...base, visits: [accepted('s', 1, { purpose: 'sample' })] });
    expect(only.missed).toBe('no-reason');
  });

  it('of a cancelled household is missed whatever was seen', () => {
    const row = sealRow({
      ...base,
      household: { ...household, status: 'cancelled' },
      visits: [accepted('a', 1)],
      missed: 'refused',
    });
    expect(row).toMatchObject({ visit: null, missed: 'cancelled', class: null });
  });

  it('of a merge counts each person once, over the household that is gone and its successor', () => {
    const people = (from: number, count: number): Member[] =>
      Array.from({ length: count }, (_, n) => ({
        person: `p-${String(from + n).padStart(16, '0')}`,
        name: '',
        relation: n === 0 ? 'head' : 'other',
        sex: 'male',
        birthYear: 1980,
        idCipher: '',
        idMasked: '',
      }));
    const gone: Household = { ...household, id: '440904001001-0002', members: people(100, 18) };
    const kept: Household = { ...household, members: people(1, 12) };
    const seen = accepted('a', 3_000_000, {
      members: kept.members.map(({ person }) => ({ person, labour: 'full', health: 'healthy', inSchool: false })),
    });
    const sum = (rows: SheetRow[]) => totalsOf(rows).expected.people;
    const before = sum([
      sealRow({ ...base, household: kept, visits: [seen] }),
      sealRow({ ...base, household: gone, visits: [] }),
    ]);
    const merged = applyChange(kept, { kind: 'merge-in', members: gone.members, from: gone.id }, '2023-10-13');
    const ended = (reason: 'merged' | 'moved-within-district') =>
      applyChange(gone, { kind: 'cancel', reason, successor: merged.id }, '2023-10-13');
    for (const visits of [[seen], []])
      expect(
        sum([
          sealRow({ ...base, household: merged, visits }),
          sealRow({ ...base, household: ended('merged'), visits: [] }),
        ]),
      ).toBe(before);
    expect(sealRow({ ...base, household: ended('moved-within-district'), visits: [] }).people).toBe(0);
    const [first] = merged.members;
    const divided = applyChange(merged, { kind: 'split', persons: [first?.person ?? ''], to: 'x' }, '2023-10-14');
    expect(sealRow({ ...base, household: divided, visits: [seen] }).people).toBe(before);
    expect(sealRow({ ...base, household: divided, visits: [] }).people).toBe(before - 1);
  });

  it('adds what our own claims paid in the twelve months up to the visit', () => {
    const payouts = [
      { claim: '1', paidOn: '2022-10-12', amount: 1 },
      { claim: '2', paidOn: '2022-10-13', amount: 10 },
      { claim: '3', paidOn: '2023-10-12', amount: 100 },
      { claim: '4', paidOn: '2023-10-13', amount: 1000 },
    ];
    expect(ownPayoutsUpTo(payouts, '2023-10-12')).toBe(110);
    const row = sealRow({
      ...base,
      household: { ...household, ownPayouts: payouts },
      visits: [accepted('a', 799_889)],
    });
    expect(row).toMatchObject({ ownPayouts: 110, perCapita: 799_999, class: 'monitor' });
  });

  it('has no case type while a case is open, and OPEN_CASE only for an open one', () => {
    const open = sealRow({
      ...base,
      household: { ...household, activeCase: { id: 'c', stage: 'open' } },
      visits: [accepted('a', 3_000_000)],
    });
    expect(open).toMatchObject({ class: 'monitor', caseType: null, openCase: true });
    const admission = sealRow({
      ...base,
      household: { ...household, activeCase: { id: 'c', stage: 'admission' } },
      visits: [accepted('a', 3_000_000)],
    });
    expect(admission).toMatchObject({ class: 'secure', openCase: false });
  });
});

describe('totals', () => {
  it('count households and people, and the sum of parts is the whole', () => {
    const rows = [
      sealRow({ ...base, visits: [accepted('a', 1)] }),
      sealRow({ ...base, visits: [accepted('b', 3_000_000)] }),
      sealRow({ ...base, visits: [], missed: 'refused' }),
    ];
    const whole = totalsOf(rows);
    expect(whole).toMatchObject({
      expected: { households: 3, people: 3 },
      visited: { households: 2, people: 2 },
      missed: { households: 1, people: 1 },
      missedByReason: { refused: 1 },
      byClass: { secure: { households: 1 }, monitor: { households: 1 }, concern: { households: 0 } },
      candidatesByType: { 'unstable-lifted': { households: 1 } },
    });
    expect(sumTotals(rows.map((row) => totalsOf([row])))).toEqual(whole);
  });
});

describe('criteria', () => {
  it('the most specific region’s line of the year counts; a year without one judges nothing', () => {
    expect(thresholdsOf(criteria, '2023-10-12', household.id).line).toBe(800_000);
    expect(thresholdsOf(criteria, '2023-10-12', '440902001001').line).toBe(700_000);
    expect(() => thresholdsOf(criteria, '2024-01-01', household.id)).toThrow(NoMonitoringLine);
  });

  it('in force are the newest approved ones that have taken effect', () => {
    const later = { ...criteria, id: 'later', effectiveFrom: '2023-07-01' };
    const proposed = { ...criteria, id: 'proposed', effectiveFrom: '2023-08-01', status: 'proposed' as const };
    expect(criteriaInForce([criteria, later, proposed], '2023-06-30')?.id).toBe(criteria.id);
    expect(criteriaInForce([later, proposed, criteria], '2023-10-01')?.id).toBe('later');
    expect(criteriaInForce([criteria], '2022-12-31')).toBeUndefined();
  });
});

describe('a round', () => {
  const now = Date.parse('2023-10-11T09:00:00+08:00');
  const opening = { district: '440904', openedBy: 'o', now, criteria: [criteria] };

  it('is due on the last day of its opening month, fifteen days later at the latest', () => {
    expect(plannedRound(opening)).toMatchObject({
      id: '2023Q4',
      due: '2023-10-31',
      hardDeadline: '2023-11-15',
      criteria: criteria.id,
    });
  });

  it.each([
    ['criteria-missing', { criteria: [] }],
    ['criteria-missing', { round: '2024Q1' }],
    ['round-before-last', { lastSealed: '2023Q4' }],
  ] as const)('is refused: %s', (code, changes) => {
    expect(() => plannedRound({ ...opening, ...changes })).toThrow(
      expect.objectContaining({ name: 'RoundRefused', code }),
    );
    expect(RoundRefused.name).toBe('RoundRefused');
  });

  it('of a later quarter is refused', () => {
    const lines = [...criteria.lines, { ...criteria.lines[0], year: 2024 } as Criteria['lines'][number]];
    expect(() => plannedRound({ ...opening, criteria: [{ ...criteria, lines }], round: '2024Q1' })).toThrow(
      expect.objectContaining({ code: 'round-in-future' }),
    );
  });

  const round = { due: '2023-10-31', hardDeadline: '2023-11-15' };
  const at = (instant: string) => Date.parse(instant);

  it('waits for its due date, reminds a day at a time, and seals at the hard deadline whatever lags', () => {
    expect(nextStep(round, 3, now)).toEqual({ step: 'wait', waitSeconds: (endOf('2023-10-31') - now) / 1000 });
    expect(nextStep(round, 3, at('2023-10-31T23:59:59+08:00'))).toEqual({ step: 'wait', waitSeconds: 1 });
    expect(nextStep(round, 3, at('2023-11-01T00:00:00+08:00'))).toEqual({ step: 'remind', waitSeconds: 86_400 });
    expect(nextStep(round, 3, at('2023-11-15T18:00:00+08:00'))).toEqual({ step: 'remind', waitSeconds: 21_600 });
    expect(nextStep(round, 3, at('2023-11-16T00:00:00+08:00'))).toEqual({ step: 'seal' });
    expect(nextStep(round, 0, now)).toEqual({ step: 'seal' });
  });

  it('covers a household that was visited or has a reason, once', () => {
    expect(
      uncovered({
        expected: 4,
        visited: new Set(['1', '2']),
        missed: new Map([
          ['2', 'refused'],
          ['3', 'refused'],
        ]),
      }),
    ).toBe(1);
  });
});

describe('the calendar of Asia/Shanghai', () => {
  it('knows days, quarters and clamped months', () => {
    expect(dayOf(Date.parse('2023-12-31T16:00:00Z'))).toBe('2024-01-01');
    expect(dayOf(Date.parse('2023-12-31T15:59:59Z'))).toBe('2023-12-31');
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addMonths('2023-08-31', 6)).toBe('2024-02-29');
    expect(addMonths('2023-01-31', -2)).toBe('2022-11-30');
    expect(lastDayOfMonth('2024-02-11')).toBe('2024-02-29');
    expect(['2023-01-11', '2023-06-30', '2023-07-01', '2023-12-31'].map(roundOf)).toEqual([
      '2023Q1',
      '2023Q2',
      '2023Q3',
      '2023Q4',
    ]);
  });
});
