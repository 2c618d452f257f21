import { Problem } from '../../contracts/problems.ts';
import { districtOf } from '../../contracts/regions.ts';
import { endOf } from '../../domain/calendar.ts';
import { moveReview } from '../../domain/cases/case.ts';
import { unansweredObjections } from '../../domain/cases/review.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation, within } from '../../runtime/http.ts';
import { changeCase, readCase, readCases } from '../../store/cases/cases.ts';
import {
  answeredObjection,
  listObjections,
  listPublished,
  listPublishedAfter,
  listStanding,
  placeOfNotice,
  putObjection,
  readNotice,
  readNotices,
  readObjection,
  type StoredNotice,
} from '../../store/cases/notices.ts';
import { decisionOf } from '../../store/cases/reviews.ts';
import { retryOnConflict } from '../../store/conflicts.ts';
import { answered, readDecision } from '../../store/decisions.ts';
import { idOf } from '../../store/ids.ts';
import { withinLimit } from '../../store/rate-limits.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { ConditionFailed, transact } from '../../store/table.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { noticeRoutes } from '../routes/cases.ts';

const CALLS_AN_HOUR = 120;
/** Reading costs a tenth of writing, and everybody in a village may read on the same day. */
const READS_AN_HOUR = 1_200;
/** A village may share one address behind its operator's network; more voices about one notice from there are a flood. */
const OBJECTIONS_OF_A_CALLER_A_DAY = 20;

/** The district's towns and villages as the state publishes them, so that nobody types a code. */
const listVillages: Operation<typeof noticeRoutes.listVillages> = async ({ now, address }) => {
  if (!(await withinLimit('villages', address, now, READS_AN_HOUR))) throw new Problem('too-many-requests');
  const found = await readDivisions(config.district());
  if (found === undefined) throw new Problem('divisions-missing');
  return { status: 200, body: found };
};

/** What stands now, for anybody to read. The case it belongs to is not told. */
const listNotices: Operation<typeof noticeRoutes.listNotices> = async ({ query, now, address }) => {
  if (!(await withinLimit('notices', address, now, READS_AN_HOUR))) throw new Problem('too-many-requests');
  if (districtOf(query.region) !== config.district()) throw new Problem('outside-region');
  const standing = await listStanding(query.region, now);
  const items = standing.map(({ id, village, procedure, text, publishedOn, lastDay }) => ({
    id,
    village,
    procedure,
    text,
    publishedOn,
    lastDay,
  }));
  return { status: 200, body: { items } };
};

/**
 * The register of notices, for officers: also those that have ended, with the objections that their review counted, the newest first. The first page reads
 * every line of the register (100 bytes: of 10,000 notices, which are years, 250 read units), for their number; a later one of a whole district only its own.
 */
const listAllNotices: Operation<typeof noticeRoutes.listAllNotices> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const { region, limit, cursor } = query;
  const page =
    cursor === undefined || region !== config.district()
      ? await listPublished(region).then((all) => ({ ...pageOf(all, placeOfNotice, region, query), total: all.length }))
      : await pageFrom(
          cursor,
          limit,
          region,
          placeOfNotice,
          (after, size) => listPublishedAfter(region, after, size),
          '',
        );
  const stored = await readNotices(page.items.map(({ id }) => id));
  const found = [...stored.values()];
  const cases = await readCases([...new Set(found.map((one) => one.case))]);
  const items = page.items.flatMap(({ id }) => {
    const notice = stored.get(id);
    const of = notice === undefined ? undefined : cases.get(notice.case);
    if (notice === undefined || of === undefined) return [];
    const { voided, ...shown } = notice;
    // An earlier review's counts are gone with it; the objections themselves stay with the notice.
    const { lodged = 0, answered: given = 0 } = of.review?.notices.find((one) => one.id === id) ?? {};
    const state = voided ? 'void' : now < endOf(notice.lastDay) ? 'standing' : 'ended';
    return [{ ...shown, household: of.household, state, lodged, answered: given }];
  });
  const total = 'total' in page && cursor === undefined ? { total: page.total } : {};
  return { status: 200, body: { items, ...total, ...page.next } };
};

/** An objection by anybody while the notice stands; it blocks the next step until it is answered. The same words again are the same objection. */
const lodgeObjection: Operation<typeof noticeRoutes.lodgeObjection> = async ({ params, body, now, address }) => {
  if (!(await withinLimit('objections', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const id = await idOf('objection', params.id, body.text, body.contact);
  const lodgedAt = new Date(now).toISOString();
  return await retryOnConflict(async (attempt) => {
    const { notice, found } = await noticeAndCase(params.id);
    const lodged = await readObjection(notice.id, id);
    if (lodged !== undefined) return { status: 200, body: { id, lodgedAt: lodged.lodgedAt } };
    if (attempt === 1 && !(await mayObject(notice.id, address, now))) throw new Problem('too-many-requests');
    const moved = moveReview(found, { type: 'object', notice: notice.id, objection: id, now });
    if (moved.after === undefined)
      throw new Problem(moved.refusal === 'objections-full' ? 'objections-full' : 'notice-not-standing');
    const data = body.contact === undefined ? undefined : await personalData(config.district());
    const contact =
      data === undefined || body.contact === undefined ? {} : { contactCipher: data.encrypt(body.contact, id) };
    await changeCase(found, moved, now, [
      putObjection({ id, notice: notice.id, lodgedAt, text: body.text, ...contact }),
    ]);
    return { status: 201, body: { id, lodgedAt } };
  });
};

function mayObject(notice: string, address: string, now: number): Promise<boolean> {
  return withinLimit(`objections-${notice}`, address, now, OBJECTIONS_OF_A_CALLER_A_DAY, 'day');
}

async function noticeAndCase(id: string) {
  const notice = await readNotice(id);
  const found = notice === undefined ? undefined : await readCase(notice.case);
  if (notice === undefined || found === undefined) throw new Problem('notice-unknown');
  return { notice, found };
}

const objections: Operation<typeof noticeRoutes.listObjections> = async ({ caller, params }) => {
  const notice = within(caller, await readNotice(params.id), ({ village }) => village, 'notice-unknown');
  const items = (await listObjections(notice.id)).map(({ id, lodgedAt, text, contactCipher, answer }) => ({
    id,
    lodgedAt,
    text,
    hasContact: contactCipher !== undefined,
    answer: answer ?? null,
  }));
  return { status: 200, body: { case: notice.case, items } };
};

/** Answers an objection; with the last one answered, a review that waits behind its notice goes on. */
const answerObjection: Operation<typeof noticeRoutes.answerObjection> = async ({ caller, params, body, now }) => {
  return await retryOnConflict(async () => {
    const { notice, found } = await noticeAndCase(params.id);
    within(caller, notice, ({ village }) => village, 'notice-unknown');
    const objection = await readObjection(notice.id, params.objection);
    if (objection === undefined) throw new Problem('objection-unknown');
    if (objection.answer !== undefined) {
      if (objection.answer.text !== body.text) throw new Problem('objection-answered');
      await endWait(notice, caller.sub, now);
      return { status: 200, body: { id: objection.id, answeredAt: objection.answer.at } };
    }
    const moved = moveReview(found, {
      type: 'answer-objection',
      notice: notice.id,
      objection: objection.id,
      by: caller.sub,
      now,
    });
    if (moved.after === undefined) throw new Problem(moved.refusal);
    const at = new Date(now).toISOString();
    await changeCase(found, moved, now, [answeredObjection(objection, { text: body.text, by: caller.sub, at })]);
    await endWait(notice, caller.sub, now);
    return { status: 200, body: { id: objection.id, answeredAt: at } };
  });
};

/**
 * Ends the workflow's wait for answers when all are given: the five-minute sweep delivers it. If the workflow does
 * not wait yet, it will look before it does; if this crashes, it looks again by itself.
 */
async function endWait(notice: StoredNotice, by: string, now: number): Promise<void> {
  const found = await readCase(notice.case);
  const decision = found === undefined ? undefined : decisionOf(found);
  if (found?.review?.step !== 'public-notice' || decision === undefined || unansweredObjections(found.review) > 0)
    return;
  if ((await readDecision(decision.id)) === undefined) return;
  try {
    await transact([answered(decision, { verdict: 'answered', by, at: new Date(now).toISOString() })]);
  } catch (error) {
    // Ended before by the same answer.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

export const handler = httpHandler(noticeRoutes, {
  listVillages,
  listNotices,
  listAllNotices,
  lodgeObjection,
  listObjections: objections,
  answerObjection,
});
