import { StartError } from '../errors.ts';
import type { TableShape } from '../gateway/accesses.ts';
import { globalTable, type TableProperties, table } from '../template/kinds-data.ts';
import type { Model } from '../template/model.ts';
import { isRecord } from '../template/stack.ts';
import type { Engine } from './engine.ts';

interface Wanted {
  id: string;
  name: string;
  arn: string;
  properties: Pick<
    TableProperties,
    'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
  >;
}

/**
 * Creates the template's tables that do not exist yet, and adds indexes that the template has newly, as CloudFormation does.
 * @returns what the gateway must know of them, by table name
 * @throws StartError when a table exists with other keys or indexes: its data would not be found
 */
export async function makeTables(model: Model, engine: Engine): Promise<Map<string, TableShape>> {
  const wanted: Wanted[] = [...model.all(table), ...model.all(globalTable)].map(({ id, ref, arn, properties }) => ({
    id,
    name: ref,
    arn,
    properties,
  }));
  await Promise.all(wanted.map((each) => makeTable(engine, each)));
  return new Map(
    wanted.map(({ name, arn, properties }) => [
      name,
      {
        arn,
        partitionKey: partitionKey(properties.KeySchema),
        indexes: new Map(
          [...properties.GlobalSecondaryIndexes, ...properties.LocalSecondaryIndexes].map((index) => [
            index.IndexName,
            partitionKey(index.KeySchema),
          ]),
        ),
      },
    ]),
  );
}

async function makeTable(engine: Engine, { id, name, properties }: Wanted): Promise<void> {
  const described = await engine.send('DescribeTable', Buffer.from(JSON.stringify({ TableName: name })));
  if (described.status === 200) {
    const existing = shapeOf(tableOf(described.body));
    if (existing === shapeOf({ ...properties })) return;
    if (await addIndexes(engine, { id, name, properties }, tableOf(described.body))) return;
    throw new StartError(
      `Table ${name} (${id}) is stored with other keys or indexes than the template's. Start with another data folder, or carry the data over yourself.\nstored:   ${existing}\ntemplate: ${shapeOf({ ...properties })}`,
    );
  }
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local } = properties;
  const created = await engine.send(
    'CreateTable',
    Buffer.from(
      JSON.stringify({
        TableName: name,
        KeySchema,
        AttributeDefinitions,
        BillingMode: 'PAY_PER_REQUEST',
        ...(global.length > 0 ? { GlobalSecondaryIndexes: global.map(index) } : {}),
        ...(local.length > 0 ? { LocalSecondaryIndexes: local.map(index) } : {}),
      }),
    ),
  );
  if (created.status !== 200)
    throw new StartError(`Table ${name} (${id}) cannot be created: ${created.body.toString()}`);
}

type Index = Wanted['properties']['GlobalSecondaryIndexes'][number];

function index({ IndexName, KeySchema, Projection }: Index): unknown {
  return { IndexName, KeySchema, Projection };
}

/** Adds the global indexes that a stored table lacks. @returns false when more than they tells the two apart: then nothing is changed */
async function addIndexes(
  engine: Engine,
  { id, name, properties }: Omit<Wanted, 'arn'>,
  stored: Record<string, unknown>,
): Promise<boolean> {
  const had = new Set(listOf(stored['GlobalSecondaryIndexes']).map(({ IndexName }) => IndexName));
  const added = properties.GlobalSecondaryIndexes.filter(({ IndexName }) => !had.has(IndexName));
  const kept = properties.GlobalSecondaryIndexes.filter(({ IndexName }) => had.has(IndexName));
  if (added.length === 0 || shapeOf({ ...properties, GlobalSecondaryIndexes: kept }) !== shapeOf(stored)) return false;
  for (const one of added) {
    const updated = await engine.send(
      'UpdateTable',
      Buffer.from(
        JSON.stringify({
          TableName: name,
          AttributeDefinitions: properties.AttributeDefinitions,
          GlobalSecondaryIndexUpdates: [{ Create: index(one) }],
        }),
      ),
    );
    if (updated.status !== 200)
      throw new StartError(`Table ${name} (${id}) cannot get the index ${one.IndexName}: ${updated.body.toString()}`);
  }
  return true;
}

function partitionKey(schema: Wanted['properties']['KeySchema']): string {
  return schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}

function tableOf(body: Buffer): Record<string, unknown> {
  const answer: unknown = JSON.parse(body.toString());
  return isRecord(answer) && isRecord(answer['Table']) ? answer['Table'] : {};
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Keys, key types and indexes as one line, whatever their order. */
function shapeOf(source: Record<string, unknown>): string {
  const types = new Map(
    listOf(source['AttributeDefinitions']).map((each) => [each['AttributeName'], each['AttributeType']]),
  );
  const keys = (value: unknown): string =>
    listOf(value)
      .map((each) => `${String(each['AttributeName'])}:${String(types.get(each['AttributeName']))}`)
      .join('+');
  const indexes = [...listOf(source['GlobalSecondaryIndexes']), ...listOf(source['LocalSecondaryIndexes'])].map(
    (index) => {
      const projection = isRecord(index['Projection']) ? index['Projection'] : {};
      const included = Array.isArray(projection['NonKeyAttributes'])
        ? `(${projection['NonKeyAttributes'].map(String).sort().join()})`
        : '';
      return `${String(index['IndexName'])} ${keys(index['KeySchema'])} ${String(projection['ProjectionType'])}${included}`;
    },
  );
  return [keys(source['KeySchema']), ...indexes.sort()].join(', ');
}
