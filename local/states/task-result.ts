import { AwsError } from '../errors.ts';
import { StateFailure } from './failure.ts';
import { isJsonObject, isRecord, type Json, type JsonObject, parseJson, toJson } from './json.ts';
import type { Integration } from './resource.ts';

/**
 * What the state sees of a call's answer.
 * @throws StateFailure when a Lambda function answered with an error
 */
export function resultOf(integration: Integration, answer: unknown, requestId: string): Json {
  const result = toJson(answer ?? {});
  if (integration.service === 'lambda' && integration.action === 'Invoke')
    return lambdaResult(integration, result, requestId);
  // Other services' answers are in the SDK's words as they come: Step Functions alone begins its names in lower case.
  if (integration.service !== 'states' || !isJsonObject(result)) return result;
  if (integration.kind === 'sdk') return sdkNames(result, isoDate);
  return { ...sdkNames(result, milliseconds), ...metadata(requestId) };
}

function lambdaResult(integration: Integration, result: Json, requestId: string): Json {
  if (!isJsonObject(result)) return result;
  const {
    Payload: payload = null,
    FunctionError: failed,
    StatusCode: status = 200,
    ExecutedVersion: version = '$LATEST',
  } = result;
  if (integration.kind === 'sdk') {
    // The plain SDK call succeeds also when the function does not.
    return {
      ExecutedVersion: version,
      ...(failed !== undefined && { FunctionError: failed }),
      Payload: JSON.stringify(payload),
      StatusCode: status,
    };
  }
  if (failed !== undefined) {
    const type =
      isJsonObject(payload) && typeof payload['errorType'] === 'string' ? payload['errorType'] : 'Lambda.Unknown';
    throw new StateFailure(type, JSON.stringify(payload));
  }
  if (integration.kind === 'lambda-function') return payload;
  return { ExecutedVersion: version, Payload: payload, ...metadata(requestId), StatusCode: status };
}

function metadata(requestId: string): JsonObject {
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: { 'x-amzn-RequestId': [requestId] },
      HttpHeaders: { 'x-amzn-RequestId': requestId },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

/** How times are written: the SDK integrations write ISO texts, the older integrations milliseconds since 1970. */
const isoDate = (seconds: number): Json => new Date(seconds * 1000).toISOString();
const milliseconds = (seconds: number): Json => Math.round(seconds * 1000);

/** The SDK's form of an answer of Step Functions: names begin with a capital. The keys of `variableReferences` are data. */
function sdkNames(result: JsonObject, date: (seconds: number) => Json): JsonObject {
  const value = (key: string, member: Json): Json => {
    if (typeof member === 'number') return /(Date|timestamp)$/.test(key) ? date(member) : member;
    if (Array.isArray(member)) return member.map((item: Json) => value('', item));
    return isJsonObject(member) && key !== 'variableReferences' ? sdkNames(member, date) : member;
  };
  return Object.fromEntries(
    Object.entries(result).map(([key, member]): [string, Json] => [
      key.slice(0, 1).toUpperCase() + key.slice(1),
      value(key, member),
    ]),
  );
}

/** What a `.sync` task sees of the execution it waited for; `parsed` (`.sync:2`) has its input and output as JSON, not as text. */
export function settledExecution(answer: unknown, parsed: boolean): JsonObject {
  const told = toJson(answer);
  const described = isJsonObject(told) ? sdkNames(told, milliseconds) : {};
  const entries = Object.entries(described).map(([key, value]): [string, Json] => {
    const isText = (key === 'Input' || key === 'Output') && typeof value === 'string';
    return [key, parsed && isText ? parseJson(value) : value];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
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
  const service = `${prefix}.${integration.kind === 'sdk' ? prefix : (SERVICES[prefix] ?? prefix)}Exception`;
  if (error.code === 'AccessDeniedException' || error.code === 'AccessDenied')
    return new StateFailure(service, cause, { also: 'States.Permissions' });
  if (integration.kind === 'sdk' && UNMODELLED[integration.service]?.has(error.code) === true)
    return new StateFailure(service, cause);
  return new StateFailure(`${prefix}.${exceptionName(error.code)}`, cause);
}

/** Errors that a service answers without declaring them: the SDK has no class for them but the service's own. */
const UNMODELLED: Readonly<Record<string, ReadonlySet<string>>> = {
  dynamodb: new Set([
    'ValidationException',
    'SerializationException',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'ServiceUnavailable',
  ]),
};

/** Error codes are named after exception classes, which always end alike. */
function exceptionName(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

const SERVICES: Readonly<Record<string, string>> = { Lambda: 'AWSLambda', StepFunctions: 'AWSStepFunctions' };

function causeOf(integration: Integration, error: AwsError, requestId: string): string {
  if (integration.kind === 'sdk')
    return `${error.message} (Service: ${integration.errorPrefix}, Status Code: ${error.statusCode}, Request ID: ${requestId})`;
  const service = SERVICES[integration.errorPrefix] ?? integration.errorPrefix;
  return `${error.message} (Service: ${service}; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`;
}
