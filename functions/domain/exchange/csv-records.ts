const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Where in a record a byte stands: a quotation begins only where a field does, as `readCsv` reads it; elsewhere the mark is text (`东街 5" 管`). */
type Place = 'field' | 'quoted' | 'within';

/**
 * Where the records of a piece of CSV end, in bytes from its beginning, which is the beginning of a record. Works on the bytes of UTF-8 and of GB 18030 alike: in
 * neither is a quotation mark, a comma or the end of a line part of another character. A record that may go on behind the piece is not among them. Whatever
 * `readCsv` reads as one row is one record here: otherwise rows would be cut in two, or taken in twice.
 * @param isLast whether nothing follows: then what is left is a record too
 * @param from bytes before the first record: the mark of UTF-8 at the beginning of a file
 */
export function recordEnds(bytes: Uint8Array, isLast: boolean, from = 0): number[] {
  const ends: number[] = [];
  let place: Place = 'field';
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (place === 'quoted') {
      if (byte !== QUOTE) continue;
      if (bytes[at + 1] === QUOTE) at += 1;
      else place = 'within';
    } else if (byte === LINE_FEED || byte === RETURN) {
      place = 'field';
      if (byte === RETURN && bytes[at + 1] === LINE_FEED) continue;
      // A return at the very end may be the first half of an end of line.
      if (byte === LINE_FEED || isLast || at + 1 < bytes.length) ends.push(at + 1);
    } else if (byte === COMMA) place = 'field';
    else place = place === 'field' && byte === QUOTE ? 'quoted' : 'within';
  }
  if (isLast && bytes.length > (ends.at(-1) ?? 0)) ends.push(bytes.length);
  return ends;
}
