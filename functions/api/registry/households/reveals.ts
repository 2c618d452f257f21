import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readReveals } from '../../../store/registry/households.ts';
import { eachOf } from '../../../store/table.ts';
import { pageOf } from '../../cursors.ts';
import type { householdRoutes } from '../../routes/registry.ts';

/** Villages read at once. */
const LANES = 12;

/** Who looked at full numbers in a region, the newest first. */
export const listReveals: Operation<typeof householdRoutes.listReveals> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const divisions = await readDivisions(config.district());
  if (divisions === undefined) throw new Problem('divisions-missing');
  const villages = villagesOf(divisions).filter((village) => contains(query.region, village));
  const all = (await eachOf(villages, LANES, readReveals)).flat();
  const page = pageOf(
    all,
    ({ at, household, by, field, person }) => backwards(at, `${household}#${field}#${person ?? ''}#${by}`),
    query.region,
    query,
  );
  return { status: 200, body: { items: page.items, total: all.length, ...page.next } };
};

/** Later instants come first; what is of one instant stays apart. */
function backwards(at: string, rest: string): string {
  return `${String(9e15 - Date.parse(at)).padStart(16, '0')}#${rest}`;
}
