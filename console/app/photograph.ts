/** A phone's photograph is five megabytes: shrunk to this it goes over a bad line, and still shows a roof or a paper. */
const MOST_BYTES = 300_000;
/** Longest side and quality, from what is wanted to what always fits. */
const TRIES = [
  [1600, 0.8],
  [1280, 0.7],
  [1024, 0.6],
  [800, 0.5],
  [640, 0.4],
] as const;

/**
 * Shrinks what the camera made by drawing it anew, so that the place, the hour and the camera written in the file are not in what is kept.
 * @throws when the phone cannot read it as a picture
 */
export async function shrunk(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = address;
    });
    let smallest: Blob | null = null;
    for (const [side, quality] of TRIES) {
      smallest = await drawn(image, side, quality);
      if (smallest !== null && smallest.size <= MOST_BYTES) break;
    }
    if (smallest === null) throw new Error('The picture cannot be drawn.');
    return new Uint8Array(await new Response(smallest).arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Formats by how a file begins: `ftyp` and a brand in those of telephones, four bytes in others. */
const HEIC = /^....ftyp(hei[a-z]|hev[a-z]|mif1|msf1)/s;
const FILM = /^....(ftyp|moov|mdat)/s;
const PICTURE = /^(\xff\xd8\xff|\x89PNG|GIF8|BM|RIFF....WEBP)/s;

/** Why a file could not be shrunk; `damaged`: a photograph that broke off, or is too large for this phone. */
export async function unreadable(file: Blob): Promise<'empty' | 'heic' | 'pdf' | 'film' | 'damaged' | 'other'> {
  const bytes = new Uint8Array(await new Response(file.slice(0, 16)).arrayBuffer());
  const beginning = String.fromCharCode(...bytes);
  if (bytes.length === 0) return 'empty';
  if (HEIC.test(beginning)) return 'heic';
  if (beginning.startsWith('%PDF')) return 'pdf';
  if (FILM.test(beginning)) return 'film';
  return PICTURE.test(beginning) ? 'damaged' : 'other';
}

function drawn(image: HTMLImageElement, side: number, quality: number): Promise<Blob | null> {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, side / Math.max(naturalWidth, naturalHeight, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}

/** In pieces: a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** As the announcement of a photograph tells it. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
