import { createHash, randomBytes } from 'node:crypto';

/** What a task token says: which branch of which execution waits for it, since which event. */
export interface TokenContent {
  readonly row: number;
  readonly frame: number;
}

/**
 * A new task token. Nothing can be read off it from outside and it cannot be guessed; the branch keeps the whole of it and
 * compares.
 */
export function makeToken(content: TokenContent, random: () => number): string {
  const nonce =
    random === Math.random
      ? randomBytes(24)
      : Buffer.from(Array.from({ length: 24 }, () => Math.floor(random() * 256)));
  const body = Buffer.concat([nonce, Buffer.from(`${content.row}.${content.frame}`)]);
  return Buffer.concat([checksum(body), body]).toString('base64');
}

/** Undefined when it never was a token. */
export function readToken(token: string): TokenContent | undefined {
  const bytes = Buffer.from(token, 'base64');
  const body = bytes.subarray(8);
  if (bytes.length < 35 || !checksum(body).equals(bytes.subarray(0, 8)) || bytes.toString('base64') !== token)
    return undefined;
  const [row, frame] = body.subarray(24).toString().split('.').map(Number);
  return row === undefined || frame === undefined ? undefined : { row, frame };
}

function checksum(body: Buffer): Buffer {
  return createHash('sha256').update('task token').update(body).digest().subarray(0, 8);
}
