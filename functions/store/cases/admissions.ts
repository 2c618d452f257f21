import type { Clue } from '../../contracts/cases/case.ts';
import type { Case } from '../../contracts/cases/case-record.ts';
import { districtOf } from '../../contracts/regions.ts';
import type { Household } from '../../contracts/registry/household.ts';
import type { CaseType } from '../../contracts/screening/triage.ts';
import { takeClue } from '../../domain/cases/case.ts';
import { retryOnConflict } from '../conflicts.ts';
import { dueStart, type Start } from '../due-starts.ts';
import { readHousehold } from '../registry/households.ts';
import { caseIdOf, changeCase, hasJoined, joinedClueItems, readCase } from './cases.ts';

/** A clue about a household that is not, or no longer, on the register. */
export class HouseholdGone extends Error {
  override readonly name = 'HouseholdGone';
}

/**
 * Takes in a clue: it joins the household's running admission or open case, or starts one with its workflow. Harmless when
 * repeated: a clue that came before changes nothing. The start of the workflow is marked as due: a caller that may starts it at once,
 * otherwise the five-minute sweep does (functions behind public routes may not call Step Functions at all).
 * @param household as just read
 * @returns `full` when the running episode takes no more: what came in is kept where it came in
 * @throws HouseholdGone
 */
export async function enterClue(
  household: Household,
  clue: Clue,
  { caseType, now }: { caseType: CaseType | null; now: number },
): Promise<{ case: string; outcome: 'started' | 'joined' | 'known' | 'full'; start?: Start }> {
  return await retryOnConflict(async (attempt) => {
    const current = attempt === 1 ? household : await readHousehold(household.id);
    if (current === undefined || current.status !== 'registered')
      throw new HouseholdGone('The household of the clue is not registered.');
    const id = await caseIdOf(current);
    const found = await readCase(id);
    const known = clue.source === 'declaration' && (await hasJoined(id, clue.id));
    const people = current.members.length;
    const moved = takeClue(found, { id, household: current.id, clue, people, caseType, known, now });
    if (moved.after === undefined) return { case: id, outcome: 'full' };
    if (moved.events.length === 0) return { case: id, outcome: 'known' };
    const starts = moved.after.review !== found?.review;
    const start = reviewStart(moved.after);
    const beside = starts ? [dueStart(districtOf(current.id), start, now)] : joinedClueItems(moved.after, clue);
    await changeCase(found, moved, now, beside);
    return starts ? { case: id, outcome: 'started', start } : { case: id, outcome: 'joined' };
  });
}

/** The execution that carries a case's running review. Its name holds when the review began, so that each review is one execution. */
export function reviewStart({ id, review }: Pick<Case, 'id' | 'review'>): Start {
  if (review === null) throw new Error(`Case ${id} has no review to carry.`);
  const { procedure } = review.ladder;
  const name = `${id}-${procedure}-${review.startedAt.replaceAll(/[^0-9TZ]/g, '')}`;
  return { workflow: `case-${procedure}`, name, input: { case: id, procedure, startedAt: review.startedAt } };
}
