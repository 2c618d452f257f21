import {
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { machineVariable, type WorkflowName } from '../contracts/workflows.ts';
import type { Start } from './due-starts.ts';
import { keys } from './keys.ts';
import { client, tableName } from './table.ts';

const sfn = new SFNClient({});

/** The machine that carries a workflow in this deployment. */
function machineOf(workflow: WorkflowName): string {
  const arn = process.env[machineVariable(workflow)];
  if (arn === undefined) throw new Error(`This function is not told the machine of ${workflow}.`);
  return arn;
}

/** Starts an execution and takes its mark away; harmless when it was started before. */
export async function startDue(start: Start): Promise<void> {
  await startExecution(start);
  await client.send(new DeleteCommand({ TableName: tableName(), Key: keys.start(start.name) }));
}

/** Starts an execution under its own name; harmless when it was started before. */
export async function startExecution(start: Start): Promise<void> {
  try {
    await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: machineOf(start.workflow),
        name: start.name,
        input: JSON.stringify(start.input),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/** Ends a waiting task. A token that is spent or timed out is no failure: the workflow has gone on. */
export async function answerTask(token: string, output: Readonly<Record<string, string | number>>): Promise<void> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
  } catch (error) {
    if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist)) throw error;
  }
}

/**
 * Tells the workflow, then takes the decision out of the index, also when its token was spent: a workflow that still wants the answer asks again, finds
 * it there and delivers it by itself; one whose turn has passed never would.
 */
export async function deliver(id: string, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  await answerTask(token, { decision: id });
  await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.decision(id),
      UpdateExpression: 'REMOVE #open, openSort, #token',
      ExpressionAttributeNames: { '#open': 'open', '#token': 'token' },
    }),
  );
}
