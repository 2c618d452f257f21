import * as z from 'zod';
import { Problem, problems } from '../../../contracts/problems.ts';
import { householdId, villageOf } from '../../../contracts/values.ts';
import { addDays } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { householdNamed } from '../../../domain/exchange/household-columns.ts';
import { type Context, type Draft, type Member, textAt } from '../../../domain/exchange/kind.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { askAll, type CallerApi, call } from './caller-api.ts';

const AT_ONCE = 6;
const household = z.object({
  id: householdId,
  members: z.array(z.object({ person: z.string(), name: z.string(), idNumber: z.string() })),
});

/** Looks up who the drafts' rows may be about, village by village, as the API shows them to the caller. */
export async function peopleOf(
  api: CallerApi,
  drafts: readonly Draft[],
  village: string | undefined,
): Promise<Pick<Context, 'members' | 'membersBefore'>> {
  const named = drafts
    .flatMap((draft) => householdNamed(draft, village) ?? [])
    .filter((id) => householdId.safeParse(id).success);
  const villages = [...new Set(named.map(villageOf))];
  const members = new Map<string, readonly Member[]>();
  const refused = new Map<string, { code: string; detail: string }>();
  await eachOf(villages, AT_ONCE, async (code) => {
    try {
      for (const one of await askAll(api, `/v1/households?region=${code}`, household)) members.set(one.id, one.members);
    } catch (error) {
      // Outside the caller's region, say: the rows of this village are refused with it.
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      refused.set(code, { code: error.code, detail: error.detail });
    }
  });
  const unknown = { code: 'household-unknown', detail: problems['household-unknown'][1] };
  const current = (id: string) => members.get(id) ?? refused.get(id.slice(0, 12)) ?? unknown;
  const before = await membersBefore(api, drafts, village, current);
  return { members: current, membersBefore: (id, day) => before.get(`${id} ${day}`) ?? [] };
}

/** Who belonged to a household on the day before an event, for names that are not among its members any more. */
async function membersBefore(
  api: CallerApi,
  drafts: readonly Draft[],
  village: string | undefined,
  current: Context['members'],
): Promise<Map<string, readonly Member[]>> {
  const gone = new Map<string, { id: string; day: string }>();
  for (const draft of drafts) {
    const [id, name, day] = [householdNamed(draft, village), textAt(draft, 'name'), textAt(draft, 'eventOn')];
    if (id === undefined || name === undefined || day === undefined) continue;
    const now = current(id);
    if (!('code' in now) && !now.some((member) => isSameName(member.name, name))) gone.set(`${id} ${day}`, { id, day });
  }
  const found = await eachOf([...gone], AT_ONCE, async ([key, { id, day }]): Promise<[string, readonly Member[]]> => {
    const answered = await call(api, `/v1/households/${id}?asOf=${addDays(day, -1)}`);
    const parsed = household.safeParse(answered?.body);
    return [key, parsed.success ? parsed.data.members : []];
  });
  return new Map(found);
}
