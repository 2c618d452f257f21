import { Problem } from '../../contracts/problems.ts';
import { villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { asOf } from '../../domain/registry/replay.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { readHousehold, readVersions } from '../../store/registry/households.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { recordReveal } from '../../store/registry/reveals.ts';
import { householdRoutes } from '../routes/registry.ts';
import { changeHousehold } from './households/changes.ts';
import { importHouseholds } from './households/import.ts';
import { listHouseholds } from './households/list.ts';
import { listReveals } from './households/reveals.ts';
import { searchHouseholds } from './households/search.ts';
import { viewOf } from './households/view.ts';

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
  if (!sealed || owner === undefined) throw new Problem('not-found');
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
  searchHouseholds,
  readHousehold: readOne,
  changeHousehold,
  revealHousehold,
  listReveals,
});
