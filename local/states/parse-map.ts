import type { Catcher, Distributed, MapState, Reader, Writer } from './definition.ts';
import type { Fields } from './diagnostics.ts';
import { expressionIn, type Template } from './expression.ts';
import type { Retrier } from './failure.ts';
import { type Names, numeric, type Parser } from './parser.ts';

const PROCESSOR_FIELDS = new Set(['StartAt', 'States', 'Comment', 'ProcessorConfig']);
const DISTRIBUTED_ONLY = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];
/** More items or failures than any run has. */
const MANY = 2 ** 31 - 1;

interface Guarded {
  readonly name: string;
  readonly next: string | undefined;
  readonly assign: MapState['assign'];
  readonly output: Template | undefined;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export function parseMap(
  parser: Parser,
  fields: Fields,
  guarded: Guarded,
  path: string,
  names: Names,
): MapState | undefined {
  fields.require('ItemProcessor');
  const processor = fields.object('ItemProcessor');
  if (processor === undefined) return undefined;
  const config = processor.object('ProcessorConfig');
  config?.only(new Set(['Mode', 'ExecutionType']));
  const distributed = config?.choice('Mode', ['INLINE', 'DISTRIBUTED']) === 'DISTRIBUTED';
  const childType = config?.choice('ExecutionType', ['STANDARD', 'EXPRESS']);
  if (distributed && childType === undefined) config?.refuse('These fields are required: [ExecutionType]');
  if (!distributed) {
    if (childType !== undefined) config?.refuse("Field 'ExecutionType' is only supported in the 'DISTRIBUTED' mode");
    for (const key of DISTRIBUTED_ONLY)
      if (fields.has(key)) fields.refuse(`Field '${key}' is only supported in the 'DISTRIBUTED' mode`);
  }
  if (distributed && parser.type === 'EXPRESS') fields.refuse('Express state machine does not support Distributed Map');
  if (fields.has('Items') && fields.has('ItemReader'))
    fields.refuse('Only one of the following fields is allowed: [Items, ItemReader]');
  const items = fields.value['Items'];
  if (
    items !== undefined &&
    typeof items !== 'object' &&
    (typeof items !== 'string' || expressionIn(items) === undefined)
  ) {
    fields.refuse('Expected value of type [ARRAY], [OBJECT] or a JSONata expression', 'Items');
  }
  // The service takes these on an inline Map too, where they tolerate nothing: a failed iteration fails the state.
  const tolerated = {
    toleratedCount: numeric(parser, fields, 'ToleratedFailureCount', 0, MANY),
    toleratedPercentage: numeric(parser, fields, 'ToleratedFailurePercentage', 0, 100, false),
  };
  // The children of a Distributed Map are executions of their own: they do not see the variables around it.
  const block = parser.block(
    processor,
    path,
    PROCESSOR_FIELDS,
    distributed ? new Set() : names,
    childType ?? parser.type,
  );
  return {
    type: 'Map',
    ...guarded,
    items: parser.template(fields, 'Items'),
    itemSelector: parser.template(fields, 'ItemSelector'),
    maxConcurrency: numeric(parser, fields, 'MaxConcurrency', 0, MANY),
    processor: block,
    distributed: distributed
      ? { ...distribution(parser, fields, childType ?? 'STANDARD', guarded.name), ...tolerated }
      : undefined,
  };
}

function distribution(
  parser: Parser,
  fields: Fields,
  childType: 'STANDARD' | 'EXPRESS',
  name: string,
): Omit<Distributed, 'toleratedCount' | 'toleratedPercentage'> {
  const label = fields.string('Label');
  if (label !== undefined && (label.length > 40 || /[\s?*<>{}[\]:;,\\|^~$#%&`"]/.test(label)))
    fields.refuse('Value is not a valid label', 'Label');
  const own = label ?? name.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 40);
  parser.label(fields, own);
  const batcher = fields.object('ItemBatcher');
  batcher?.only(new Set(['MaxItemsPerBatch', 'MaxInputBytesPerBatch', 'BatchInput']));
  if (batcher !== undefined && !batcher.has('MaxItemsPerBatch') && !batcher.has('MaxInputBytesPerBatch')) {
    batcher.refuse('At least one of the following fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]');
  }
  const base = { state: fields.location, prefix: 'ItemBatcher/' };
  const inBatcher = (key: string): Template | undefined =>
    batcher === undefined ? undefined : parser.template(batcher, key, base);
  return {
    childType,
    label: own,
    reader: reader(parser, fields),
    writer: writer(parser, fields),
    batcher:
      batcher === undefined
        ? undefined
        : {
            maxItems: inBatcher('MaxItemsPerBatch'),
            maxBytes: inBatcher('MaxInputBytesPerBatch'),
            input: inBatcher('BatchInput'),
          },
  };
}

function reader(parser: Parser, fields: Fields): Reader | undefined {
  const group = fields.object('ItemReader');
  if (group === undefined) return undefined;
  group.only(new Set(['Resource', 'Arguments', 'ReaderConfig']));
  group.require('Resource', 'Arguments');
  const base = { state: fields.location, prefix: 'ItemReader/' };
  const action = /^arn:[^:]+:states:::s3:(getObject|listObjectsV2)$/.exec(group.string('Resource') ?? '')?.[1];
  if (action === undefined || !parser.options.services.has('s3')) {
    if (group.has('Resource'))
      group.refuse(`The item reader '${String(group.value['Resource'])}' does not run locally.`, 'Resource');
    return undefined;
  }
  const args = parser.template(group, 'Arguments', base);
  if (args === undefined) return undefined;
  const how = group.object('ReaderConfig');
  how?.only(new Set(['InputType', 'CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter', 'MaxItems', 'ItemsPointer']));
  const inputType = how?.choice('InputType', ['JSON', 'JSONL', 'CSV']) ?? 'JSON';
  if (action === 'getObject') group.require('ReaderConfig');
  if (how !== undefined && action === 'getObject') how.require('InputType');
  const location = how?.choice('CSVHeaderLocation', ['FIRST_ROW', 'GIVEN']);
  const delimiter =
    DELIMITERS[how?.choice('CSVDelimiter', ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']) ?? 'COMMA'] ?? ',';
  if (how !== undefined && inputType === 'CSV') how.require('CSVHeaderLocation');
  if (location === 'GIVEN') how?.require('CSVHeaders');
  return {
    action: action === 'getObject' ? 'GetObject' : 'ListObjectsV2',
    arguments: args,
    inputType,
    delimiter,
    headers: location === 'GIVEN' ? how?.strings('CSVHeaders') : undefined,
    pointer: how?.string('ItemsPointer'),
    maxItems: how === undefined ? undefined : numeric(parser, how, 'MaxItems', 0, 100_000_000),
  };
}

const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

function writer(parser: Parser, fields: Fields): Writer | undefined {
  const group = fields.object('ResultWriter');
  if (group === undefined) return undefined;
  group.only(new Set(['Resource', 'Arguments', 'WriterConfig']));
  const base = { state: fields.location, prefix: 'ResultWriter/' };
  const config = group.object('WriterConfig');
  config?.only(new Set(['Transformation', 'OutputType']));
  if (group.has('Resource') || group.has('Arguments')) {
    group.require('Resource', 'Arguments');
    if (
      !/^arn:[^:]+:states:::s3:putObject$/.test(group.string('Resource') ?? '') ||
      !parser.options.services.has('s3')
    ) {
      group.refuse(`The result writer '${String(group.value['Resource'])}' does not run locally.`, 'Resource');
    }
  }
  const isEmpty = !['Resource', 'Arguments', 'WriterConfig'].some((key) => group.has(key));
  if (isEmpty) group.refuse('One of the following fields is required: [Resource, WriterConfig]');
  const args = parser.template(group, 'Arguments', base);
  return {
    arguments: args,
    transformation:
      config?.choice('Transformation', ['NONE', 'COMPACT', 'FLATTEN']) ?? (args === undefined ? 'COMPACT' : 'NONE'),
    outputType: config?.choice('OutputType', ['JSON', 'JSONL']) ?? 'JSON',
  };
}
