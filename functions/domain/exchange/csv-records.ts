const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * Where the records of a piece of CSV end, in bytes from its beginning, which is the beginning of a record. Works on the bytes of UTF-8 and of GB 18030 alike: in
 * neither is a quotation mark or the end of a line part of another character. A record that may go on behind the piece is not among them.
 * @param isLast whether nothing follows: then what is left is a record too
 */
export function recordEnds(bytes: Uint8Array, isLast: boolean): number[] {
  const ends: number[] = [];
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === LINE_FEED) ends.push(at + 1);
    // A return at the very end may be the first half of an end of line.
    else if (!quoted && byte === RETURN && bytes[at + 1] !== LINE_FEED && (isLast || at + 1 < bytes.length))
      ends.push(at + 1);
  }
  if (isLast && bytes.length > (ends.at(-1) ?? 0)) ends.push(bytes.length);
  return ends;
}
