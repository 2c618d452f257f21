import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Measure,
  type MeasureChange,
  measure,
  measureChange,
  measureKind,
  newMeasure,
} from '../../../functions/contracts/assistance/measure.ts';
import { type RiskCode, riskCode } from '../../../functions/contracts/cases/case.ts';
import { problems } from '../../../functions/contracts/problems.ts';
import {
  changeMeasure,
  type HouseholdLabour,
  labourOf,
  matches,
  measureWarnings,
  natureOf,
  openReferrals,
  planMeasure,
  settleReferral,
  suggestMeasures,
} from '../../../functions/domain/assistance/measures.ts';
import { measureNames, measureStatusNames } from '../../../functions/domain/cases/case-labels.ts';
import { warningSentence } from '../../../functions/domain/cases/sentences.ts';

const responsible = { account: 'o', name: '测试干部', unit: '测试镇政府' };
const planned: Measure = {
  id: 'measure-0000000000000001',
  status: 'planned',
  kind: 'industry',
  plannedOn: '2023-11-01',
  responsible,
  evidence: [],
};
const labours: HouseholdLabour[] = ['able', 'weak', 'none'];
const risks = fc.uniqueArray(fc.constantFrom(...riskCode.options), { minLength: 1 });

describe('matching', () => {
  it.each([
    ['illness', ['health', 'minimum-living-allowance', 'social-assistance']],
    ['education', ['compulsory-education', 'other-education', 'social-assistance']],
    ['drinking-water', ['drinking-water']],
    ['housing', ['housing']],
    ['disaster', ['industry', 'housing', 'social-assistance', 'infrastructure']],
    ['disability', ['public-welfare-post', 'health', 'minimum-living-allowance', 'social-assistance']],
    ['lack-of-labour', ['public-welfare-post', 'minimum-living-allowance', 'social-assistance']],
    ['accident', ['health', 'social-assistance']],
    ['industry-failure', ['industry', 'employment', 'finance']],
    ['unstable-employment', ['employment', 'public-welfare-post', 'skills-training', 'start-up']],
    ['other', measureKind.options],
  ] as const)('%s', (risk, kinds) => {
    expect(measureKind.options.filter((kind) => matches(risk, kind))).toEqual(kinds);
  });
});

it('a measure develops where the household’s own work earns by it; all else, a road too, is the safety net', () => {
  const develop = ['industry', 'employment', 'public-welfare-post', 'skills-training', 'start-up', 'finance'];
  for (const kind of measureKind.options)
    expect([kind, natureOf(kind)]).toEqual([kind, develop.includes(kind) ? 'development' : 'safeguard']);
});

describe('suggestions by labour', () => {
  const kinds = (codes: RiskCode[], labour: HouseholdLabour) => suggestMeasures(codes, labour).map(({ kind }) => kind);

  it('able: development first; weak: a post with safeguard beside it; none: safeguard of last resort by referral', () => {
    expect(kinds(['housing'], 'able')).toEqual(['industry', 'employment', 'skills-training', 'start-up', 'housing']);
    expect(kinds(['other'], 'weak')).toEqual(['public-welfare-post', 'minimum-living-allowance', 'social-assistance']);
    expect(suggestMeasures(['lack-of-labour'], 'none')).toEqual([
      { kind: 'minimum-living-allowance', nature: 'safeguard', risks: ['lack-of-labour'], referral: true },
      { kind: 'social-assistance', nature: 'safeguard', risks: ['lack-of-labour'], referral: true },
    ]);
    expect(kinds(['industry-failure'], 'none')).toEqual([
      'minimum-living-allowance',
      'social-assistance',
      'industry',
      'finance',
    ]);
  });

  it('every suggestion is of use: one for labour’s nature, once a kind, no work where nobody can', () => {
    fc.assert(
      fc.property(risks, fc.constantFrom(...labours), (codes, labour) => {
        const suggested = suggestMeasures(codes, labour);
        expect(new Set(suggested.map(({ kind }) => kind)).size).toBe(suggested.length);
        const found = suggested.map(({ kind }) => kind);
        if (labour === 'none') expect(found).not.toContain('employment');
        else expect(suggested.some(({ nature }) => nature === 'development')).toBe(true);
        for (const { kind, nature, risks: answered, referral } of suggested) {
          expect(natureOf(kind)).toBe(nature);
          expect(answered.every((risk) => codes.includes(risk) && matches(risk, kind))).toBe(true);
          if (referral) expect(labour).toBe('none');
        }
      }),
    );
  });

  it('a household is as able as its ablest member', () => {
    const of = (...labour: ('full' | 'weak' | 'none')[]) => labourOf(labour.map((one) => ({ labour: one })));
    expect([of('none', 'weak', 'full'), of('none', 'weak'), of('none'), of()]).toEqual([
      'able',
      'weak',
      'none',
      'none',
    ]);
  });
});

describe('warnings', () => {
  const facts = {
    risks: [{ code: 'illness' as const }],
    measures: [],
    labour: 'able' as const,
    openedOn: '2023-10-31',
    today: '2023-11-30',
  };
  const codes = (changes: Partial<Parameters<typeof measureWarnings>[0]>) =>
    measureWarnings({ ...facts, ...changes }).map(({ code }) => code);

  it('a risk without a matching measure, labour without development, no labour without referral, and overdue after a month', () => {
    expect(measureWarnings(facts)).toEqual([
      { code: 'RISK_WITHOUT_MEASURE', risk: 'illness' },
      { code: 'NO_DEVELOPMENT_MEASURE' },
    ]);
    expect(measureWarnings({ ...facts, today: '2023-12-01' }).at(-1)).toEqual({
      code: 'MEASURES_OVERDUE',
      due: '2023-11-30',
    });
    expect(codes({ measures: [{ kind: 'health', status: 'planned' }] })).toEqual(['NO_DEVELOPMENT_MEASURE']);
    expect(codes({ measures: [{ kind: 'industry', status: 'under-way' }] })).toEqual(['RISK_WITHOUT_MEASURE']);
    expect(codes({ measures: [{ kind: 'health', status: 'abandoned' }], labour: 'none' })).toEqual([
      'RISK_WITHOUT_MEASURE',
      'NO_SAFEGUARD_REFERRAL',
    ]);
    expect(
      codes({ risks: [{ code: 'illness', gone: { on: '2023-11-02', by: 'o', reason: '已经痊愈' } }], labour: 'none' }),
    ).toEqual(['NO_SAFEGUARD_REFERRAL']);
    // The safety net holds only whom it was asked for.
    expect(codes({ measures: [{ kind: 'health', status: 'planned' }], labour: 'none' })).toEqual([
      'NO_SAFEGUARD_REFERRAL',
    ]);
    const referral = { to: '民政部门', on: '2023-11-01' };
    expect(
      codes({
        measures: [{ kind: 'social-assistance', status: 'planned', referral }],
        labour: 'none',
        today: '2024-12-01',
      }),
    ).toEqual([]);
  });

  it('have sentences', () => {
    for (const warning of [
      ...measureWarnings({ ...facts, today: '2024-01-01' }),
      ...measureWarnings({ ...facts, labour: 'none' }),
    ])
      expect(warningSentence(warning)).toMatch(/。$/);
    expect(
      [...Object.values(measureNames), ...Object.values(measureStatusNames)].every((name) => name.length > 1),
    ).toBe(true);
  });

  it('are silent about whatever was suggested and taken up', () => {
    fc.assert(
      fc.property(risks, fc.constantFrom(...labours), (suffered, labour) => {
        const taken = suggestMeasures(suffered, labour).map(({ kind, referral }) => ({
          kind,
          status: 'planned' as const,
          ...(referral ? { referral: { to: '民政部门', on: '2023-11-01' } } : {}),
        }));
        const warnings = measureWarnings({
          ...facts,
          risks: suffered.map((code) => ({ code })),
          measures: taken,
          labour,
          today: '2024-06-01',
        });
        // Only work itself answers an unstable job; without labour nobody is offered one.
        const unanswerable =
          labour === 'none' && suffered.includes('unstable-employment')
            ? ['RISK_WITHOUT_MEASURE', 'MEASURES_OVERDUE']
            : [];
        expect(warnings.map(({ code }) => code)).toEqual(unanswerable);
      }),
    );
  });
});

describe('the life of a measure', () => {
  const today = '2023-12-01';
  const changes = {
    start: measureChange.parse({ to: 'under-way', on: '2023-11-05' }),
    complete: measureChange.parse({ to: 'completed', on: '2023-11-20', evidence: ['photo-1'], amount: 500_000 }),
    abandon: measureChange.parse({ to: 'abandoned', on: '2023-11-10', reason: '农户放弃' }),
  };

  it('planned → under-way → completed, with dates, amount and evidence', () => {
    const begun = changeMeasure(planned, changes.start, today).measure ?? planned;
    const done = changeMeasure(begun, changes.complete, today).measure;
    expect(done).toMatchObject({
      status: 'completed',
      startedOn: '2023-11-05',
      endedOn: '2023-11-20',
      evidence: ['photo-1'],
      amount: 500_000,
    });
    expect(measure.parse(done)).toEqual(done);
    const abandoned = changeMeasure(planned, changes.abandon, today).measure;
    expect(measure.parse(abandoned)).toMatchObject({ status: 'abandoned', abandonedBecause: '农户放弃' });
    expect(changeMeasure(begun, { ...changes.start, on: '2023-11-06' }, today).refusal).toBe('measure-status');
  });

  it.each([
    ['completed before it began', planned, changes.complete, 'measure-status'],
    ['begun tomorrow', planned, { ...changes.start, on: '2023-12-02' }, 'measure-date-in-future'],
    ['begun before it was planned', planned, { ...changes.start, on: '2023-10-31' }, 'measure-date-before'],
    [
      'ended before it began',
      { ...planned, status: 'under-way', startedOn: '2023-11-12' },
      changes.abandon,
      'measure-date-before',
    ],
  ] as [string, Measure, MeasureChange, string][])('%s is refused', (_, from, change, refusal) => {
    expect(changeMeasure(from, change, today)).toEqual({ refusal });
  });

  it('may have all its days on one, which may be today', () => {
    const on = planned.plannedOn;
    const plan = { kind: 'health' as const, plannedOn: on, responsible, referral: { to: '民政部门', on } };
    const made = planMeasure(planned.id, plan, on).measure ?? planned;
    expect(made.referral).toEqual({ to: '民政部门', on });
    expect(settleReferral(made, { outcome: 'granted', on }, on).refusal).toBeUndefined();
    const begun = changeMeasure(made, { to: 'under-way', on }, on).measure ?? planned;
    const done = changeMeasure(begun, { to: 'completed', on, evidence: ['photo-1'] }, on).measure;
    expect([begun.startedOn, done?.endedOn]).toEqual([on, on]);
    expect(done).not.toHaveProperty('amount');
  });

  it('ended, it takes no change', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('completed' as const, 'abandoned' as const),
        fc.constantFrom(...Object.values(changes)),
        (status, change) => {
          expect(changeMeasure({ ...planned, status }, change, today)).toEqual({ refusal: 'measure-status' });
        },
      ),
    );
  });

  it('is not completed without evidence, nor abandoned or refused without a reason', () => {
    expect(measureChange.safeParse({ to: 'completed', on: today, evidence: [] }).success).toBe(false);
    expect(measureChange.safeParse({ to: 'abandoned', on: today }).success).toBe(false);
    expect(newMeasure.safeParse({ kind: 'industry', plannedOn: today, responsible, status: 'completed' }).success).toBe(
      false,
    );
  });

  it('a referral is followed until it is granted or refused, once', () => {
    const plan = newMeasure.parse({
      kind: 'minimum-living-allowance',
      plannedOn: '2023-11-01',
      responsible,
      referral: { to: '民政部门', on: '2023-11-02' },
    });
    const referred = planMeasure('measure-0000000000000002', plan, today).measure ?? planned;
    expect(planMeasure('measure-0000000000000002', plan, '2023-11-01').refusal).toBe('measure-date-in-future');
    expect(openReferrals([referred, planned])).toEqual([referred]);
    const refused = { outcome: 'refused', on: '2023-11-20', reason: '不符合条件' } as const;
    const settled = settleReferral(referred, refused, today).measure ?? referred;
    expect(measure.parse(settled).referral?.outcome).toEqual(refused);
    expect(openReferrals([settled, { ...referred, status: 'abandoned' }])).toEqual([]);
    expect(settleReferral(settled, refused, today).refusal).toBe('referral-settled');
    expect(settleReferral(planned, refused, today).refusal).toBe('referral-missing');
    expect(settleReferral(referred, { ...refused, on: '2023-11-01' }, today).refusal).toBe('measure-date-before');
    expect(settleReferral(referred, { ...refused, on: '2023-12-02' }, today).refusal).toBe('measure-date-in-future');
    expect(problems['referral-settled'][1]).toMatch(/。$/);
  });
});
