import type { Writer } from './definition.ts';
import type { Execution } from './execution.ts';
import { StateFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import { scopeOf } from './scope.ts';
import { integer, optionalInteger, optionalText, type Row, text } from './store.ts';

/** What is written down of a map run. */
interface WrittenRun {
  readonly execution: Execution;
  readonly id: number;
  readonly arn: string;
  childArn(name: string): string;
}

/** Results of a run by what became of the children; each is one file. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  SUCCEEDED: ['SUCCEEDED'],
  FAILED: ['FAILED', 'TIMED_OUT', 'ABORTED'],
  PENDING: ['PENDING', 'PENDING_REDRIVE'],
};

/** What the state sees of a run's results when nothing says where to write them; JSON. */
export function collectResults(run: WrittenRun, writer: Writer | undefined): string {
  const rows = run.execution.engine.store.all(
    "SELECT * FROM map_children WHERE run = ? AND status = 'SUCCEEDED' ORDER BY id",
    run.id,
  );
  if (writer?.transformation === 'NONE') return JSON.stringify(rows.map((row) => described(run, row)));
  const outputs = rows.map((row) => optionalText(row, 'output') ?? 'null');
  if (writer?.transformation !== 'FLATTEN') return `[${outputs.join(',')}]`;
  return JSON.stringify(outputs.flatMap((output) => flat(parseJson(output))));
}

function flat(output: Json): readonly Json[] {
  return isJsonArray(output) ? output : [output];
}

/**
 * Writes the results and the manifest that lists them. The same run writes the same keys, so that doing it again after a crash
 * changes nothing.
 * @returns what the state sees; JSON
 * @throws StateFailure States.ResultWriterFailed
 */
export async function writeResults(run: WrittenRun, frame: Frame, writer: Writer): Promise<string> {
  const { execution } = run;
  const args = writer.arguments === undefined ? {} : await writer.arguments(scopeOf(execution, frame));
  const { Bucket: bucket = '', Prefix: prefix = '' } = isJsonObject(args) ? args : {};
  const folder = [String(prefix).replace(/\/+$/, ''), run.arn.slice(run.arn.lastIndexOf(':') + 1)]
    .filter((part) => part !== '')
    .join('/');
  try {
    const files: Record<string, Json> = {};
    for (const [name, statuses] of Object.entries(FILES)) {
      const body = resultsFile(run, writer, statuses);
      const key = `${folder}/${name}_0.${writer.outputType === 'JSONL' ? 'jsonl' : 'json'}`;
      if (body !== undefined) await put(execution, { Bucket: bucket, Key: key, Body: body });
      files[name] = body === undefined ? [] : [{ Key: key, Size: Buffer.byteLength(body) }];
    }
    const manifest = { DestinationBucket: bucket, MapRunArn: run.arn, ResultFiles: files };
    await put(execution, { Bucket: bucket, Key: `${folder}/manifest.json`, Body: JSON.stringify(manifest) });
  } catch (error) {
    throw new StateFailure('States.ResultWriterFailed', error instanceof Error ? error.message : String(error));
  }
  return JSON.stringify({
    MapRunArn: run.arn,
    ResultWriterDetails: { Bucket: bucket, Key: `${folder}/manifest.json` },
  });
}

async function put(execution: Execution, input: JsonObject): Promise<void> {
  await execution.engine.call({
    roleArn: execution.is.roleArn,
    service: 's3',
    action: 'PutObject',
    input: { ...input, ContentType: 'application/json' },
  });
}

function resultsFile(run: WrittenRun, writer: Writer, statuses: readonly string[]): string | undefined {
  const { store } = run.execution.engine;
  const rows = store.all(
    'SELECT * FROM map_children WHERE run = ? AND status IN (SELECT value FROM json_each(?)) ORDER BY id',
    run.id,
    JSON.stringify(statuses),
  );
  if (rows.length === 0) return undefined;
  const results = rows.flatMap((row): readonly Json[] => {
    const output = optionalText(row, 'output');
    // What failed has no output to show alone.
    if (writer.transformation === 'NONE' || output === undefined) return [described(run, row)];
    return writer.transformation === 'FLATTEN' ? flat(parseJson(output)) : [parseJson(output)];
  });
  return writer.outputType === 'JSONL'
    ? results.map((result) => `${JSON.stringify(result)}\n`).join('')
    : JSON.stringify(results);
}

/** A child execution as results tell it. */
function described(run: WrittenRun, row: Row): JsonObject {
  const [output, error, cause] = [optionalText(row, 'output'), optionalText(row, 'error'), optionalText(row, 'cause')];
  const status = text(row, 'status');
  const time = (column: string): string | undefined => {
    const at = optionalInteger(row, column);
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  const [started, stopped] = [time('started'), time('stopped')];
  return {
    ...(cause !== undefined && { Cause: cause }),
    ...(error !== undefined && { Error: error }),
    ExecutionArn: run.childArn(text(row, 'name')),
    Input: text(row, 'input'),
    InputDetails: { Included: true },
    Name: text(row, 'name'),
    ...(output !== undefined && { Output: output, OutputDetails: { Included: true } }),
    RedriveCount: integer(row, 'redrives'),
    ...(status === 'SUCCEEDED'
      ? { RedriveStatus: 'NOT_REDRIVABLE', RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' }
      : { RedriveStatus: 'REDRIVABLE_BY_MAP_RUN' }),
    ...(started !== undefined && { StartDate: started }),
    StateMachineArn: run.arn.slice(0, run.arn.lastIndexOf(':')).replace(':mapRun:', ':stateMachine:'),
    Status: status,
    ...(stopped !== undefined && { StopDate: stopped }),
  };
}
