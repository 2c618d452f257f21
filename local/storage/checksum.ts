import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notImplemented, StorageError } from './error.ts';

/** Checksums by the name in `x-amz-checksum-<name>`, each in base64. */
const ALGORITHMS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  crc32: (bytes) => word(crc32(bytes)),
  crc32c: (bytes) => word(crc32c(bytes)),
  sha1: (bytes) => hash('sha1', bytes, 'base64'),
  sha256: (bytes) => hash('sha256', bytes, 'base64'),
};

/**
 * Compares the checksums a sender gave with the bytes.
 * @param given by algorithm
 * @throws StorageError BadDigest, or NotImplemented for an algorithm that does not run here
 */
export function checkBytes(bytes: Uint8Array, given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    const sum = ALGORITHMS[name];
    if (sum === undefined) throw notImplemented(`Checksum ${name}`);
    if (sum(bytes) !== value)
      throw new StorageError(
        'BadDigest',
        `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
      );
  }
}

function word(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}

/** Castagnoli's polynomial, bits reversed. */
const CASTAGNOLI = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_unused, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
