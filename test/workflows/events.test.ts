import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DomainEvent, domainEvent, eventKind } from '../../functions/contracts/events.ts';
import { screen } from '../playing-cases.ts';
import { register, VILLAGE } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

let stack: TestStack;
const heard: DomainEvent[] = [];
const kinds = (kind: string) => heard.filter((event) => event.kind === kind);

beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-04-11T10:00:00+08:00' });
  stack.local.events.subscribe(({ source, detail }) => {
    // As a rule outside would: everything it needs is in the event.
    if (source === 'shouwang') heard.push(domainEvent.parse(detail));
  });
  await stack.prepare();
  await register(stack, 2);
});
afterAll(() => stack.stop());

it('a sealed round tells that its brief is published', async () => {
  await screen(stack, '2023Q2', ({ id }) => (id.endsWith('1') ? { shocks: ['disaster'], guarantees: unsafe } : {}));
  expect(kinds('brief-published')).toMatchObject([
    { region: '440904', subject: '2023Q2', roles: expect.arrayContaining(['town-officer']) },
  ]);
});

it('a decision is told the day before its time ends, when it is escalated, and the morning after, once each', async () => {
  await stack.settle(12 * 86_400);
  const [tomorrow, second] = kinds('decision-due-tomorrow');
  expect(second).toBeUndefined();
  expect(tomorrow).toMatchObject({
    region: VILLAGE,
    roles: ['village-worker'],
    subject: expect.stringMatching(/^decision-/),
  });
  expect(kinds('decision-escalated')).toMatchObject([
    { subject: tomorrow?.subject, region: VILLAGE, roles: expect.arrayContaining(['village-worker', 'town-officer']) },
  ]);
  expect(kinds('decision-overdue')).toMatchObject([{ subject: tomorrow?.subject, dueAt: tomorrow?.dueAt }]);
});

it('every morning each role for which something waits is told how much', () => {
  const digests = kinds('daily-digest');
  expect(new Set(digests.map(({ at }) => at.slice(11, 16)))).toEqual(new Set(['00:30']));
  const village = digests.filter(({ roles }) => roles[0] === 'village-worker');
  expect(village.length).toBeGreaterThan(5);
  expect(village[0]?.counts).toEqual({ pending: 1, overdue: 0, dueTomorrow: expect.any(Number) });
  expect(village.at(-1)?.counts).toEqual({ pending: 1, overdue: 1, dueTomorrow: 0 });
});

it('a town whose villages lag is told every day after the due date, how many villages and households', async () => {
  await stack.advance('2023-08-02T09:00:00+08:00');
  const lagging = kinds('round-lagging');
  expect(lagging.length).toBeGreaterThan(0);
  expect(lagging[0]).toMatchObject({
    region: VILLAGE.slice(0, 9),
    subject: '2023Q3',
    roles: ['town-officer'],
    counts: { villages: 1, households: 2 },
  });
});

it('the same event told again has the same id, and nothing of a person is in any', async () => {
  expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  const told: { events: unknown[] } = Object(await (await fetch(`${stack.local.endpoints.api}/_local/events`)).json());
  expect(told.events.length).toBeGreaterThan(heard.length - 1);
  // Names and sentences are Chinese, numbers are long: neither is anywhere.
  expect(JSON.stringify(told)).not.toMatch(/\p{Script=Han}/u);
  for (const event of heard) expect(eventKind.options).toContain(event.kind);
});

const unsafe = {
  food: true,
  clothing: true,
  compulsoryEducation: true,
  basicMedicalInsurance: true,
  housing: false,
  drinkingWater: true,
};
