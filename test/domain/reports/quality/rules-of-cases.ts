import { caseRules } from '../../../../functions/domain/reports/quality/case-rules.ts';
import { closureRules } from '../../../../functions/domain/reports/quality/closure-rules.ts';
import type { SeenVisit } from '../../../../functions/domain/reports/quality/quality-facts.ts';
import { closed, member, open, visit } from './quality-facts.ts';
import { table } from './rule-table.ts';

/** What is looked at in a case, and at its closure: a block a rule, in the order of `case-rules` and `closure-rules`. */
export function rulesOfCases(): void {
  table(closureRules, 'CLOSED_WITHIN_SIX_MONTHS', [
    {
      says: 'exactly six calendar months, clamped to the end of the month',
      facts: closed({ admittedOn: '2022-08-31' }, { on: '2023-02-28' }),
      sees: [],
    },
    {
      says: 'a day less',
      facts: closed({ admittedOn: '2022-08-31' }, { on: '2023-02-27' }),
      sees: [{ admittedOn: '2022-08-31', closedOn: '2023-02-27' }],
    },
    { says: 'a natural closure is exempt', facts: closed({}, { on: '2023-03-01', method: 'natural' }), sees: [] },
    { says: 'an open episode', facts: open(), sees: [] },
  ]);

  table(closureRules, 'INCOME_BELOW_LINE_AT_CLOSURE', [
    { says: 'at the line', facts: closed(), sees: [] },
    {
      says: 'a fen below it',
      facts: closed({}, { perCapita: 799_999 }),
      sees: [{ perCapita: 799_999, line: 800_000 }],
    },
    { says: 'a negative income', facts: closed({}, { perCapita: -5 }), sees: [{ perCapita: -5, line: 800_000 }] },
    { says: 'no line for the year', facts: closed({ lineAtClosure: undefined }), sees: undefined },
    { says: 'an open episode', facts: open(), sees: [] },
  ]);

  table(closureRules, 'ASSISTED_WITHOUT_DEVELOPMENT', [
    { says: 'a completed development measure', facts: closed(), sees: [] },
    {
      says: 'safeguard measures only',
      facts: closed({
        measures: [{ kind: 'health', status: 'completed', startedOn: '2023-02-10', endedOn: '2023-06-01' }],
      }),
      sees: [{ completed: 1 }],
    },
    {
      says: 'a development measure that was never completed',
      facts: closed({ measures: [{ kind: 'industry', status: 'under-way', startedOn: '2023-02-10' }] }),
      sees: [{ completed: 0 }],
    },
    { says: 'a natural closure', facts: closed({ measures: [] }, { method: 'natural' }), sees: [] },
  ]);

  const { guarantees } = visit();
  table(closureRules, 'DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE', [
    { says: 'everything safe', facts: closed(), sees: [] },
    {
      says: 'dropout',
      facts: closed({}, { guarantees: { ...guarantees, compulsoryEducation: false } }),
      sees: [{ compulsoryEducation: false, housing: true }],
    },
    {
      says: 'unsafe housing',
      facts: closed({}, { guarantees: { ...guarantees, housing: false } }),
      sees: [{ compulsoryEducation: true, housing: false }],
    },
    {
      says: 'only the water unsafe',
      facts: closed({}, { guarantees: { ...guarantees, drinkingWater: false } }),
      sees: [],
    },
    {
      says: 'not told, and a visit on the day of closure saw it',
      facts: closed(
        { visit: visit({ visitedOn: '2023-07-31', guarantees: { ...guarantees, housing: false } }) },
        { guarantees: undefined },
      ),
      sees: [{ compulsoryEducation: true, housing: false }],
    },
    {
      says: 'not told, and the visit came a day later',
      facts: closed({ visit: visit({ visitedOn: '2023-08-01' }) }, { guarantees: undefined }),
      sees: undefined,
    },
    { says: 'not told, and nobody came', facts: closed({ visit: null }, { guarantees: undefined }), sees: undefined },
  ]);

  table(closureRules, 'NO_MONITORING_CONTACT', [
    { says: 'one named', facts: closed(), sees: [] },
    { says: 'none named', facts: closed({}, { monitoringContact: undefined }), sees: [{ closedOn: '2023-07-31' }] },
    { says: 'an open episode needs none', facts: open(), sees: [] },
  ]);

  table(caseRules, 'MEASURES_MISSING', [
    {
      says: 'none on the last day of the month, clamped',
      facts: open({ measures: [], today: '2023-02-28' }),
      sees: [],
    },
    {
      says: 'none a day later',
      facts: open({ measures: [], today: '2023-03-01' }),
      sees: [{ admittedOn: '2023-01-31', due: '2023-02-28' }],
    },
    {
      says: 'only an abandoned one',
      facts: open({ measures: [{ kind: 'health', status: 'abandoned' }] }),
      sees: [{ admittedOn: '2023-01-31', due: '2023-02-28' }],
    },
    { says: 'a planned one', facts: open({ measures: [{ kind: 'health', status: 'planned' }] }), sees: [] },
    { says: 'closed meanwhile', facts: closed({ measures: [] }), sees: [] },
  ]);

  table(caseRules, 'RISK_WITHOUT_MEASURE', [
    { says: 'illness with health', facts: open(), sees: [] },
    {
      says: 'education and water with health alone, each by itself',
      facts: open({ risks: [{ code: 'education' }, { code: 'drinking-water' }, { code: 'illness' }] }),
      sees: [{ risk: 'education' }, { risk: 'drinking-water' }],
    },
    { says: 'within the month', facts: open({ risks: [{ code: 'education' }], today: '2023-02-28' }), sees: [] },
    {
      says: 'a risk that is gone',
      facts: open({ risks: [{ code: 'education', gone: { on: '2023-05-01', by: 'x', reason: '已毕业' } }] }),
      sees: [],
    },
    { says: 'a risk the rule does not name', facts: open({ risks: [{ code: 'housing' }] }), sees: [] },
    {
      says: 'closed with it',
      facts: closed({ risks: [{ code: 'drinking-water' }] }),
      sees: [{ risk: 'drinking-water' }],
    },
  ]);

  const medical = (amount: number) => visit({ selfPaid: { medical: amount, education: 0, other: 0 } });
  table(caseRules, 'ILLNESS_WITHOUT_COST', [
    { says: 'no cost', facts: open({ visit: medical(0) }), sees: [{ medical: 0 }] },
    { says: 'one fen', facts: open({ visit: medical(1) }), sees: [] },
    { says: 'another risk', facts: open({ risks: [{ code: 'education' }], visit: medical(0) }), sees: [] },
    { says: 'nobody came', facts: open({ visit: null }), sees: undefined },
  ]);

  const family = (able: number, unable: number): SeenVisit =>
    visit({
      members: [
        ...Array.from({ length: able }, () => member({ labour: 'weak' })),
        ...Array.from({ length: unable }, () => member({ labour: 'none' })),
      ],
    });
  const lacking = (seen: SeenVisit) => open({ risks: [{ code: 'lack-of-labour' }], visit: seen });
  table(caseRules, 'LACK_OF_LABOUR_WITH_LABOUR', [
    { says: 'half of four', facts: lacking(family(2, 2)), sees: [{ people: 4, able: 2 }] },
    { says: 'one of four', facts: lacking(family(1, 3)), sees: [] },
    { says: 'two of five', facts: lacking(family(2, 3)), sees: [] },
    { says: 'three of five', facts: lacking(family(3, 2)), sees: [{ people: 5, able: 3 }] },
    { says: 'all of three', facts: lacking(family(3, 0)), sees: [] },
    { says: 'another risk', facts: open({ visit: family(4, 0) }), sees: [] },
    { says: 'nobody came', facts: lacking(null), sees: undefined },
  ]);

  const transfer = (amount: number) =>
    visit({ income: { wages: 0, business: 0, property: 0, transfer: amount, businessCosts: 0 } });
  const allowance = (startedOn: string, endedOn?: string) => ({
    kind: 'minimum-living-allowance' as const,
    ...(endedOn === undefined
      ? { status: 'under-way' as const, startedOn }
      : { status: 'completed' as const, startedOn, endedOn }),
  });
  table(caseRules, 'ALLOWANCE_WITHOUT_TRANSFERS', [
    {
      says: 'nothing received',
      facts: open({ measures: [allowance('2023-10-10')], visit: transfer(0) }),
      sees: [{ startedOn: '2023-10-10', transfer: 0 }],
    },
    { says: 'one fen received', facts: open({ measures: [allowance('2023-10-10')], visit: transfer(1) }), sees: [] },
    {
      says: 'granted on the day of the visit',
      facts: open({ measures: [allowance('2023-10-11')], visit: transfer(0) }),
      sees: [],
    },
    {
      says: 'ended a year before the visit',
      facts: open({ measures: [allowance('2022-01-01', '2022-10-11')], visit: transfer(0) }),
      sees: [],
    },
    {
      says: 'ended a day within the year',
      facts: open({ measures: [allowance('2022-01-01', '2022-10-12')], visit: transfer(0) }),
      sees: [{ startedOn: '2022-01-01', transfer: 0 }],
    },
    {
      says: 'only planned',
      facts: open({ measures: [{ kind: 'minimum-living-allowance', status: 'planned' }], visit: transfer(0) }),
      sees: [],
    },
    { says: 'nobody came', facts: open({ measures: [allowance('2023-05-01')], visit: null }), sees: undefined },
  ]);
}
