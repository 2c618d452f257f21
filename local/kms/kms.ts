import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../errors.ts';
import type { LocalService } from '../gateway/gateway.ts';
import type { Access } from '../gateway/policy.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import { key, keyAlias } from '../template/kinds-data.ts';
import type { Model } from '../template/model.ts';

const stored = z.record(z.string(), z.string());

const input = z.looseObject({
  KeyId: z.string().optional(),
  CiphertextBlob: z.base64().optional(),
  Plaintext: z.base64().optional(),
  Message: z.base64().optional(),
  Mac: z.base64().optional(),
  MacAlgorithm: z.string().optional(),
  /** Node signs no digest that was made elsewhere. */
  MessageType: z.literal('RAW', 'Only MessageType RAW runs locally.').optional(),
  SigningAlgorithm: z.string().optional(),
  KeySpec: z.string().optional(),
  NumberOfBytes: z.int().min(1).max(1024).optional(),
  EncryptionContext: z.record(z.string(), z.string()).default({}),
});
type Input = z.output<typeof input>;

interface MasterKey {
  id: string;
  arn: string;
  spec: string;
  usage: string;
  material: Buffer;
}

/** Parts of a ciphertext: format, key id, nonce, tag, and what was encrypted. */
const FORMAT = 1;
const ID_LENGTH = 36;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER = 1 + ID_LENGTH + NONCE_LENGTH + TAG_LENGTH;
/** Encrypt and GenerateMac take at most this many bytes. */
const LARGEST = 4096;
/** What a key of ECC_NIST_P256 signs with. */
const SIGNING = 'ECDSA_SHA_256';

/** The keys of the template. Master keys lie in a file of the data folder that only its owner may read. */
export class Kms implements LocalService {
  readonly #keys = new Map<string, MasterKey>();
  readonly #accountId: string;

  /** @throws StartError when the key file is damaged: what it encrypted could not be opened any more */
  constructor(model: Model, file: string) {
    this.#accountId = model.environment.accountId;
    const materials = readJsonFile(file, stored) ?? {};
    let isNew = false;
    for (const { ref, arn, properties } of model.all(key)) {
      const existing = materials[ref];
      const material = existing === undefined ? newMaterial(properties.KeySpec) : Buffer.from(existing, 'base64');
      if (existing === undefined) {
        materials[ref] = material.toString('base64');
        isNew = true;
      }
      const master = { id: ref, arn, spec: properties.KeySpec, usage: properties.KeyUsage, material };
      this.#keys.set(ref, master);
      this.#keys.set(arn, master);
    }
    for (const { ref, properties } of model.all(keyAlias)) {
      const target = this.#keys.get(properties.TargetKeyId);
      if (target !== undefined) this.#keys.set(ref, target).set(target.arn.replace(/key\/.*/, ref), target);
    }
    if (isNew) writeJsonFile(file, materials, 0o600);
  }

  accesses(action: string, raw: Record<string, unknown>): Access[] {
    const request = parsed(raw);
    const context = Object.entries(request.EncryptionContext);
    return [
      {
        action: `kms:${action}`,
        resource: action === 'GenerateRandom' ? '*' : this.#keyOf(request).arn,
        context: {
          'kms:calleraccount': [this.#accountId],
          ...(context.length > 0 ? { 'kms:encryptioncontextkeys': context.map(([name]) => name) } : {}),
          ...Object.fromEntries(
            context.map(([name, value]) => [`kms:encryptioncontext:${name.toLowerCase()}`, [value]]),
          ),
        },
      },
    ];
  }

  async handle(action: string, raw: Record<string, unknown>): Promise<Record<string, unknown>> {
    const request = parsed(raw);
    switch (action) {
      case 'GenerateDataKey':
        return this.#generateDataKey(request);
      case 'GenerateDataKeyWithoutPlaintext': {
        const { Plaintext: _secret, ...rest } = this.#generateDataKey(request);
        return rest;
      }
      case 'Encrypt': {
        const master = this.#keyFor(request, 'ENCRYPT_DECRYPT');
        return {
          CiphertextBlob: seal(master, bytesOf(request.Plaintext, 'plaintext'), request),
          KeyId: master.arn,
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        };
      }
      case 'Decrypt': {
        const master = this.#keyFor(request, 'ENCRYPT_DECRYPT');
        return {
          Plaintext: open(master, request).toString('base64'),
          KeyId: master.arn,
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        };
      }
      case 'GenerateMac': {
        const master = this.#keyFor(request, 'GENERATE_VERIFY_MAC');
        return { Mac: mac(master, request).toString('base64'), MacAlgorithm: request.MacAlgorithm, KeyId: master.arn };
      }
      case 'VerifyMac': {
        const master = this.#keyFor(request, 'GENERATE_VERIFY_MAC');
        const expected = mac(master, request);
        const given = Buffer.from(request.Mac ?? '', 'base64');
        if (given.length !== expected.length || !timingSafeEqual(given, expected))
          throw new AwsError('KMSInvalidMacException', 'The HMAC is not valid.');
        return { KeyId: master.arn, MacValid: true, MacAlgorithm: request.MacAlgorithm };
      }
      case 'Sign': {
        const master = this.#keyFor(request, 'SIGN_VERIFY');
        if (request.SigningAlgorithm !== SIGNING)
          throw new AwsError(
            'InvalidKeyUsageException',
            `Algorithm ${request.SigningAlgorithm} is incompatible with key spec ${master.spec}.`,
          );
        const signature = sign('sha256', bytesOf(request.Message, 'message'), privateKeyOf(master));
        return { KeyId: master.arn, Signature: signature.toString('base64'), SigningAlgorithm: SIGNING };
      }
      case 'GetPublicKey': {
        const master = this.#keyFor(request, 'SIGN_VERIFY');
        const publicKey = createPublicKey(privateKeyOf(master)).export({ type: 'spki', format: 'der' });
        return {
          KeyId: master.arn,
          PublicKey: publicKey.toString('base64'),
          KeySpec: master.spec,
          KeyUsage: master.usage,
          SigningAlgorithms: [SIGNING],
        };
      }
      case 'GenerateRandom':
        return { Plaintext: randomBytes(request.NumberOfBytes ?? 32).toString('base64') };
      case 'DescribeKey':
        return { KeyMetadata: this.#metadata(this.#keyOf(request)) };
      default:
        throw new AwsError('UnknownOperationException', `KMS's ${action} does not run locally.`);
    }
  }

  #generateDataKey(request: Input): Record<string, unknown> {
    const master = this.#keyFor(request, 'ENCRYPT_DECRYPT');
    const length = request.NumberOfBytes ?? { AES_256: 32, AES_128: 16 }[request.KeySpec ?? ''];
    if (length === undefined)
      throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
    const plain = randomBytes(length);
    return { CiphertextBlob: seal(master, plain, request), Plaintext: plain.toString('base64'), KeyId: master.arn };
  }

  #keyFor(request: Input, usage: string): MasterKey {
    const master = this.#keyOf(request);
    if (master.usage !== usage)
      throw new AwsError(
        'InvalidKeyUsageException',
        `${master.arn} key usage is ${master.usage} which is not valid for this operation.`,
      );
    return master;
  }

  /** The key that is named, or that a ciphertext names in its head. */
  #keyOf(request: Input): MasterKey {
    const blob = request.CiphertextBlob;
    const inside = blob === undefined ? undefined : Buffer.from(blob, 'base64').toString('latin1', 1, 1 + ID_LENGTH);
    const name = request.KeyId ?? inside;
    if (name === undefined)
      throw new AwsError(
        'ValidationException',
        "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must not be null",
      );
    const master = this.#keys.get(name);
    if (master === undefined && request.KeyId === undefined) throw new AwsError('InvalidCiphertextException', '');
    if (master === undefined) throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
    if (inside !== undefined && inside !== master.id)
      throw new AwsError(
        this.#keys.has(inside) ? 'IncorrectKeyException' : 'InvalidCiphertextException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    return master;
  }

  #metadata({ id, arn, spec, usage }: MasterKey): Record<string, unknown> {
    return {
      AWSAccountId: this.#accountId,
      KeyId: id,
      Arn: arn,
      Enabled: true,
      KeyState: 'Enabled',
      KeyUsage: usage,
      KeySpec: spec,
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      MultiRegion: false,
      Description: '',
      ...algorithmsOf(spec, usage),
    };
  }
}

function algorithmsOf(spec: string, usage: string): Record<string, string[]> {
  if (usage === 'ENCRYPT_DECRYPT') return { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] };
  if (usage === 'SIGN_VERIFY') return { SigningAlgorithms: [SIGNING] };
  return { MacAlgorithms: [spec.replace('HMAC_', 'HMAC_SHA_')] };
}

function newMaterial(spec: string): Buffer {
  if (spec !== 'ECC_NIST_P256') return randomBytes(32);
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' });
}

function privateKeyOf({ material }: MasterKey): KeyObject {
  return createPrivateKey({ key: material, type: 'pkcs8', format: 'der' });
}

function parsed(raw: Record<string, unknown>): Input {
  const result = input.safeParse(raw);
  if (!result.success)
    throw new AwsError('ValidationException', `1 validation error detected: ${z.prettifyError(result.error)}`);
  return result.data;
}

function bytesOf(text: string | undefined, field: string): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (bytes.length < 1 || bytes.length > LARGEST) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must have length between 1 and ${LARGEST}`,
    );
  }
  return bytes;
}

/** The context is bound in, whatever the order of its fields: a ciphertext does not open under another. */
function contextBytes({ EncryptionContext: context }: Input): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function seal(master: MasterKey, plain: Buffer, request: Input): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', master.material, nonce).setAAD(contextBytes(request));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT]), Buffer.from(master.id), nonce, cipher.getAuthTag(), sealed]).toString(
    'base64',
  );
}

function open(master: MasterKey, request: Input): Buffer {
  const blob = Buffer.from(request.CiphertextBlob ?? '', 'base64');
  const nonce = blob.subarray(1 + ID_LENGTH, 1 + ID_LENGTH + NONCE_LENGTH);
  try {
    const decipher = createDecipheriv('aes-256-gcm', master.material, nonce, { authTagLength: TAG_LENGTH }).setAAD(
      contextBytes(request),
    );
    decipher.setAuthTag(blob.subarray(HEADER - TAG_LENGTH, HEADER));
    return Buffer.concat([decipher.update(blob.subarray(HEADER)), decipher.final()]);
  } catch {
    throw new AwsError('InvalidCiphertextException', '');
  }
}

function mac(master: MasterKey, request: Input): Buffer {
  const bits = master.spec.replace('HMAC_', '');
  if (request.MacAlgorithm !== `HMAC_SHA_${bits}`)
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${request.MacAlgorithm} is incompatible with key spec ${master.spec}.`,
    );
  return createHmac(`sha${bits}`, master.material).update(bytesOf(request.Message, 'message')).digest();
}
