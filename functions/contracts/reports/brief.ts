import * as z from 'zod';
import { regionCode } from '../regions.ts';
import { instant, isoDate } from '../values.ts';

export const figureUnit = z.enum(['household', 'person', 'household-visit', 'fen', 'claim', 'post', 'person-time']);
export type FigureUnit = z.infer<typeof figureUnit>;

/** The figures of a brief (简报), in the order they are read. Each has one definition (domain/reports/figures.ts). */
export const figureKeys = [
  'registry.households',
  'registry.people',
  'registry.withLabour.households',
  'registry.withLabour.people',
  'registry.withoutLabour.households',
  'registry.withoutLabour.people',
  'cases.admitted.households',
  'cases.admitted.people',
  'cases.closed.households',
  'cases.closed.people',
  'cases.open.households',
  'cases.open.people',
  'screening.q1.households',
  'screening.q2.households',
  'screening.q3.households',
  'screening.q4.households',
  'screening.year.householdVisits',
  'insurance.insured.people',
  'insurance.cover',
  'insurance.claims.paid.count',
  'insurance.claims.paid.amount',
  'insurance.claims.inProgress.count',
  'insurance.example.accidentalDeath.amount',
  'employment.placed.people',
  'employment.startups.people',
  'employment.trained.people',
  'employment.unemployedHired.people',
  'posts.publicWelfare.count',
  'posts.publicWelfare.subsidy',
  'awards.amount',
  'loans.amount',
  'donations.raised',
  'donations.unions',
  'social.jobsHelped.personTimes',
  'helped.households',
  'visited.households',
  'housing.repaired.households',
  'housing.repaired.amount',
] as const;
export const figureKey = z.enum(figureKeys);
export type FigureKey = z.infer<typeof figureKey>;

export const figure = z.object({
  key: figureKey,
  zh: z.string(),
  unit: figureUnit,
  definition: z.string(),
  value: z.int(),
});
export type Figure = z.infer<typeof figure>;

export const brief = z.object({
  region: regionCode,
  name: z.string(),
  asOf: isoDate,
  /** Only what was recorded by then counts: a published brief keeps its instant, and can be told again. */
  knownAt: instant,
  /** Whether a line used for the screening of that year is only illustrative. */
  illustrative: z.boolean(),
  figures: z.array(figure),
  /** For the charts: the sealed rounds of the year by class, and the figures of the parts of the region. */
  rounds: z.array(
    z.object({ round: z.string(), visited: z.int(), secure: z.int(), concern: z.int(), monitor: z.int() }),
  ),
  parts: z.array(
    z.object({ region: z.string(), name: z.string(), registered: z.int(), open: z.int(), helped: z.int() }),
  ),
});
export type Brief = z.infer<typeof brief>;
