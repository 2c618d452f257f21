import { AwsError } from './errors.ts';
import type { LocalService } from './gateway/gateway.ts';
import type { Meter } from './gateway/meter.ts';
import type { Access } from './gateway/policy.ts';
import type { Principal, Principals } from './gateway/principals.ts';
import type { States } from './states/index.ts';
import { stateMachine, stateMachineAlias } from './template/kinds-compute.ts';
import type { Model } from './template/model.ts';

/** Where an action names the resource it needs the right to. */
const RESOURCE_FIELDS = ['stateMachineArn', 'executionArn', 'mapRunArn', 'resourceArn'];
const WITHOUT_RESOURCE = new Set([
  'ListStateMachines',
  'ListActivities',
  'ValidateStateMachineDefinition',
  'CreateStateMachine',
]);

/** The state machines of the template behind the gateway. */
export function statesService(states: States, model: Model, principals: Principals): LocalService {
  const machines = model.all(stateMachine).map(({ arn }) => arn);
  const aliases = new Map(model.all(stateMachineAlias).map(({ ref }) => [ref, ref.slice(0, ref.lastIndexOf(':'))]));
  /** An alias of the template stands for its machine, of which there is one version here. */
  const unqualified = (named: string): string => aliases.get(named) ?? named;
  return {
    accesses: (action: string, input: Record<string, unknown>, principal: Principal): Access[] => {
      const access = (resource: string): Access => ({ action: `states:${action}`, resource, context: {} });
      if (WITHOUT_RESOURCE.has(action)) return [access('*')];
      // AWS asks for the right to the machine that gave out the token; which one that was, only the interpreter knows.
      if (action.startsWith('SendTask'))
        return [access(machines.find((arn) => principals.may(principal, access(arn))) ?? machines[0] ?? '*')];
      const named = RESOURCE_FIELDS.map((field) => input[field]).find((value) => typeof value === 'string');
      if (typeof named !== 'string') throw new AwsError('ValidationException', `${action} names no resource.`);
      // As on AWS the right to an alias is the right to its machine.
      return [access(unqualified(named))];
    },
    handle: (action, { stateMachineArn, ...input }) =>
      states.handle(
        action,
        stateMachineArn === undefined ? input : { ...input, stateMachineArn: unqualified(String(stateMachineArn)) },
      ),
  };
}

/**
 * Counts what the workflows would cost, from the events of their histories: each state entered and each repeated task is a
 * transition; an Express execution is a request, and its duration (of real time) in the least memory billed, 64 MB.
 */
export function workflowMeter(meter: Meter): (event: { executionArn: string; type: string }) => void {
  const express = new Map<string, number>();
  return ({ executionArn, type }) => {
    if (!executionArn.includes(':express:')) {
      // A task counts when it is scheduled, for a retry schedules it again without entering it.
      if (
        (type.endsWith('StateEntered') && type !== 'TaskStateEntered') ||
        type === 'TaskScheduled' ||
        type === 'LambdaFunctionScheduled'
      )
        meter.workflows({ transitions: 1 });
      return;
    }
    if (type === 'ExecutionStarted') {
      express.set(executionArn, performance.now());
      meter.workflows({ expressRequests: 1 });
    } else if (ENDINGS.has(type)) {
      const milliseconds = performance.now() - (express.get(executionArn) ?? performance.now());
      express.delete(executionArn);
      // Billed in steps of 100 ms.
      meter.workflows({ expressGbMilliseconds: (Math.ceil(milliseconds / 100) * 100 * 64) / 1024 });
    }
  };
}

const ENDINGS = new Set(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted']);
