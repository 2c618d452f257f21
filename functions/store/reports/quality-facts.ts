import type { LedgerItem } from '../../contracts/assistance/ledger-entry.ts';
import type { Case } from '../../contracts/cases/case-record.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import type { Household } from '../../contracts/registry/household.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import { monitoringLine } from '../../contracts/screening/criteria.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import { ofKind, standing } from '../../domain/assistance/ledger-rules.ts';
import { addMonths, dayOf } from '../../domain/calendar.ts';
import type { Sizes } from '../../domain/limits.ts';
import { replay } from '../../domain/registry/replay.ts';
import type {
  About,
  DeathFacts,
  EpisodeFacts,
  HouseholdFacts,
  SeenVisit,
  VillageFacts,
} from '../../domain/reports/quality/quality-facts.ts';
import { newest } from '../../domain/screening/sheet.ts';
import { listLedgerBetween } from '../assistance/ledger-entries.ts';
import { listSummariesBetween, readCases } from '../cases/cases.ts';
import { listPolicies, readInsured } from '../insurance/policies.ts';
import { readDivisions, villagesOf } from '../registry/divisions.ts';
import { readVillage, readVillageVersions } from '../registry/households.ts';
import { approvedLines } from '../screening/criteria.ts';
import { acceptedEntry, readProgress } from '../screening/progress.ts';
import { type DistrictState, readDistrict, readRound } from '../screening/rounds.ts';
import { readSheet } from '../screening/sheets.ts';
import { readVisits } from '../screening/visits.ts';
import { readBrief } from './briefs.ts';

/** District-wide facts of a run, read once. */
export interface QualityGround {
  /** ISO 8601, the instant of the run. */
  at: string;
  state: DistrictState;
  lines: Criteria['lines'];
  policies: Policy[];
  /** Whether households and visits must be read as they are this instant, at twice the price. */
  consistent: boolean;
}

export async function readQualityGround(
  district: string,
  now: number,
  { consistent }: Pick<QualityGround, 'consistent'>,
): Promise<QualityGround> {
  const [state, lines, policies] = await Promise.all([
    readDistrict(district),
    approvedLines(district),
    listPolicies(district),
  ]);
  return { at: new Date(now).toISOString(), state, lines, policies, consistent };
}

/** What the district's own registers say of some villages: their cases, and who was placed in work. */
export interface Registers {
  cases: readonly Case[];
  /** The last day within twelve months on which the ledger placed somebody in work or a post, by person. */
  placed: ReadonlyMap<string, string>;
}

/** Reads the registers of villages that lie beside one another at once: a Query each, where each village for itself would pay for an empty one. */
export async function readRegisters(
  villages: readonly string[],
  { at }: Pick<QualityGround, 'at'>,
): Promise<Registers> {
  const [first, last] = [villages.at(0), villages.at(-1)];
  if (first === undefined || last === undefined) return { cases: [], placed: new Map() };
  const [summaries, ledger] = await Promise.all([listSummariesBetween(first, last), listLedgerBetween(first, last)]);
  const cases = await readCases(summaries.map(({ id }) => id));
  return { cases: [...cases.values()], placed: placements(ledger, at) };
}

/** What the rules look at in a village, and which households are registered there: about five Queries, whatever lies in it. */
export async function readQualityFacts(
  village: string,
  ground: QualityGround,
  registers: Registers,
): Promise<VillageFacts & { registered: Set<string> }> {
  const today = dayOf(Date.parse(ground.at));
  const [all, versions, seen] = await Promise.all([
    readVillage(village, ground),
    readVillageVersions(village, ground),
    readSeen(village, ground),
  ]);
  const { placed } = registers;
  const cases = registers.cases.filter(({ household }) => household.startsWith(village));
  const households = all.filter(({ status }) => status === 'registered');
  const byHousehold = new Map(cases.map((one) => [one.household, one]));
  return {
    registered: new Set(households.map(({ id }) => id)),
    households: households.map(({ id }) => ({
      subject: { household: id },
      facts: { visit: seen.visitOf(id), closed: closedOf(byHousehold.get(id)) },
    })),
    members: households.flatMap(({ id, members }) =>
      members.map(({ person, disabilityCertificate: certificate }) => ({
        subject: { household: id, person },
        facts: { visit: seen.visitOf(id), person, certificate, placedOn: placed.get(person) ?? null },
      })),
    ),
    episodes: cases.flatMap((one) =>
      episodesOf(one, { today, lines: ground.lines, visit: seen.visitOf(one.household) }),
    ),
    deaths: await readDeaths(all, ground.policies, today),
    samples: [...seen.rows.values()].flatMap(({ household, class: sealed, sample }) =>
      sample === null || seen.round === undefined
        ? []
        : [{ subject: { household, round: seen.round }, facts: { sealed, sample } }],
    ),
    sizes: [{ subject: {}, facts: { householdsOfVillage: households.length } }],
    histories: [...versions].map(([household, told]) => ({
      subject: { household },
      facts: { misfits: replay(told).misfits },
    })),
  };
}

interface Seen {
  /** The last sealed round, and its rows in this village. */
  round: string | undefined;
  rows: ReadonlyMap<string, SheetRow>;
  visitOf: (household: string) => SeenVisit;
}

async function readSeen(
  village: string,
  { state: { openRound, lastSealed }, consistent }: QualityGround,
): Promise<Seen> {
  const [sheet, counted, progress, collected] = await Promise.all([
    lastSealed === undefined ? undefined : readSheet(lastSealed.round, village),
    lastSealed === undefined ? undefined : readVisits(lastSealed.round, village, { consistent }),
    openRound === undefined ? undefined : readProgress(openRound, village),
    openRound === undefined ? undefined : readVisits(openRound, village, { consistent }),
  ]);
  const rows = new Map(sheet?.rows.map((row) => [row.household, row]));
  return {
    round: lastSealed?.round,
    rows,
    visitOf(household) {
      const accepted = collected
        ?.get(household)
        ?.filter(
          ({ id, visit }) => visit.purpose === 'screening' && progress?.accepted.has(acceptedEntry(visit, id)) === true,
        );
      const sealed = rows.get(household)?.visit;
      return (newest(accepted ?? []) ?? counted?.get(household)?.find(({ id }) => id === sealed))?.visit ?? null;
    },
  };
}

function placements(ledger: readonly LedgerItem[], knownAt: string): Map<string, string> {
  const today = dayOf(Date.parse(knownAt));
  const entries = standing(ledger, { asOf: today, knownAt });
  const placed = new Map<string, string>();
  for (const { person, occurredOn } of [...ofKind(entries, 'placement'), ...ofKind(entries, 'post')]) {
    if (occurredOn > addMonths(today, -12) && occurredOn > (placed.get(person) ?? '')) placed.set(person, occurredOn);
  }
  return placed;
}

function closedOf(found: Case | undefined): HouseholdFacts['closed'] {
  return found?.stage === 'closed' ? (found.episodes.at(-1)?.closed ?? null) : null;
}

function episodesOf(
  { id, household, episodes, measures }: Case,
  { today, lines, visit }: { today: string; lines: Criteria['lines']; visit: SeenVisit },
): About<EpisodeFacts>[] {
  return episodes.flatMap(({ number, admittedOn, risks, closed }) => {
    // Not admitted: an admission that is running, or was refused.
    if (admittedOn === undefined) return [];
    const lineAtClosure =
      closed === undefined ? undefined : monitoringLine({ lines }, Number(closed.on.slice(0, 4)), household);
    const own = measures.filter(({ episode }) => episode === number);
    return [
      {
        subject: { household, case: id, episode: number },
        facts: { today, admittedOn, risks, closed, measures: own, lineAtClosure, visit },
      },
    ];
  });
}

/** Everybody who died here and whom some policy's roster knows. Few die: rosters are asked for them alone. */
async function readDeaths(
  households: readonly Household[],
  policies: readonly Policy[],
  today: string,
): Promise<About<DeathFacts>[]> {
  const died = households.flatMap(({ id, deceased = [], cancelReason, cancelledOn, members }) => [
    ...deceased.map(({ person, on }) => ({ household: id, person, diedOn: on })),
    ...(cancelReason === 'all-deceased' && cancelledOn !== undefined
      ? members.map(({ person }) => ({ household: id, person, diedOn: cancelledOn }))
      : []),
  ]);
  if (died.length === 0) return [];
  const persons = [...new Set(died.map(({ person }) => person))];
  const found = await Promise.all(
    policies.map(async ({ id: policy, to: policyTo }) => {
      const insured = await readInsured(policy, persons);
      return died.flatMap(({ household, person, diedOn }) => {
        const covers = insured.get(person)?.covers;
        return covers === undefined
          ? []
          : [{ subject: { household, person, policy }, facts: { today, diedOn, policyTo, covers } }];
      });
    }),
  );
  return found.flat();
}

/** How large the district is: its villages, who was expected in the newest sealed round, and whom the brief of that round found insured. */
export async function readSizes(district: string, { state: { lastSealed } }: QualityGround): Promise<Sizes> {
  const [divisions, round, published] = await Promise.all([
    readDivisions(district),
    lastSealed === undefined ? undefined : readRound(district, lastSealed.round),
    lastSealed === undefined ? undefined : readBrief(district, lastSealed.round),
  ]);
  const insured = published?.brief.figures.find(({ key }) => key === 'insurance.insured.people');
  return {
    villages: divisions === undefined ? 0 : villagesOf(divisions).length,
    households: round?.expectedHouseholds ?? 0,
    insured: insured?.value ?? 0,
  };
}
