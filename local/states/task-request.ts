import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import type { Integration } from './resource.ts';

/**
 * What `call` is given for the arguments of a Task: the words of the service's own wire protocol.
 * @param name names a nested execution that has none of its own, so that a start whose answer was lost is known again
 */
export function requestOf(integration: Integration, args: Json, name: () => string): JsonObject {
  if (integration.kind === 'lambda-function') return { FunctionName: integration.resource, Payload: args };
  const fields = isJsonObject(args) ? args : {};
  if (integration.kind === 'states') {
    const { Input: input = {}, Name: own, StateMachineArn: machine = '' } = fields;
    return {
      stateMachineArn: machine,
      name: own ?? name(),
      input: typeof input === 'string' ? input : JSON.stringify(input),
    };
  }
  if (integration.kind === 'sdk' && integration.service === 'states') return wireCase(fields);
  if (integration.kind === 'sdk' && integration.service === 'lambda')
    return { ...fields, Payload: payloadOf(fields['Payload']) };
  return fields;
}

/** The SDK's `Payload` is the bytes of a JSON text. */
function payloadOf(payload: Json | undefined): Json {
  if (typeof payload !== 'string') return payload ?? null;
  try {
    return parseJson(payload);
  } catch {
    return payload;
  }
}

/** Step Functions' own wire names begin in lower case; its SDK integration's with a capital. */
function wireCase(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.slice(0, 1).toLowerCase() + key.slice(1), wireValue(value)]),
  );
}

function wireValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(wireValue);
  return isJsonObject(value) ? wireCase(value) : value;
}
