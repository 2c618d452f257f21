import * as z from 'zod';
import { StorageError } from './error.ts';

const input = z.looseObject({
  Bucket: z.string().optional(),
  Key: z.string().optional(),
  Body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  Metadata: z.record(z.string(), z.string()).default({}),
  /** Headers to give back, in lower case; over the wire only. */
  Headers: z.record(z.string(), z.string()).default({}),
  /** By algorithm, in base64; over the wire only. */
  Checksums: z.record(z.string(), z.string()).default({}),
  ContentType: z.string().optional(),
  StorageClass: z.string().default('STANDARD'),
  ServerSideEncryption: z.string().optional(),
  SSEKMSKeyId: z.string().optional(),
  VersionId: z.string().optional(),
  /** Compared with the bytes already; over the wire only. */
  ContentMD5: z.string().optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  IfModifiedSince: z.string().optional(),
  IfUnmodifiedSince: z.string().optional(),
  Range: z.string().optional(),
  Prefix: z.string().optional(),
  Delimiter: z.string().optional(),
  StartAfter: z.string().optional(),
  ContinuationToken: z.string().optional(),
  MaxKeys: z.coerce.number().int().optional(),
  /** How the request was signed; over the wire only. */
  AuthType: z.string().optional(),
});

/** A request in the words of S3's API. */
export type StorageInput = z.output<typeof input>;

/** @throws StorageError InvalidArgument */
export function parsed(raw: Record<string, unknown>): StorageInput {
  const result = input.safeParse(raw);
  if (!result.success) throw new StorageError('InvalidArgument', z.prettifyError(result.error));
  return result.data;
}
