import { Problem } from '../../contracts/problems.ts';
import { villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { asOf } from '../../domain/registry/replay.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { pageVillage, readHousehold, readVersions } from '../../store/registry/households.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { recordReveal } from '../../store/registry/reveals.ts';
import { cursorAfter, householdAfter } from '../cursors.ts';
import { householdRoutes } from '../routes/registry.ts';
import { changeHousehold } from './households/changes.ts';
import { importHouseholds } from './households/import.ts';
import { listReveals } from './households/reveals.ts';
import { viewOf } from './households/view.ts';

/** At most so many villages are asked for one page; the rest is the next page's. Empty villages cost a Query each. */
const VILLAGES_A_PAGE = 40;

const listHouseholds: Operation<typeof householdRoutes.listHouseholds> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const divisions = await readDivisions(config.district());
  const villages =
    divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(query.region));
  const after = query.cursor === undefined ? undefined : householdAfter(query.cursor, query.region);
  const start = after === undefined ? 0 : villages.indexOf(villageOf(after));
  const found = [];
  let last: string | undefined;
  for (const village of villages.slice(start, start + VILLAGES_A_PAGE)) {
    const from = after !== undefined && villageOf(after) === village ? after : undefined;
    const page = await pageVillage(village, query.limit - found.length, from);
    found.push(...page.households);
    last = page.households.at(-1)?.id ?? `${village}-ZZZZZZZZZZZZ`;
    if (found.length === query.limit) break;
  }
  const ended =
    last === undefined || (found.length < query.limit && villages.indexOf(villageOf(last)) === villages.length - 1);
  const items = found.map((household) => viewOf(household, dayOf(now)));
  return {
    status: 200,
    body: { items, ...(ended || last === undefined ? {} : { next: cursorAfter(query.region, last) }) },
  };
};

const readOne: Operation<typeof householdRoutes.readHousehold> = async ({ caller, params, query, now }) => {
  mustContain(caller, villageOf(params.id));
  const today = dayOf(now);
  if (query.asOf === undefined && query.knownAt === undefined) {
    const household = await readHousehold(params.id);
    if (household === undefined) throw new Problem('household-unknown');
    return { status: 200, body: viewOf(household, today) };
  }
  const day = query.asOf ?? today;
  const then = asOf(await readVersions(params.id), day, query.knownAt ?? new Date(now).toISOString());
  if (then === undefined) throw new Problem('household-unknown');
  return { status: 200, body: viewOf(then, day) };
};

const revealHousehold: Operation<typeof householdRoutes.revealHousehold> = async ({ caller, params, body, now }) => {
  mustContain(caller, villageOf(params.id));
  const household = await readHousehold(params.id);
  if (household === undefined) throw new Problem('household-unknown');
  const member = household.members.find(({ person }) => person === body.person);
  const sealed = body.field === 'phone' ? household.phoneCipher : member?.idCipher;
  const owner = body.field === 'phone' ? household.id : member?.person;
  if (sealed === undefined || owner === undefined) throw new Problem('not-found');
  await recordReveal({
    subject: household.id,
    region: villageOf(household.id),
    at: new Date(now).toISOString(),
    by: caller.sub,
    field: body.field,
    reason: body.reason,
    ...(body.person === undefined ? {} : { person: body.person }),
  });
  const data = await personalData(config.district());
  return { status: 200, body: { field: body.field, value: data.decrypt(sealed, owner) } };
};

export const handler = httpHandler(householdRoutes, {
  importHouseholds,
  listHouseholds,
  readHousehold: readOne,
  changeHousehold,
  revealHousehold,
  listReveals,
});
