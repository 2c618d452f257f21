import type { Clue } from '../../contracts/cases/case.ts';
import type { Round, SheetRow } from '../../contracts/screening/round.ts';
import { type StartAdmissionsOutput, villagesInput } from '../../contracts/tasks/quarterly-screening.ts';
import { dayOf } from '../../domain/calendar.ts';
import { rejectionOf } from '../../domain/cases/case.ts';
import { isNewCandidate } from '../../domain/cases/new-candidate.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { enterClue } from '../../store/cases/admissions.ts';
import { caseIdOf, readCase } from '../../store/cases/cases.ts';
import { idOf } from '../../store/ids.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { readRound } from '../../store/screening/rounds.ts';
import { readSheets } from '../../store/screening/sheets.ts';

import { startDue } from '../../store/workflows.ts';

/** Admissions started at once in one child: each is a transaction and a start. */
const AT_ONCE = 4;

/**
 * Starts an admission for each new candidate on the sealed sheets. The household carries its case, so a retry starts none twice.
 * Ceiling: 4 minutes for twenty villages; a candidate costs two reads, a transaction and a start, 60 ms, four at once: 16,000 candidates, eight hundred a village.
 * A retry goes on where it ended.
 */
export const handler = taskHandler(
  villagesInput,
  async ({ BatchInput, Items }, now): Promise<StartAdmissionsOutput> => {
    const round = await readRound(config.district(), BatchInput.round);
    if (round?.sealedAt === undefined) throw new Error(`Round ${BatchInput.round} is not sealed.`);
    const sealed = { ...round, sealedAt: round.sealedAt };
    const sheets = await readSheets(round.id, Items);
    const rows = [...sheets.values()].flatMap((sheet) =>
      sheet.rows.filter((row) => row.class === 'monitor' && !row.openCase),
    );
    const outcomes = await eachOf(rows, AT_ONCE, (row) => admit(row, sealed, now));
    return {
      villages: Items.length,
      candidates: outcomes.filter((outcome) => outcome !== 'not-new').length,
      started: outcomes.filter((outcome) => outcome === 'started').length,
    };
  },
);

async function admit(
  row: SheetRow,
  round: Round & { sealedAt: string },
  now: number,
): Promise<'started' | 'joined' | 'known' | 'full' | 'not-new'> {
  const household = await readHousehold(row.household);
  if (household === undefined || household.status === 'cancelled') return 'not-new';
  const { activeCase } = household;
  const rejected = activeCase === undefined ? rejectionOf(await readCase(await caseIdOf(household))) : undefined;
  // A declaration or alert may have started an admission while the round was collecting: what screening saw joins it.
  const joins = activeCase?.stage === 'admission';
  if (!joins && !isNewCandidate(row, { activeCase, rejected }, dayOf(Date.parse(round.sealedAt)))) return 'not-new';
  const signals = row.signals.map(({ id }) => id);
  const id = await idOf('clue', 'screening', round.id, row.household);
  const clue: Clue = {
    source: 'screening',
    id,
    household: row.household,
    at: round.sealedAt,
    round: round.id,
    signals,
  };
  const { outcome, start } = await enterClue(household, clue, {
    caseType: row.caseType,
    now,
  });
  if (start !== undefined) await startDue(start);
  return outcome;
}
