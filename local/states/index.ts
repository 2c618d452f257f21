import { AwsError } from '../errors.ts';
import {
  describeExecution,
  describeStateMachineForExecution,
  listExecutions,
  startExecution,
  startSyncExecution,
  stopExecution,
} from './executions.ts';
import { getExecutionHistory } from './history.ts';
import type { JsonObject } from './json.ts';
import * as machines from './machines.ts';
import { describeMapRun, listMapRuns, updateMapRun } from './map-runs.ts';
import { recover } from './recover.ts';
import { redriveChild, redriveExecution } from './redrive.ts';
import { Request } from './request.ts';
import { Service, type ServiceOptions } from './service.ts';
import { Store } from './store.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './tokens.ts';

export type { ServiceCall } from './engine.ts';
export type { Machine } from './machines.ts';

export interface StatesOptions extends ServiceOptions {
  /** Path of the SQLite file, or `:memory:`. */
  readonly file: string;
}

type Action = (service: Service, request: Request) => JsonObject | Promise<JsonObject>;

const ACTIONS: Readonly<Record<string, Action>> = {
  CreateStateMachine: machines.createStateMachine,
  UpdateStateMachine: machines.updateStateMachine,
  DescribeStateMachine: machines.describeStateMachine,
  ListStateMachines: machines.listStateMachines,
  DeleteStateMachine: machines.deleteStateMachine,
  ValidateStateMachineDefinition: machines.validateStateMachineDefinition,
  ListTagsForResource: machines.listTagsForResource,
  TagResource: machines.tagResource,
  UntagResource: machines.untagResource,
  StartExecution: startExecution,
  StartSyncExecution: startSyncExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  StopExecution: stopExecution,
  RedriveExecution: redriveExecution,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  GetExecutionHistory: getExecutionHistory,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  DescribeMapRun: describeMapRun,
  ListMapRuns: listMapRuns,
  UpdateMapRun: updateMapRun,
};

/** Step Functions on one machine: state machines in JSONata, their executions, and the wire actions on both. */
export class States {
  readonly #service: Service;

  /** @throws StartError when the file is damaged */
  constructor(options: StatesOptions) {
    this.#service = new Service(new Store(options.file), options, redriveChild);
  }

  /**
   * Answers a wire action (`StartExecution`, …): the JSON of AWS JSON 1.0 in and out, times in seconds since 1970.
   * @throws AwsError as the service answers
   */
  async handle(action: string, input: unknown): Promise<Record<string, unknown>> {
    const run = ACTIONS[action];
    if (run === undefined)
      throw new AwsError('UnknownOperationException', `The operation ${action} does not run locally.`);
    return { ...(await run(this.#service, new Request(input))) };
  }

  /**
   * Creates a state machine or brings it up to date, as a deployment does; executions under way keep their definition.
   * @returns its ARN
   * @throws AwsError InvalidDefinition, InvalidName
   */
  put(machine: machines.Machine): string {
    return machines.putMachine(this.#service, machine);
  }

  /** Goes on with everything that was running when the process ended. Call it once, when what executions call can answer. */
  recover(): void {
    recover(this.#service);
  }

  /** Stops at once, leaving running executions as they are written. */
  close(): void {
    this.#service.close();
  }
}
