import { Problem } from '../../contracts/problems.ts';
import { contains, type Divisions } from '../../contracts/regions.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { nameOf } from '../../domain/reports/brief.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { readDivisions, villagesOf, writeDivisions } from '../../store/registry/divisions.ts';
import { readVillage } from '../../store/registry/households.ts';
import { divisionRoutes } from '../routes/registry.ts';

/** Villages read at once. */
const AT_ONCE = 8;
/** A wrong file leaves many out; a few tell enough. */
const MOST_TOLD = 20;

const read: Operation<typeof divisionRoutes.readDivisions> = async ({ caller }) => {
  const divisions = await readDivisions(config.district());
  if (divisions === undefined) throw new Problem('divisions-missing');
  return { status: 200, body: within(divisions, caller.region) };
};

/** Only the part a caller may see: their own village, town or district. */
function within(divisions: Divisions, region: string): Divisions {
  const touches = (code: string) => contains(region, code) || contains(code, region);
  return {
    district: divisions.district,
    towns: divisions.towns
      .filter(({ code }) => touches(code))
      .map((town) => ({ ...town, villages: town.villages.filter(({ code }) => touches(code)) })),
  };
}

const write: Operation<typeof divisionRoutes.writeDivisions> = async ({ caller, body }) => {
  mustContain(caller, body.district.code);
  const errors = body.towns.flatMap((town, place) => [
    ...(contains(body.district.code, town.code) ? [] : [misplaced(`/towns/${place}/code`)]),
    ...town.villages.flatMap((village, n) =>
      contains(town.code, village.code) ? [] : [misplaced(`/towns/${place}/villages/${n}/code`)],
    ),
  ]);
  const codes = body.towns.flatMap((town) => [town.code, ...town.villages.map(({ code }) => code)]);
  if (new Set(codes).size < codes.length)
    errors.push({ pointer: '/towns', code: 'code-twice', detail: '同一代码出现两次。' });
  if (errors.length > 0) throw new Problem('invalid-body', { errors });
  await mustBeEmpty(await leftOut(body));
  await writeDivisions(body);
  return { status: 200, body };
};

/** The villages there are today that the new divisions do not have. */
async function leftOut(divisions: Divisions): Promise<string[]> {
  const before = await readDivisions(divisions.district.code);
  const kept = new Set(villagesOf(divisions));
  return before === undefined ? [] : villagesOf(before).filter((village) => !kept.has(village));
}

/** A round expects the households of the villages there are: those of a village left out would be lost to it. @throws Problem village-inhabited */
async function mustBeEmpty(villages: readonly string[]): Promise<void> {
  const inhabited = await eachOf(villages, AT_ONCE, async (village) =>
    (await readVillage(village)).some(({ status }) => status === 'registered') ? village : undefined,
  );
  const errors = inhabited
    .filter((village) => village !== undefined)
    .slice(0, MOST_TOLD)
    .map((village) => ({ pointer: '/towns', code: 'village-inhabited', detail: `${village} 仍有登记户。` }));
  if (errors.length > 0) throw new Problem('village-inhabited', { errors });
}

function misplaced(pointer: string) {
  return { pointer, code: 'code-misplaced', detail: '代码须以上一级代码开头。' };
}

const me: Operation<typeof divisionRoutes.readMe> = async ({ caller, now }) => {
  const { sub, role, region } = caller;
  const divisions = await readDivisions(config.district());
  const regionName = divisions === undefined ? region : nameOf(region, divisions);
  return { status: 200, body: { sub, role, region, regionName, now: new Date(now).toISOString() } };
};

export const handler = httpHandler(divisionRoutes, { readMe: me, readDivisions: read, writeDivisions: write });
