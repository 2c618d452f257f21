import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { qualityRules } from '../../../../functions/contracts/reports/quality-rule.ts';
import { type Limit, limits } from '../../../../functions/domain/limits.ts';
import { calendarRules } from '../../../../functions/domain/reports/quality/calendar-rules.ts';
import {
  householdRules,
  memberRules,
  sampleRules,
} from '../../../../functions/domain/reports/quality/household-rules.ts';
import { limitRules } from '../../../../functions/domain/reports/quality/limit-rules.ts';
import { numberRules } from '../../../../functions/domain/reports/quality/number-rules.ts';
import type {
  DeathFacts,
  HouseholdFacts,
  MemberFacts,
  SampleFacts,
} from '../../../../functions/domain/reports/quality/quality-facts.ts';
import { deathRules, historyRules } from '../../../../functions/domain/reports/quality/register-rules.ts';
import { ruleOf, severityOf } from '../../../../functions/domain/reports/quality/rules.ts';
import { member, PERSON, visit } from './quality-facts.ts';
import { covered, table } from './rule-table.ts';
import { rulesOfCases } from './rules-of-cases.ts';

rulesOfCases();

const assisted: HouseholdFacts['closed'] = { on: '2023-07-31', method: 'assisted' };
const unable = visit({ members: [member({ labour: 'none' })] });
table(householdRules, 'WHOLLY_UNABLE_NOT_FLAGGED', [
  {
    says: 'closed as assisted with nobody able',
    facts: { visit: unable, closed: assisted },
    sees: [{ closedOn: '2023-07-31', people: 1 }],
  },
  {
    says: 'closed with somebody of weak labour',
    facts: { visit: visit({ members: [member({ labour: 'weak' })] }), closed: assisted },
    sees: [],
  },
  { says: 'closed naturally', facts: { visit: unable, closed: { on: '2023-07-31', method: 'natural' } }, sees: [] },
  { says: 'still under safeguard, or never at risk', facts: { visit: unable, closed: null }, sees: [] },
  { says: 'nobody came', facts: { visit: null, closed: assisted }, sees: undefined },
]);

const earning = (wages: number): HouseholdFacts => ({
  visit: visit({ income: { wages, business: 0, property: 0, transfer: 0, businessCosts: 0 } }),
  closed: null,
});
table(householdRules, 'WAGES_TOO_SMALL', [
  { says: 'none', facts: earning(0), sees: [] },
  { says: 'one fen', facts: earning(1), sees: [{ wages: 1 }] },
  { says: '99.99 yuan', facts: earning(9_999), sees: [{ wages: 9_999 }] },
  { says: '100 yuan', facts: earning(10_000), sees: [] },
  { says: 'nobody came', facts: { visit: null, closed: null }, sees: undefined },
]);

const pupil = member({ inSchool: true });
const adult = member({ person: 'p-0000000000000002' });
const asMember = (changes: Partial<MemberFacts>): MemberFacts => ({
  visit: visit(),
  person: PERSON,
  certificate: undefined,
  placedOn: null,
  ...changes,
});
table(memberRules, 'IN_SCHOOL_YET_WORKING', [
  {
    says: 'wages that only a pupil can have earned',
    facts: asMember({ visit: visit({ members: [pupil] }) }),
    sees: [{ wages: 2_000_000 }],
  },
  { says: 'wages a parent may have earned', facts: asMember({ visit: visit({ members: [pupil, adult] }) }), sees: [] },
  {
    says: 'a parent earns, and the ledger placed the pupil',
    facts: asMember({ visit: visit({ members: [pupil, adult] }), placedOn: '2023-07-01' }),
    sees: [{ placedOn: '2023-07-01' }],
  },
  {
    says: 'a pupil without labour',
    facts: asMember({ visit: visit({ members: [member({ inSchool: true, labour: 'none' })] }) }),
    sees: [],
  },
  {
    says: 'no wages',
    facts: asMember({
      visit: visit({ members: [pupil], income: { wages: 0, business: 0, property: 0, transfer: 0, businessCosts: 0 } }),
    }),
    sees: [],
  },
  { says: 'out of school', facts: asMember({ placedOn: '2023-07-01' }), sees: [] },
  { says: 'joined the household after the visit', facts: asMember({ person: 'p-0000000000000009' }), sees: undefined },
  { says: 'nobody came', facts: asMember({ visit: null }), sees: undefined },
]);

const disabled = visit({ members: [member({ disabilityGrade: 2 })] });
table(memberRules, 'DISABILITY_WITHOUT_CERTIFICATE', [
  { says: 'a grade and no certificate', facts: asMember({ visit: disabled }), sees: [{ grade: 2, certificate: null }] },
  {
    says: 'the certificate of the grade',
    facts: asMember({ visit: disabled, certificate: { grade: 2, issuedOn: '2020-01-01' } }),
    sees: [],
  },
  {
    says: 'a certificate of another grade',
    facts: asMember({ visit: disabled, certificate: { grade: 3, issuedOn: '2020-01-01' } }),
    sees: [{ grade: 2, certificate: 3 }],
  },
  { says: 'no grade', facts: asMember({}), sees: [] },
  { says: 'nobody came', facts: asMember({ visit: null }), sees: undefined },
]);

table(numberRules, 'ID_NUMBER_MALFORMED', [
  { says: 'a wrong check digit of a member', facts: { fault: 'check-digit' }, sees: [{ fault: 'check-digit' }] },
  { says: 'a row of a roster', facts: { fault: 'shape', row: 0 }, sees: [{ fault: 'shape', row: 0 }] },
  { says: 'a number that holds', facts: { fault: undefined, row: 3 }, sees: [] },
]);

const insured = (cover: DeathFacts['covers'][number], changes: Partial<DeathFacts> = {}): DeathFacts => ({
  today: '2023-10-20',
  diedOn: '2023-06-15',
  policyTo: '2023-12-31',
  covers: [cover],
  ...changes,
});
table(deathRules, 'INSURED_AFTER_DEATH', [
  {
    says: 'enrolled the day after',
    facts: insured({ enrolledOn: '2023-06-16' }),
    sees: [{ diedOn: '2023-06-15', enrolledOn: '2023-06-16' }],
  },
  {
    says: 'still on the roster',
    facts: insured({ enrolledOn: '2023-01-01' }),
    sees: [{ diedOn: '2023-06-15', enrolledOn: '2023-01-01' }],
  },
  {
    says: 'on the day of death itself',
    facts: insured({ enrolledOn: '2023-01-01' }, { today: '2023-06-15' }),
    sees: [],
  },
  { says: 'taken off', facts: insured({ enrolledOn: '2023-01-01', removedOn: '2023-07-01' }), sees: [] },
  {
    says: 'died on the policy’s last day',
    facts: insured({ enrolledOn: '2023-01-01' }, { diedOn: '2023-12-31', today: '2024-02-01' }),
    sees: [],
  },
]);

const sample = (sealed: SampleFacts['sealed'], seen: SampleFacts['sample']): SampleFacts => ({ sealed, sample: seen });
table(sampleRules, 'SAMPLE_DISAGREES', [
  { says: 'the same class', facts: sample('secure', 'secure'), sees: [] },
  { says: 'the next class', facts: sample('concern', 'monitor'), sees: [{ sealed: 'concern', sample: 'monitor' }] },
  { says: 'the farthest class', facts: sample('secure', 'monitor'), sees: [{ sealed: 'secure', sample: 'monitor' }] },
  { says: 'a household the village missed', facts: sample(null, 'monitor'), sees: [] },
]);

table(historyRules, 'HISTORY_CONTRADICTS', [
  { says: 'changes that follow one another', facts: { misfits: [] }, sees: [] },
  {
    says: 'a death dated before the arrival',
    facts: { misfits: [{ on: '2023-08-15', change: { kind: 'death', person: PERSON } }] },
    sees: [{ on: '2023-08-15', change: 'death' }],
  },
]);

const calendars = (today: string) => ({ today, isKnown: (year: number) => year <= 2026 });
table(calendarRules, 'CALENDAR_MISSING', [
  { says: 'October: nothing is published yet', facts: calendars('2026-10-31'), sees: [] },
  { says: 'from 1 November on', facts: calendars('2026-11-01'), sees: [{ year: 2027 }] },
  { says: 'the next year is there', facts: calendars('2025-11-01'), sees: [] },
  { says: 'in the year itself', facts: calendars('2027-01-04'), sees: [{ year: 2027 }] },
]);

const told = (limit: Limit, percent: number) => ({ limit, percent, most: limits[limit] });
table(limitRules, 'LIMIT_NEAR', [
  { says: 'one household below 80 %', facts: { householdsOfVillage: 3_199 }, sees: [] },
  { says: 'at 80 %', facts: { householdsOfVillage: 3_200 }, sees: [told('householdsOfVillage', 80)] },
  { says: 'the same until 90 %', facts: { householdsOfVillage: 3_599 }, sees: [told('householdsOfVillage', 80)] },
  {
    says: 'a district in all that it has',
    facts: { villages: 3_700, households: 100_000, insured: 200_000 },
    sees: [told('villages', 90), told('households', 100), told('insured', 80)],
  },
]);

describe('the table of rules', () => {
  it('docs/limits.md has every limit that is told', () => {
    const page = readFileSync(new URL('../../../../docs/limits.md', import.meta.url), 'utf8');
    for (const most of Object.values(limits)) expect(page).toContain(`**${most.toLocaleString('en')}**`);
  });

  it('has every rule of docs/domain.md, 8, the sample’s and the register’s own, each told and each with its cases', () => {
    expect(qualityRules).toHaveLength(20);
    expect([...covered].sort()).toEqual([...qualityRules].sort());
    for (const code of qualityRules) {
      const { name, explanation } = ruleOf(code);
      expect(name).toMatch(/[\u4e00-\u9fff]/);
      expect(explanation).toMatch(/；.+。$/);
    }
  });

  it('a sample’s disagreement is as severe as it is far', () => {
    const severity = (sealed: string, seen: string) =>
      severityOf({ rule: 'SAMPLE_DISAGREES', observed: { sealed, sample: seen } });
    expect([severity('secure', 'concern'), severity('monitor', 'concern')]).toEqual(['attention', 'attention']);
    expect([severity('secure', 'monitor'), severity('monitor', 'secure')]).toEqual(['serious', 'serious']);
    expect(severityOf({ rule: 'WAGES_TOO_SMALL', observed: { wages: 1 } })).toBe('attention');
  });
});
