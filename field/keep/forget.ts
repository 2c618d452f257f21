import { now } from '../app/clock.ts';
import type { Desk } from './desk.ts';
import { keyOf, photographsWaiting } from './forms.ts';

/** A round and what follows it: until then whoever filled a form in may want to look at it, and its visit is told from somebody else's. */
const KEPT_MS = 100 * 86_400_000;

/** Takes forms off the phone that arrived, with all their photographs, so long ago: the system has them, and a phone is lost sooner than it. */
export async function forgetOld(desk: Desk): Promise<void> {
  const old = [...desk.forms.values()].filter(
    (form) =>
      form.state === 'sent' && photographsWaiting(form) === 0 && now() - (form.outcome?.at ?? form.startedAt) > KEPT_MS,
  );
  if (old.length === 0) return;
  const gone = await desk.vault.remove(old.map(({ id }) => `form/${id}`)).then(
    () => true,
    () => false,
  );
  if (gone) for (const { id } of old) desk.forms.delete(id);
}

/** Photographs whose form does not name them: the page was killed between the two. */
export async function forgetLoosePhotographs(desk: Desk): Promise<void> {
  const named = new Set([...desk.forms.values()].flatMap(({ photographs = [] }) => photographs.map(keyOf)));
  // A record that could not be read may have named them.
  if (desk.status.broken > 0) return;
  const loose = (await desk.vault.photographs()).filter((key) => !named.has(key));
  if (loose.length > 0) await desk.vault.remove(loose).catch(() => undefined);
}
