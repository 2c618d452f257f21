import { Problem } from '../../../contracts/problems.ts';
import type { Household, HouseholdChange } from '../../../contracts/registry/household.ts';
import { numberOf, villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import type { RecordedChange, Version } from '../../../domain/registry/household-changes.ts';
import { endsAsNeverWas } from '../../../domain/registry/replay.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { movedCase, movedCaseChange, readCase } from '../../../store/cases/cases.ts';
import {
  putNew,
  putVersion,
  readHousehold,
  readVersions,
  replace,
  versionChange,
} from '../../../store/registry/households.ts';
import { indexNames } from '../../../store/registry/name-index.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { type Change, noteOf } from '../../../store/reports/changes.ts';
import { missedItem, readProgress, readRoster } from '../../../store/screening/progress.ts';
import { readDistrict } from '../../../store/screening/rounds.ts';
import { ConditionFailed, type TransactItem, transact } from '../../../store/table.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { withVersion } from './dates.ts';
import { type Plan, planned } from './plan.ts';
import { viewOf } from './view.ts';

/** What takes a household apart or off the register is an officer's to record; births, deaths, moves and corrections are the village's too. */
const ENDING: ReadonlySet<HouseholdChange['kind']> = new Set(['split', 'merge', 'move', 'cancel']);

/** Changes a household on the condition that it is still the version the caller saw. State, version and people are one transaction. */
export const changeHousehold: Operation<typeof householdRoutes.changeHousehold> = async ({
  caller,
  params,
  body,
  now,
}) => {
  mustContain(caller, villageOf(params.id));
  const household = await readHousehold(params.id);
  if (household === undefined) throw new Problem('household-unknown');
  if (household.status === 'cancelled') throw new Problem('household-cancelled');
  if (household.version !== body.version) throw new Problem('version-conflict');
  const { change } = body;
  if (change.on > dayOf(now)) throw new Problem('date-in-future');
  if (change.kind === 'certificate' && change.certificate.issuedOn > dayOf(now)) throw new Problem('date-in-future');
  if (change.on < household.registeredOn) throw new Problem('date-before-registration');
  if (caller.role === 'village-worker' && ENDING.has(change.kind)) throw new Problem('role-not-allowed');
  if (change.kind === 'move') mustContain(caller, change.village);
  if (change.kind === 'merge') mustContain(caller, villageOf(change.into));

  const [versions, data] = await Promise.all([readVersions(household.id), personalData(config.district())]);
  const plan = await planned(change, { household, versions, data, today: dayOf(now) });
  const entry = (version: number, recorded: RecordedChange): Version => ({
    version,
    on: change.on,
    recordedAt: new Date(now).toISOString(),
    by: caller.sub,
    change: recorded,
  });
  const own = entry(household.version + 1, plan.change);
  const after = withVersion(household, versions, own);
  const related = await relatedBy(plan, entry);
  const moved = await caseMoves(change, household, plan, now);
  await indexNames([after, ...(related === undefined ? [] : [related.after])], data);
  const items: TransactItem[] = [
    replace(household, after),
    putVersion(household.id, own),
    ...plan.people,
    ...(related?.items ?? []),
    ...moved.items,
    ...noteOf(config.district(), own.recordedAt, [
      versionChange(household.id, own),
      ...(related === undefined ? [] : [related.change]),
      ...moved.changes,
    ]),
  ];
  await write(items, after, plan.people.length);
  const today = dayOf(now);
  return {
    status: 200,
    body: {
      household: viewOf(after, today),
      ...(related === undefined ? {} : { related: viewOf(related.after, today) }),
    },
  };
};

/** The other household of a change, new or changed with it, and its writes. */
async function relatedBy(
  { made, joined }: Plan,
  entry: (version: number, change: RecordedChange) => Version,
): Promise<{ after: Household; items: TransactItem[]; change: Change } | undefined> {
  if (made !== undefined) {
    const first = entry(made.version, { kind: 'register', household: made });
    return { after: made, items: [putNew(made), putVersion(made.id, first)], change: versionChange(made.id, first) };
  }
  if (joined === undefined) return undefined;
  const { household, change } = joined;
  const next = entry(household.version + 1, change);
  const merged = withVersion(household, await readVersions(household.id), next);
  // What was paid to either is income of those who live there now.
  const after = {
    ...merged,
    ownPayouts: [...merged.ownPayouts, ...joined.ownPayouts],
    ...(joined.activeCase === undefined ? {} : { activeCase: joined.activeCase }),
  };
  const items = [replace(household, after), putVersion(household.id, next)];
  return { after, items, change: versionChange(household.id, next) };
}

/**
 * An open case goes along to the household its people live in from now on. While a review runs its steps lie in this village's and town's inboxes,
 * so the change waits; so it does where two cases would meet, and where nobody is left to have the case.
 * @throws Problem review-running, case-under-way
 */
async function caseMoves(
  change: HouseholdChange,
  household: Household,
  plan: Plan,
  now: number,
): Promise<{ items: TransactItem[]; changes: Change[] }> {
  const nothing = { items: [], changes: [] };
  const found = household.activeCase === undefined ? undefined : await readCase(household.activeCase.id);
  if (found === undefined) return nothing;
  if (endsAsNeverWas(change)) throw new Problem('case-under-way');
  const to = change.kind === 'move' ? plan.made?.id : plan.joined?.household.id;
  if (to === undefined) return nothing;
  if (found.stage !== 'open') throw new Problem('review-running');
  if (plan.joined?.household.activeCase !== undefined) throw new Problem('case-under-way');
  return { items: movedCase(found, to, now), changes: [movedCaseChange(found.id, found.household, to)] };
}

/** Writes the change; a cancelled household is marked on the open round's progress too, as long as its village's door is open. */
async function write(items: TransactItem[], after: Household, people: number): Promise<void> {
  const cover = after.status === 'cancelled' ? await coverItem(after.id) : undefined;
  try {
    await transact(cover === undefined ? items : [...items, cover]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // The door closed in between: sealing reads the household itself and sheets it as cancelled, so the mark is not needed.
    if (cover !== undefined && error.indices.every((index) => index === items.length))
      return await write(items, { ...after, status: 'registered' }, people);
    const [first] = error.indices;
    if (first !== undefined && first >= 2 && first < 2 + people) throw new Problem('person-in-other-household');
    throw new Problem(first === 0 || first === 1 ? 'version-conflict' : 'household-exists');
  }
}

async function coverItem(household: string): Promise<TransactItem | undefined> {
  const { openRound } = await readDistrict(config.district());
  if (openRound === undefined) return undefined;
  const village = villageOf(household);
  const [progress, roster] = await Promise.all([readProgress(openRound, village), readRoster(openRound, village)]);
  const expected = roster?.expected.has(numberOf(household)) ?? false;
  return expected && progress?.status === 'collecting'
    ? missedItem(openRound, village, numberOf(household))
    : undefined;
}
