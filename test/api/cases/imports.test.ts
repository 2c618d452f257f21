import { afterAll, beforeAll, expect, it } from 'vitest';
import { admissionOf, type Registered, TOWN, visited } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, register, VILLAGE } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  households = await visited(stack, 3);
});
afterAll(() => stack.stop());

const CONTACT = { account: 'contact', name: '林联络', unit: '村委会' };
const closedEpisode = {
  admittedOn: '2021-06-01',
  people: 2,
  caseType: 'marginal',
  risks: ['illness'],
  measures: [{ kind: 'health', startedOn: '2021-07-01', completedOn: '2021-12-01' }],
  closed: { on: '2022-01-10', method: 'assisted', perCapita: 1_200_000, monitoringContact: CONTACT },
};
const openEpisode = {
  admittedOn: '2022-08-01',
  people: 2,
  caseType: 'unstable-lifted',
  risks: ['education'],
  measures: [],
};
const withMeasure = (changes: object) => ({
  ...closedEpisode,
  measures: [{ kind: 'health', startedOn: '2021-07-01', ...changes }],
});
const send = async (rows: object[]) => (await stack.post('/v1/imports/cases', OFFICER, { rows })).body;

it('a former register comes in marked imported, once, and lives on here', async () => {
  const [first, second, third] = households;
  const under = await admissionOf(stack, third ?? households[0] ?? { id: '', members: [] });
  const rows = [
    { household: first?.id, episodes: [closedEpisode, openEpisode], helper: CONTACT },
    { household: second?.id, episodes: [closedEpisode] },
    { household: third?.id, episodes: [closedEpisode] },
    { household: `${VILLAGE}-9999`, episodes: [closedEpisode] },
    { household: second?.id, episodes: [openEpisode, closedEpisode] },
    { household: second?.id, episodes: [{ ...openEpisode, admittedOn: '2024-01-01' }] },
    { household: second?.id, episodes: [{ ...openEpisode, reviewedHere: true }] },
    { household: second?.id, episodes: [withMeasure({ startedOn: '2099-01-01' }), openEpisode] },
    { household: second?.id, episodes: [withMeasure({ completedOn: '2021-06-30' })] },
    { household: second?.id, episodes: [withMeasure({ amount: 2 ** 53 - 1 })] },
  ];
  const { items, imported } = await send(rows);
  expect(imported).toBe(2);
  expect(
    items.map(({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome),
  ).toEqual([
    ...['imported', 'imported', 'case-exists', 'household-unknown', 'invalid-body', 'date-in-future', 'invalid-body'],
    ...['date-in-future', 'invalid-body', 'invalid-body'],
  ]);
  expect(
    items.slice(7).map(({ problem }: { problem: { errors: { pointer: string }[] } }) => problem.errors[0]?.pointer),
  ).toEqual([
    '/rows/7/episodes/0/measures/0/startedOn',
    '/rows/8/episodes/0/measures/0/completedOn',
    '/rows/9/episodes/0/measures/0/amount',
  ]);
  expect((await send(rows.slice(0, 2))).unchanged).toBe(2);
  const { body } = await stack.get(`/v1/cases/${items[0].case}`, OFFICER);
  expect(body).toMatchObject({ stage: 'open', episode: 2, admittedOn: '2022-08-01', helper: 'contact', review: null });
  expect(body.episodes.map(({ imported: mark }: { imported?: object }) => mark !== undefined)).toEqual([true, true]);
  expect(body.timeline.every(({ body: told }: { body: { imported: boolean } }) => told.imported)).toBe(true);
  expect((await stack.get(`/v1/households/${first?.id}`, OFFICER)).body.openCase).toBe(true);
  const plan = { key: 'measure-1', kind: 'other-education', plannedOn: '2023-10-01', responsible: CONTACT };
  expect((await stack.post(`/v1/cases/${items[0].case}/measures`, TOWN, plan)).status).toBe(201);
  expect((await stack.get(`/v1/cases/${under}`, OFFICER)).body).toMatchObject({ stage: 'admission', episode: 1 });
});

it('that says otherwise when it comes again, or says a measure twice, is told so and changes nothing', async () => {
  const [household] = await register(stack, 1, OTHER_VILLAGE);
  const measure = { kind: 'health', startedOn: '2021-07-01', completedOn: '2021-12-01', amount: 300_000 };
  const under = { kind: 'industry', startedOn: '2022-09-01', amount: 100_000 };
  const closed = { ...closedEpisode, measures: [measure] };
  const open = { ...openEpisode, measures: [under] };
  const one = (...episodes: object[]) => ({ household, episodes, helper: CONTACT });
  const codeOf = async (row: object) => {
    const { items } = await send([row]);
    return items[0].problem?.code ?? items[0].outcome;
  };
  const twice = await send([one({ ...closed, measures: [measure, measure] })]);
  expect(twice.items[0].problem.errors).toEqual([
    { pointer: '/rows/0/episodes/0/measures', code: 'invalid', detail: expect.stringContaining('完全相同') },
  ]);
  expect(await codeOf(one(closed, open))).toBe('imported');
  for (const same of [one(closed, open), one(closed)]) expect(await codeOf(same)).toBe('unchanged');
  const others = [
    one({ ...closed, people: 3 }, open),
    one({ ...closed, caseType: 'unstable-lifted' }, open),
    one({ ...closed, risks: ['illness', 'housing'] }, open),
    one({ ...closed, closed: { ...closedEpisode.closed, perCapita: 1_300_000 } }, open),
    one({ ...closed, measures: [{ ...measure, amount: 400_000 }] }, open),
    one({ ...closed, measures: [measure, { ...measure, kind: 'industry' }] }, open),
    one({ ...closed, measures: [{ ...measure, completedOn: '2021-12-02' }] }, open),
    one(closed, { ...open, measures: [{ ...under, startedOn: '2022-09-02' }] }),
    one(closed, { ...open, admittedOn: '2022-08-02' }),
    one({ ...openEpisode, admittedOn: '2021-06-01' }, ...[]),
  ];
  const told: string[] = [];
  for (const other of others) told.push(await codeOf(other));
  expect(told).toEqual(others.map(() => 'former-case-differs'));
});

it('is foreseen by its check, of which nothing is kept: of two rows about one household the first counts', async () => {
  const [household] = await register(stack, 1, OTHER_TOWN_VILLAGE);
  const one = { household, episodes: [closedEpisode] };
  const rows = [one, one, { ...one, episodes: [openEpisode] }, { household: { toString: 1 } }];
  const told = ({ items }: { items: { outcome: string; problem?: { code: string } }[] }) =>
    items.map(({ outcome, problem }) => problem?.code ?? outcome);
  const check = async () => (await stack.post('/v1/imports/cases', OFFICER, { rows, check: true })).body;
  const foreseen = await check();
  expect(told(foreseen)).toEqual(['imported', 'unchanged', 'former-case-differs', 'invalid-body']);
  expect(told(await check())).toEqual(told(foreseen));
  expect(told(await send(rows))).toEqual(told(foreseen));
});
