import { type EvidenceOf, MOST_PHOTOGRAPHS } from '../../contracts/assistance/evidence-http.ts';
import { Problem } from '../../contracts/problems.ts';
import { config } from '../../runtime/config.ts';
import { type Caller, httpHandler, mustContain, type Operation, within } from '../../runtime/http.ts';
import { type Evidence, evidenceFor, evidenceOfHousehold, recordEvidence } from '../../store/assistance/evidence.ts';
import { readCase } from '../../store/cases/cases.ts';
import { documentKeys, READING_SECONDS, readingAddress, UPLOAD_SECONDS, uploadAddress } from '../../store/documents.ts';
import { contentIdOf } from '../../store/ids.ts';
import { keys } from '../../store/keys.ts';
import { get } from '../../store/table.ts';
import { takeIn } from '../received.ts';
import { evidenceRoutes } from '../routes/assistance.ts';

/** The same photograph of the same thing is one piece of evidence, however often a phone sends it. */
function evidenceIdOf(of: EvidenceOf, sha256: string): string {
  return contentIdOf('photo', [...Object.values(of), sha256]);
}

/**
 * Where the evidence of something lies, if the caller answers for that place and what it shows exists.
 * @returns the household, or of an entry its region
 */
async function placeOf(of: EvidenceOf, caller: Caller): Promise<string> {
  switch (of.kind) {
    case 'visit':
      mustContain(caller, of.household);
      if ((await get(keys.visit(of.round, of.household, of.visit))) === undefined)
        throw new Problem('evidence-of-nothing');
      return of.household;
    case 'measure': {
      onlyFor(caller);
      const found = within(caller, await readCase(of.case), ({ household }) => household, 'case-unknown');
      if (!found.measures.some(({ id }) => id === of.measure)) throw new Problem('measure-unknown');
      return found.household;
    }
    case 'entry':
      onlyFor(caller);
      mustContain(caller, of.region);
      if ((await get(keys.ledger(config.district(), of.region, of.occurredOn, of.entry))) === undefined)
        throw new Problem('evidence-of-nothing');
      return of.region;
  }
}

/** A surveyor sees households, and has no part in helping them. */
function onlyFor({ role }: Caller): void {
  if (role === 'surveyor') throw new Problem('role-not-allowed');
}

const announceEvidence: Operation<typeof evidenceRoutes.announceEvidence> = async ({ caller, body, now }) => {
  const place = await placeOf(body.of, caller);
  const id = evidenceIdOf(body.of, body.sha256);
  const known = await evidenceFor(place, body.of);
  if (known.some((one) => one.id === id)) return { status: 200, body: { evidence: id, known: true } };
  if (known.length >= MOST_PHOTOGRAPHS) throw new Problem('evidence-full');
  const address = await uploadAddress(documentKeys.evidence(place, id), body, now);
  return { status: 201, body: { evidence: id, known: false, ...address, expiresInSeconds: UPLOAD_SECONDS } };
};

/** A photograph counts once it lies in the bucket as it was announced. */
const confirmEvidence: Operation<typeof evidenceRoutes.confirmEvidence> = async ({ caller, params, body, now }) => {
  const { of, type, bytes, sha256 } = body;
  const place = await placeOf(of, caller);
  const { id } = params;
  if (evidenceIdOf(of, sha256) !== id) throw new Problem('document-not-uploaded');
  const known = await evidenceFor(place, of);
  if (known.some((one) => one.id === id)) return { status: 200, body: { evidence: id } };
  // Nothing is taken in that there is no room for.
  if (known.length >= MOST_PHOTOGRAPHS) throw new Problem('evidence-full');
  await takeIn(documentKeys.evidence(place, id), { type, bytes }, now);
  const evidence = { id, of, type, bytes, receivedAt: new Date(now).toISOString(), by: caller.sub };
  if ((await recordEvidence(place, evidence)) === 'full') throw new Problem('evidence-full');
  return { status: 200, body: { evidence: id } };
};

const listEvidence: Operation<typeof evidenceRoutes.listEvidence> = async ({ caller, params, now }) => {
  mustContain(caller, params.id);
  return await shown(params.id, await evidenceOfHousehold(params.id), now);
};

const listEntryEvidence: Operation<typeof evidenceRoutes.listEntryEvidence> = async ({
  caller,
  params,
  query: { region },
  now,
}) => {
  mustContain(caller, region);
  // The day is not part of where an entry's photographs lie.
  return await shown(
    region,
    await evidenceFor(region, { kind: 'entry', region, occurredOn: '', entry: params.id }),
    now,
  );
};

async function shown(place: string, found: readonly Evidence[], now: number) {
  const items = await Promise.all(
    found.map(async (one) => ({ ...one, url: await readingAddress(documentKeys.evidence(place, one.id), now) })),
  );
  items.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
  return { status: 200, body: { items, expiresInSeconds: READING_SECONDS } };
}

export const handler = httpHandler(evidenceRoutes, {
  announceEvidence,
  confirmEvidence,
  listEvidence,
  listEntryEvidence,
});
