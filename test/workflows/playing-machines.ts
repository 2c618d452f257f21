import type { WorkflowName } from '../../functions/contracts/workflows.ts';
import { AwsError } from '../../local/errors.ts';
import { Bench, type HistoryEvent, type Outcome } from '../local/states/harness.ts';
import { deployed } from './deployed.ts';

/** What a function answers when it is called for the n-th time (from 0); a wait is ended by `sent`, by time, or because it was over before. */
type Answer = (n: number) => object | 'sent' | 'left' | 'over';
export type Script = Readonly<Record<string, Answer>>;

/** A way through a machine: what its functions answer. */
export interface Play {
  workflow: WorkflowName;
  name: string;
  script: Script;
}

/** Misbehaviour of the calls of one state, one after the other: an error of the function's, or of the service that calls it. */
export interface Misbehaviour {
  state: string;
  errors: readonly string[];
  /** The function did its work before the error: its answer is lost. */
  isDone?: boolean;
}

export interface Played {
  outcome: Outcome;
  /** States in the order they were entered, those of children beside. */
  entered: string[];
  ways: Set<string>;
  /** How often each state called its function. */
  calls: Map<string, number>;
}

/** Longer than all waits of a script together, in seconds. */
const LONG = 40 * 86_400;
/** How long a wait of a script lasts that nobody ends, in seconds. */
export const WAIT = 86_400;

class Named extends Error {
  constructor(name: string) {
    super('As the test wants it.');
    this.name = name;
  }
}

/** Errors of the service that calls go by their own name until Step Functions adds `Lambda.`; the rest is what a function ended with. */
function errorOf(name: string): Error {
  const [, ofService] = /^Lambda\.(\w+Exception)$/.exec(name) ?? [];
  return ofService === undefined ? new Named(name) : new AwsError(ofService, 'As the test wants it.', 500);
}

/** Plays a machine of the template to its end on the interpreter, by a script. */
export async function play({ workflow, script }: Play, misbehaviour?: Misbehaviour): Promise<Played> {
  const calls = new Map<string, number>();
  const answered = new Map<string, number>();
  const bench: Bench = new Bench({
    functions: Object.fromEntries(
      Object.entries(script).map(([name, answer]) => [
        name,
        (payload: unknown) => called(name, answer, Object(payload)),
      ]),
    ),
  });
  const called = async (
    name: string,
    answer: Answer,
    { calledBy, token }: { calledBy: { state: string }; token?: string },
  ): Promise<unknown> => {
    const { state } = calledBy;
    const before = calls.get(state) ?? 0;
    calls.set(state, before + 1);
    const error = state === misbehaviour?.state ? misbehaviour.errors[before] : undefined;
    if (error !== undefined && misbehaviour?.isDone !== true) throw errorOf(error);
    const n = answered.get(name) ?? 0;
    answered.set(name, n + 1);
    const given = answer(n);
    // What was done is remembered: called again, the function tells the same.
    if (error !== undefined) {
      answered.set(name, n);
      throw errorOf(error);
    }
    if (given === 'over') throw new Named('StepOver');
    if (given === 'sent') await bench.states.handle('SendTaskSuccess', { taskToken: token, output: '{}' });
    return typeof given === 'object' ? given : {};
  };
  bench.put('machine', deployed(workflow));
  const arn = await bench.start('machine', { subject: 'one' });
  await bench.settle(LONG);
  const history = await bench.history(arn);
  return { outcome: await bench.describe(arn), ...told(history), calls };
}

function told(history: readonly HistoryEvent[]): { entered: string[]; ways: Set<string> } {
  const entered: string[] = [];
  const ways = new Set<string>();
  let left: string | undefined;
  let caught = '';
  for (const event of history) {
    const { name, error } = Object(Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1]);
    if (event.type.endsWith('StateEntered')) {
      if (left !== undefined) ways.add(`${left}${caught} -> ${name}`);
      entered.push(String(name));
      caught = '';
    }
    if (event.type === 'TaskTimedOut') caught = ' !States.Timeout';
    if (event.type === 'TaskFailed' || event.type === 'LambdaFunctionFailed') caught = ` !${error}`;
    if (event.type === 'TaskScheduled' || event.type === 'TaskSucceeded') caught = '';
    if (event.type.endsWith('StateExited')) left = String(name);
  }
  return { entered, ways };
}
