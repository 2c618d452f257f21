import { contains } from '../../../contracts/regions.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { caseIdOf, readCases, whichJoined } from '../../../store/cases/cases.ts';
import { type Declaration, listDeclared, readDeclarations, readManyUnmatched } from '../../../store/cases/clues.ts';
import { readHouseholds } from '../../../store/registry/households.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { pageOf } from '../../cursors.ts';
import type { clueRoutes } from '../../routes/cases.ts';
import { standsAt } from './declarations.ts';

/** What households declared. An official is told where each stands, also while its receipt does not tell it yet. */
export const listDeclarations: Operation<typeof clueRoutes.listDeclarations> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const [listed, data] = await Promise.all([listDeclared(query.region), personalData(config.district())]);
  const page = pageOf(listed, newestFirst, query.region, query);
  const found = await readDeclarations(page.items.map(({ receipt }) => receipt));
  // The village of a declaration is anybody's to name: of a household elsewhere its officials are told no more than of one on no register.
  const declarations = page.items
    .flatMap(({ receipt }) => found.get(receipt) ?? [])
    .map((one) =>
      one.household === null || contains(caller.region, one.household)
        ? one
        : { ...one, household: null, verified: false },
    );
  const stands = await standingOf(declarations);
  const items = declarations.map((one) => ({
    receipt: one.receipt,
    receivedAt: one.receivedAt,
    village: one.village,
    name: data.decrypt(one.nameCipher, one.receipt),
    idNumber: one.idMasked,
    phone: one.phoneMasked,
    declaredBy: one.declaredBy,
    trouble: one.trouble,
    verified: one.verified,
    handedOver: one.handedOver ?? null,
    ...stands(one),
  }));
  return { status: 200, body: { items, total: listed.length, ...page.next } };
};

function newestFirst({ receivedAt, receipt }: { receivedAt: string; receipt: string }): string {
  return `${String(9e15 - Date.parse(receivedAt)).padStart(16, '0')}#${receipt}`;
}

/** Reads what a page of declarations came to in four requests instead of four for each. */
async function standingOf(declarations: readonly Declaration[]) {
  const resolved = await readManyUnmatched(
    declarations.filter(({ household }) => household === null).map(({ clue }) => clue),
  );
  const householdOf = (one: Declaration): string | null => one.household ?? resolved.get(one.clue) ?? null;
  const households = await readHouseholds([...new Set(declarations.flatMap((one) => householdOf(one) ?? []))]);
  const caseIds = new Map<string, string>();
  for (const household of households.values()) caseIds.set(household.id, await caseIdOf(household));
  const caseOf = (one: Declaration): string | undefined => caseIds.get(householdOf(one) ?? '');
  const [cases, joined] = await Promise.all([
    readCases([...new Set(caseIds.values())]),
    whichJoined(
      declarations.flatMap((one) => {
        const id = caseOf(one);
        return id === undefined ? [] : [{ id, clue: one.clue }];
      }),
    ),
  ]);
  return (one: Declaration) => ({
    household: householdOf(one),
    ...standsAt(one, cases.get(caseOf(one) ?? ''), {
      passedOn: joined.has(one.clue),
      dismissed: one.household === null && resolved.get(one.clue) === null,
    }),
  });
}
