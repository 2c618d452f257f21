import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import type { Household } from '../../../contracts/registry/household.ts';
import { MOST_FOUND } from '../../../contracts/registry/households-http.ts';
import { householdIdOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../../domain/registry/id-number.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readHousehold, readHouseholds, readVillage } from '../../../store/registry/households.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { personsHouseholds } from '../../../store/registry/persons.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { viewOf } from './view.ts';

/** Villages read at once for a name. */
const AT_ONCE = 24;

/** Finds households inside a region; what lies outside is not told from what does not exist. */
export const searchHouseholds: Operation<typeof householdRoutes.searchHouseholds> = async ({ caller, body, now }) => {
  mustContain(caller, body.region);
  const found =
    'idNumber' in body
      ? await byIdNumber(body.idNumber, body.region, dayOf(now))
      : 'number' in body
        ? await byNumber(body.number, body.region)
        : await byName(body.name, body.region);
  const sorted = found.sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = sorted.slice(0, MOST_FOUND).map((household) => viewOf(household, dayOf(now)));
  return { status: 200, body: { items, more: sorted.length > MOST_FOUND } };
};

/** By the keyed hash, as everywhere: the number itself is compared with nothing. */
async function byIdNumber(raw: string, region: string, today: string): Promise<Household[]> {
  const idNumber = cleanIdNumber(raw);
  const fault = idNumberFault(idNumber, today);
  if (fault !== undefined)
    throw new Problem('id-number-invalid', {
      errors: [{ pointer: '/idNumber', code: fault, detail: idNumberFaults[fault] }],
    });
  const data = await personalData(config.district());
  const hash = data.hash(idNumber);
  const id = (await personsHouseholds([hash])).get(hash);
  if (id === undefined || !contains(region, id)) return [];
  const household = await readHousehold(id);
  return household === undefined ? [] : [household];
}

async function byNumber(number: string, region: string): Promise<Household[]> {
  const ids = (await villagesIn(region)).map((village) => householdIdOf(village, number));
  return [...(await readHouseholds(ids)).values()];
}

/** Reads village by village until there is one more than is shown. */
async function byName(name: string, region: string): Promise<Household[]> {
  const villages = await villagesIn(region);
  const found: Household[] = [];
  for (let start = 0; start < villages.length && found.length <= MOST_FOUND; start += AT_ONCE) {
    const read = await eachOf(villages.slice(start, start + AT_ONCE), AT_ONCE, (village) =>
      readVillage(village, { consistent: false }),
    );
    found.push(...read.flat().filter(({ members }) => members.some((member) => member.name.includes(name))));
  }
  return found;
}

async function villagesIn(region: string): Promise<string[]> {
  const divisions = await readDivisions(config.district());
  return divisions === undefined ? [] : villagesOf(divisions).filter((village) => contains(region, village));
}
