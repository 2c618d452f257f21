/** An invented photograph as a camera makes it: large, of one colour with noise, as an uncompressed bitmap. */
export function bitmap(side: number, colour: number): Buffer {
  const row = side * 3 + ((4 - ((side * 3) % 4)) % 4);
  const bytes = Buffer.alloc(54 + row * side);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let at = 54; at < bytes.length; at += 1) bytes[at] = (colour + at * 7 + (at * at) / 3) % 256;
  return bytes;
}
