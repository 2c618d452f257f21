import type { Clue } from '../../../contracts/cases/case.ts';
import type { Case } from '../../../contracts/cases/case-record.ts';
import { Problem } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { rejectNames, stepNames } from '../../../domain/cases/case-labels.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults, maskIdNumber } from '../../../domain/registry/id-number.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { enterClue } from '../../../store/cases/admissions.ts';
import { caseIdOf, readCase } from '../../../store/cases/cases.ts';
import {
  type Declaration,
  householdOfPerson,
  keep,
  readDeclaration,
  readUnmatched,
} from '../../../store/cases/clues.ts';
import { idOf, receiptOf } from '../../../store/ids.ts';
import { withinLimit } from '../../../store/rate-limits.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import type { clueRoutes } from '../../routes/cases.ts';

/** A whole village may share one address behind its operator's network; a flood does not pass. */
const CALLS_AN_HOUR = 120;

/**
 * Takes a declaration in, by whoever sends it. The receipt is made, under the district's key, of who declares what on which day: sent twice over a bad
 * connection it is one declaration, and nobody can guess another's. What matches nobody is kept for a person to resolve.
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

  const receipt = receiptOf(data.hash(JSON.stringify(['declaration', idNumber, body.trouble, dayOf(now)])));
  const household = await householdOfPerson(data.hash(idNumber));
  const declaration: Declaration = {
    receipt,
    receivedAt: new Date(now).toISOString(),
    village: body.village,
    trouble: body.trouble,
    declaredBy: body.declaredBy,
    clue: await idOf('clue', receipt),
    household: household ?? null,
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
    const registered = await readHousehold(kept.household);
    if (registered !== undefined && registered.status === 'registered') {
      await enterClue(registered, clueOf(kept, registered.id), {
        caseType: null,
        machine: config.machine('case-admission'),
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
  const resolved =
    declaration.household === null ? (await readUnmatched(declaration.clue))?.resolved : declaration.household;
  const household = typeof resolved === 'string' ? await readHousehold(resolved) : undefined;
  const found = household === undefined ? undefined : await readCase(await caseIdOf(household));
  return { status: 200, body: { receipt, receivedAt, ...statusOf(declaration, found, resolved === null) } };
};

function statusOf(declaration: Declaration, found: Case | undefined, dismissed: boolean) {
  if (dismissed)
    return {
      status: 'not-admitted',
      message: '经核对，申报信息未能与本区农户对应，未予受理。如有疑问请联系村民委员会。',
      step: null,
    };
  const place = found?.episodes.findIndex(({ clues }) => clues.some(({ id }) => id === declaration.clue)) ?? -1;
  const episode = found?.episodes[place];
  if (found === undefined || episode === undefined)
    return { status: 'received', message: '已收到申报，正在核对农户信息。', step: null };
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
