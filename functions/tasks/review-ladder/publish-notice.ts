import { townOf } from '../../contracts/regions.ts';
import { turnInput } from '../../contracts/tasks/review-ladder.ts';
import { villageOf } from '../../contracts/values.ts';
import { episodeOf, moveReview } from '../../domain/cases/case.ts';
import { noticePeriod } from '../../domain/cases/clocks.ts';
import { currentStep, ladders, pinnedLadder } from '../../domain/cases/ladder.ts';
import { publicNotice } from '../../domain/cases/notice.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { changeCase } from '../../store/cases/cases.ts';
import { putUp } from '../../store/cases/notices.ts';
import { readReview } from '../../store/cases/reviews.ts';
import { idOf } from '../../store/ids.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { ConditionFailed } from '../../store/table.ts';

/** A notice cannot be made: no divisions, no household, or no type. The execution stops loudly (runbook). */
export class NoticeImpossible extends Error {
  override readonly name = 'NoticeImpossible';
}

/**
 * Makes the notice from its template, checks that it holds nothing it may not, and puts it up in the transaction that records it.
 * Its id is made of the case and turn: a retry finds it up.
 * Ceiling: one case of at most 400 KB, and the divisions, 50 bytes a village in one item: 8,000 villages.
 */
export const handler = taskHandler(turnInput, async ({ turn, ...input }, now): Promise<{ published: boolean }> => {
  const found = await readReview(input);
  const review = found?.review;
  if (found === undefined || review === null || review === undefined || review.turn !== turn)
    return { published: false };
  const id = await idOf('notice', found.id, review.startedAt, turn);
  const moved = moveReview(found, { type: 'publish-notice', turn, notice: id, now });
  if (moved.after === undefined || moved.events.length === 0) return { published: false };

  const [divisions, household] = await Promise.all([readDivisions(config.district()), readHousehold(found.household)]);
  const village = villageOf(found.household);
  const town = divisions?.towns.find(({ code }) => code === townOf(village));
  const head = household?.members.find(({ relation }) => relation === 'head');
  const { caseType, people } = episodeOf(found);
  const step = currentStep(pinnedLadder(ladders, review), review);
  if (town === undefined || head === undefined || caseType === null || step.kind !== 'notice')
    throw new NoticeImpossible(`Notice ${id} cannot be made.`);
  const period = noticePeriod(now, step.days);
  const text = publicNotice(
    {
      procedure: review.ladder.procedure,
      town: town.name,
      village: town.villages.find(({ code }) => code === village)?.name ?? '',
      head: head.name,
      caseType,
      people,
      period,
    },
    household?.members.map(({ name }) => name) ?? [],
  );
  const { publishedOn, lastDay } = period;
  try {
    const notice = { id, village, procedure: review.ladder.procedure, text, publishedOn, lastDay, case: found.id };
    await changeCase(found, moved, now, putUp(notice));
    return { published: true };
  } catch (error) {
    // Somebody changed the case in this instant: the workflow looks again.
    if (error instanceof ConditionFailed) return { published: false };
    throw error;
  }
});
