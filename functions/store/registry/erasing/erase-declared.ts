import { TAKEN_OUT, without } from '../../../domain/registry/erasing.ts';
import { maskIdNumber } from '../../../domain/registry/masking.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { type Declaration, listAlerts, listDeclared } from '../../cases/clues.ts';
import { keys } from '../../keys.ts';
import { batchGet, type Item, queryOpen, text } from '../../table.ts';
import { type Kept, leaving } from './kept-records.ts';
import { rewriteItem } from './rewriting.ts';

/** No day of an alert is earlier or later. */
const EVER = ['0000-01-01', '9999-12-31'] as const;

/** What they, or others for them, sent in without login: declarations, alerts and reports, each with numbers and names as ciphertext. */
export async function eraseDeclared(kept: Kept): Promise<void> {
  const { district, data, idNumber, names, person, households } = kept;
  const opened = (cipher: unknown, owner: string) => (typeof cipher === 'string' ? data.decrypt(cipher, owner) : '');
  const isTheirNumber = (cipher: unknown, owner: string) =>
    idNumber !== undefined && opened(cipher, owner) === idNumber;
  const isTheirName = (cipher: unknown, owner: string) => names.some((name) => isSameName(name, opened(cipher, owner)));
  const take = (item: Item) => rewriteItem(item, (held) => strangerWithout(held, kept));
  const idMasked = idNumber === undefined ? undefined : maskIdNumber(idNumber);
  // Of whichever village: who declares names one, and who was matched lived in another.
  const declared = (await listDeclared(district)).map(({ receipt }) => keys.declaration(receipt));
  const theirs = (await batchGet(declared, { consistent: true })).flatMap((item) => {
    const said: Declaration = JSON.parse(text(item, 'doc'));
    const isMatched = said.household !== null && households.has(said.household);
    const matched = isMatched && (said.idMasked === idMasked || isTheirName(said.nameCipher, said.receipt));
    // One that was taken already, and its clue not yet, has no number any more.
    return matched || said.idMasked === idMasked || said.idMasked === '' ? [{ item, matched, clue: said.clue }] : [];
  });
  const clues = new Map(
    (await batchGet([...new Set(theirs.map(({ clue }) => clue))].map(keys.clue), { consistent: true })).map((item) => [
      text(item, 'pk'),
      item,
    ]),
  );
  for (const { item, matched, clue: id } of theirs) {
    const clue = clues.get(keys.clue(id).pk);
    const unmatched = clue !== undefined && isTheirNumber(JSON.parse(text(clue, 'doc')).idCipher, id);
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

const SAID: readonly string[] = ['nameCipher', 'idCipher', 'phoneCipher', 'idMasked', 'phoneMasked'];

/** What somebody without login said, without whom they said it of. */
function strangerWithout(held: unknown, kept: Kept): unknown {
  const said = Object.entries(Object(without(held, leaving(kept, false)))).map(([name, value]) => [
    name,
    SAID.includes(name) && typeof value === 'string' ? '' : name === 'reason' ? TAKEN_OUT : value,
  ]);
  return Object.fromEntries(said);
}
