/** The shortest paper there is: it begins as a photograph does. */
export const FIVE_BYTES = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0x00]);
