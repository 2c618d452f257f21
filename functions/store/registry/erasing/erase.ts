import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim } from '../../../contracts/insurance/claim.ts';
import { villageOf } from '../../../contracts/values.ts';
import { isNamedIn, type Leaving, TAKEN_OUT, without } from '../../../domain/registry/erasing.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { evidenceOfHousehold } from '../../assistance/evidence.ts';
import { casePartition } from '../../cases/cases.ts';
import { listAlerts, listDeclared } from '../../cases/clues.ts';
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
import { forgetPerson, readHousehold } from '../households.ts';
import { unindexNames } from '../name-index.ts';
import { isErased, markErased } from '../persons.ts';
import { isLastOf, type Kept, keptOf } from './kept-records.ts';
import { walkOf } from './person-walk.ts';
import { rewriteItem, rewriteState } from './rewriting.ts';

/** No day of an alert is earlier or later. */
const EVER = ['0000-01-01', '9999-12-31'] as const;

/**
 * Takes a person's data out of every record (ADR 23), step by step, each harmless when it was made before: interrupted anywhere, it is made again from the
 * beginning. The versions of the household that is named go last: by them the names are known.
 * @param household one whose history has the person @param now ms since 1970
 * @throws ConditionFailed when somebody else changed a record meanwhile
 */
export async function erase(district: string, person: string, household: string, now: number): Promise<void> {
  const kept = await keptOf(district, person, household, now);
  for (const claim of kept.claims) await eraseClaim(kept, claim, now);
  for (const one of kept.cases) await eraseCase(kept, one);
  for (const id of kept.households.keys()) await eraseBesideHousehold(kept, id, now);
  await eraseHelp(kept, now);
  await eraseDeclared(kept);
  await eraseFromReasons(kept);
  for (const { policy } of kept.insured)
    await rewriteAll([keys.insured(policy.id, person)], (held) => without(held, leaving(kept, false)));
  await forget(kept);
  for (const id of kept.households.keys())
    if (id !== household) {
      await eraseFromRegister(kept, id);
      await eraseFromIndex(kept, id);
    }
  // The one that is named is found without the index, and by its versions the names are known.
  await eraseFromIndex(kept, household);
  await eraseFromRegister(kept, household);
  // Somebody else of the household may have been erased meanwhile: then what belonged to both is nobody's now.
  const left = await walkOf(district, person, [...kept.households.keys()]);
  const last = [...left.households.keys()].filter((id) => isLastOf({ ...left, person }, id) && !isLastOf(kept, id));
  if (last.length > 0) await erase(district, person, household, now);
}

/** The guard that kept them in one household goes with the hash of their number; the mark says only which id they would have anew. */
async function forget({ data, person, idNumber }: Kept): Promise<void> {
  if (await isErased(person)) return;
  if (idNumber === undefined) throw new Error('A person is not marked as erased, and their number is gone.');
  await transact([markErased(person), forgetPerson(data.hash(idNumber), person)]);
}

function leaving({ person, words }: Kept, whole: boolean): Leaving {
  return { person, words, whole };
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
  for (const { id } of papers) await removeDocument(documentKeys.paper(claim.id, id), now);
  const wasPaid = (name: string) => names.some((one) => isSameName(one, name));
  for (const item of await batchGet(claim.payouts.map(keys.payout), { consistent: true }))
    await rewriteState(item, (held) => paymentWithout(held, wasPaid));
  await eraseBodies(claimPartition(claim.id).pk, goes(kept, isTheirs));
  const item = await get(keys.claim(claim.id), { consistent: true });
  if (item !== undefined) await rewriteState(item, (held) => without(held, leaving(kept, isTheirs)));
}

/** A payment without whom it went to, and without what somebody wrote of it. */
function paymentWithout(held: unknown, wasPaid: (name: string) => boolean): unknown {
  const payment: Record<string, unknown> = Object(held);
  const name = payment['payeeName'];
  if (typeof name !== 'string' || !wasPaid(name)) return held;
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
  for (const item of await queryAll(keys.reveal(village, '', '').pk, village, { consistent: true }))
    if (text(item, 'doc').includes(`"${household}"`))
      await rewriteItem(item, (held) => without(held, leaving(kept, false)));
  if (!whole) return;
  for (const { id } of await evidenceOfHousehold(household))
    await removeDocument(documentKeys.evidence(household, id), now);
  for (const item of await queryAll(keys.evidence(household, '', '').pk, '', { consistent: true })) await remove(item);
}

async function remove({ pk, sk }: Item): Promise<void> {
  await client.send(new DeleteCommand({ TableName: tableName(), Key: { pk, sk } }));
}

/** The ledger's entries about them, with their photographs, and about households they were the last of; their requests for help. */
async function eraseHelp(kept: Kept, now: number): Promise<void> {
  const { person, households, district, villages } = kept;
  const regions = new Set(villages.flatMap((village) => [village, village.slice(0, 9), district]));
  const taken = new Set<string>();
  for (const region of regions) {
    const entries = await queryAll(`LEDGER#${district}`, `${region}#`, { consistent: true });
    for (const item of entries) {
      const entry: Record<string, unknown> = JSON.parse(text(item, 'doc'));
      const isOwn = entry['person'] === person;
      const place = String(entry['household'] ?? '');
      const reverses = taken.has(String(entry['reverses']));
      if (!isOwn && !reverses && !households.has(place)) continue;
      const whole = isOwn || reverses || ('person' in entry ? false : isLastOf(kept, place));
      if (whole) taken.add(String(entry['id']));
      await rewriteItem(item, (held) => without(held, leaving(kept, whole)));
      if (!whole) continue;
      for (const shown of await queryAll(keys.evidence(region, '', '').pk, `entry#${entry['id']}#`)) {
        await removeDocument(documentKeys.evidence(region, text(shown, 'sk').split('#').at(-1) ?? ''), now);
        await remove(shown);
      }
    }
  }
  const asked = [
    ...(await queryOpen(`HELP#${district}`)),
    ...(await Promise.all([...households.keys()].map((id) => queryOpen(`HELP-ENDED#${district}`, `${id}#`)))).flat(),
  ];
  for (const item of asked)
    if (JSON.parse(text(item, 'doc')).person === person)
      await rewriteItem(item, (held) => without(held, leaving(kept, true)));
}

/** What they, or others for them, sent in without login: declarations, alerts and reports, each with numbers and names as ciphertext. */
async function eraseDeclared(kept: Kept): Promise<void> {
  const { district, villages, data, idNumber, names, person, households } = kept;
  const opened = (cipher: unknown, owner: string) => (typeof cipher === 'string' ? data.decrypt(cipher, owner) : '');
  const isTheirNumber = (cipher: unknown, owner: string) =>
    idNumber !== undefined && opened(cipher, owner) === idNumber;
  const isTheirName = (cipher: unknown, owner: string) => names.some((name) => isSameName(name, opened(cipher, owner)));
  const take = (item: Item) => rewriteItem(item, (held) => strangerWithout(held, kept));
  const declared = (await Promise.all(villages.map(listDeclared)))
    .flat()
    .map(({ receipt }) => keys.declaration(receipt));
  for (const item of await batchGet(declared, { consistent: true })) {
    const { household, nameCipher, receipt, clue: id } = JSON.parse(text(item, 'doc'));
    const clue = await get(keys.clue(String(id)), { consistent: true });
    const unmatched = clue !== undefined && isTheirNumber(JSON.parse(text(clue, 'doc')).idCipher, id);
    const matched = household !== null && households.has(household) && isTheirName(nameCipher, receipt);
    if (!unmatched && !matched) continue;
    // The clue has the number that says whose the declaration is.
    await take(item);
    if (clue !== undefined) await take(clue);
  }
  const alerts = new Set((await listAlerts(district, ...EVER)).map(({ clue }) => clue));
  for (const item of await batchGet([...alerts].map(keys.clue), { consistent: true })) {
    const { id, idCipher } = JSON.parse(text(item, 'doc'));
    if (isTheirNumber(idCipher, id)) await take(item);
  }
  const reports = [
    ...(await queryOpen(`CLAIM-REPORT#${district}`)),
    ...(await queryOpen(`CLAIM-REPORT-ENDED#${district}`)),
  ];
  for (const item of reports) {
    const { receipt, idCipher, person: of } = JSON.parse(text(item, 'doc'));
    if (of === person || isTheirNumber(idCipher, receipt)) await take(item);
  }
}

/** Why others were erased may say this one's name. */
async function eraseFromReasons(kept: Kept): Promise<void> {
  for (const item of await queryAll(keys.erasure(kept.district, '').pk, '', { consistent: true }))
    await rewriteItem(item, (held) => without(held, leaving(kept, false)));
}

const SAID: readonly string[] = ['nameCipher', 'idCipher', 'phoneCipher', 'idMasked', 'phoneMasked'];

/** What somebody without login said, without whom they said it of. */
function strangerWithout(held: unknown, kept: Kept): unknown {
  const said = Object.entries(Object(without(held, leaving(kept, false)))).map(([name, value]) => [
    name,
    SAID.includes(name) && typeof value === 'string' ? '' : name === 'reason' ? TAKEN_OUT : value,
  ]);
  return Object.fromEntries(said);
}

/** The parts of their names, but for those that others of the household share. */
async function eraseFromIndex({ person, names, data }: Kept, household: string): Promise<void> {
  const members = (await readHousehold(household))?.members ?? [];
  const others = members.filter((one) => one.person !== person).map(({ name }) => name);
  await unindexNames(household, names, others, data);
}

/** The register itself: the household as it ended, and then its versions, by which it is found. */
async function eraseFromRegister(kept: Kept, household: string): Promise<void> {
  const change = (held: unknown) => without(held, leaving(kept, isLastOf(kept, household)), false);
  await rewriteAll([keys.household(household)], change);
  const { pk, sk } = keys.version(household, 0);
  for (const version of await queryAll(pk, sk.slice(0, -6), { consistent: true })) await rewriteItem(version, change);
}
