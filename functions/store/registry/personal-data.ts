import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../keys.ts';
import { ConditionFailed, conditional, get, tableName } from '../table.ts';

/** Encrypts and finds ID and phone numbers of one district. Made once per function instance; the key never leaves its memory. */
export interface PersonalData {
  /** AES-256-GCM, base64url of nonce ‖ tag ‖ ciphertext. `owner` (a person or household id) is bound in: a ciphertext moved elsewhere does not open. */
  encrypt(plain: string, owner: string): string;
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
let opened: Promise<PersonalData> | undefined;

/** The district's keys; the data key is unwrapped by KMS at the first call of a function instance. */
export function personalData(district: string): Promise<PersonalData> {
  opened ??= open(district).catch((error: unknown) => {
    // A failed decryption must not be cached: the next request tries again.
    opened = undefined;
    throw error;
  });
  return opened;
}

async function open(district: string): Promise<PersonalData> {
  const wrapped = await wrappedKey(district);
  const { Plaintext } = await kms.send(
    new DecryptCommand({ CiphertextBlob: wrapped, KeyId: masterKey(), EncryptionContext: { district } }),
  );
  if (Plaintext === undefined) throw new Error('KMS returned no data key.');
  return fromDataKey(Plaintext);
}

/** Derives the four keys from the data key, each for one purpose (HKDF-SHA-256), so that none tells another. */
export function fromDataKey(dataKey: Uint8Array): PersonalData {
  // KeyObjects cannot be printed by accident and need no parsing at each use.
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', `shouwang/${purpose}`, 32)));
  const [encryption, lookup, identity] = [derive('encryption'), derive('lookup'), derive('person-id')];
  const names = derive('name-part');
  return {
    encrypt(plain, owner) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', encryption, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    decrypt(text, owner) {
      const sealed = Buffer.from(text, 'base64url');
      const cipher = createDecipheriv('aes-256-gcm', encryption, sealed.subarray(0, 12))
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

/** The wrapped data key of the district: made at its first use, and whoever stores it first wins, so that there is only ever one. */
async function wrappedKey(district: string): Promise<Uint8Array> {
  const stored = await storedKey(district);
  if (stored !== undefined) return stored;
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
  const kept = await storedKey(district);
  if (kept === undefined) throw new Error('The data key was not kept.');
  return kept;
}

async function storedKey(district: string): Promise<Uint8Array | undefined> {
  const item = await get(keys.dataKey(district), { consistent: true });
  const wrapped = item?.['wrapped'];
  return wrapped instanceof Uint8Array ? wrapped : undefined;
}

function masterKey(): string {
  const id = process.env['PERSONAL_DATA_KEY'];
  if (id === undefined) throw new Error('PERSONAL_DATA_KEY is not set.');
  return id;
}
