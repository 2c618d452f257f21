import { saidProblem } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { type Form, isWaiting, keyOf, type Photograph } from '../keep/forms.ts';
import { readPhotograph } from '../keep/photographs.ts';
import { Refused } from './server.ts';

/** A photograph over a bad line takes longer than a form. */
const PATIENCE_MS = 120_000;

/**
 * Sends the photographs of forms that have arrived, one after the other. The key is made from what is in it and from what it shows: sent again it lies there
 * once. @throws what Desk.call throws; a bucket that does not answer is no signal
 */
export async function sendPhotographs(desk: Desk): Promise<void> {
  let trouble: Refused | undefined;
  for (const { id } of [...desk.forms.values()].filter(({ state }) => state === 'sent'))
    for (const photograph of desk.forms.get(id)?.photographs?.filter(isWaiting) ?? []) {
      const form = desk.forms.get(id);
      if (form === undefined) break;
      try {
        await tell(desk, form, photograph, await send(desk, form, photograph));
      } catch (error) {
        if (!(error instanceof Refused) || error.status === 401) throw error;
        if (error.passes) trouble = error;
        else await tell(desk, form, photograph, { refused: saidProblem(error) });
      }
    }
  if (trouble !== undefined) throw trouble;
}

type Told = Pick<Photograph, 'sent' | 'refused'>;

async function send(desk: Desk, form: Form, photograph: Photograph): Promise<Told> {
  const of = shownBy(form);
  const bytes = await readPhotograph(desk, photograph.id);
  if (of === undefined || bytes === undefined)
    return { refused: ['手机上已没有这张照片', 'This photograph is no longer on the phone'] };
  const { sha256 } = photograph;
  const body = { of, type: 'image/jpeg', bytes: bytes.length, sha256 };
  const place = await desk.call<{
    evidence: string;
    known: boolean;
    url?: string;
    headers?: Record<string, string>;
  }>({ route: 'announceEvidence', body });
  if (place.known || place.url === undefined) return { sent: true };
  await put(place.url, place.headers ?? {}, bytes, desk.leaving);
  await desk.call({ route: 'confirmEvidence', params: { id: place.evidence }, body });
  return { sent: true };
}

async function put(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array<ArrayBuffer>,
  leaving: AbortSignal,
): Promise<void> {
  const abort = new AbortController();
  const end = () => abort.abort();
  leaving.addEventListener('abort', end);
  if (leaving.aborted) end();
  const timer = setTimeout(end, PATIENCE_MS);
  try {
    const { ok, status } = await fetch(url, { method: 'PUT', headers, body, signal: abort.signal });
    // An address that has run out is asked for anew the next time.
    if (!ok) throw new Refused(503, { detail: `照片没有存下（${status}），稍后自动再试 / Photograph not stored yet` });
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', end);
  }
}

/** What the photographs of a form show, once the form has arrived. */
function shownBy({ answers, household, visit }: Form): object | undefined {
  if (answers.kind === 'measure') return { kind: 'measure', case: answers.case, measure: answers.measure };
  if (answers.kind !== 'visit' || visit === undefined) return undefined;
  return { kind: 'visit', round: answers.visit.round, household, visit };
}

/** What became of it is on the disk before its bytes go. */
async function tell(desk: Desk, form: Form, photograph: Photograph, told: Told): Promise<void> {
  const photographs = form.photographs?.map((one) => (one.id === photograph.id ? { ...one, ...told } : one));
  await desk.put([{ ...form, ...(photographs === undefined ? {} : { photographs }) }]);
  if (told.sent === true) await desk.vault.remove([keyOf(photograph)]);
}
