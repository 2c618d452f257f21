import { Problem } from '../../../contracts/problems.ts';
import type { Household } from '../../../contracts/registry/household.ts';
import type { Round, VillageProgress } from '../../../contracts/screening/round.ts';
import { numberOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { type AcceptedVisit, inOrder, newest } from '../../../domain/screening/sheet.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { pageVillage } from '../../../store/registry/households.ts';
import { readCriteria } from '../../../store/screening/criteria.ts';
import { acceptedEntry, readProgress, readRoster } from '../../../store/screening/progress.ts';
import { readDistrict, readRound } from '../../../store/screening/rounds.ts';
import { readVisitsOfPage } from '../../../store/screening/visits.ts';
import { cursorAfter, householdAfter } from '../../cursors.ts';
import { viewOf } from '../../registry/households/view.ts';
import type { visitRoutes } from '../../routes/screening.ts';

/** The village's expected households in the order of their numbers, each with its members and how far it is; with `form`, all a phone needs offline. */
export const readWorklist: Operation<typeof visitRoutes.readWorklist> = async ({ caller, params, query, now }) => {
  mustContain(caller, query.village);
  const after = query.cursor === undefined ? undefined : householdAfter(query.cursor, query.village);
  const [round, progress, roster, page] = await Promise.all([
    readRound(config.district(), params.id),
    readProgress(params.id, query.village),
    readRoster(params.id, query.village),
    pageVillage(query.village, query.limit, after),
  ]);
  if (round === undefined) throw new Problem('round-unknown');
  const forms = query.with === undefined ? undefined : await formsOf(round, progress, page.households);
  const items = page.households.flatMap((household) => {
    const number = numberOf(household.id);
    if (roster === undefined || progress === undefined || !roster.expected.has(number)) return [];
    const visited = progress.visited.has(number);
    const missed = household.status === 'cancelled' ? 'cancelled' : (progress.missed.get(number) ?? null);
    const previous = roster.expected.get(number) ?? null;
    return [
      {
        household: viewOf(household, dayOf(now)),
        state: missed === 'cancelled' || (missed !== null && !visited) ? 'missed' : visited ? 'visited' : 'open',
        missed,
        previousPerCapita: previous?.perCapita ?? null,
        previousClass: previous?.class ?? null,
        ...(forms === undefined ? {} : { form: forms.of(household) }),
      },
    ];
  });
  const last = page.households.at(-1);
  const next = page.more && last !== undefined ? { next: cursorAfter(query.village, last.id) } : {};
  const status = round.status === 'collecting' ? (progress?.status ?? 'collecting') : round.status;
  const form = forms === undefined ? {} : { form: forms.round };
  return { status: 200, body: { round: round.id, village: query.village, status, items, ...form, ...next } };
};

/** What the households of a page were last found to be, and what they are judged by. */
async function formsOf(round: Round, progress: VillageProgress | undefined, households: readonly Household[]) {
  const [first, last] = [households.at(0)?.id, households.at(-1)?.id];
  const visitsOf = (id: string | undefined) =>
    id === undefined || first === undefined || last === undefined
      ? Promise.resolve(new Map<string, AcceptedVisit[]>())
      : readVisitsOfPage(id, first, last);
  const [criteria, district, before, during] = await Promise.all([
    readCriteria(config.district(), round.criteria),
    readDistrict(config.district()),
    visitsOf(round.previous),
    visitsOf(round.id),
  ]);
  if (criteria === undefined) throw new Problem('criteria-missing');
  return {
    round: {
      criteria,
      due: round.due,
      hardDeadline: round.hardDeadline,
      lastSealedAt: district.lastSealed?.sealedAt ?? null,
    },
    of: ({ id, ownPayouts }: Household) => ({
      ownPayouts,
      lastVisit: newest((before.get(id) ?? []).filter(({ visit }) => visit.purpose === 'screening')) ?? null,
      visits: inOrder(
        (during.get(id) ?? []).filter((one) => progress?.accepted.has(acceptedEntry(one.visit, one.id)) === true),
      ),
    }),
  };
}
