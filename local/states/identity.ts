import type { Definition, ExecutionType } from './definition.ts';
import type { Json } from './json.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

/** What an execution is, apart from how it goes. */
export interface Identity {
  /** Row in the store; negative for executions that are not kept (Express). */
  readonly row: number;
  readonly arn: string;
  readonly name: string;
  readonly type: ExecutionType;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly definition: Definition;
  /** Where it starts: '' or the item processor of a Distributed Map. */
  readonly block: string;
  readonly input: Json;
  /** The input as it was given, white space included: so it is told. */
  readonly given: string;
  readonly started: number;
  readonly redrives: number;
  readonly redriven: number | undefined;
  /** Set for the child of a map run. */
  readonly child: { readonly run: number; readonly id: number } | undefined;
}

export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly stopped: number;
  readonly output?: Json;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}
