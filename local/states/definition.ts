import type { Template } from './expression.ts';
import type { Retrier } from './failure.ts';
import type { Integration } from './resource.ts';

export type ExecutionType = 'STANDARD' | 'EXPRESS';

/** Variables to set, by name. */
export type Assign = ReadonlyMap<string, Template>;

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly assign: Assign | undefined;
  readonly output: Template | undefined;
}

interface Common {
  readonly name: string;
  /** Undefined when the state ends its block. */
  readonly next: string | undefined;
  readonly assign: Assign | undefined;
  readonly output: Template | undefined;
}

interface Guarded extends Common {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface PassState extends Common {
  readonly type: 'Pass';
}
export interface SucceedState extends Common {
  readonly type: 'Succeed';
}
export interface FailState extends Common {
  readonly type: 'Fail';
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}
export interface WaitState extends Common {
  readonly type: 'Wait';
  readonly seconds: Template | undefined;
  readonly timestamp: Template | undefined;
}
export interface ChoiceRule {
  readonly condition: Template;
  readonly next: string;
  readonly assign: Assign | undefined;
  readonly output: Template | undefined;
}
export interface ChoiceState extends Common {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  readonly default: string | undefined;
}
export interface TaskState extends Guarded {
  readonly type: 'Task';
  readonly integration: Integration;
  readonly arguments: Template | undefined;
  readonly timeoutSeconds: Template | undefined;
  readonly heartbeatSeconds: Template | undefined;
}
export interface ParallelState extends Guarded {
  readonly type: 'Parallel';
  readonly arguments: Template | undefined;
  /** Paths of the branches' blocks. */
  readonly branches: readonly string[];
}
export interface Reader {
  readonly action: 'GetObject' | 'ListObjectsV2';
  readonly arguments: Template;
  readonly inputType: 'JSON' | 'JSONL' | 'CSV';
  /** Between the fields of a CSV. */
  readonly delimiter: string;
  /** Names of a CSV's columns; undefined when its first row has them. */
  readonly headers: readonly string[] | undefined;
  /** JSON pointer to the items inside a JSON object. */
  readonly pointer: string | undefined;
  readonly maxItems: Template | undefined;
}
export interface Writer {
  /** Where to write; undefined when only the form of the state's result is told. */
  readonly arguments: Template | undefined;
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  readonly outputType: 'JSON' | 'JSONL';
}
export interface Distributed {
  readonly childType: ExecutionType;
  readonly label: string;
  readonly reader: Reader | undefined;
  readonly writer: Writer | undefined;
  readonly batcher:
    | {
        readonly maxItems: Template | undefined;
        readonly maxBytes: Template | undefined;
        readonly input: Template | undefined;
      }
    | undefined;
  readonly toleratedCount: Template | undefined;
  readonly toleratedPercentage: Template | undefined;
}
export interface MapState extends Guarded {
  readonly type: 'Map';
  readonly items: Template | undefined;
  readonly itemSelector: Template | undefined;
  readonly maxConcurrency: Template | undefined;
  /** Path of the item processor's block. */
  readonly processor: string;
  /** Set when the items run as executions of their own. */
  readonly distributed: Distributed | undefined;
}

export type State =
  | PassState
  | SucceedState
  | FailState
  | WaitState
  | ChoiceState
  | TaskState
  | ParallelState
  | MapState;

/** A `StartAt` with its `States`: the machine itself, a branch or an item processor. */
export interface Block {
  /** Where it stands: '' for the machine, `Name[0]` for a branch, `Name` for a processor, nested ones joined by `/`. */
  readonly path: string;
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Definition {
  readonly blocks: ReadonlyMap<string, Block>;
  readonly timeoutSeconds: number | undefined;
  readonly comment: string | undefined;
  /** Variables each state reads, as DescribeStateMachine tells them. */
  readonly variableReferences: Readonly<Record<string, readonly string[]>>;
}

/** @throws Error when there is no such block, which a checked definition never asks for */
export function blockAt(definition: Definition, path: string): Block {
  const block = definition.blocks.get(path);
  if (block === undefined) throw new Error(`No block '${path}'.`);
  return block;
}

/** @throws Error when there is no such state, which a checked definition never asks for */
export function stateAt(definition: Definition, path: string, name: string): State {
  const state = blockAt(definition, path).states.get(name);
  if (state === undefined) throw new Error(`No state '${name}' in '${path}'.`);
  return state;
}
