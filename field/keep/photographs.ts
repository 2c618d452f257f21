import { base64, sha256Of } from '../../console/app/photograph.ts';
import { now } from '../app/clock.ts';
import type { Desk } from './desk.ts';
import { keyOf, type Photograph } from './forms.ts';
import { randomId } from './vault.ts';

/** A photograph's bytes as they are kept, base64. */
interface Kept {
  data: string;
}

/**
 * Keeps a photograph with a form: the bytes first, in a record of their own that is read only when it is shown or sent, then its name in the form as it
 * is by then. @throws NotKept
 */
export async function addPhotograph(desk: Desk, form: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const sha256 = await sha256Of(bytes);
  const photograph: Photograph = { id: randomId(), bytes: bytes.length, sha256, takenAt: now() };
  const kept: Kept = { data: base64(bytes) };
  await desk.vault.put({ [keyOf(photograph)]: kept });
  const current = desk.forms.get(form);
  // The very same picture once more is no other one.
  const twice = current?.photographs?.some((one) => one.sha256 === sha256) === true;
  if (current?.state === 'draft' && !twice)
    desk.type({ ...current, photographs: [...(current.photographs ?? []), photograph] });
  // It was finished or thrown away meanwhile.
  else await desk.vault.remove([keyOf(photograph)]);
}

/** Takes a photograph away from a draft. */
export async function dropPhotograph(desk: Desk, form: string, photograph: Photograph): Promise<void> {
  const current = desk.forms.get(form);
  if (current?.state !== 'draft') return;
  desk.type({ ...current, photographs: (current.photographs ?? []).filter(({ id }) => id !== photograph.id) });
  await desk.vault.remove([keyOf(photograph)]);
}

/** The bytes of a photograph; undefined when they are no longer here. */
export async function readPhotograph(desk: Desk, id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept: Partial<Kept> = Object(await desk.vault.read(keyOf({ id })));
  return kept.data === undefined ? undefined : Uint8Array.from(atob(kept.data), (letter) => letter.charCodeAt(0));
}
