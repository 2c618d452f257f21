import * as z from 'zod';
import { regionPageQuery } from '../http.ts';
import { regionCode } from '../regions.ts';
import { householdId, instant } from '../values.ts';
import { caseId, noticeId, objectionId } from './case.ts';
import { notice, objectionRequest } from './notice.ts';

export { objectionRequest } from './notice.ts';
export const noticeQuery = z.strictObject({ region: regionCode });
export const noticeList = z.object({ items: z.array(notice) });
/** Every notice of a region as officers see it, also those that have ended: the newest first. */
export const allNoticesQuery = regionPageQuery;
export const allNoticesPage = z.object({
  items: z.array(
    notice.extend({
      case: caseId,
      household: householdId,
      /** `void`: taken down before its end, because the review was sent back. */
      state: z.enum(['standing', 'ended', 'void']),
      lodged: z.int(),
      answered: z.int(),
    }),
  ),
  /** With the first page. */
  total: z.int().optional(),
  next: z.string().optional(),
});
export const noticeParams = z.strictObject({ id: noticeId });
export const objectionParams = z.strictObject({ id: noticeId, objection: objectionId });
export const objectionResponse = z.object({ id: objectionId, lodgedAt: instant });
export const objectionList = z.object({
  case: caseId,
  items: z.array(
    z.object({
      id: objectionId,
      lodgedAt: instant,
      text: objectionRequest.shape.text,
      /** Only masked; whoever must call back reveals it by the household's own record. */
      hasContact: z.boolean(),
      answer: z.object({ text: z.string(), by: z.string(), at: instant }).nullable(),
    }),
  ),
});
export const answerRequest = z.strictObject({ text: z.string().trim().min(4).max(500) });
export const answerResponse = z.object({ id: objectionId, answeredAt: instant });
