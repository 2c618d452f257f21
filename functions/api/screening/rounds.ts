import { Problem } from '../../contracts/problems.ts';
import { contains, type Divisions } from '../../contracts/regions.ts';
import type { Round, Totals, VillageProgress } from '../../contracts/screening/round.ts';
import { dayOf, roundOf } from '../../domain/calendar.ts';
import { uncovered } from '../../domain/screening/coverage.ts';
import { explainSignal } from '../../domain/screening/explain.ts';
import { plannedRound, RoundRefused } from '../../domain/screening/opening.ts';
import { config } from '../../runtime/config.ts';
import { type Caller, httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { listCriteria, readCriteria } from '../../store/screening/criteria.ts';
import { listProgress } from '../../store/screening/progress.ts';
import {
  listRounds,
  putRound,
  readDistrict,
  readEarlySealToken,
  readRound,
  readTotals,
} from '../../store/screening/rounds.ts';
import { readSheet, readSheets } from '../../store/screening/sheets.ts';
import { ConditionFailed } from '../../store/table.ts';
import { answerTask, startExecution } from '../../store/workflows.ts';
import { roundRoutes } from '../routes/screening.ts';
import { listRoundHouseholds } from './rounds/households.ts';
import { remindVillages } from './rounds/reminders.ts';

const list: Operation<typeof roundRoutes.listRounds> = async ({ caller }) => ({
  status: 200,
  body: { items: (await listRounds(config.district())).map((round) => view(round, caller)) },
});

/**
 * Opens a round: checks first, so that a refusal is told at once; puts the round, then starts the workflow that carries it. A
 * crash between the two is healed by asking again: the round is found, and the start is idempotent by its name.
 */
const open: Operation<typeof roundRoutes.openRound> = async ({ caller, body, now }) => {
  const district = config.district();
  const [criteria, state, divisions] = await Promise.all([
    listCriteria(district),
    readDistrict(district),
    readDivisions(district),
  ]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  const asked = body.round ?? roundOf(dayOf(now));
  const existing = await readRound(district, asked);
  if (existing !== undefined) return await started(existing, 200, caller);
  const round = planned({
    district,
    round: asked,
    openedBy: caller.sub,
    now,
    criteria,
    lastSealed: state.lastSealed?.round,
  });
  try {
    await putRound(round);
    return await started(round, 201, caller);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const theirs = await readRound(district, round.id);
    if (theirs === undefined) throw new Problem('round-other-open');
    return await started(theirs, 200, caller);
  }
};

function planned(opening: Parameters<typeof plannedRound>[0]): Round {
  try {
    return plannedRound(opening);
  } catch (error) {
    if (error instanceof RoundRefused) throw new Problem(error.code);
    throw error;
  }
}

async function started(round: Round, status: number, caller: Caller) {
  if (round.status === 'opening') {
    const input = { round: round.id, openedBy: round.openedBy };
    await startExecution({ workflow: 'quarterly-screening', name: `${round.district}-${round.id}`, input });
  }
  return { status, body: view(round, caller) };
}

/** Totals of the region asked for, and of the regions right below it: never more than the caller may see. */
const readOne: Operation<typeof roundRoutes.readRound> = async ({ caller, params, query }) => {
  const region = query.region ?? caller.region;
  mustContain(caller, region);
  const district = config.district();
  const [round, divisions, totals] = await Promise.all([
    readRound(district, params.id),
    readDivisions(district),
    readTotals(district, params.id),
  ]);
  if (round === undefined) throw new Problem('round-unknown');
  const criteria = await readCriteria(district, round.criteria);
  const illustrative = criteria?.lines.some(({ status }) => status === 'illustrative') ?? false;
  const shown = { ...view(round, caller), illustrative, region };
  if (totals === undefined || divisions === undefined) return { status: 200, body: shown };
  const own = region.length === 12 ? (await readSheet(round.id, region))?.totals : totals[region];
  const parts =
    region.length === 12
      ? []
      : region.length === 9
        ? await villageTotals(round, region, divisions)
        : townTotals(totals, divisions);
  return { status: 200, body: { ...shown, ...(own === undefined ? {} : { totals: own }), parts } };
};

function townTotals(totals: Record<string, Totals>, divisions: Divisions) {
  return divisions.towns.flatMap(({ code, name }) =>
    totals[code] === undefined ? [] : [{ region: code, name, totals: totals[code] }],
  );
}

async function villageTotals(round: Round, town: string, divisions: Divisions) {
  const villages = divisions.towns.find(({ code }) => code === town)?.villages ?? [];
  const sheets = await readSheets(
    round.id,
    villages.map(({ code }) => code),
  );
  return villages.flatMap(({ code, name }) => {
    const sheet = sheets.get(code);
    return sheet === undefined ? [] : [{ region: code, name, totals: sheet.totals }];
  });
}

const readProgress: Operation<typeof roundRoutes.readProgress> = async ({ caller, params, query }) => {
  mustContain(caller, query.region);
  const district = config.district();
  const [round, divisions] = await Promise.all([readRound(district, params.id), readDivisions(district)]);
  if (round === undefined || divisions === undefined) throw new Problem('round-unknown');
  const villages = await listProgress(round.id, query.region);
  const names = new Map([
    [divisions.district.code, divisions.district.name],
    ...divisions.towns.flatMap((town) => [town, ...town.villages].map(({ code, name }) => [code, name] as const)),
  ]);
  const below =
    query.region.length === 6 && query.level === 'next'
      ? divisions.towns.map(({ code }) => code)
      : query.region.length < 12
        ? villagesOf(divisions).filter((code) => contains(query.region, code))
        : [query.region];
  const parts = below.map((region) => {
    const inside = villages.filter(({ village }) => contains(region, village));
    const sealing = inside.some(({ status }) => status === 'sealing');
    return {
      region,
      name: names.get(region) ?? region,
      ...counts(inside),
      status: round.status === 'sealed' ? 'sealed' : sealing ? 'sealing' : 'collecting',
      reminders: [...new Set(inside.flatMap(({ reminders }) => reminders))].sort(),
    };
  });
  return {
    status: 200,
    lasting: true,
    body: {
      round: round.id,
      status: round.status,
      region: query.region,
      name: names.get(query.region) ?? query.region,
      ...counts(villages),
      parts,
    },
  };
};

/** Households expected, visited, missed with a reason (and not visited after all), and still open. */
function counts(villages: readonly VillageProgress[]) {
  const sum = (of: (village: VillageProgress) => number) => villages.reduce((total, village) => total + of(village), 0);
  const open = sum(uncovered);
  const visited = sum((village) => village.visited.size);
  const expected = sum((village) => village.expected);
  return { villages: villages.length, expected, visited, missed: expected - visited - open, open };
}

/**
 * Ends the collecting before the due date, when every household is covered. The workflow waits with a token; sending it is
 * harmless when repeated, and after the wait has ended by itself there is nothing left to send.
 */
const seal: Operation<typeof roundRoutes.sealRound> = async ({ caller, params }) => {
  const round = await readRound(config.district(), params.id);
  if (round === undefined) throw new Problem('round-unknown');
  if (round.status === 'sealed') return { status: 200, body: { round: round.id, status: 'sealed' } };
  if (round.status === 'opening') throw new Problem('round-not-open');
  const lagging = (await listProgress(round.id, round.district)).filter((village) => uncovered(village) > 0);
  if (lagging.length > 0) {
    const villages = lagging.slice(0, 50).map((village) => ({ village: village.village, open: uncovered(village) }));
    throw new Problem('round-not-covered', { extra: { lagging: lagging.length, villages } });
  }
  const taskToken = await readEarlySealToken(round.district, round.id);
  if (taskToken === undefined) throw new Problem('conflict');
  await answerTask(taskToken, { sealedEarlyBy: caller.sub });
  return { status: 202, body: { round: round.id, status: 'sealing' } };
};

const readOneSheet: Operation<typeof roundRoutes.readSheet> = async ({ caller, params }) => {
  mustContain(caller, params.village);
  const round = await readRound(config.district(), params.id);
  if (round === undefined) throw new Problem('round-unknown');
  const sheet = round.status === 'sealed' ? await readSheet(params.id, params.village) : undefined;
  if (sheet === undefined) throw new Problem('sheet-not-sealed');
  return {
    status: 200,
    body: { ...sheet, rows: sheet.rows.map((row) => ({ ...row, signals: row.signals.map(explainSignal) })) },
  };
};

/** A round as a caller may see it: how many are expected is a count of the whole district, and only told to who may see all of it. */
function view({ district, expectedHouseholds, expectedPeople, ...shown }: Round, caller: Caller) {
  return { ...shown, ...(contains(caller.region, district) ? { expectedHouseholds, expectedPeople } : {}) };
}

export const handler = httpHandler(roundRoutes, {
  listRounds: list,
  openRound: open,
  readRound: readOne,
  readProgress,
  sealRound: seal,
  readSheet: readOneSheet,
  listRoundHouseholds,
  remindVillages,
});
