import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { playClaims } from '../../demo/claims/play.ts';
import { admissionOf, agreeUntil, screen, TOWN } from '../playing-cases.ts';
import { claimFor, illness, insureWith, registerFamilies, rosterOf, stageOf } from '../playing-claims.ts';
import { OTHER_TOWN_VILLAGE, register, VILLAGE, worklist } from '../playing-households.ts';
import { TestStack } from '../stack.ts';
import { tablesNow } from './tables.ts';

/**
 * Records, at a release, what its machines and schedules pass to every task, and the headings and words of its tables: `node test/contracts/record.ts <version>`.
 * Later releases must read both (contracts.test.ts, tables.test.ts): executions that began under this one may run for a year, and officials keep their files.
 */
const KEPT = 4;
const UNSAFE = {
  food: true,
  clothing: true,
  compulsoryEducation: true,
  basicMedicalInsurance: true,
  housing: false,
  drinkingWater: true,
};

const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version))
  throw new Error('Say which release: node test/contracts/record.ts 0.1.0');

const recorded = new Map<string, Map<string, unknown>>();
const stack = await TestStack.start({ start: '2023-04-11T10:00:00+08:00' });
const { gateway } = stack.local;
const call = gateway.call.bind(gateway);
gateway.call = (asked) => {
  if (asked.service === 'lambda') record(String(asked.input['FunctionName']), asked.input['Payload']);
  return call(asked);
};

function record(reference: string, payload: unknown): void {
  const task = /shouwang-test-([a-z-]+)/.exec(reference)?.[1] ?? reference;
  const kept = recorded.get(task) ?? new Map<string, unknown>();
  recorded.set(task, kept);
  // Tokens are long and say nothing.
  const input = JSON.parse(JSON.stringify(payload, (name, value) => (name === 'token' ? 'a-token' : value)));
  // One of each shape, and no village list of a whole town.
  const shape = Object.keys(input).sort().join() + typeof input['outcome'];
  if (!kept.has(shape) && kept.size < KEPT) kept.set(shape, input);
}

await stack.prepare();
await register(stack, 2);
await screen(stack, '2023Q2', ({ id }) => (id.endsWith('1') ? {} : { shocks: ['disaster'], guarantees: UNSAFE }));
const [household] = await worklist(stack, VILLAGE, '2023Q2');
if (household === undefined) throw new Error('There is no household.');
const subject = await admissionOf(stack, household);
await stack.settle(5 * 86_400);
await agreeUntil(stack, subject, household, 'public-notice');
const { body } = await stack.call('GET', `/v1/notices?region=440904`, '');
const objections = `/v1/notices/${body.items[0].id}/objections`;
const objection = await stack.call('POST', objections, '', JSON.stringify({ text: '该户有车有房', contact: '138' }));
await stack.settle(6 * 86_400);
await stack.post(`${objections}/${objection.body.id}/answer`, TOWN, { text: '经核实，异议不成立' });
await stack.settle(301);
await agreeUntil(stack, subject, household);
const families = await registerFamilies(stack, 2, OTHER_TOWN_VILLAGE);
const policy = await insureWith(stack, rosterOf(families));
const [first, second] = families;
if (first === undefined || second === undefined) throw new Error('Two families are needed.');
await playClaims(stageOf(stack), policy, [
  claimFor(first, 5, illness(900_000, 'DB-0001'), 'paid', { eventOn: '2023-04-10', comesBackOnce: true }),
  claimFor(second, 6, illness(900_000, 'DB-0002'), 'survey', { eventOn: '2023-04-10' }),
]);
await stack.settle(7 * 86_400);
// A round that lags: opened by the schedule.
await stack.advance('2023-08-02T09:00:00+08:00');

await stack.stop();

const folder = `test/contracts/${version}`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const tasks = Object.fromEntries(
  [...recorded].sort(([a], [b]) => a.localeCompare(b)).map(([task, inputs]) => [task, [...inputs.values()]]),
);
writeFileSync(`${folder}/tasks.json`, `${JSON.stringify(tasks, null, 2)}\n`);
writeFileSync(`${folder}/tables.json`, `${JSON.stringify(tablesNow(), null, 2)}\n`);
console.log(`${Object.keys(tasks).length} tasks: ${Object.keys(tasks).join(', ')}`);
