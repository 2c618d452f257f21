import { Problem } from '../../../contracts/problems.ts';
import type { SheetRow } from '../../../contracts/screening/round.ts';
import { villageOf } from '../../../contracts/values.ts';
import { type StoryFacts, storyOf } from '../../../domain/registry/household-history.ts';
import { explainSignal } from '../../../domain/screening/explain.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { listLedger } from '../../../store/assistance/ledger-entries.ts';
import { casePartition, listSummaries, readCase } from '../../../store/cases/cases.ts';
import { claimPartition, listClaimsOf } from '../../../store/insurance/claims.ts';
import { readVersions } from '../../../store/registry/households.ts';
import { listRounds } from '../../../store/screening/rounds.ts';
import { readSheet } from '../../../store/screening/sheets.ts';
import { readHouseholdVisits } from '../../../store/screening/visits.ts';
import { readTold } from '../../../store/timeline.ts';
import type { reportRoutes } from '../../routes/reports.ts';

/** A household's versions, its rows in sealed rounds, and everything that happened to it in order. */
export const householdHistory: Operation<typeof reportRoutes.householdHistory> = async ({ caller, params }) => {
  const village = villageOf(params.id);
  mustContain(caller, village);
  const [versions, rounds] = await Promise.all([readVersions(params.id), listRounds(config.district())]);
  if (versions.length === 0) throw new Problem('household-unknown');
  const [sheets, visits, cases, claims, ledger] = await Promise.all([
    Promise.all(rounds.map((round) => (round.status === 'sealed' ? readSheet(round.id, village) : undefined))),
    Promise.all(rounds.map((round) => readHouseholdVisits(round.id, params.id))),
    casesOf(params.id),
    claimsOf(params.id),
    listLedger(village),
  ]);
  const rows = rounds.flatMap(({ id, sealedAt = '' }, place) => {
    const row = sheets[place]?.rows.find(({ household }) => household === params.id);
    return row === undefined ? [] : [{ round: id, sealedAt, row }];
  });
  const reversed = new Set(ledger.flatMap((entry) => (entry.kind === 'reversal' ? [entry.reverses] : [])));
  const help = ledger.flatMap((entry): StoryFacts['help'] => {
    if (entry.kind === 'reversal' || reversed.has(entry.id) || !('household' in entry) || entry.household !== params.id)
      return [];
    const { id, kind, occurredOn, recordedAt } = entry;
    return [{ id, kind, occurredOn, recordedAt, ...('amount' in entry ? { amount: entry.amount } : {}) }];
  });
  return {
    status: 200,
    body: {
      household: params.id,
      changes: versions.map(({ version, on, recordedAt, by, change }) => ({
        version,
        kind: change.kind,
        on,
        recordedAt,
        by,
      })),
      rounds: rows.map(({ round, sealedAt, row }) => ({ round, sealedAt, ...rowView(row) })),
      story: storyOf({
        changes: versions,
        sheets: rows,
        cases,
        claims,
        help,
        visits: visits.flat().map(({ id, visit, triage, submittedAt }) => ({
          id,
          round: visit.round,
          visitedOn: visit.visitedOn,
          purpose: visit.purpose,
          submittedAt,
          triage,
        })),
      }),
    },
  };
};

function rowView(row: SheetRow) {
  const { class: triageClass, caseType, missed, perCapita, perCapitaRound, people, signals } = row;
  return {
    class: triageClass,
    caseType,
    missed,
    perCapita,
    perCapitaRound,
    people,
    signals: signals.map(explainSignal),
  };
}

async function casesOf(household: string): Promise<StoryFacts['cases']> {
  const summaries = (await listSummaries(villageOf(household))).filter((one) => one.household === household);
  return await Promise.all(
    summaries.map(async ({ id }) => {
      const [found, events] = await Promise.all([readCase(id), readTold(casePartition(id).pk)]);
      return { id, measures: found?.measures ?? [], events };
    }),
  );
}

async function claimsOf(household: string): Promise<StoryFacts['claims']> {
  const claims = await listClaimsOf(household);
  return await Promise.all(
    claims.map(async ({ id, line }) => ({ id, line, events: await readTold(claimPartition(id).pk) })),
  );
}
