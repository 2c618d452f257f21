import * as z from 'zod';
import { instant } from './values.ts';

/** What happens in the life of a case. Append only: a name once used keeps its meaning. */
export const caseEventKind = z.enum([
  'clue-joined',
  'review-started',
  'step-decided',
  'step-escalated',
  'notice-published',
  'notice-concluded',
  'objection-lodged',
  'objection-answered',
  'case-opened',
  'case-rejected',
  'helper-assigned',
  'risk-recorded',
  'risk-gone',
  'measure-planned',
  'measure-changed',
  'closure-refused',
  'case-closed',
  'episode-started',
  'household-moved',
]);
export type CaseEventKind = z.infer<typeof caseEventKind>;

const digest = z.string().min(16).max(128);
/** A link of a timeline: of a case, or of a claim with its own kinds of events. The body stands beside it with its salt and can be erased; the digest stays and the chain holds. */
export const chainLink = z.strictObject({
  /** 1 for the first. */
  sequence: z.int().min(1),
  at: instant,
  kind: z.string().min(1).max(40),
  /** Of the salted body. */
  digest,
  /** Hash of the link before; the subject's own anchor for the first. */
  previous: digest,
  hash: digest,
});
export type ChainLink = z.infer<typeof chainLink>;
