import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from './logger.ts';

/** A workflow handed over something else than its contract says: a defect, never retried. */
export class TaskInputInvalid extends Error {
  override readonly name = 'TaskInputInvalid';
}

/**
 * The one composition of every workflow task: parses the input, runs the task, logs outcome words and counts. What a task
 * throws reaches the state machine by its name, where Retry and Catch decide; nothing is caught here.
 * Inputs and outputs hold ids and counts only (DESIGN principle 8).
 */
export function taskHandler<In extends z.ZodType, Out>(
  input: In,
  task: (input: z.output<In>, now: number) => Promise<Out>,
) {
  return middy<unknown, Out, Error, Context>()
    .use({
      onError: async (request) => {
        logger.error('task failed', { error: request.error?.name });
      },
    })
    .handler(async (event, context) => {
      logger.appendKeys({ requestId: context.awsRequestId });
      const result = input.safeParse(event);
      if (!result.success)
        throw new TaskInputInvalid(
          result.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.code}`).join(', '),
        );
      const output = await task(result.data, Date.now());
      logger.info('task done');
      return output;
    });
}
