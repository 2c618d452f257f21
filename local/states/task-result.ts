import { AwsError } from '../errors.ts';
import { StateFailure } from './failure.ts';
import { isJsonObject, isRecord, type Json, type JsonObject, toJson } from './json.ts';
import type { Integration } from './resource.ts';

/**
 * What the state sees of a call's answer.
 * @throws StateFailure when a Lambda function answered with an error
 */
export function resultOf(integration: Integration, answer: unknown, requestId: string): Json {
  const result = toJson(answer ?? {});
  if (integration.service === 'lambda') return lambdaResult(integration, result, requestId);
  const named = isJsonObject(result) ? sdkShape(result) : result;
  return integration.kind === 'states' && isJsonObject(named) ? { ...named, ...metadata(requestId) } : named;
}

function lambdaResult(integration: Integration, result: Json, requestId: string): Json {
  if (!isJsonObject(result)) return result;
  const { Payload: payload = null, FunctionError: failed, StatusCode: status = 200, ExecutedVersion: version = '$LATEST' } = result;
  if (failed !== undefined) {
    const type = isJsonObject(payload) && typeof payload['errorType'] === 'string' ? payload['errorType'] : 'Lambda.Unknown';
    throw new StateFailure(type, JSON.stringify(payload));
  }
  if (integration.kind === 'lambda-function') return payload;
  if (integration.kind === 'sdk') return { ExecutedVersion: version, Payload: JSON.stringify(payload), StatusCode: status };
  return { ExecutedVersion: version, Payload: payload, ...metadata(requestId), StatusCode: status };
}

function metadata(requestId: string): JsonObject {
  return { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: requestId } };
}

/**
 * The SDK's form of a wire answer: names begin with a capital, times are ISO strings. DynamoDB's answers have that form
 * already, and their attribute names are data, so only members of answers in lower case are renamed.
 */
export function sdkShape(result: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(result).map(([key, value]): [string, Json] => {
      const name = key.slice(0, 1).toUpperCase() + key.slice(1);
      if (name === key) return [key, value];
      if (typeof value === 'number' && /Date$/.test(key)) return [name, new Date(value * 1000).toISOString()];
      if (Array.isArray(value)) return [name, value.map((item: Json) => (isJsonObject(item) ? sdkShape(item) : item))];
      return [name, isJsonObject(value) ? sdkShape(value) : value];
    }),
  );
}

/** What Retry and Catch see of a call that failed. */
export function failureOf(integration: Integration, error: unknown, requestId: string): StateFailure {
  if (error instanceof StateFailure) return error;
  const { errorPrefix: prefix } = integration;
  if (!(error instanceof AwsError)) {
    const message = error instanceof Error ? error.message : isRecord(error) ? JSON.stringify(error) : String(error);
    return new StateFailure(`${prefix}.SdkClientException`, message);
  }
  const cause = causeOf(integration, error, requestId);
  if (error.code === 'AccessDeniedException' || error.code === 'AccessDenied') return new StateFailure('States.Permissions', cause);
  return new StateFailure(`${prefix}.${exceptionName(error.code)}`, cause);
}

/** Error codes are named after exception classes, which always end alike. */
function exceptionName(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

const SERVICES: Readonly<Record<string, string>> = { Lambda: 'AWSLambda', StepFunctions: 'AWSStepFunctions' };

function causeOf(integration: Integration, error: AwsError, requestId: string): string {
  if (integration.kind === 'sdk') return `${error.message} (Service: ${integration.errorPrefix}, Status Code: ${error.statusCode}, Request ID: ${requestId})`;
  const service = SERVICES[integration.errorPrefix] ?? integration.errorPrefix;
  return `${error.message} (Service: ${service}; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`;
}
