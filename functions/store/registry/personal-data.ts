import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../keys.ts';
import { ConditionFailed, conditional, get, tableName } from '../table.ts';

/** Encrypts and finds ID and phone numbers of one district. Made once per function instance; the key never leaves its memory. */
export interface PersonalData {
  /** AES-256-GCM, base64url of nonce ‖ tag ‖ ciphertext, before it from the second data key on which one it is (`2.`). `owner` (a person or household id) is bound in: a ciphertext moved elsewhere does not open. */
  encrypt(plain: string, owner: string): string;
  /** What was erased is empty, and opens to nothing. */
  decrypt(cipher: string, owner: string): string;
  /** The keyed hash by which an ID number is found (HMAC-SHA-256). Without the key, the 10^17 numbers cannot be tried out. */
  hash(idNumber: string): string;
  /**
   * The keyed hash by which part of a name is found among the households of one village: short, because it only says which of them to look at, and another in
   * each village, so that nobody without the key can count surnames.
   */
  namePart(village: string, part: string): string;
  /** The opaque id of the person with this ID number: the same in every household and year. */
  personId(idNumber: string): string;
}

/** Of 16 million values a household has about five: one search in 300 of 10,000 households looks at one in vain. */
const NAME_PART_BYTES = 3;

const kms = new KMSClient({});
let opened: { keys: number; data: Promise<PersonalData> } | undefined;

/**
 * The district's keys; data keys are unwrapped by KMS at the first call of a function instance, and again when there is one more: which there are is read each
 * time (one read unit), so that nothing written under a new key is met by somebody who does not know it.
 */
export async function personalData(district: string): Promise<PersonalData> {
  const wrapped = await wrappedKeys(district);
  if (opened?.keys !== wrapped.length) {
    const data = open(district, wrapped).catch((error: unknown) => {
      // A failed decryption must not be cached: the next request tries again.
      opened = undefined;
      throw error;
    });
    opened = { keys: wrapped.length, data };
  }
  return await opened.data;
}

async function open(district: string, wrapped: readonly Uint8Array[]): Promise<PersonalData> {
  const keyId = masterKey();
  const dataKeys = await Promise.all(
    wrapped.map(async (one) => {
      const asked = { CiphertextBlob: one, KeyId: keyId, EncryptionContext: { district } };
      const { Plaintext } = await kms.send(new DecryptCommand(asked));
      if (Plaintext === undefined) throw new Error('KMS returned no data key.');
      return Plaintext;
    }),
  );
  return fromDataKeys(dataKeys);
}

/** Under which of the data keys, from 1 on, something was encrypted. The first wrote no mark. */
export function keyOf(cipher: string): number {
  return Number(/^(\d+)\./.exec(cipher)?.[1] ?? 1);
}

/**
 * Derives the keys from the data keys, each for one purpose (HKDF-SHA-256), so that none tells another. The newest encrypts, all open what they wrote.
 * Hashes and person ids are the first one's for ever: they are how somebody is found again, and made anew they would be somebody else (ADR 24).
 */
export function fromDataKeys(dataKeys: readonly Uint8Array[]): PersonalData {
  // KeyObjects cannot be printed by accident and need no parsing at each use.
  const derive = (dataKey: Uint8Array, purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', `shouwang/${purpose}`, 32)));
  const encryption = dataKeys.map((dataKey) => derive(dataKey, 'encryption'));
  const [first] = dataKeys;
  const newest = encryption.at(-1);
  if (first === undefined || newest === undefined) throw new Error('There is no data key.');
  const [lookup, identity, names] = [derive(first, 'lookup'), derive(first, 'person-id'), derive(first, 'name-part')];
  const mark = encryption.length === 1 ? '' : `${encryption.length}.`;
  return {
    encrypt(plain, owner) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', newest, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${mark}${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    decrypt(text, owner) {
      if (text === '') return '';
      const key = encryption[keyOf(text) - 1];
      if (key === undefined) throw new Error('It was encrypted under a data key that is not known.');
      const sealed = Buffer.from(text.slice(text.indexOf('.') + 1), 'base64url');
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
        .setAAD(Buffer.from(owner))
        .setAuthTag(sealed.subarray(12, 28));
      return cipher.update(sealed.subarray(28), undefined, 'utf8') + cipher.final('utf8');
    },
    hash: (idNumber) => createHmac('sha256', lookup).update(idNumber).digest('base64url'),
    namePart: (village, part) =>
      createHmac('sha256', names)
        .update(`${village} ${part}`)
        .digest()
        .subarray(0, NAME_PART_BYTES)
        .toString('base64url'),
    personId: (idNumber) => `p-${createHmac('sha256', identity).update(idNumber).digest('hex').slice(0, 16)}`,
  };
}

/** The wrapped data keys of the district: the first made at its first use, and whoever stores it first wins, so that there is only ever one of it. */
async function wrappedKeys(district: string): Promise<Uint8Array[]> {
  const stored = await storedKeys(district);
  if (stored.length > 0) return stored;
  const { CiphertextBlob } = await kms.send(
    new GenerateDataKeyCommand({ KeyId: masterKey(), KeySpec: 'AES_256', EncryptionContext: { district } }),
  );
  try {
    await conditional(
      new PutCommand({
        TableName: tableName(),
        Item: { ...keys.dataKey(district), wrapped: CiphertextBlob },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  const kept = await storedKeys(district);
  if (kept.length === 0) throw new Error('The data key was not kept.');
  return kept;
}

/** Oldest first. */
async function storedKeys(district: string): Promise<Uint8Array[]> {
  const item = await get(keys.dataKey(district), { consistent: true });
  const { wrapped, later } = { wrapped: item?.['wrapped'], later: item?.['later'] };
  return [wrapped, ...(Array.isArray(later) ? later : [])].filter((one) => one instanceof Uint8Array);
}

function masterKey(): string {
  const id = process.env['PERSONAL_DATA_KEY'];
  if (id === undefined) throw new Error('PERSONAL_DATA_KEY is not set.');
  return id;
}
