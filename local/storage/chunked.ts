import { StorageError } from './error.ts';

/**
 * Takes a body in `aws-chunked` encoding apart: sizes in hex, each before its bytes, then trailing headers.
 * @returns the bytes, and the trailing headers in lower case
 * @throws StorageError IncompleteBody
 */
export function unchunked(body: Buffer): { bytes: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    const begin = end + 2;
    if (end === -1 || Number.isNaN(size) || begin + size > body.length)
      throw new StorageError('IncompleteBody', 'The request body terminated unexpectedly');
    if (size === 0) return { bytes: Buffer.concat(parts), trailers: trailersOf(body.toString('latin1', begin)) };
    parts.push(body.subarray(begin, begin + size));
    at = begin + size + 2;
  }
}

function trailersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}
