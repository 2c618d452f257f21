import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim } from '../../../contracts/insurance/claim.ts';
import { villageOf } from '../../../contracts/values.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { isNamedIn, TAKEN_OUT, without } from '../../../domain/registry/erasing.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { everybodyOf, namesOf } from '../../../domain/registry/person-file.ts';
import { casePartition } from '../../cases/cases.ts';
import { decisionIdOf } from '../../decisions.ts';
import { documentKeys, removeDocument } from '../../documents.ts';
import { claimPartition } from '../../insurance/claims.ts';
import { findingsKey, keys } from '../../keys.ts';
import { listRounds } from '../../screening/rounds.ts';
import {
  batchGet,
  client,
  get,
  type Item,
  type Key,
  queryAll,
  queryOpen,
  tableName,
  text,
  transact,
} from '../../table.ts';
import { eraseBodies, readTimeline } from '../../timeline.ts';
import { forgetPerson } from '../households.ts';
import { unindexNames } from '../name-index.ts';
import { isErased, markErased, readGuards } from '../persons.ts';
import { eraseDeclared } from './erase-declared.ts';
import { isLastOf, type Kept, keptOf, leaving } from './kept-records.ts';
import { walkOf } from './person-walk.ts';
import { rewriteItem, rewriteState } from './rewriting.ts';

/** Files taken away at a time. */
const FILES_AT_ONCE = 8;

/**
 * Takes a person's data out of every record (ADR 23), step by step, each harmless when it was made before: interrupted anywhere, it is made again from the
 * beginning. First they are marked as erased, so that nothing is taken of somebody who comes back in between; the versions of the household that is named go last:
 * by them the names and the number are known.
 * @param kept what is known of them @param household one of theirs @param now ms since 1970
 * @throws ConditionFailed when somebody else changed a record meanwhile, or registered them again before they were marked
 */
export async function erase(kept: Kept, household: string, now: number): Promise<void> {
  const { district, person } = kept;
  await forget(kept);
  for (const claim of kept.claims) await eraseClaim(kept, claim, now);
  for (const one of kept.cases) await eraseCase(kept, one);
  for (const id of kept.households.keys()) await eraseBesideHousehold(kept, id, now);
  await eraseHelp(kept, now);
  await eraseDeclared(kept);
  await eraseFromReasons(kept);
  for (const { policy } of kept.insured)
    await rewriteAll([keys.insured(policy.id, person)], (held) => without(held, leaving(kept, false)));
  for (const id of kept.households.keys())
    if (id !== household) {
      await eraseFromRegister(kept, id);
      await eraseFromIndex(kept, id);
    }
  // The one that is named is found without the index, and by its versions the names are known.
  await eraseFromIndex(kept, household);
  await eraseFromRegister(kept, household);
  // Somebody else of a household may have been erased meanwhile: then what belonged to both is nobody's now.
  const places = [...kept.households.keys()];
  const left = await walkOf(district, person, places);
  const last = [...left.households.keys()].filter((id) => isLastOf({ ...left, person }, id) && !isLastOf(kept, id));
  // No name leads to the others any more: all of them are named.
  if (last.length > 0) await erase(await keptOf(district, person, places, now), household, now);
}

/** The guard that kept them in one household goes with the hash of their number; the mark says which id they would have anew, and from when. */
async function forget({ data, person, idNumber }: Kept): Promise<void> {
  if (await isErased(person)) return;
  if (idNumber === undefined) throw new Error('A person is not marked as erased, and their number is gone.');
  const hash = data.hash(idNumber);
  const guard = (await readGuards([hash])).get(hash);
  await transact([markErased(person, guard), forgetPerson(hash, person)]);
}

async function rewriteAll(places: readonly Key[], rewrite: (held: unknown) => unknown): Promise<void> {
  for (const item of await batchGet(places, { consistent: true })) await rewriteItem(item, rewrite);
}

/** Whether a text of others has to go: it is the whole record's, and nobody is left, or it says who the person was. */
function goes({ words }: Kept, whole: boolean): (body: unknown) => boolean {
  return (body) => whole || isNamedIn(body, words);
}

/** The papers, texts and payments of their own claim; of somebody else's, what says that the money went to them. */
async function eraseClaim(kept: Kept, claim: Claim, now: number): Promise<void> {
  const { person, names } = kept;
  const isTheirs = claim.person === person;
  const papers = isTheirs ? claim.documents : [];
  await eachOf(papers, FILES_AT_ONCE, ({ id }) => removeDocument(documentKeys.paper(claim.id, id), now));
  // An earlier release's payment says only to which name it went; of others the id decides, since two of one claim may have the same name.
  const wasPaid = (name: string, to: unknown) =>
    to === undefined ? names.some((one) => isSameName(one, name)) : to === person;
  for (const item of await batchGet(claim.payouts.map(keys.payout), { consistent: true }))
    await rewriteState(item, (held) => paymentWithout(held, wasPaid));
  await eraseBodies(claimPartition(claim.id).pk, goes(kept, isTheirs));
  const item = await get(keys.claim(claim.id), { consistent: true });
  if (item !== undefined) await rewriteState(item, (held) => without(held, leaving(kept, isTheirs)));
}

/** A payment without whom it went to, and without what somebody wrote of it. */
function paymentWithout(held: unknown, wasPaid: (name: string, to: unknown) => boolean): unknown {
  const payment: Record<string, unknown> = Object(held);
  const name = payment['payeeName'];
  if (typeof name !== 'string' || !wasPaid(name, payment['person'])) return held;
  const { resolved } = payment;
  const words = resolved === null ? {} : { resolved: { ...Object(resolved), reason: TAKEN_OUT } };
  return { ...payment, ...words, payeeName: '', bank: '', accountCipher: '', accountMasked: '' };
}

/** A case belongs to everybody who lived where it was. */
async function eraseCase(kept: Kept, { id, household, moves = [] }: Kept['cases'][number]): Promise<void> {
  const places = [household, ...moves.map(({ from }) => from)];
  const whole = places.every((place) => kept.households.has(place) && isLastOf(kept, place));
  const change = (held: unknown) => without(held, leaving(kept, whole));
  const { pk } = casePartition(id);
  await rewriteAll(await answersIn(id, pk), change);
  for (const village of new Set(places.map(villageOf))) {
    const listed = await queryAll(keys.noticeListed(village, '', '').pk, village, { consistent: true });
    const notices = await batchGet(
      listed.map((item) => keys.notice(text(item, 'sk').split('#')[2] ?? '')),
      { consistent: true },
    );
    for (const notice of notices.filter((item) => text(item, 'doc').includes(`"${id}"`)))
      for (const item of await queryAll(text(notice, 'pk'), '', { consistent: true })) await rewriteItem(item, change);
  }
  await eraseBodies(pk, goes(kept, whole));
  for (const item of await queryAll(pk, 'C', { consistent: true })) await rewriteState(item, change);
}

/** Where the answers of officials in a case lie: each review's turns are named by when it began. */
async function answersIn(id: string, pk: string): Promise<Key[]> {
  const links = (await readTimeline(pk)).map(({ link }) => link);
  const begun = links.filter(({ kind }) => kind === 'review-started').map(({ at }) => at);
  // Each turn ends with an event; a review has no more of them than its case has links.
  const turns = Array.from({ length: Math.min(links.length, MOST_TURNS) }, (_, turn) => turn);
  return begun.flatMap((at) =>
    ['admission', 'closure'].flatMap((procedure) =>
      turns.map((turn) => keys.decision(decisionIdOf(id, procedure, at, turn + 1))),
    ),
  );
}

/** Of one review; send-backs make turns, and nobody sends back fifty times. */
const MOST_TURNS = 50;

/** What lies beside a household: visits, calls, entries, photographs, findings, who looked at numbers. */
async function eraseBesideHousehold(kept: Kept, household: string, now: number): Promise<void> {
  const whole = isLastOf(kept, household);
  const change = (held: unknown) => without(held, leaving(kept, whole));
  const village = villageOf(household);
  const { pk } = keys.visit('', household, '');
  for (const { id } of await listRounds(kept.district))
    for (const item of await queryAll(pk, keys.visit(id, household, '').sk, { consistent: true }))
      await rewriteItem(item, change);
  const call = keys.call(household, '');
  for (const item of await queryAll(call.pk, call.sk, { consistent: true })) await rewriteItem(item, change);
  for (const item of await queryAll(findingsKey(village), 'FINDING#', { consistent: true }))
    if (text(item, 'doc').includes(`"${household}"`)) await rewriteItem(item, change);
  if (!whole) return;
  await removeEvidence(household, '', now);
}

/** Photographs, each file and then what tells of it: interrupted, those that are left are removed. @param place the household, or of an entry its region */
async function removeEvidence(place: string, shown: string, now: number): Promise<void> {
  const { pk } = keys.evidence(place, '', '');
  await eachOf(await queryAll(pk, shown, { consistent: true }), FILES_AT_ONCE, async (item) => {
    await removeDocument(documentKeys.evidence(place, text(item, 'sk').split('#').at(-1) ?? ''), now);
    const Key = { pk, sk: text(item, 'sk') };
    await client.send(new DeleteCommand({ TableName: tableName(), Key }));
  });
}

/**
 * The ledger's entries about them, with their photographs, and about households they were the last of; then what was said when entries were reversed, which names no
 * household; and their requests for help.
 */
async function eraseHelp(kept: Kept, now: number): Promise<void> {
  const { person, households, district, villages } = kept;
  const regions = new Set(villages.flatMap((village) => [village, village.slice(0, 9), district]));
  for (const region of regions) {
    const taken = new Set<unknown>();
    const reversals: { item: Item; reverses: unknown }[] = [];
    for (const item of await queryAll(`LEDGER#${district}`, `${region}#`, { consistent: true })) {
      const entry: Record<string, unknown> = JSON.parse(text(item, 'doc'));
      if (entry['kind'] === 'reversal') {
        reversals.push({ item, reverses: entry['reverses'] });
        continue;
      }
      const isOwn = entry['person'] === person;
      const place = String(entry['household'] ?? '');
      if (!isOwn && place !== '' && !households.has(place)) continue;
      const whole = isOwn || (place !== '' && !('person' in entry) && isLastOf(kept, place));
      await rewriteItem(item, (held) => without(held, leaving(kept, whole)));
      if (!whole) continue;
      taken.add(entry['id']);
      await removeEvidence(region, `entry#${entry['id']}#`, now);
    }
    for (const { item, reverses } of reversals)
      await rewriteItem(item, (held) => without(held, leaving(kept, taken.has(reverses))));
  }
  const asked = [
    ...(await queryOpen(`HELP#${district}`)),
    ...(await Promise.all([...households.keys()].map((id) => queryOpen(`HELP-ENDED#${district}`, `${id}#`)))).flat(),
  ];
  for (const item of asked)
    if (JSON.parse(text(item, 'doc')).person === person)
      await rewriteItem(item, (held) => without(held, leaving(kept, true)));
}

/** Why others were erased, why somebody looked at whole numbers or took files, and why a finding of the district itself stands may say this one's name. */
async function eraseFromReasons(kept: Kept): Promise<void> {
  const { district } = kept;
  const places = [
    [keys.erasure(district, '').pk, ''],
    [keys.reveal(district, '', '').pk, ''],
    [findingsKey(district), 'FINDING#'],
  ] as const;
  for (const [pk, sk] of places)
    for (const item of await queryAll(pk, sk, { consistent: true }))
      await rewriteItem(item, (held) => without(held, leaving(kept, false)));
}

/** The parts of their names, but for those that others have whom the household ever had: they are found by them until they are erased themselves. */
async function eraseFromIndex({ person, names, data, households }: Kept, household: string): Promise<void> {
  const versions = households.get(household) ?? [];
  const others = everybodyOf(versions).filter((one) => one.person !== person);
  await unindexNames(
    household,
    names,
    others.flatMap((one) => namesOf(versions, one.person)),
    data,
  );
}

/** The register itself: the household as it ended, and then its versions, by which it is found. */
async function eraseFromRegister(kept: Kept, household: string): Promise<void> {
  const change = (held: unknown) => without(held, leaving(kept, isLastOf(kept, household)), false);
  await rewriteAll([keys.household(household)], change);
  const { pk, sk } = keys.version(household, 0);
  for (const version of await queryAll(pk, sk.slice(0, -6), { consistent: true })) await rewriteItem(version, change);
}
