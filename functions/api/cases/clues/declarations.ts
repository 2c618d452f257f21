import type { Clue } from '../../../contracts/cases/case.ts';
import type { Case } from '../../../contracts/cases/case-record.ts';
import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { rejectNames, stepNames } from '../../../domain/cases/case-labels.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../../domain/registry/id-number.ts';
import { maskIdNumber, maskPhone } from '../../../domain/registry/masking.ts';
import { config } from '../../../runtime/config.ts';
import { type Operation, within } from '../../../runtime/http.ts';
import { enterClue } from '../../../store/cases/admissions.ts';
import { caseIdOf, hasJoined, readCase } from '../../../store/cases/cases.ts';
import {
  type Declaration,
  handOver,
  householdOfPerson,
  keep,
  readDeclaration,
  readUnmatched,
} from '../../../store/cases/clues.ts';
import { idOf, receiptOf } from '../../../store/ids.ts';
import { MOST_PER_VILLAGE_A_DAY, withinLimit } from '../../../store/rate-limits.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { isOnFile } from '../../../store/registry/on-file.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { presentIds } from '../../../store/registry/persons.ts';
import type { clueRoutes } from '../../routes/cases.ts';

/** A whole village may share one address behind its operator's network; a flood does not pass. */
const CALLS_AN_HOUR = 120;

/**
 * Takes in a declaration from anybody, and answers everybody alike. The receipt is made, under the district's key, of everything that was said
 * on that day: sent twice over a bad connection it is one declaration, and whoever says something else gets another receipt. What matches nobody is
 * kept for a person to resolve. Where it stands is told only to the family: to whoever knew the name and telephone on file, or showed the village
 * the receipt.
 */
export const declare: Operation<typeof clueRoutes.declare> = async ({ body, now, address }) => {
  if (!(await withinLimit('declarations', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const idNumber = cleanIdNumber(body.idNumber);
  const fault = idNumberFault(idNumber, dayOf(now));
  if (fault !== undefined)
    throw new Problem('id-number-invalid', {
      errors: [{ pointer: '/idNumber', code: fault, detail: idNumberFaults[fault] }],
    });
  const district = config.district();
  const [divisions, data] = await Promise.all([readDivisions(district), personalData(district)]);
  if (divisions === undefined || !villagesOf(divisions).includes(body.village)) throw new Problem('village-unknown');

  const receipt = receiptOf(
    data.hash(JSON.stringify(['declaration', idNumber, body.name, body.phone, body.trouble, body.village, dayOf(now)])),
  );
  if (!(await withinLimit('declarations-of-village', body.village, now, MOST_PER_VILLAGE_A_DAY, 'day')))
    throw new Problem('too-many-requests');
  const household = await householdOfPerson(data.hash(idNumber));
  const onFile = household === undefined ? undefined : await readHousehold(household);
  const made = data.personId(idNumber);
  const person = (await presentIds([made])).get(made);
  const declaration: Declaration = {
    receipt,
    receivedAt: new Date(now).toISOString(),
    village: body.village,
    trouble: body.trouble,
    declaredBy: body.declaredBy,
    clue: await idOf('clue', receipt),
    household: household ?? null,
    nameCipher: data.encrypt(body.name, receipt),
    idMasked: maskIdNumber(idNumber),
    phoneMasked: maskPhone(body.phone),
    verified: isOnFile(onFile, person, body, data),
  };
  const { village, trouble, declaredBy, clue: id, receivedAt: at } = declaration;
  const unmatched = {
    id,
    source: 'declaration' as const,
    district,
    village,
    at,
    trouble,
    kind: null,
    declaredBy,
    receipt,
    idMasked: maskIdNumber(idNumber),
    nameCipher: data.encrypt(body.name, id),
    phoneCipher: data.encrypt(body.phone, id),
    idCipher: data.encrypt(idNumber, id),
  };
  await keep({ declaration }, household === undefined ? unmatched : undefined);
  const kept = (await readDeclaration(receipt)) ?? declaration;
  if (kept.household !== null) {
    const registered = kept.household === household ? onFile : await readHousehold(kept.household);
    if (registered !== undefined && registered.status === 'registered') {
      await enterClue(registered, clueOf(kept, registered.id), {
        caseType: null,
        now,
      });
    }
  }
  return { status: 201, body: { receipt, receivedAt: kept.receivedAt } };
};

export function clueOf(
  {
    clue: id,
    receivedAt: at,
    trouble,
    declaredBy,
  }: Pick<Declaration, 'clue' | 'receivedAt' | 'trouble' | 'declaredBy'>,
  household: string,
): Clue {
  return { source: 'declaration', id, household, at, trouble, declaredBy };
}

/** Where a declaration stands. Whoever has the receipt is told steps, dates and a reason: no person, no household. */
export const readDeclarationStatus: Operation<typeof clueRoutes.readDeclaration> = async ({ params, now, address }) => {
  if (!(await withinLimit('receipts', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const declaration = await readDeclaration(params.receipt);
  if (declaration === undefined) throw new Problem('receipt-unknown');
  const { receipt, receivedAt } = declaration;
  if (!declaration.verified && declaration.handedOver === undefined)
    return { status: 200, body: { receipt, receivedAt, ...received } };
  const resolved =
    declaration.household === null ? (await readUnmatched(declaration.clue))?.resolved : declaration.household;
  const household = typeof resolved === 'string' ? await readHousehold(resolved) : undefined;
  const found = household === undefined ? undefined : await readCase(await caseIdOf(household));
  const passedOn = found !== undefined && (await hasJoined(found.id, declaration.clue));
  const stands = standsAt(declaration, found, { passedOn, dismissed: resolved === null });
  return { status: 200, body: { receipt, receivedAt, ...stands } };
};

/** The answer to every receipt until the village has spoken to the family. */
const received = {
  status: 'received',
  message: '已收到申报，村（社区）核实后会与您联系。也可携带证件到村委会办理。',
  step: null,
} as const;
/** A declaration that came while something was under way: what that is, is not told by this receipt. */
const handedOn = { status: 'passed-on', message: '已转交负责的工作人员，将与您联系。', step: null } as const;

/** An official has seen the receipt in the family's hands: from then on it tells where the declaration stands. */
export const handOverDeclaration: Operation<typeof clueRoutes.handOverDeclaration> = async ({
  caller,
  params,
  now,
}) => {
  const found = within(caller, await readDeclaration(params.receipt), ({ village }) => village, 'receipt-unknown');
  const handedOver = found.handedOver ?? { by: caller.sub, at: new Date(now).toISOString() };
  // The village of a declaration is anybody's to name: an official who does not answer for the household cannot know its family. They are answered
  // alike, or the answer would tell where the household is registered, and the receipt goes on telling nothing.
  if (found.handedOver === undefined && contains(caller.region, found.household ?? found.village))
    await handOver(found.receipt, handedOver);
  return { status: 200, body: { receipt: found.receipt, handedOverAt: handedOver.at } };
};

/** What is known of a declaration, for whoever may be told. */
export function standsAt(
  declaration: Declaration,
  found: Case | undefined,
  { passedOn, dismissed }: { passedOn: boolean; dismissed: boolean },
) {
  return passedOn ? handedOn : statusOf(declaration, found, dismissed);
}

function statusOf(declaration: Declaration, found: Case | undefined, dismissed: boolean) {
  if (dismissed)
    return {
      status: 'not-admitted',
      message: '经核对，申报信息未能与本区农户对应，未予受理。如有疑问请联系村民委员会。',
      step: null,
    };
  const place = found?.episodes.findIndex(({ clues }) => clues.some(({ id }) => id === declaration.clue)) ?? -1;
  const episode = found?.episodes[place];
  if (found === undefined || episode === undefined) return received;
  const current = place === found.episodes.length - 1;
  if (episode.closed !== undefined)
    return { status: 'closed', message: '已完成帮扶，风险已消除，将继续定期走访。', step: null };
  if (episode.admittedOn !== undefined)
    return { status: 'admitted', message: '已纳入防止返贫监测帮扶，帮扶责任人将上门联系。', step: null };
  if (current && found.stage === 'admission' && found.review !== null) {
    return { status: 'under-review', message: `正在办理：${stepNames[found.review.step]}。`, step: found.review.step };
  }
  const why =
    current && found.rejected !== null
      ? `${rejectNames[found.rejected.code]}。${found.rejected.reason}`
      : '未通过审核。';
  return { status: 'not-admitted', message: `未纳入监测：${why}`, step: null };
}
