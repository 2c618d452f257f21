import * as z from 'zod';
import { regionCode } from '../regions.ts';
import { fen, isoDate } from '../values.ts';

const percent = z.int().min(1).max(1000);

/**
 * The numbers triage judges by, in force from a date. Never called policy: that is the insurance.
 * `lines` are monitoring lines in fen per person and year; the most specific region of the year counts. A line that is not
 * the province's published one is marked `illustrative`, and stays so on every screen.
 */
export const criteriaTerms = z.strictObject({
  effectiveFrom: isoDate,
  lines: z
    .array(
      z.strictObject({
        year: z.int().min(2020).max(2100),
        region: z.union([z.string().regex(/^\d{2}$/), z.string().regex(/^\d{4}$/), regionCode]),
        line: fen.min(1),
        status: z.enum(['official', 'illustrative']),
        source: z.string().trim().min(1).max(200),
      }),
    )
    .min(1)
    .max(200)
    .refine(
      (lines) => new Set(lines.map((line) => `${line.year}/${line.region}`)).size === lines.length,
      '同一年度同一地区只能有一条监测线',
    ),
  /** Income below this share of the line, but not below it, is near it. */
  nearLinePercent: percent.min(100),
  /** Income below this share of the previous round's has collapsed. */
  collapsePercent: percent.max(100),
  /** Self-paid cost at or above this share of income is rigid spending. */
  rigidSpendingPercent: percent.max(100),
  /** Self-paid medical cost from which a chronic illness is a burden, fen. */
  chronicBurden: fen,
  /** How many of a thousand households of each town the surveyor visits again; DEFAULT_SAMPLE_PERMILLE without it. */
  samplePermille: z.int().min(1).max(1000).optional(),
  /** A village where more than this share of the compared households disagree is marked; DEFAULT_DISAGREEMENT_PERCENT without it. */
  sampleDisagreementPercent: z.int().min(0).max(100).optional(),
});
export type CriteriaTerms = z.infer<typeof criteriaTerms>;

/** Five in a hundred. Not published: a district sets its own by criteria. */
export const DEFAULT_SAMPLE_PERMILLE = 50;
export const DEFAULT_DISAGREEMENT_PERCENT = 10;

export const criteria = z.strictObject({
  ...criteriaTerms.shape,
  id: z.string().regex(/^c-[0-9a-f]{12}$/),
  status: z.enum(['proposed', 'approved']),
  proposedBy: z.string(),
  proposedAt: z.string(),
  approvedBy: z.string().optional(),
  approvedAt: z.string().optional(),
});
export type Criteria = z.infer<typeof criteria>;

/** The monitoring line of a year for a region, fen per person; undefined when the criteria have none. */
export function monitoringLine(terms: Pick<CriteriaTerms, 'lines'>, year: number, region: string): number | undefined {
  let best: CriteriaTerms['lines'][number] | undefined;
  for (const line of terms.lines) {
    if (line.year !== year || !region.startsWith(line.region)) continue;
    if (best === undefined || line.region.length > best.region.length) best = line;
  }
  return best?.line;
}
