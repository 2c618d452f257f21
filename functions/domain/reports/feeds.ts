import type { EntryKind } from '../../contracts/assistance/ledger-entry.ts';
import type { FigureKey } from '../../contracts/reports/brief.ts';

/** The events other than help that a brief counts. "Able" is a household in which somebody had labour when it was last seen. */
export type ReportedEvent =
  | EntryKind
  | 'household-registered'
  | 'general-household-registered'
  | 'member-joined-able'
  | 'member-left-able'
  | 'household-cancelled-able'
  | 'visit-sealed-able'
  | 'visit-sealed-unable'
  | 'case-opened'
  | 'case-closed'
  | 'policy-concluded'
  | 'person-enrolled'
  | 'person-taken-off'
  | 'claim-reported'
  | 'claim-withdrawn'
  | 'claim-paid'
  | 'death-claim-paid'
  | 'payment-returned'
  | 'union-donation-received';

const people = ['registry.people', 'registry.withLabour.people'] as const;
const able = ['registry.withLabour.households', 'registry.withLabour.people'] as const;
const open = ['cases.open.households', 'cases.open.people'] as const;
const paid = [
  'insurance.claims.paid.count',
  'insurance.claims.paid.amount',
  'insurance.claims.inProgress.count',
] as const;
const seen = ['screening.year.householdVisits'] as const;

/**
 * The figures each kind of event changes, and no others; a visit also changes its own quarter's figure. A test records one event of each kind
 * and compares; docs/figures.md is generated from it.
 */
export const feeds: Record<ReportedEvent, readonly FigureKey[]> = {
  'household-registered': ['registry.households', 'registry.people'],
  'general-household-registered': [],
  'member-joined-able': people,
  'member-left-able': people,
  'household-cancelled-able': ['registry.households', ...people, 'registry.withLabour.households'],
  'visit-sealed-able': [...able, ...seen],
  'visit-sealed-unable': ['registry.withoutLabour.households', 'registry.withoutLabour.people', ...seen],
  'case-opened': ['cases.admitted.households', 'cases.admitted.people', ...open],
  'case-closed': ['cases.closed.households', 'cases.closed.people', ...open],
  'policy-concluded': ['insurance.cover'],
  'person-enrolled': ['insurance.insured.people'],
  'person-taken-off': ['insurance.insured.people'],
  'claim-reported': ['insurance.claims.inProgress.count'],
  'claim-withdrawn': ['insurance.claims.inProgress.count'],
  'claim-paid': paid,
  'death-claim-paid': [...paid, 'insurance.example.accidentalDeath.amount'],
  'payment-returned': paid,
  placement: ['employment.placed.people'],
  'unemployed-hired': ['employment.unemployedHired.people'],
  'start-up': ['employment.startups.people'],
  training: ['employment.trained.people'],
  post: ['posts.publicWelfare.count'],
  'post-subsidy': ['posts.publicWelfare.subsidy', 'helped.households'],
  'award-application': [],
  'award-acceptance': [],
  'award-payment': ['awards.amount', 'helped.households'],
  loan: ['loans.amount'],
  'housing-repair': ['housing.repaired.households', 'housing.repaired.amount'],
  goods: [],
  offspring: [],
  'donation-received': ['donations.raised'],
  'union-donation-received': ['donations.raised', 'donations.unions'],
  'donation-spent': [],
  'company-jobs': ['social.jobsHelped.personTimes'],
  'team-visit': ['visited.households'],
};
