import * as z from 'zod';
import { regionCode } from '../regions.ts';
import { instant } from '../values.ts';
import { caseId, noticeId, objectionId } from './case.ts';
import { notice, objectionRequest } from './notice.ts';

export { objectionRequest } from './notice.ts';
export const noticeQuery = z.strictObject({ region: regionCode });
export const noticeList = z.object({ items: z.array(notice) });
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
