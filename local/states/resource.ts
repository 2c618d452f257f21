/** How a Task calls: request-response, until a token comes back, or until the job it started is done. */
export type Pattern = 'request' | 'token' | 'sync' | 'sync2';

/** What a Task's `Resource` means. */
export interface Integration {
  readonly kind: 'lambda-function' | 'lambda' | 'states' | 'sdk';
  readonly pattern: Pattern;
  /** The service as `call` knows it (`lambda`, `states`, `dynamodb`, …). */
  readonly service: string;
  /** The action as `call` knows it (`Invoke`, `Query`, …). */
  readonly action: string;
  /** `resourceType` and `resource` of the history's task events. */
  readonly resourceType: string;
  readonly resource: string;
  /** What error names begin with: `Lambda`, `StepFunctions`, `DynamoDb`. */
  readonly errorPrefix: string;
}

const PATTERNS: Readonly<Record<string, Pattern>> = {
  '': 'request',
  '.waitForTaskToken': 'token',
  '.sync': 'sync',
  '.sync:2': 'sync2',
};

/** SDK names whose error prefix is not simply capitalised. */
const PREFIXES: Readonly<Record<string, string>> = { dynamodb: 'DynamoDb', kms: 'Kms', s3: 'S3', sfn: 'Sfn' };

/**
 * Reads a Task's `Resource`.
 * @param services names of the SDK integrations (`dynamodb`, `sfn`, …) that run locally
 * @returns the integration, or a sentence that says why it cannot run here
 */
export function readResource(resource: string, services: ReadonlySet<string>): Integration | string {
  const lambda = /^arn:[^:]+:lambda:[^:]*:\d*:function:.+$/.exec(resource);
  if (lambda !== null) {
    return {
      kind: 'lambda-function',
      pattern: 'request',
      service: 'lambda',
      action: 'Invoke',
      resourceType: 'lambda',
      resource,
      errorPrefix: 'Lambda',
    };
  }
  if (/^arn:[^:]+:states:[^:]*:[^:]*:activity:/.test(resource)) return `Activities do not run locally: ${resource}`;
  const parts =
    /^arn:[^:]+:states:[^:]*:[^:]*:([a-z0-9-]+):([A-Za-z0-9]+)(?::([A-Za-z0-9]+))?((?:\.(?:waitForTaskToken|sync(?::2)?))?)$/.exec(
      resource,
    );
  const pattern = PATTERNS[parts?.[4] ?? ''];
  if (parts === null || pattern === undefined)
    return `The resource provided ${resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`;
  const [, first = '', second = '', third, suffix = ''] = parts;
  if (first === 'aws-sdk') {
    if (third === undefined || !services.has(second))
      return `The service integration '${resource}' does not run locally.`;
    if (pattern !== 'request' && pattern !== 'token') return `The resource provided ${resource} is not recognized.`;
    return {
      kind: 'sdk',
      pattern,
      service: second === 'sfn' ? 'states' : second,
      action: third.slice(0, 1).toUpperCase() + third.slice(1),
      resourceType: `aws-sdk:${second}`,
      resource: third + suffix,
      errorPrefix: PREFIXES[second] ?? second.slice(0, 1).toUpperCase() + second.slice(1),
    };
  }
  if (third !== undefined) return `The resource provided ${resource} is not recognized.`;
  if (first === 'lambda' && second === 'invoke' && (pattern === 'request' || pattern === 'token')) {
    return {
      kind: 'lambda',
      pattern,
      service: 'lambda',
      action: 'Invoke',
      resourceType: 'lambda',
      resource: second + suffix,
      errorPrefix: 'Lambda',
    };
  }
  if (first === 'states' && second === 'startExecution') {
    return {
      kind: 'states',
      pattern,
      service: 'states',
      action: 'StartExecution',
      resourceType: 'states',
      resource: second + suffix,
      errorPrefix: 'StepFunctions',
    };
  }
  return `The service integration '${resource}' does not run locally.`;
}
