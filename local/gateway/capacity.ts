import { isRecord } from '../template/stack.ts';

const FIELD = Buffer.from('"ConsumedCapacity":');
const END = Buffer.from('}');

/**
 * Takes the consumed units out of an answer of DynamoDB without reading the rest, which can be 1 MB of items.
 *
 * The engine writes the field last. These bytes cannot occur inside a text of JSON (its quotes would be escaped), so the last
 * occurrence is the field, unless it is an attribute of that name: then what follows does not close the object.
 */
export function withoutCapacity(body: Buffer): { body: Buffer; consumed: unknown } {
  const at = body.lastIndexOf(FIELD);
  if (at === -1) return { body, consumed: undefined };
  const tail = parsed(`{${body.toString('utf8', at)}`);
  if (isRecord(tail)) {
    const end = body[at - 1] === COMMA ? at - 1 : at;
    return { body: Buffer.concat([body.subarray(0, end), END]), consumed: tail['ConsumedCapacity'] };
  }
  // Another engine (AWS_ENDPOINT_URL_DYNAMODB) writes its fields in another order.
  const whole = parsed(body.toString());
  if (!isRecord(whole) || !('ConsumedCapacity' in whole)) return { body, consumed: undefined };
  const { ConsumedCapacity, ...rest } = whole;
  return { body: Buffer.from(JSON.stringify(rest)), consumed: ConsumedCapacity };
}

const COMMA = ','.charCodeAt(0);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const READS = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);

/** Read and write units of `ConsumedCapacity`, which is one entry or one for each table. */
export function unitsOf(action: string, consumed: unknown): { readUnits: number; writeUnits: number } {
  let units = 0;
  for (const each of [consumed].flat())
    units += isRecord(each) && typeof each['CapacityUnits'] === 'number' ? each['CapacityUnits'] : 0;
  return READS.has(action) ? { readUnits: units, writeUnits: 0 } : { readUnits: 0, writeUnits: units };
}
