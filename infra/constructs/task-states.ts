import { Aws, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CustomState, TaskInput, type TaskStateBase, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { waitSeconds } from '../workflows/expressions.ts';
import { transientFailures } from './retry-policies.ts';

/** Expressions for a payload: one for the whole of it, or one for each field. */
type Payload = string | Readonly<Record<string, string>>;

/** The states by which the machines call functions: a task that answers, and a wait that ends when somebody sends its token. */
export class TaskStates<Name extends string> {
  readonly #scope: Construct;
  readonly #functionOf: (name: Name) => IFunction;

  constructor(scope: Construct, functionOf: (name: Name) => IFunction) {
    this.#scope = scope;
    this.#functionOf = functionOf;
  }

  /** @param assign variables of the machine, from what the task answers @param timeout of the state; a minute when left out */
  call(
    id: string,
    name: Name,
    payload: Payload,
    { assign, timeout = Duration.seconds(60) }: { assign?: Record<string, string>; timeout?: Duration } = {},
  ): TaskStateBase {
    return LambdaInvoke.jsonata(this.#scope, id, {
      lambdaFunction: this.#functionOf(name),
      payload: typeof payload === 'string' ? TaskInput.fromText(payload) : TaskInput.fromObject(payload),
      taskTimeout: Timeout.duration(timeout),
      // Only named errors are retried; CDK's default would add others.
      retryOnServiceExceptions: false,
      outputs: '{% $states.result.Payload %}',
      ...(assign === undefined ? {} : { assign }),
    }).addRetry(transientFailures);
  }

  /**
   * Hands the function a token and waits until somebody sends it, or until the machine's `$waitSeconds` are over (`States.Timeout`). Written out: for a
   * JSONata machine CDK renders an expression as `TimeoutSecondsPath`, which Step Functions refuses.
   */
  wait(id: string, name: Name, payload: Payload): CustomState {
    return new CustomState(this.#scope, id, {
      stateJson: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`,
        Arguments: { FunctionName: this.#functionOf(name).functionArn, Payload: payload },
        TimeoutSeconds: waitSeconds,
      },
    }).addRetry(transientFailures);
  }
}
