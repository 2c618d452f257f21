import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import type { WorkflowName } from '../../functions/contracts/workflows.ts';
import { TestStack, UNCOUNTED } from '../stack.ts';

export interface Outcome {
  signal: NodeJS.Signals | null;
  result: unknown;
}

/** Runs a script that plays on a data folder in a process of its own, and tells what it came to, or that it was killed. */
export function play(script: URL, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const child = fork(script, { env: { ...process.env, ...UNCOUNTED, ...environment }, silent: true });
  let result: unknown;
  child.on('message', (message) => {
    result = message;
  });
  let told = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) =>
      signal === 'SIGKILL' || code === 0 ? resolve({ signal, result }) : reject(new Error(told)),
    ),
  );
}

/** A copy of a prepared data folder. */
export function copyOf(folder: string): string {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-kill-'));
  cpSync(folder, data, { recursive: true });
  return data;
}

/** The event at which each state of a subject's execution was first entered. */
export async function enteredStates(
  data: string,
  workflow: WorkflowName,
  subject: string,
): Promise<Map<string, number>> {
  const stack = await TestStack.start({ data });
  const stateMachineArn = await stack.machine(workflow);
  const { executions = [] } = await stack.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
  const ours = executions.find(({ name }) => name?.startsWith(subject));
  const { events = [] } = await stack.stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn: ours?.executionArn, maxResults: 1000 }),
  );
  await stack.stop({ keep: true });
  const found = new Map<string, number>();
  for (const { id, stateEnteredEventDetails: details } of events) {
    if (details?.name !== undefined && !found.has(details.name)) found.set(details.name, Number(id));
  }
  return found;
}

/** Names of a workflow's states, from the template that deploys. */
export function statesOfTemplate(workflow: WorkflowName): string[] {
  const template: unknown = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const machine = Object.values<{ Type: string; Properties: Record<string, unknown> }>(
    Object(template)['Resources'],
  ).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && JSON.stringify(Properties['StateMachineName']).includes(workflow),
  );
  const parts: unknown[] = Object(machine?.Properties['DefinitionString'])['Fn::Join'][1];
  return Object.keys(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')).States);
}

/**
 * Kills a play at each state its undisturbed run entered, one start after the other on one folder, and lets it come to its end.
 * @returns what both came to; of the kills, how many there were: where a state is entered in the commit of the one before, one stands for both
 */
export async function killedAtEachState(options: {
  folder: string;
  script: URL;
  environment: Readonly<Record<string, string>>;
  workflow: WorkflowName;
  subject: string;
}): Promise<{ undisturbed: unknown; killed: unknown; states: string[]; kills: number }> {
  const { folder, script, environment, workflow, subject } = options;
  const whole = copyOf(folder);
  const undisturbed = await play(script, { ...environment, DATA: whole });
  const states = await enteredStates(whole, workflow, subject);
  const data = copyOf(folder);
  let kills = 0;
  for (const event of [...states.values()].sort((a, b) => a - b)) {
    const { signal } = await play(script, { ...environment, DATA: data, KILL_EVENT: String(event) });
    if (signal === 'SIGKILL') kills += 1;
  }
  const { result } = await play(script, { ...environment, DATA: data });
  return { undisturbed: undisturbed.result, killed: result, states: [...states.keys()], kills };
}
