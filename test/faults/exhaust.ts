import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { WorkflowName } from '../../functions/contracts/workflows.ts';
import { keyedHash } from '../../functions/store/ids.ts';
import type { FaultRule } from '../../local/index.ts';
import { asATask, ONE_ATTEMPT } from '../as-a-task.ts';
import type { TestStack } from '../stack.ts';
import { allStates, deployed } from '../workflows/deployed.ts';
import { contents, restore, said } from './table.ts';

/** How a call to another service goes wrong. */
export const KINDS = ['fail-before', 'lose-answer', 'throttle', 'deliver-twice'] as const;
type Kind = (typeof KINDS)[number];

/** A task of a workflow, called where its state would call it. */
export interface Act {
  workflow: WorkflowName;
  /** Folder and file under functions/tasks. */
  task: string;
  input: object;
  /** What it leaves to the five-minute sweep counts as done by it. */
  isSwept?: boolean;
  /** Milliseconds after the clock of the stack at which its state was entered. */
  later?: number;
}

export interface Counted {
  acts: number;
  calls: number;
  single: number;
  pairs: number;
  failures: string[];
}

/** A call that is struck: the how manyth of the task's calls, those of its second start counted on. */
interface Strike {
  kind: Kind;
  nth: number;
}

/** How much is looked at. */
export interface Looking {
  kinds?: readonly Kind[];
  /** Pairs of faults that are tried for each task; none when left out. */
  most?: number;
  /** Tasks whose name does not match run as ever. */
  only?: RegExp;
}

/** By its folder; told one by one, since a bundler must know where to look. */
const TASKS: Readonly<Record<string, (name: string) => Promise<{ handler: Handler }>>> = {
  'quarterly-screening': (name) => import(`../../functions/tasks/quarterly-screening/${name}.ts`),
  'review-ladder': (name) => import(`../../functions/tasks/review-ladder/${name}.ts`),
  'claim-settlement': (name) => import(`../../functions/tasks/claim-settlement/${name}.ts`),
};

/** A task as Lambda runs it. */
type Handler = (event: object, context: Context) => Promise<unknown>;

const HALT: FaultRule = { principal: 'shouwang-test-case-admission', service: 'lambda', kind: 'throttle' };

/** A machine calls a task again that ended with one of these, seven times in all. */
const STARTS = 7;

/**
 * Lets every call that a task makes to another service go wrong in every way, one at a time or two together. Each time the task must end with an error that
 * its machine tries again, and in the end table, events and answer of the machine must be what they are when nothing goes wrong.
 */
export class Exhaustion {
  readonly counted: Counted = { acts: 0, calls: 0, single: 0, pairs: 0, failures: [] };
  readonly #stack: TestStack;
  readonly #tells: (line: string) => void;

  constructor(stack: TestStack, tells: (line: string) => void = () => undefined) {
    this.#stack = stack;
    this.#tells = tells;
  }

  /** Tasks run in this process as the operator, each call of theirs tried once: what the SDK would repeat is not what is looked at. */
  async useTable(): Promise<void> {
    await asATask(this.#stack, {
      ...ONE_ATTEMPT,
      BRIEF_KEY: this.#stack.signingKey,
      POWERTOOLS_METRICS_DISABLED: 'true',
      EVENT_BUS: 'shouwang-test',
      CASE_ADMISSION_MACHINE: await this.#stack.machine('case-admission'),
    });
    // The key of ids is made at its first use, which is looked at elsewhere (test/store/conditions).
    await keyedHash('first use');
  }

  /** @returns what the task answers when nothing goes wrong */
  async look(act: Act, { kinds = KINDS, most = 0, only = /./ }: Looking = {}): Promise<unknown> {
    if (!only.test(act.task)) return (await this.#start(act, [])).answer;
    const before = await contents();
    const undisturbed = await this.#start(act, []);
    if (undisturbed.errors.length > 0) throw new Error(`${act.task} fails by itself: ${undisturbed.errors[0]}`);
    const wanted = said(await contents());
    const after = await contents();
    const tried = async (strikes: readonly Strike[]): Promise<boolean> => {
      await restore(before);
      const { struck, errors, events } = await this.#start(act, strikes);
      if (struck < strikes.length) return false;
      const where = `${act.task}: ${strikes.map(({ kind, nth }) => `call ${nth} ${kind}`).join(', ')}`;
      const wrong = [
        ...errors.filter((error) => !retried(act).has(error)).map((error) => `${error} is not tried again`),
        ...difference(wanted, said(await contents())),
        ...difference(undisturbed.events, events),
      ];
      this.counted.failures.push(...wrong.map((one) => `${where}: ${one}`));
      return true;
    };

    const single: Strike[] = [];
    for (const kind of kinds) {
      for (let nth = 1; await tried([{ kind, nth }]); nth += 1) single.push({ kind, nth });
    }
    let pairs = 0;
    for (const first of single) {
      for (const kind of most === 0 ? [] : kinds) {
        for (let nth = first.nth; pairs < most && (await tried([first, { kind, nth }])); nth += 1) pairs += 1;
      }
    }
    this.counted.acts += 1;
    this.counted.calls += new Set(single.map(({ nth }) => nth)).size;
    this.counted.single += single.length;
    this.counted.pairs += pairs;
    this.#tells(`${act.workflow} ${act.task}: ${single.length} single faults, ${pairs} pairs`);
    this.#stack.local.gateway.faults.clear();
    await restore(after);
    return undisturbed.answer;
  }

  /** What the schedule does every five minutes. */
  async #sweep(context: Context): Promise<void> {
    const { handler } = await import('../../functions/tasks/upkeep/deliver-decisions.ts');
    const event = { enteredAt: new Date(this.#stack.local.clock.now()).toISOString() };
    this.#stack.local.gateway.faults.add(HALT);
    await handler(event, context);
  }

  async #start(act: Act, strikes: readonly Strike[]) {
    const [folder = '', name = ''] = act.task.split('/');
    const task = await TASKS[folder]?.(name);
    if (task === undefined) throw new Error(`${act.task} is no task.`);
    const { gateway, events, clock } = this.#stack.local;
    const input = { ...act.input, enteredAt: new Date(clock.now() + (act.later ?? 0)).toISOString() };
    const context: Context = Object({ awsRequestId: randomUUID() });
    gateway.faults.clear();
    // Executions that are started go no further: what their tasks would write is looked at by itself.
    gateway.faults.add(HALT);
    for (const { kind, nth } of strikes) {
      const rule: FaultRule = { principal: 'operator', kind, nth };
      gateway.faults.add(rule);
    }
    const told = events.last.length;
    const errors: string[] = [];
    let answer: unknown;
    for (let start = 1; start <= STARTS; start += 1) {
      try {
        answer = await task.handler(input, context);
        break;
      } catch (error) {
        errors.push(error instanceof Error ? error.name : String(error));
      }
    }
    const struck = gateway.faults.struck('operator');
    gateway.faults.clear();
    if (act.isSwept) await this.#sweep(context);
    const sent = events.last.slice(told).map((event) => `${event['detail-type']} ${JSON.stringify(event.detail)}`);
    // Told twice is told: an event has an id of its own by which who hears it knows.
    return { answer, errors, struck, events: [...new Set(sent)].sort() };
  }
}

/** The errors after which the machine calls a task of the workflow again, from the template. */
function retried({ workflow }: Act): Set<string> {
  const policies = allStates(deployed(workflow)).flatMap(([, { Retry = [] }]) => Retry);
  return new Set(policies.flatMap(({ ErrorEquals }) => ErrorEquals));
}

function difference(wanted: readonly string[], found: readonly string[]): string[] {
  return [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `missing ${line.slice(0, 300)}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `too many ${line.slice(0, 300)}`),
  ];
}
