import { describe, expect, it } from 'vitest';
import type { FormerCase } from '../../../functions/contracts/cases/imports-http.ts';
import { ageOf } from '../../../functions/domain/cases/case-age.ts';
import { formerToCase } from '../../../functions/domain/cases/former-register.ts';

const official = { account: 'h-1', name: '测试干部', unit: '测试镇政府' };
const contact = { account: 'c-1', name: '测试联系人', unit: '测试村委' };
const HOUSEHOLD = '440904001001-0001';
const AT = '2023-01-05T02:00:00.000Z';
const first: FormerCase['episodes'][number] = {
  admittedOn: '2021-06-01',
  people: 4,
  caseType: 'marginal',
  risks: ['illness', 'education'],
  measures: [
    { kind: 'health', startedOn: '2021-07-01', completedOn: '2021-12-01', amount: 300_000 },
    { kind: 'other-education', startedOn: '2021-08-01' },
  ],
  closed: { on: '2022-01-10', method: 'assisted', perCapita: 1_200_000, monitoringContact: contact },
};
const { closed, ...open } = first;
const second = {
  ...open,
  admittedOn: '2022-06-01',
  people: 3,
  measures: [{ kind: 'industry' as const, startedOn: '2022-07-01' }],
};
const taken = (former: Omit<FormerCase, 'household'>) =>
  formerToCase(
    { household: HOUSEHOLD, ...former },
    { id: 'case-1', by: 'officer-1', at: AT, measureId: (episode, place) => `m-${episode}-${place}` },
  );

describe('a case of a former register', () => {
  it('is taken over episode by episode, each marked as imported, with its measures and how it ended', () => {
    const { after, events } = taken({ episodes: [first, second], helper: official });
    const imported = { at: AT, by: 'officer-1' };
    const common = {
      clues: [],
      declarations: 0,
      caseType: 'marginal',
      risks: [{ code: 'illness' }, { code: 'education' }],
      imported,
    };
    expect(after).toEqual({
      id: 'case-1',
      household: HOUSEHOLD,
      stage: 'open',
      version: 0,
      head: null,
      episodes: [
        { ...common, number: 1, startedAt: '2021-06-01T00:00:00+08:00', people: 4, admittedOn: '2021-06-01', closed },
        {
          ...common,
          number: 2,
          startedAt: '2022-06-01T00:00:00+08:00',
          people: 3,
          admittedOn: '2022-06-01',
          helper: { ...official, since: '2022-06-01' },
        },
      ],
      review: null,
      closing: null,
      rejected: null,
      measures: [
        {
          id: 'm-1-0',
          episode: 1,
          status: 'completed',
          kind: 'health',
          plannedOn: '2021-07-01',
          startedOn: '2021-07-01',
          endedOn: '2021-12-01',
          amount: 300_000,
          responsible: official,
          evidence: [],
        },
        {
          id: 'm-1-1',
          episode: 1,
          status: 'under-way',
          kind: 'other-education',
          plannedOn: '2021-08-01',
          startedOn: '2021-08-01',
          responsible: official,
          evidence: [],
        },
        {
          id: 'm-2-0',
          episode: 2,
          status: 'under-way',
          kind: 'industry',
          plannedOn: '2022-07-01',
          startedOn: '2022-07-01',
          responsible: official,
          evidence: [],
        },
      ],
    });
    expect(events).toEqual([
      { kind: 'episode-started', body: { episode: 1, imported: true } },
      { kind: 'case-opened', body: { on: '2021-06-01', imported: true } },
      { kind: 'case-closed', body: { on: '2022-01-10', method: 'assisted', imported: true } },
      { kind: 'episode-started', body: { episode: 2, imported: true } },
      { kind: 'case-opened', body: { on: '2022-06-01', imported: true } },
    ]);
  });

  it('that was closed is closed; its measures answer to the contact, or to whoever imported it when nobody was named', () => {
    const { after } = taken({ episodes: [first] });
    expect(after.stage).toBe('closed');
    expect(after.episodes[0]).not.toHaveProperty('helper');
    expect(after.measures[0]?.responsible).toEqual(contact);
    const nobody = { account: 'officer-1', name: '原登记册', unit: '原登记册' };
    expect(taken({ episodes: [second] }).after.measures[0]?.responsible).toEqual(nobody);
    expect(taken({ episodes: [second] }).after.episodes[0]).not.toHaveProperty('helper');
    const { monitoringContact, ...unnamed } = first.closed ?? { on: '', method: 'natural', perCapita: 0 };
    expect(taken({ episodes: [{ ...first, closed: unnamed }] }).after.measures[0]?.responsible).toEqual(nobody);
  });
});

it.each([
  ['2023-01-31', '2023-07-30', 'under-6-months'],
  ['2023-01-31', '2023-07-31', '6-to-12-months'],
  ['2023-01-31', '2024-01-30', '6-to-12-months'],
  ['2023-01-31', '2024-01-31', '1-to-2-years'],
  ['2023-01-31', '2025-01-30', '1-to-2-years'],
  ['2023-01-31', '2025-01-31', 'over-2-years'],
])('a case admitted on %s is on %s watched %s, while it is open or about to be closed', (admittedOn, today, band) => {
  expect(ageOf({ stage: 'open', admittedOn }, today)).toBe(band);
  expect(ageOf({ stage: 'closing', admittedOn }, today)).toBe(band);
  for (const stage of ['admission', 'rejected', 'closed'] as const)
    expect(ageOf({ stage, admittedOn }, today)).toBeNull();
  expect(ageOf({ stage: 'open', admittedOn: null }, today)).toBeNull();
});
