import * as z from 'zod';
import { villageCode } from '../regions.ts';
import { instant, isoDate } from '../values.ts';
import { account, noticeId, objectionId } from './case.ts';
import { procedure } from './review.ts';

/** A public notice as anybody may read it while it stands: its text and dates, and not even the case's id. */
export const notice = z.strictObject({
  id: noticeId,
  village: villageCode,
  procedure,
  text: z.string().min(1).max(1000),
  publishedOn: isoDate,
  /** The last of its full days; it is gone at 24:00 Asia/Shanghai. */
  lastDay: isoDate,
});

/** An objection as anybody may lodge it, without login. */
export const objectionRequest = z.strictObject({
  text: z.string().trim().min(4).max(500),
  contact: z.string().trim().max(60).optional(),
});

/** An objection as it is kept, with the answer that lets the review go on. */
export const objection = z.strictObject({
  id: objectionId,
  notice: noticeId,
  lodgedAt: instant,
  ...objectionRequest.shape,
  answer: z.strictObject({ text: z.string().trim().min(4).max(500), by: account, at: instant }).optional(),
});
