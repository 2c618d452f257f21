import * as z from 'zod';
import { householdId, instant, isoDate, personId } from '../values.ts';

/** How long records are kept after the last ground to keep them has ended, in whole years, from a day on. Set by the district; without one nobody is erased. */
export const retentionTerms = z.strictObject({
  years: z.int().min(1).max(100),
  /** Asia/Shanghai. */
  effectiveFrom: isoDate,
  /** The rule it rests on, as the district's archives name it. */
  basis: z.string().trim().min(4).max(200),
});

const proposal = { proposedBy: z.string(), proposedAt: instant };
const approval = { approvedBy: z.string().optional(), approvedAt: instant.optional() };

export const retentionId = z.string().regex(/^retention-[0-9a-f]{12}$/);
export const retention = z.object({
  ...retentionTerms.shape,
  id: retentionId,
  status: z.enum(['proposed', 'approved']),
  ...proposal,
  ...approval,
});
export type Retention = z.infer<typeof retention>;
export const retentionParams = z.strictObject({ id: retentionId });

/** The five grounds of article 47 of the Personal Information Protection Law, in its order. */
export const erasureGround = z.enum(['purpose-ended', 'period-over', 'consent-withdrawn', 'unlawful', 'other-law']);

export const erasureRequest = z.strictObject({
  person: personId,
  /** A household of the register whose history has them. */
  household: householdId,
  ground: erasureGround,
  /** Kept and listed for ever: it must not name the person. */
  reason: z.string().trim().min(4).max(200),
});
export const erasureId = z.string().regex(/^erasure-[0-9a-f]{16}$/);
/** `approved` is under way, or was interrupted: the approval sent again goes on. */
export const erasure = z.object({
  ...erasureRequest.shape,
  id: erasureId,
  status: z.enum(['proposed', 'approved', 'erased']),
  ...proposal,
  ...approval,
  erasedAt: instant.optional(),
});
export type Erasure = z.infer<typeof erasure>;
export const erasureParams = z.strictObject({ id: erasureId });
export const erasuresAnswer = z.object({ periods: z.array(retention), items: z.array(erasure) });
