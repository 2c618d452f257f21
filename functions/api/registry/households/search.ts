import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import type { Household } from '../../../contracts/registry/household.ts';
import { MOST_FOUND } from '../../../contracts/registry/households-http.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../../domain/registry/id-number.ts';
import { partsOfSearch, standsIn } from '../../../domain/registry/name-parts.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readHousehold, readHouseholds } from '../../../store/registry/households.ts';
import { candidatesFor, type Wanted } from '../../../store/registry/name-index.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { personsHouseholds } from '../../../store/registry/persons.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { viewOf } from './view.ts';

/** Finds households inside a region; what lies outside is not told from what does not exist. */
export const searchHouseholds: Operation<typeof householdRoutes.searchHouseholds> = async ({ caller, body, now }) => {
  mustContain(caller, body.region);
  const found =
    'idNumber' in body
      ? await byIdNumber(body.idNumber, body.region, dayOf(now))
      : 'number' in body
        ? await byIndex({ number: body.number }, body.region, now, () => true)
        : await byIndex({ parts: partsOfSearch(body.name) }, body.region, now, ({ members }) =>
            members.some(({ name }) => standsIn(body.name, name)),
          );
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

async function byIndex(wanted: Wanted, region: string, now: number, isWanted: (found: Household) => boolean) {
  const data = await personalData(config.district());
  const ids = await candidatesFor(wanted, await villagesIn(region), data, now);
  const found: Household[] = [];
  for (let start = 0; start < ids.length && found.length <= MOST_FOUND; start += MOST_FOUND) {
    const read = await readHouseholds(ids.slice(start, start + MOST_FOUND));
    found.push(...[...read.values()].filter(isWanted));
  }
  return found;
}

async function villagesIn(region: string): Promise<string[]> {
  const divisions = await readDivisions(config.district());
  return divisions === undefined ? [] : villagesOf(divisions).filter((village) => contains(region, village));
}
