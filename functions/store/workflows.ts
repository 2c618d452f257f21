import {
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Start } from './due-starts.ts';
import { keys } from './keys.ts';
import { client, tableName } from './table.ts';

const sfn = new SFNClient({});

/** Starts an execution and takes its mark away; harmless when it was started before. */
export async function startDue(start: Start): Promise<void> {
  try {
    await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: start.machine,
        name: start.name,
        input: JSON.stringify(start.input),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
  await client.send(new DeleteCommand({ TableName: tableName(), Key: keys.start(start.name) }));
}

/** Ends a waiting task. A token that is spent or timed out is no failure: the workflow has gone on and asks again. @returns whether it was taken */
async function answerTask(token: string, output: Readonly<Record<string, string | number>>): Promise<boolean> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
    throw error;
  }
}

/** Tells the workflow, then takes the decision out of the index. A token that is spent is asked for again by the workflow itself. */
export async function deliver(id: string, token: string | undefined): Promise<void> {
  if (token === undefined || !(await answerTask(token, { decision: id }))) return;
  await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.decision(id),
      UpdateExpression: 'REMOVE #open, openSort, #token',
      ExpressionAttributeNames: { '#open': 'open', '#token': 'token' },
    }),
  );
}
