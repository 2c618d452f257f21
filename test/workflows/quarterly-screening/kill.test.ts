import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, type HistoryEvent, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_VILLAGE, openRound, register, submit, VILLAGE, visitOf, worklist } from '../../playing-households.ts';
import { TestStack, UNCOUNTED } from '../../stack.ts';

/** Told by a second execution of the same round only; it changes nothing, and its own test is in machine.test.ts. */
const ELSEWHERE = ['Carried by another execution'];

/** Wages of 99 yuan beside a pension: every visit is a finding of data quality. */
const DOUBTFUL = { income: { wages: 9_900, business: 0, property: 0, transfer: 2_000_000, businessCosts: 0 } };

interface Outcome {
  signal: NodeJS.Signals | null;
  result: unknown;
}

function run(data: string, environment: Record<string, string>): Promise<Outcome> {
  const child = fork(new URL('../killable.ts', import.meta.url), {
    env: { ...process.env, ...UNCOUNTED, DATA: data, ...environment },
    silent: true,
  });
  let result: unknown;
  child.on('message', (message) => {
    result = message;
  });
  return new Promise((resolve) => child.on('exit', (_, signal) => resolve({ signal, result })));
}

/** Killed right after the first event from `from` on that a start commits, then the same from the next one, until a start comes through. */
async function killedAtEvery(
  data: string,
  from: number,
  environment: Record<string, string> = {},
): Promise<{ kills: number; result: unknown }> {
  for (let id = from; ; id += 1) {
    const { signal, result } = await run(data, { ...environment, KILL_AT: String(id) });
    if (signal !== 'SIGKILL') return { kills: id - from, result };
  }
}

async function history(stack: TestStack): Promise<HistoryEvent[]> {
  const stateMachineArn = await stack.machine('quarterly-screening');
  const { executions = [] } = await stack.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
  const answer = await stack.stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn: executions[0]?.executionArn, maxResults: 1000 }),
  );
  return answer.events ?? [];
}

/** A way through the workflow: who submits, what ends the collecting, and the folder as it stands before that. */
class Scenario {
  readonly environment: Record<string, string>;
  readonly submitting: readonly string[];
  folder = '';
  expected: unknown;
  /** How many events the history had when the folder was prepared. */
  before = 0;
  /** Every state the undisturbed run passed, and the event at which each was first entered after the folder was prepared. */
  passed = new Set<string>();
  entered = new Map<string, number>();

  constructor(submitting: readonly string[], environment: Record<string, string> = {}) {
    this.submitting = submitting;
    this.environment = environment;
  }

  /** Prepares the folder, then runs it undisturbed: what every other run must come to, and the event each state is entered at. */
  async rehearse(): Promise<void> {
    const stack = await TestStack.start();
    this.folder = stack.data;
    await register(stack, 3);
    await register(stack, 2, OTHER_VILLAGE);
    await openRound(stack);
    for (const village of this.submitting) {
      const visits = (await worklist(stack, village)).map((household) => visitOf(household, DOUBTFUL));
      await submit(stack, visits, { village });
    }
    this.before = (await history(stack)).length;
    await stack.stop({ keep: true });
    const data = this.copy();
    this.expected = (await run(data, this.environment)).result;
    const after = await TestStack.start({ data });
    for (const { id, stateEnteredEventDetails } of await history(after)) {
      const name = stateEnteredEventDetails?.name;
      if (name === undefined) continue;
      this.passed.add(name);
      if (Number(id) > this.before && !this.entered.has(name)) this.entered.set(name, Number(id));
    }
    await after.stop();
  }

  copy(): string {
    const copy = mkdtempSync(join(tmpdir(), 'shouwang-kill-'));
    cpSync(this.folder, copy, { recursive: true });
    return copy;
  }

  /** Killed right after a state was entered, then once more a few events later (which may have come with the first), then left alone. */
  async survives(state: string): Promise<void> {
    const at = this.entered.get(state) ?? Number.NaN;
    expect(at).toBeGreaterThan(0);
    const data = this.copy();
    expect(await run(data, { ...this.environment, KILL_AT: String(at) })).toEqual({
      signal: 'SIGKILL',
      result: undefined,
    });
    await run(data, { ...this.environment, KILL_AT: String(at + 3) });
    expect((await run(data, this.environment)).result).toEqual(this.expected);
    rmSync(data, { recursive: true, force: true });
  }
}

const early = new Scenario([VILLAGE, OTHER_VILLAGE]);
const lagging = new Scenario([VILLAGE], { ADVANCE: '2023-11-16T00:00:05+08:00' });

beforeAll(async () => {
  await early.rehearse();
  await lagging.rehearse();
});
afterAll(() => {
  for (const { folder } of [early, lagging]) rmSync(folder, { recursive: true, force: true });
});

function statesOfTemplate(): string[] {
  const template: unknown = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const machines = Object.values<{ Type: string; Properties: Record<string, unknown> }>(
    Object(template)['Resources'],
  ).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && JSON.stringify(Properties).includes('quarterly-screening'),
  );
  const parts: unknown[] = Object(machines[0]?.Properties)['DefinitionString']['Fn::Join'][1];
  return Object.keys(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')).States);
}

describe('undisturbed', () => {
  it('both ways seal everybody, and together enter every state of the template', () => {
    expect(early.expected).toMatchObject({
      status: 'sealed',
      totals: { visited: { households: 5 }, missed: { households: 0 } },
    });
    expect(Object(early.expected).findings).toHaveLength(5);
    expect(lagging.expected).toMatchObject({
      status: 'sealed',
      totals: { visited: { households: 3 }, missedByReason: { 'no-reason': 2 } },
    });
    const entered = new Set([...early.passed, ...lagging.passed, ...ELSEWHERE]);
    expect([...entered].sort()).toEqual(statesOfTemplate().sort());
  });
});

describe('killed twice and started again, it comes to the same sheets, totals, reminders and findings', () => {
  it.each(['Remind lagging villages', 'Await due date or early sealing'])('at “%s”, when villages lag', (state) =>
    lagging.survives(state),
  );

  it('at every event of the sealing, one start after the other', async () => {
    const data = early.copy();
    const { kills, result } = await killedAtEvery(data, early.before + 1);
    expect(kills).toBeGreaterThan(5);
    expect(result).toEqual(early.expected);
    rmSync(data, { recursive: true, force: true });
  });

  it('at every event of a day of lagging: the village is reminded once', async () => {
    const data = lagging.copy();
    const { kills, result } = await killedAtEvery(data, lagging.before + 1, { ADVANCE: '2023-11-01T12:00:00+08:00' });
    expect(kills).toBeGreaterThan(3);
    expect(result).toMatchObject({ status: 'collecting' });
    expect(Object(result).reminders.flat()).toEqual(['2023-11-01']);
    rmSync(data, { recursive: true, force: true });
  });

  it('at every event of the opening: the same roster is frozen', async () => {
    const stack = await TestStack.start();
    await register(stack, 3);
    const { data } = stack;
    await stack.stop({ keep: true });
    expect((await killedAtEvery(data, 1)).kills).toBeGreaterThan(3);
    const again = await TestStack.start({ data });
    await again.settle(600);
    const { body } = await again.get('/v1/rounds/2023Q4', { account: 'district-officer' });
    expect(body).toMatchObject({ status: 'collecting', expectedHouseholds: 3 });
    expect(await worklist(again)).toHaveLength(3);
    await again.stop();
  });
});
