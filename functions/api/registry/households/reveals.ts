import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readReveals } from '../../../store/registry/reveals.ts';
import { pageOf } from '../../cursors.ts';
import type { householdRoutes } from '../../routes/registry.ts';

/** Who looked at whole numbers in a region, the newest first. */
export const listReveals: Operation<typeof householdRoutes.listReveals> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const all = await readReveals(query.region);
  const page = pageOf(
    all,
    ({ at, subject, by, field, person }) => backwards(at, `${subject}#${field}#${person ?? ''}#${by}`),
    query.region,
    query,
  );
  const items = page.items.map(({ region: _, ...shown }) => shown);
  return { status: 200, body: { items, total: all.length, ...page.next } };
};

/** Later instants come first; what is of one instant stays apart. */
function backwards(at: string, rest: string): string {
  return `${String(9e15 - Date.parse(at)).padStart(16, '0')}#${rest}`;
}
