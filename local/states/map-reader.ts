import { readCsv } from './csv.ts';
import type { Reader } from './definition.ts';
import type { Execution } from './execution.ts';
import { wholeNumber } from './expression.ts';
import { StateFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { isJsonArray, isJsonObject, isRecord, type Json, type JsonObject, parseJson } from './json.ts';
import { scopeOf } from './scope.ts';

/** Most items a run reads. */
const MOST_ITEMS = 100_000_000;

/**
 * The items of a Distributed Map that are read from storage: the keys of a listing, or the contents of one object.
 * @throws StateFailure States.ItemReaderFailed when they cannot be read; of the state when its expressions fail
 */
export async function readItems(execution: Execution, frame: Frame, reader: Reader): Promise<readonly Json[]> {
  const scope = scopeOf(execution, frame);
  const args = await reader.arguments(scope);
  const most =
    reader.maxItems === undefined
      ? MOST_ITEMS
      : await wholeNumber(reader.maxItems, 'ItemReader/ReaderConfig/MaxItems', scope, 0, MOST_ITEMS);
  const input = isJsonObject(args) ? args : {};
  const limit = most === 0 ? MOST_ITEMS : most;
  try {
    if (reader.action === 'ListObjectsV2') return await listed(execution, input, limit);
    const answer = await execution.engine.call({
      roleArn: execution.is.roleArn,
      service: 's3',
      action: 'GetObject',
      input,
    });
    const body = isRecord(answer) && typeof answer['Body'] === 'string' ? answer['Body'] : '';
    return itemsIn(body, reader).slice(0, limit);
  } catch (error) {
    throw new StateFailure('States.ItemReaderFailed', error instanceof Error ? error.message : String(error));
  }
}

async function listed(execution: Execution, input: JsonObject, most: number): Promise<Json[]> {
  const items: Json[] = [];
  let next: unknown;
  do {
    const page = { ...input, ...(typeof next === 'string' && { ContinuationToken: next }) };
    const answer = await execution.engine.call({
      roleArn: execution.is.roleArn,
      service: 's3',
      action: 'ListObjectsV2',
      input: page,
    });
    const contents: unknown = isRecord(answer) ? answer['Contents'] : undefined;
    for (const entry of Array.isArray(contents) ? contents : []) if (isRecord(entry)) items.push(listing(entry));
    next = isRecord(answer) ? answer['NextContinuationToken'] : undefined;
  } while (typeof next === 'string' && items.length < most);
  return items.slice(0, most);
}

/** One object of a listing, in the words an iteration sees; the time in seconds since 1970. */
function listing(entry: Readonly<Record<string, unknown>>): JsonObject {
  const { Key: key, Size: size, ETag: tag, LastModified: modified, StorageClass: storage } = entry;
  const seconds = typeof modified === 'number' ? modified : Math.floor(Date.parse(String(modified)) / 1000);
  return {
    Etag: typeof tag === 'string' ? tag : '',
    Key: typeof key === 'string' ? key : '',
    LastModified: Number.isNaN(seconds) ? 0 : seconds,
    Size: typeof size === 'number' ? size : 0,
    StorageClass: typeof storage === 'string' ? storage : 'STANDARD',
  };
}

/** @throws Error when the text is not what the reader was told */
function itemsIn(body: string, reader: Reader): Json[] {
  if (reader.inputType === 'CSV') return readCsv(body, reader.delimiter, reader.headers);
  if (reader.inputType === 'JSONL')
    return body.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parseJson(line)]));
  const value = pointed(parseJson(body), reader.pointer);
  if (isJsonArray(value)) return [...value];
  if (isJsonObject(value)) return Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
  throw new Error('Attempting to map over non-iterable node.');
}

/** The part of a document that a JSON pointer names. @throws Error when there is none */
function pointed(document: Json, pointer: string | undefined): Json {
  let found: Json | undefined = document;
  for (const step of pointer === undefined || pointer === '' ? [] : pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonArray(found) ? found[Number(key)] : isJsonObject(found) ? found[key] : undefined;
  }
  if (found === undefined) throw new Error(`The pointer '${pointer ?? ''}' names nothing in the object read.`);
  return found;
}
