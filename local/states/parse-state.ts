import type { State } from './definition.ts';
import type { Fields } from './diagnostics.ts';
import { expressionIn, type Template } from './expression.ts';
import { parseMap } from './parse-map.ts';
import { type Location, type Names, numeric, type Parser, parseTimestamp } from './parser.ts';
import { readResource } from './resource.ts';

const ANY = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = [...ANY, 'Next', 'End', 'Output', 'Assign'];
const GUARDED = [...FLOW, 'Retry', 'Catch'];
const FIELDS: Readonly<Record<State['type'], ReadonlySet<string>>> = {
  Pass: new Set(FLOW),
  Succeed: new Set([...ANY, 'Output']),
  Fail: new Set([...ANY, 'Error', 'Cause']),
  Wait: new Set([...FLOW, 'Seconds', 'Timestamp']),
  Choice: new Set([...ANY, 'Choices', 'Default', 'Output', 'Assign']),
  Task: new Set([...GUARDED, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds']),
  Parallel: new Set([...GUARDED, 'Arguments', 'Branches']),
  Map: new Set([
    ...GUARDED,
    ...[
      'Items',
      'ItemSelector',
      'ItemProcessor',
      'MaxConcurrency',
      'ItemReader',
      'ItemBatcher',
      'ResultWriter',
      'Label',
    ],
    ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
  ]),
};
const TYPES: readonly State['type'][] = ['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];
const JSONPATH_ONLY = new Set([
  ...[
    'InputPath',
    'OutputPath',
    'ResultPath',
    'ResultSelector',
    'Parameters',
    'Result',
    'ItemsPath',
    'MaxConcurrencyPath',
  ],
  ...['TimeoutSecondsPath', 'HeartbeatSecondsPath', 'SecondsPath', 'TimestampPath', 'ErrorPath', 'CausePath'],
  ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'Iterator'],
]);
/** Parses one state, or tells why not in the diagnostics. `path` names the blocks it may hold. */
export function parseState(
  parser: Parser,
  name: string,
  fields: Fields,
  path: string,
  names: Names,
): State | undefined {
  const type = fields.choice('Type', TYPES);
  fields.require('Type');
  if (!speaksJsonata(parser, fields) || type === undefined) return undefined;
  for (const key of Object.keys(fields.value)) {
    if (JSONPATH_ONLY.has(key))
      fields.refuse(
        `The QueryLanguage is set to 'JSONata', but field '${key}' is only supported for the 'JSONPath' QueryLanguage`,
      );
    else if (!FIELDS[type].has(key)) fields.refuse(`Field '${key}' is not supported`);
  }
  fields.string('Comment');
  const hasResult = type === 'Task' || type === 'Parallel' || type === 'Map';
  const base: Location = { state: fields.location, prefix: '', ...(hasResult && { reads: 'result' }) };
  const common = {
    name,
    next: nextOf(fields, type),
    assign: parser.assign(fields, base),
    output: parser.template(fields, 'Output', base),
  };
  const guarded = () => ({ ...common, retry: parser.retry(fields), catch: parser.catch(fields) });
  switch (type) {
    case 'Pass':
    case 'Succeed':
      return { type, ...common };
    case 'Fail':
      return { type, ...common, error: parser.template(fields, 'Error'), cause: parser.template(fields, 'Cause') };
    case 'Wait':
      return { type, ...common, ...wait(parser, fields) };
    case 'Choice':
      return { type, ...common, ...choice(parser, fields) };
    case 'Task': {
      const integration = resource(parser, fields);
      const timing = {
        timeoutSeconds: numeric(parser, fields, 'TimeoutSeconds'),
        heartbeatSeconds: numeric(parser, fields, 'HeartbeatSeconds'),
      };
      const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = fields.value;
      if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout)
        fields.refuse('HeartbeatSeconds must be smaller than TimeoutSeconds', 'HeartbeatSeconds');
      const args = parser.template(fields, 'Arguments');
      return integration === undefined ? undefined : { type, ...guarded(), integration, arguments: args, ...timing };
    }
    case 'Parallel': {
      fields.require('Branches');
      const branches = fields
        .objects('Branches', 1)
        .map((branch, index) => parser.block(branch, `${path}[${index}]`, BRANCH_FIELDS, names, parser.type));
      return { type, ...guarded(), arguments: parser.template(fields, 'Arguments'), branches };
    }
    case 'Map':
      return parseMap(parser, fields, guarded(), path, names);
  }
}

const BRANCH_FIELDS = new Set(['StartAt', 'States', 'Comment']);

function speaksJsonata(parser: Parser, fields: Fields): boolean {
  const own = fields.choice('QueryLanguage', ['JSONPath', 'JSONata']);
  if (own === 'JSONPath' && parser.machineLanguage === 'JSONata') {
    fields.refuse("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    return false;
  }
  if ((own ?? parser.machineLanguage) === 'JSONata') return true;
  fields.refuse(
    "JSONPath does not run locally: set 'QueryLanguage' to 'JSONata' for the state machine or for this state",
  );
  return false;
}

function nextOf(fields: Fields, type: State['type']): string | undefined {
  if (type === 'Succeed' || type === 'Fail' || type === 'Choice') return undefined;
  const next = fields.string('Next');
  const end = fields.boolean('End');
  if (next === undefined && end !== true && !fields.has('Next'))
    fields.refuse('One of the following fields is required: [Next, End]');
  if (next !== undefined && end === true) fields.refuse('Only one of the following fields is allowed: [Next, End]');
  return next;
}

function wait(parser: Parser, fields: Fields): { seconds: Template | undefined; timestamp: Template | undefined } {
  if (fields.has('Seconds') === fields.has('Timestamp'))
    fields.refuse('Exactly one of the following fields is required: [Seconds, Timestamp]');
  const timestamp = fields.string('Timestamp');
  if (timestamp !== undefined && expressionIn(timestamp) === undefined && parseTimestamp(timestamp) === undefined)
    fields.refuse('String does not match RFC3339 timestamp', 'Timestamp');
  return { seconds: numeric(parser, fields, 'Seconds', 0), timestamp: parser.template(fields, 'Timestamp') };
}

function choice(parser: Parser, fields: Fields) {
  fields.require('Choices');
  const allowed = new Set(['Condition', 'Next', 'Assign', 'Output', 'Comment']);
  const choices = fields.objects('Choices', 1).flatMap((rule, index) => {
    rule.only(allowed);
    rule.require('Condition', 'Next');
    const base = { state: fields.location, prefix: `Choices[${index}]/` };
    const literal = rule.value['Condition'];
    if (
      literal !== undefined &&
      typeof literal !== 'boolean' &&
      (typeof literal !== 'string' || expressionIn(literal) === undefined)
    ) {
      rule.refuse('Expected value of type [BOOLEAN] or a JSONata expression', 'Condition');
    }
    const condition = parser.template(rule, 'Condition', base);
    if (condition === undefined) return [];
    return [
      {
        condition,
        next: rule.string('Next') ?? '',
        assign: parser.assign(rule, base),
        output: parser.template(rule, 'Output', base),
      },
    ];
  });
  return { choices, default: fields.string('Default') };
}

function resource(parser: Parser, fields: Fields) {
  fields.require('Resource');
  const text = fields.string('Resource');
  if (text === undefined) return undefined;
  const integration = readResource(text, parser.options.services);
  if (typeof integration === 'string') {
    fields.refuse(integration, 'Resource');
    return undefined;
  }
  if (parser.type === 'EXPRESS' && integration.pattern !== 'request') {
    const suffix = integration.pattern === 'token' ? '.waitForTaskToken' : '.sync';
    fields.refuse(`Express state machine does not support '${suffix}' service integration `, 'Resource');
  }
  return integration;
}
