import { describe, expect, it } from 'vitest';
import type { Criteria } from '../../../functions/contracts/screening/criteria.ts';
import type { SheetRow } from '../../../functions/contracts/screening/round.ts';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { rehearseRow } from '../../../functions/domain/screening/rehearsal.ts';
import { judgeVisit, type SubmissionRules, visitFault } from '../../../functions/domain/screening/submission.ts';
import { NoMonitoringLine } from '../../../functions/domain/screening/thresholds.ts';
import { HARMLESS } from '../../harmless.ts';

const HOUSEHOLD = '440904001001-0001';
const criteria: Criteria = {
  id: 'c-000000000001',
  status: 'approved',
  effectiveFrom: '2023-01-01',
  lines: [{ year: 2023, region: '44', line: 800_000, status: 'illustrative', source: 'test' }],
  nearLinePercent: 120,
  collapsePercent: 50,
  rigidSpendingPercent: 40,
  chronicBurden: 500_000,
  proposedBy: 'a',
  proposedAt: '',
};
const member = (person: string) => ({ person, labour: 'full' as const, health: 'healthy' as const, inSchool: false });
const visit: Visit = {
  household: HOUSEHOLD,
  round: '2023Q4',
  visitedOn: '2023-10-12',
  recordedAt: '2023-10-12T10:00:00+08:00',
  visitor: 'w',
  purpose: 'screening',
  ...HARMLESS,
  members: [member('p-1'), member('p-2')],
};
const household = {
  id: HOUSEHOLD,
  origin: 'lifted' as const,
  status: 'registered' as const,
  ownPayouts: [],
  members: [{ person: 'p-1' }, { person: 'p-2' }],
};
const previous = { perCapita: 4_000_000, round: '2023Q3', class: 'secure' as const };
const rules: SubmissionRules = {
  round: '2023Q4',
  village: '440904001001',
  bySurveyor: false,
  roster: { village: '440904001001', expected: new Map([['0001', previous]]) },
  household,
  lastSealedAt: '2023-07-31T16:00:00.000Z',
  now: Date.parse('2023-10-12T10:00:00+08:00'),
};

describe('a visit', () => {
  it('that fits its round, village and household is taken in', () => {
    expect(visitFault(visit, rules)).toBeUndefined();
    expect(visitFault({ ...visit, purpose: 'sample' }, { ...rules, bySurveyor: true })).toBeUndefined();
    expect(visitFault(visit, { ...rules, lastSealedAt: undefined })).toBeUndefined();
    // The day after the last sealing in Shanghai is the first.
    expect(visitFault(visit, { ...rules, lastSealedAt: '2023-10-11T15:59:59.000Z' })).toBeUndefined();
  });

  it.each<[string, Partial<Visit>, Partial<SubmissionRules>, string, string]>([
    ['of another round', { round: '2023Q3' }, {}, 'other-round', 'round'],
    ['of another village', { household: '440904001002-0001' }, {}, 'other-village', 'household'],
    ['of nobody', {}, { household: undefined }, 'household-unknown', 'household'],
    [
      'of a cancelled household',
      {},
      { household: { ...household, status: 'cancelled' } },
      'household-cancelled',
      'household',
    ],
    [
      'of a household that was registered later',
      {},
      { roster: { village: '', expected: new Map() } },
      'household-not-expected',
      'household',
    ],
    ['of tomorrow', { visitedOn: '2023-10-13' }, {}, 'visited-in-future', 'visitedOn'],
    [
      'of the day of the last sealing',
      {},
      { lastSealedAt: '2023-10-11T16:00:00.000Z' },
      'visited-before-last-sealing',
      'visitedOn',
    ],
    [
      'finished after it was sent',
      { recordedAt: '2023-10-12T10:00:00.001+08:00' },
      {},
      'recorded-after-request',
      'recordedAt',
    ],
    [
      'finished before it was made',
      { recordedAt: '2023-10-11T23:59:59+08:00' },
      {},
      'recorded-before-visit',
      'recordedAt',
    ],
    ['of a sample by a village', { purpose: 'sample' }, {}, 'sample-needs-surveyor', 'purpose'],
    ['without somebody', { members: [member('p-1')] }, {}, 'members-mismatch', 'members'],
    ['with somebody else', { members: [member('p-1'), member('p-3')] }, {}, 'members-mismatch', 'members'],
    ['with somebody twice', { members: [member('p-1'), member('p-1')] }, {}, 'members-mismatch', 'members'],
    ['with one more', { members: [member('p-1'), member('p-2'), member('p-2')] }, {}, 'members-mismatch', 'members'],
  ])('%s is refused at its field', (_, changes, other, code, field) => {
    expect(visitFault({ ...visit, ...changes }, { ...rules, ...other })).toEqual({ code, field });
    expect(judgeVisit({ ...visit, ...changes }, { ...rules, ...other }, criteria)).toEqual({ fault: { code, field } });
  });

  it('is judged by what was sealed of the household before, and not at all without a line of its year', () => {
    expect(judgeVisit(visit, rules, criteria).triage?.signals.map(({ id }) => id)).toEqual(['INCOME_COLLAPSE']);
    const first = { ...rules, roster: { village: '', expected: new Map([['0001', null]]) } };
    expect(judgeVisit(visit, first, criteria).triage).toMatchObject({ class: 'secure', perCapita: 1_000_000 });
    expect(judgeVisit(visit, rules, { ...criteria, lines: [] })).toEqual({
      fault: { code: 'criteria-missing', field: 'visitedOn' },
    });
    const broken = Object.defineProperty({ ...criteria }, 'lines', {
      get: () => {
        throw new TypeError('broken');
      },
    });
    expect(() => judgeVisit(visit, rules, broken)).toThrow(TypeError);
  });
});

describe('a rehearsal of other criteria', () => {
  const row: SheetRow = {
    household: HOUSEHOLD,
    visit: 'visit-1',
    missed: null,
    people: 2,
    class: 'monitor',
    caseType: 'sudden-hardship',
    perCapita: 1_050_000,
    perCapitaRound: '2023Q4',
    previousPerCapita: 4_000_000,
    ownPayouts: 100_000,
    openCase: false,
    signals: [{ id: 'INCOME_COLLAPSE', observed: 1_050_000, threshold: 2_000_000 }] as SheetRow['signals'],
    disagreement: false,
    sample: null,
    labour: true,
    seenOn: '2023-10-12',
  };

  it('triages the row again with what it knew, own payouts included, and tells what comes and goes', () => {
    const [line] = criteria.lines;
    const stricter = {
      ...criteria,
      collapsePercent: 10,
      lines: line === undefined ? [] : [{ ...line, line: 900_000 }],
    };
    expect(rehearseRow(row, visit, stricter)).toMatchObject({
      household: HOUSEHOLD,
      people: 2,
      from: 'monitor',
      to: 'concern',
      perCapita: 1_050_000,
      gained: [{ id: 'INCOME_NEAR_LINE' }],
      lost: [{ id: 'INCOME_COLLAPSE' }],
    });
    expect(rehearseRow(row, visit, criteria)).toMatchObject({ from: 'monitor', to: 'monitor', gained: [], lost: [] });
    const before = { ...row, previousPerCapita: null, openCase: true };
    expect(rehearseRow(before, visit, criteria)?.gained.map(({ id }) => id)).toEqual(['OPEN_CASE']);
  });

  it('has nothing to say of a household nobody met, nor without a line', () => {
    expect(rehearseRow({ ...row, class: null }, visit, criteria)).toBeUndefined();
    expect(() => rehearseRow(row, visit, { ...criteria, lines: [] })).toThrow(NoMonitoringLine);
  });
});
