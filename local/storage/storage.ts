import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type AwsError, StartError } from '../errors.ts';
import type { LocalService } from '../gateway/gateway.ts';
import type { Meter } from '../gateway/meter.ts';
import type { Access } from '../gateway/policy.ts';
import type { Principal, Principals } from '../gateway/principals.ts';
import { key } from '../template/kinds-data.ts';
import { bucket, type CorsRule } from '../template/kinds-storage.ts';
import type { Model } from '../template/model.ts';
import { checkBytes } from './checksum.ts';
import { judgeConditions, names, rangeOf } from './conditions.ts';
import { denied, notImplemented, StorageError } from './error.ts';
import { page } from './listing.ts';
import { parsed, type StorageInput } from './request.ts';
import { ObjectStore } from './store.ts';

interface Bucket {
  name: string;
  arn: string;
  cors: readonly CorsRule[];
  algorithm: string;
  /** ARN of the customer's key objects are encrypted with. */
  key: string | undefined;
  keyForBucket: boolean;
  /** How long nobody can delete what was put, ms; undefined where nothing is locked. */
  lockedFor: number | undefined;
}

/** A key may be as long, in bytes of UTF-8. */
const LONGEST_KEY = 1024;
/** Actions, with the right they need and whether that is to an object or the bucket. */
const RIGHTS: Readonly<Record<string, { right: string; of: 'object' | 'bucket' | 'account' }>> = {
  GetObject: { right: 's3:GetObject', of: 'object' },
  HeadObject: { right: 's3:GetObject', of: 'object' },
  PutObject: { right: 's3:PutObject', of: 'object' },
  DeleteObject: { right: 's3:DeleteObject', of: 'object' },
  ListObjectsV2: { right: 's3:ListBucket', of: 'bucket' },
  HeadBucket: { right: 's3:ListBucket', of: 'bucket' },
  GetBucketLocation: { right: 's3:GetBucketLocation', of: 'bucket' },
  ListBuckets: { right: 's3:ListAllMyBuckets', of: 'account' },
};

/** The buckets of the template. Inputs and answers have the words of S3's API; bodies are bytes, or a text to be written. */
export class Storage implements LocalService {
  readonly #buckets: ReadonlyMap<string, Bucket>;
  readonly #store: ObjectStore | undefined;
  readonly #clock: Clock;
  readonly #principals: Principals;
  readonly #meter: Meter;
  readonly #region: string;
  /** Buckets are there since the stack is. */
  readonly #began: string;
  readonly #accountId: string;

  /** @throws StartError when what is stored is damaged, or a bucket names a key that is not in the template */
  constructor(parts: { model: Model; folder: string; clock: Clock; principals: Principals; meter: Meter }) {
    const { model } = parts;
    this.#clock = parts.clock;
    this.#began = new Date(parts.clock.now()).toISOString();
    this.#principals = parts.principals;
    this.#meter = parts.meter;
    this.#region = model.environment.region;
    this.#accountId = model.environment.accountId;
    const keys = model.all(key);
    this.#buckets = new Map(
      model.all(bucket).map(({ id, ref: name, arn, properties }) => {
        const rule = properties.BucketEncryption?.ServerSideEncryptionConfiguration[0];
        const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: named } = rule?.ServerSideEncryptionByDefault ?? {};
        const keyArn = keys.find((each) => each.ref === named || each.arn === named)?.arn;
        if (named !== undefined && keyArn === undefined)
          throw new StartError(`Resource ${id} (AWS::S3::Bucket): its key ${named} is not in the template.`);
        const cors = properties.CorsConfiguration?.CorsRules ?? [];
        const keyForBucket = rule?.BucketKeyEnabled === true;
        const lockedFor = lockOf(properties.ObjectLockConfiguration?.Rule.DefaultRetention);
        return [name, { name, arn, cors, algorithm, key: keyArn, keyForBucket, lockedFor }];
      }),
    );
    this.#store = this.#buckets.size === 0 ? undefined : new ObjectStore(parts.folder);
    this.#meter.stored(this.#store?.bytes ?? 0);
  }

  /** Whether the template has buckets: without any, nothing speaks S3 here. */
  get exists(): boolean {
    return this.#store !== undefined;
  }

  /** The rules for browsers of a bucket; undefined where there is no such bucket. */
  cors(name: string): readonly CorsRule[] | undefined {
    return this.#buckets.get(name)?.cors;
  }

  accesses(action: string, raw: Record<string, unknown>): Access[] {
    const needed = RIGHTS[action];
    if (needed === undefined) throw notImplemented(`S3's ${action}`);
    const request = parsed(raw);
    const context: Record<string, string[]> = { ...PRETENDED };
    const tell = (name: string, value: string | number | undefined): void => {
      if (value !== undefined) context[name] = [String(value)];
    };
    tell('s3:authtype', request.AuthType);
    tell('s3:prefix', request.Prefix);
    tell('s3:delimiter', request.Delimiter);
    tell('s3:max-keys', request.MaxKeys);
    tell('s3:x-amz-server-side-encryption', request.ServerSideEncryption);
    tell('s3:x-amz-server-side-encryption-aws-kms-key-id', request.SSEKMSKeyId);
    if (action === 'PutObject') tell('s3:if-none-match', request.IfNoneMatch);
    if (needed.of === 'account') return [{ action: needed.right, resource: '*', context }];
    const found = this.#bucket(request);
    if (needed.of === 'bucket') return [{ action: needed.right, resource: found.arn, context }];
    const resource = `${found.arn}/${keyOf(request)}`;
    const right = request.VersionId === undefined ? needed.right : 's3:DeleteObjectVersion';
    const access = { action: right, resource, context };
    if (found.key === undefined || action === 'DeleteObject') return [access];
    // What lies under a customer's key is read and written with the caller's own right to the key.
    const throughS3 = {
      'kms:viaservice': [`s3.${this.#region}.amazonaws.com`],
      'kms:calleraccount': [this.#accountId],
      'kms:encryptioncontextkeys': ['aws:s3:arn'],
      'kms:encryptioncontext:aws:s3:arn': [found.keyForBucket ? found.arn : resource],
    };
    return [
      access,
      {
        action: action === 'PutObject' ? 'kms:GenerateDataKey' : 'kms:Decrypt',
        resource: found.key,
        context: throughS3,
      },
    ];
  }

  async handle(action: string, raw: Record<string, unknown>, principal: Principal): Promise<Record<string, unknown>> {
    const request = parsed(raw);
    if (action === 'ListBuckets')
      return { Buckets: [...this.#buckets.keys()].sort().map((Name) => ({ Name, CreationDate: this.#began })) };
    const found = this.#bucket(request);
    switch (action) {
      case 'PutObject':
        return this.#put(found, request);
      case 'GetObject':
      case 'HeadObject':
        return this.#get(found, request, principal, action === 'GetObject');
      case 'DeleteObject':
        return this.#delete(found, request);
      case 'ListObjectsV2':
        return page(this.#existing, found.name, request);
      case 'HeadBucket':
        return { BucketRegion: this.#region };
      case 'GetBucketLocation':
        return { LocationConstraint: this.#region === 'us-east-1' ? '' : this.#region };
      default:
        throw notImplemented(`S3's ${action}`);
    }
  }

  close(): void {
    this.#store?.close();
  }

  get #existing(): ObjectStore {
    if (this.#store === undefined) throw noSuchBucket('');
    return this.#store;
  }

  #put(found: Bucket, request: StorageInput): Record<string, unknown> {
    const name = keyOf(request);
    const bytes = typeof request.Body === 'string' ? Buffer.from(request.Body) : (request.Body ?? Buffer.alloc(0));
    checkBytes(bytes, request.Checksums);
    if (
      found.lockedFor !== undefined &&
      Object.keys(request.Checksums).length === 0 &&
      request.ContentMD5 === undefined
    )
      throw new StorageError(
        'InvalidRequest',
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      );
    if (
      (request.ServerSideEncryption ?? found.algorithm) !== found.algorithm ||
      (request.SSEKMSKeyId ?? found.key) !== found.key
    )
      throw notImplemented("An encryption other than the bucket's own");
    const before = this.#existing.get(found.name, name);
    const { IfMatch: match, IfNoneMatch: none } = request;
    if (none !== undefined && none !== '*') throw notImplemented('If-None-Match with a value other than *');
    if (match !== undefined && before === undefined) throw noSuchKey(name);
    if ((none === '*' && before !== undefined) || (match !== undefined && !names(match, before?.etag))) {
      throw new StorageError(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
        412,
        {
          Condition: none === undefined ? 'If-Match' : 'If-None-Match',
        },
      );
    }
    if (found.lockedFor !== undefined && before !== undefined) throw notImplemented('A second version of an object');
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const headers = { 'content-type': request.ContentType ?? 'binary/octet-stream', ...request.Headers };
    const object = {
      key: name,
      etag,
      modified: this.#clock.now(),
      headers,
      metadata: request.Metadata,
      checksums: request.Checksums,
    };
    const file = this.#existing.put(found.name, { ...object, storageClass: request.StorageClass }, bytes);
    this.#meter.stored(this.#existing.bytes);
    return { ETag: etag, ...versionOf(found, file), ...encryptionOf(found), Checksums: request.Checksums };
  }

  /** Where versions are locked, only a version can be deleted: without one S3 hides it behind a marker, which does not run here. */
  #delete({ name, lockedFor }: Bucket, request: StorageInput): Record<string, unknown> {
    const key = keyOf(request);
    const object = this.#existing.get(name, key);
    if (lockedFor === undefined && request.VersionId !== undefined) throw notImplemented('A version of an object');
    if (lockedFor !== undefined) {
      if (request.VersionId === undefined) throw notImplemented('A marker of deletion');
      if (object?.file !== request.VersionId) return {};
      if (this.#clock.now() < object.modified + lockedFor)
        throw denied('Access Denied because object protected by object lock.');
    }
    this.#existing.delete(name, key);
    this.#meter.stored(this.#existing.bytes);
    return {};
  }

  #get(found: Bucket, request: StorageInput, principal: Principal, withBody: boolean): Record<string, unknown> {
    const object = this.#existing.get(found.name, keyOf(request));
    if (object === undefined) {
      // Whoever may not list is not told what does not exist.
      if (!this.#principals.may(principal, { action: 's3:ListBucket', resource: found.arn, context: PRETENDED }))
        throw denied();
      throw noSuchKey(keyOf(request));
    }
    judgeConditions(object, request);
    const range = rangeOf(request.Range, object.size);
    const [first, last] = range ?? [0, object.size - 1];
    return {
      ...(withBody ? { Body: this.#existing.read(object, first, last) } : {}),
      ContentLength: last - first + 1,
      ...(range === undefined
        ? { Checksums: object.checksums }
        : { ContentRange: `bytes ${first}-${last}/${object.size}` }),
      ContentType: object.headers['content-type'],
      ETag: object.etag,
      LastModified: new Date(object.modified).toISOString(),
      Metadata: object.metadata,
      Headers: object.headers,
      ...(object.storageClass === 'STANDARD' ? {} : { StorageClass: object.storageClass }),
      ...versionOf(found, object.file),
      ...encryptionOf(found),
    };
  }

  #bucket({ Bucket: name = '' }: StorageInput): Bucket {
    const found = this.#buckets.get(name);
    if (found === undefined) throw noSuchBucket(name);
    return found;
  }
}

/** Nothing is encrypted on its way over loopback; policies that ask for it (as CDK's `enforceSSL` does) mean another way. */
const PRETENDED: Readonly<Record<string, string[]>> = { 'aws:securetransport': ['true'], 's3:tlsversion': ['1.3'] };

function keyOf({ Key: name = '' }: StorageInput): string {
  if (name === '') throw new StorageError('InvalidArgument', 'Key must have length greater than or equal to 1.');
  const size = Buffer.byteLength(name);
  if (size > LONGEST_KEY)
    throw new StorageError('KeyTooLongError', 'Your key is too long', 400, {
      Size: String(size),
      MaxSizeAllowed: String(LONGEST_KEY),
    });
  return name;
}

function noSuchBucket(name: string): AwsError {
  return new StorageError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
}

function noSuchKey(name: string): AwsError {
  return new StorageError('NoSuchKey', 'The specified key does not exist.', 404, { Key: name });
}

function lockOf(retention: { Days?: number | undefined; Years?: number | undefined } | undefined): number | undefined {
  return retention === undefined ? undefined : (retention.Days ?? 365 * (retention.Years ?? 0)) * 86_400_000;
}

/** Versions have names where they are kept apart. */
function versionOf({ lockedFor }: Bucket, file: string): Record<string, unknown> {
  return lockedFor === undefined ? {} : { VersionId: file };
}

function encryptionOf({ algorithm, key: arn, keyForBucket }: Bucket): Record<string, unknown> {
  return {
    ServerSideEncryption: algorithm,
    ...(arn === undefined ? {} : { SSEKMSKeyId: arn, BucketKeyEnabled: keyForBucket }),
  };
}
