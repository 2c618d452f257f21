import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { instant } from '../contracts/values.ts';
import { idsIn, outcomeOf, told } from './errors.ts';
import { logger } from './logger.ts';
import { named } from './network.ts';

/** A workflow passed an input that breaks its contract: a defect, never retried. */
export class TaskInputInvalid extends Error {
  override readonly name = 'TaskInputInvalid';
}

/**
 * When the state that runs the task was entered, or the schedule fired: a task's only clock. A retry minutes later does what the first attempt would
 * have done, and a step judged in one state is not judged otherwise by the next.
 */
const timed = z.looseObject({
  enteredAt: instant,
  /** Which state of which execution calls, for the log; absent when a schedule does. */
  calledBy: z.strictObject({ execution: z.string(), state: z.string() }).optional(),
});

/**
 * The one composition of every workflow task: parses the input, runs the task, logs outcome words and counts. What a task
 * throws reaches the state machine by its name, where Retry and Catch decide; only failures of the network are given one here.
 * Inputs and outputs hold ids and counts only (docs/architecture.md, principle 6).
 */
export function taskHandler<In extends z.ZodType, Out>(
  input: In,
  task: (input: z.output<In>, now: number) => Promise<Out>,
) {
  return middy<unknown, Out, Error, Context>()
    .use({
      onError: async (request) => {
        logger.error('task failed', { ...told(request.error) });
      },
    })
    .handler(async (event, context) => {
      logger.resetKeys();
      logger.appendKeys({ requestId: context.awsRequestId });
      const { now, calledBy, read } = inputOf(input, event);
      logger.appendKeys({ ...calledBy, ...idsIn(Object(read)) });
      const output = await task(read, now).catch((error: unknown) => {
        throw named(error);
      });
      logger.info('task done', { outcome: outcomeOf(output) });
      return output;
    });
}

/**
 * An event as a task reads it. Executions run for a year, so that what an older release's machine passes must still be read: contracts only grow
 * (test/contracts).
 * @throws TaskInputInvalid
 */
export function inputOf<In extends z.ZodType>(input: In, event: unknown) {
  const { enteredAt, calledBy, ...rest } = parsed(timed, event);
  return { now: Date.parse(enteredAt), calledBy, read: parsed(input, rest) };
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TaskInputInvalid(result.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.code}`).join(', '));
}
