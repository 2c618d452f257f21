import { createHash, createHmac, randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from './keys.ts';
import { ConditionFailed, conditional, get, tableName } from './table.ts';

/** What an id can be the id of. Whether such a thing exists is told only to those in whose region it lies. */
type Kind = 'case' | 'claim' | 'clue' | 'entry' | 'help' | 'measure' | 'notice' | 'objection';
type Part = string | number | null | undefined | readonly unknown[];

let opened: Promise<Buffer> | undefined;

/**
 * The id of something with a natural key: the same parts make the same id, so that writing twice changes nothing. It is made under a key of the cell
 * (HMAC-SHA-256), because a household's number is no secret: whoever could compute the id of its case could ask whether there is one.
 */
export async function idOf(kind: Kind, ...parts: readonly Part[]): Promise<string> {
  return `${kind}-${await keyed(kind, parts, 'hex').then((hash) => hash.slice(0, 16))}`;
}

/** The same key over something that is only counted, such as a caller's address: nobody can try out all addresses. */
export function keyedHash(purpose: string, ...parts: readonly Part[]): Promise<string> {
  return keyed(purpose, parts, 'base64url');
}

/** The id of something by all it says, for things that are no secret, or whose parts are secret already. @param digits hexadecimal */
export function contentIdOf(kind: string, content: unknown, digits: 12 | 16 = 16): string {
  return `${kind}-${sha256(typeof content === 'string' ? content : JSON.stringify(content)).slice(0, digits)}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Crockford's Base32: no letters that are easily confused. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Sixty bits of a keyed hash in twelve letters, as a receipt that somebody reads out. @param hash base64url */
export function receiptOf(hash: string): string {
  const bytes = Buffer.from(hash, 'base64url');
  return Array.from({ length: 12 }, (_, n) => ALPHABET[(bytes[n] ?? 0) % 32]).join('');
}

async function keyed(purpose: string, parts: readonly Part[], encoding: 'hex' | 'base64url'): Promise<string> {
  opened ??= openKey().catch((error: unknown) => {
    // A failed read must not be cached: the next request tries again.
    opened = undefined;
    throw error;
  });
  return createHmac('sha256', await opened)
    .update(JSON.stringify([purpose, ...parts]))
    .digest(encoding);
}

/** The district's id key, made at its first use; whoever stores it first wins. It is in the same table: it hides ids from callers, not from the table's readers. */
async function openKey(): Promise<Buffer> {
  const stored = await storedKey();
  if (stored !== undefined) return stored;
  try {
    await conditional(
      new PutCommand({
        TableName: tableName(),
        Item: { ...keys.idKey(), key: randomBytes(32).toString('base64url') },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  const kept = await storedKey();
  if (kept === undefined) throw new Error('The key of ids was not kept.');
  return kept;
}

async function storedKey(): Promise<Buffer | undefined> {
  const key = (await get(keys.idKey(), { consistent: true }))?.['key'];
  return typeof key === 'string' ? Buffer.from(key, 'base64url') : undefined;
}
