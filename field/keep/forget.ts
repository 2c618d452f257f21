import { now } from '../app/clock.ts';
import { type Form, keyOf, photographsWaiting } from './forms.ts';
import type { Vault } from './vault.ts';

/** A round and what follows it: until then whoever filled a form in may want to look at it, and its visit is told from somebody else's. */
const KEPT_MS = 100 * 86_400_000;

/** Takes forms off the phone that arrived, with all their photographs, so long ago: the system has them, and a phone is lost sooner than it. */
export async function forgetOld(vault: Vault, forms: Map<string, Form>): Promise<void> {
  const old = [...forms.values()].filter(
    (form) =>
      form.state === 'sent' && photographsWaiting(form) === 0 && now() - (form.outcome?.at ?? form.startedAt) > KEPT_MS,
  );
  if (old.length === 0) return;
  const gone = await vault.remove(old.map(({ id }) => `form/${id}`)).then(
    () => true,
    () => false,
  );
  if (gone) for (const { id } of old) forms.delete(id);
}

/** Photographs whose form does not name them: the page was killed between the two. */
export async function forgetLoosePhotographs(vault: Vault, forms: ReadonlyMap<string, Form>): Promise<void> {
  const named = new Set([...forms.values()].flatMap(({ photographs = [] }) => photographs.map(keyOf)));
  const loose = (await vault.photographs()).filter((key) => !named.has(key));
  if (loose.length > 0) await vault.remove(loose).catch(() => undefined);
}
