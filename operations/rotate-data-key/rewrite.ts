import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, GetCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../../functions/store/keys.ts';
import { fromDataKeys, keyOf, type PersonalData } from '../../functions/store/registry/personal-data.ts';
import { NoSystem } from '../connect/system.ts';

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const kms = new KMSClient({});
/** Items of a step. */
const STEP = 500;

type Item = Record<string, unknown>;

/**
 * Adds a data key, under the KMS key that wraps the first. From then on everything is encrypted under it; what was encrypted before still opens.
 * @returns the how manyth it is
 * @throws NoSystem when there is none yet; ConditionalCheckFailedException when somebody else adds one at the same time
 */
export async function addDataKey(TableName: string, district: string): Promise<number> {
  const wrapped = await wrappedKeys(TableName, district);
  const [first] = wrapped;
  if (first === undefined) throw new NoSystem('还没有数据密钥：什么都没有加密过。');
  const context = { EncryptionContext: { district } };
  const { KeyId } = await kms.send(new DecryptCommand({ CiphertextBlob: first, ...context }));
  const { CiphertextBlob } = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', ...context }));
  await table.send(
    new UpdateCommand({
      TableName,
      Key: keys.dataKey(district),
      UpdateExpression: 'SET later = list_append(if_not_exists(later, :none), :one)',
      ConditionExpression: wrapped.length === 1 ? 'attribute_not_exists(later)' : 'size(later) = :known',
      ExpressionAttributeValues: {
        ':none': [],
        ':one': [CiphertextBlob],
        ...(wrapped.length === 1 ? {} : { ':known': wrapped.length - 1 }),
      },
    }),
  );
  return wrapped.length + 1;
}

/**
 * Encrypts everything anew that is not under the newest data key, step by step while the system runs. A field is replaced only if it is what was read: who
 * changes it meanwhile wins, and is left for the next run. Interrupted, it is begun again and finds what is left. Memory holds one step; a table of 2 GB is
 * 4,000 steps, and costs half a million read units: what was written a moment ago is read too.
 */
export async function rewriteAll(
  TableName: string,
  district: string,
  tell: (line: string) => void,
): Promise<{ items: number; rewritten: number; left: string[] }> {
  const data = await openAll(TableName, district);
  const done = { items: 0, rewritten: 0, left: [] as string[] };
  let start: Item | undefined;
  do {
    const page = await table.send(
      new ScanCommand({ TableName, Limit: STEP, ExclusiveStartKey: start, ConsistentRead: true }),
    );
    for (const item of page.Items ?? []) await rewriteItem(TableName, item, data, done);
    done.items += page.Items?.length ?? 0;
    start = page.LastEvaluatedKey;
    if (start !== undefined) tell(`… ${done.items} 项`);
  } while (start !== undefined);
  return done;
}

/** The attributes of an item that hold ciphertexts, each by itself. */
async function rewriteItem(
  TableName: string,
  item: Item,
  opened: { data: PersonalData; newest: number },
  done: { rewritten: number; left: string[] },
): Promise<void> {
  const { pk, sk } = item;
  const owners = `${String(pk)}#${String(sk)}`.split('#');
  for (const [name, text] of Object.entries(item)) {
    if (typeof text !== 'string' || !text.includes('Cipher"')) continue;
    const counted = { rewritten: 0 };
    try {
      const after = JSON.stringify(rewritten(JSON.parse(text), owners, opened, counted));
      if (counted.rewritten === 0) continue;
      await table.send(
        new UpdateCommand({
          TableName,
          Key: { pk, sk },
          UpdateExpression: 'SET #name = :after',
          ConditionExpression: '#name = :before',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':before': text, ':after': after },
        }),
      );
      done.rewritten += counted.rewritten;
    } catch (error) {
      if (!(error instanceof NotOpened || error instanceof ConditionalCheckFailedException)) throw error;
      done.left.push(`${String(sk).split('#')[0]} ${name}`);
    }
  }
}

/** No owner that the item names opens a ciphertext of it. */
class NotOpened extends Error {
  override readonly name = 'NotOpened';
}

/**
 * The same with every ciphertext under the newest key. A ciphertext is bound to its owner, which is named beside it or above it or by the item's own keys: whichever
 * opens it is the one.
 */
function rewritten(
  value: unknown,
  owners: readonly string[],
  { data, newest }: { data: PersonalData; newest: number },
  counted: { rewritten: number },
): unknown {
  if (Array.isArray(value)) return value.map((each) => rewritten(each, owners, { data, newest }, counted));
  if (typeof value !== 'object' || value === null) return value;
  const named = Object.values(value).filter((field) => typeof field === 'string');
  const near = [...named, ...owners];
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (typeof field !== 'string') return [name, rewritten(field, near, { data, newest }, counted)];
      if (!name.endsWith('Cipher') || field === '' || keyOf(field) === newest) return [name, field];
      counted.rewritten += 1;
      return [name, anew(field, near, data)];
    }),
  );
}

function anew(cipher: string, owners: readonly string[], data: PersonalData): string {
  for (const owner of owners) {
    try {
      return data.encrypt(data.decrypt(cipher, owner), owner);
    } catch {
      // Another's: a ciphertext opens for its owner only.
    }
  }
  throw new NotOpened();
}

/** Every data key of the district, unwrapped under whichever KMS key wraps it. */
export async function openAll(TableName: string, district: string): Promise<{ data: PersonalData; newest: number }> {
  const wrapped = await wrappedKeys(TableName, district);
  const dataKeys = await Promise.all(
    wrapped.map(async (CiphertextBlob) => {
      const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { district } }));
      if (Plaintext === undefined) throw new Error('KMS returned no data key.');
      return Plaintext;
    }),
  );
  return { data: fromDataKeys(dataKeys), newest: dataKeys.length };
}

async function wrappedKeys(TableName: string, district: string): Promise<Uint8Array[]> {
  const { Item } = await table.send(new GetCommand({ TableName, Key: keys.dataKey(district), ConsistentRead: true }));
  const later: unknown[] = Array.isArray(Item?.['later']) ? Item['later'] : [];
  return [Item?.['wrapped'], ...later].filter((one) => one instanceof Uint8Array);
}
