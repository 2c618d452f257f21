import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionOf, agreeUntil, PROPOSER, screen, TOWN, visited } from '../../cases.ts';
import { TestStack } from '../../stack.ts';

/** Told by a review that ends otherwise; its own test is in machine.test.ts. */
const OTHER_END = ['Not approved'];

let folder = '';
let admission = '';
let closure = '';
/** One folder for both: a case that is open and may be closed, and a household whose admission has just been asked for. */
beforeAll(async () => {
  const stack = await TestStack.start({ start: '2022-10-11T10:00:00+08:00' });
  folder = stack.data;
  const [first, second] = await visited(stack, 2, '2022Q4');
  if (first === undefined || second === undefined) throw new Error('Two households are needed.');
  closure = await admissionOf(stack, first);
  await agreeUntil(stack, closure, first);
  for (const [key, kind] of [
    ['measure-1', 'employment'],
    ['measure-2', 'health'],
  ]) {
    const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
    const { body } = await stack.post(`/v1/cases/${closure}/measures`, TOWN, { key, kind, plannedOn: '2022-10-17', responsible });
    const path = `/v1/cases/${closure}/measures/${body.measure.id}`;
    await stack.post(path, TOWN, { change: { to: 'under-way', on: '2022-10-17' } });
    await stack.post(path, TOWN, { change: { to: 'completed', on: '2022-10-17', evidence: ['photo-9'] } });
  }
  await screen(stack, '2023Q1');
  await screen(stack, '2023Q2');
  await stack.advance('2023-04-17T09:00:00+08:00');
  const started = await stack.post(`/v1/cases/${closure}/closure`, PROPOSER, { method: 'assisted' });
  expect(started.status).toBe(201);
  admission = (await stack.post('/v1/clues', PROPOSER, { household: second.id, reason: '走访发现重病住院' })).body.case;
  await stack.stop({ keep: true });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  signal: NodeJS.Signals | null;
  result: unknown;
}

function run(data: string, procedure: string, kill?: number): Promise<Outcome> {
  const environment = { DATA: data, PROCEDURE: procedure, CASE: procedure === 'admission' ? admission : closure };
  const env = { ...process.env, ...environment, ...(kill === undefined ? {} : { KILL_EVENT: String(kill) }) };
  const child = fork(new URL('./killable.ts', import.meta.url), { env, silent: true });
  let result: unknown;
  child.on('message', (message) => {
    result = message;
  });
  let told = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) => (signal === 'SIGKILL' || code === 0 ? resolve({ signal, result }) : reject(new Error(told)))),
  );
}

/** The event at which each state was first entered in the undisturbed run. */
async function entered(data: string, procedure: string): Promise<Map<string, number>> {
  const stack = await TestStack.start({ data });
  const stateMachineArn = await stack.machine(procedure === 'admission' ? 'case-admission' : 'case-closure');
  const { executions = [] } = await stack.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
  const ours = executions.find(({ name }) => name?.startsWith(procedure === 'admission' ? admission : closure));
  const { events = [] } = await stack.stepFunctions.send(new GetExecutionHistoryCommand({ executionArn: ours?.executionArn, maxResults: 1000 }));
  await stack.stop({ keep: true });
  const found = new Map<string, number>();
  for (const { id, stateEnteredEventDetails: details } of events) {
    if (details?.name !== undefined && !found.has(details.name)) found.set(details.name, Number(id));
  }
  return found;
}

function statesOfTemplate(procedure: string): string[] {
  const template: unknown = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const machine = Object.values<{ Type: string; Properties: Record<string, unknown> }>(Object(template)['Resources']).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && JSON.stringify(Properties['StateMachineName']).includes(`case-${procedure}`),
  );
  const parts: unknown[] = Object(machine?.Properties['DefinitionString'])['Fn::Join'][1];
  return Object.keys(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')).States);
}

describe.each(['admission', 'closure'])('the %s', (procedure) => {
  it('killed at each state of the template, one start after the other, comes to the same end', { timeout: 120_000 }, async () => {
    const copy = () => {
      const data = mkdtempSync(join(tmpdir(), 'shouwang-kill-'));
      cpSync(folder, data, { recursive: true });
      return data;
    };
    const whole = copy();
    const undisturbed = await run(whole, procedure);
    expect(undisturbed.result).toMatchObject({ stage: procedure === 'admission' ? 'open' : 'closed' });
    const states = await entered(whole, procedure);
    expect([...states.keys(), ...OTHER_END].sort()).toEqual(statesOfTemplate(procedure).sort());
    const killed = copy();
    let kills = 0;
    for (const event of [...states.values()].sort((a, b) => a - b)) {
      const { signal } = await run(killed, procedure, event);
      if (signal === 'SIGKILL') kills += 1;
    }
    // Where a state is entered in the commit of the one before, one kill stands for both.
    expect(kills).toBeGreaterThanOrEqual(states.size - 2);
    const { result } = await run(killed, procedure);
    expect(result).toEqual(undisturbed.result);
    for (const data of [whole, killed]) rmSync(data, { recursive: true, force: true });
  });
});

it('keeps every state of both machines the same: they are one ladder', () => {
  expect(statesOfTemplate('closure')).toEqual(statesOfTemplate('admission'));
});
