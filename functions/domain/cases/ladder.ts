import type { StepId } from '../../contracts/cases/case.ts';
import type { DecisionStep, Ladder, LadderStep, Procedure, ReviewState, Tier } from '../../contracts/cases/review.ts';
import { districtOf, townOf } from '../../contracts/regions.ts';
import type { Role } from '../../contracts/roles.ts';

/**
 * The ladders as shipped (docs/domain.md, 4 and 5). A district that sets a clock differently adds a ladder with a later
 * effective date. Three days for home verification, five for the comparison and fifteen in all are published; the other
 * steps have no published clock of their own and get three days, so that every step has one.
 */
export const ladders: readonly Ladder[] = [
  {
    procedure: 'admission',
    effectiveFrom: '2021-01-01',
    steps: [
      decision('home-verification', 'village', 3, { requires: ['authorisation', 'risks'] }),
      decision('data-comparison', 'district', 5, { requires: ['caseType'] }),
      decision('village-appraisal', 'village', 3, { requires: ['votes'] }),
      { kind: 'notice', id: 'public-notice', days: 5 },
      decision('town-review', 'town', 3),
      decision('district-approval', 'district', 3, { requires: ['helper'] }),
    ],
    total: { days: 15, kind: 'calendar' },
    remindBefore: [1],
    sameStepAgain: false,
  },
  {
    procedure: 'closure',
    effectiveFrom: '2021-01-01',
    steps: [
      decision('home-verification', 'village', 3),
      decision('village-appraisal', 'village', 3, { requires: ['votes'] }),
      { kind: 'notice', id: 'public-notice', days: 5 },
      decision('town-review', 'town', 3),
      decision('district-approval', 'district', 3, { requires: ['monitoringContact'], gates: true }),
    ],
    total: { days: 15, kind: 'calendar' },
    remindBefore: [1],
    sameStepAgain: false,
  },
];

function decision(
  id: StepId,
  tier: Tier,
  days: number,
  { requires = [], gates = false }: { requires?: DecisionStep['requires']; gates?: boolean } = {},
): DecisionStep {
  return { kind: 'decision', id, tier, clock: { days, kind: 'calendar', start: 'step' }, requires, gates };
}

/** The configuration has no ladder for this procedure and day, or lacks the one a running review began with. */
export class NoLadder extends Error {
  override readonly name = 'NoLadder';
}

/** The ladder in force on a day (Asia/Shanghai): the newest whose effective date is not later. @throws NoLadder */
export function ladderInForce(all: readonly Ladder[], procedure: Procedure, day: string): Ladder {
  let best: Ladder | undefined;
  for (const candidate of all) {
    if (candidate.procedure !== procedure || candidate.effectiveFrom > day) continue;
    if (best === undefined || candidate.effectiveFrom > best.effectiveFrom) best = candidate;
  }
  if (best === undefined) throw new NoLadder(`No ladder for ${procedure} on ${day}.`);
  return best;
}

/** The ladder a review began with; later changes of the configuration do not affect it. @throws NoLadder */
export function pinnedLadder(all: readonly Ladder[], { ladder }: Pick<ReviewState, 'ladder'>): Ladder {
  const pinned = all.find(
    ({ procedure, effectiveFrom }) => procedure === ladder.procedure && effectiveFrom === ladder.effectiveFrom,
  );
  if (pinned === undefined) throw new NoLadder(`No ladder for ${ladder.procedure} from ${ladder.effectiveFrom}.`);
  return pinned;
}

/** The place of a step in the ladder, from 0; −1 when it has none. */
export function placeOf(ladder: Ladder, step: StepId): number {
  return ladder.steps.findIndex(({ id }) => id === step);
}

/** The step a review stands at. @throws NoLadder when the ladder does not have it */
export function currentStep(ladder: Ladder, { step }: Pick<ReviewState, 'step'>): LadderStep {
  const found = ladder.steps[placeOf(ladder, step)];
  if (found === undefined) throw new NoLadder(`The ladder has no step ${step}.`);
  return found;
}

/** Who decides at each tier, and the tier above, which also gets the step when its clock has run out. */
const tiers: Record<Tier, { role: Role; above: Tier | null }> = {
  village: { role: 'village-worker', above: 'town' },
  town: { role: 'town-officer', above: 'district' },
  district: { role: 'district-officer', above: null },
};

export function roleOf(tier: Tier): Role {
  return tiers[tier].role;
}

/** The tier a role decides for; undefined for roles that decide no step. */
export function tierOf(role: Role): Tier | undefined {
  if (role === tiers.village.role) return 'village';
  if (role === tiers.town.role) return 'town';
  return role === tiers.district.role ? 'district' : undefined;
}

/** The region whose inbox a tier's step lies in: the village itself, its town, its district. */
export function regionOf(tier: Tier, village: string): string {
  if (tier === 'village') return village;
  return tier === 'town' ? townOf(village) : districtOf(village);
}

/**
 * The inboxes a review is in: the step's tier and, once escalated, the next one too. None while a notice stands or when
 * the review has ended. Nothing lies above the district: its overdue step stays where it is and is only marked escalated.
 */
export function inboxesOf(ladder: Ladder, state: ReviewState): Tier[] {
  const step = currentStep(ladder, state);
  if (state.ended !== null || step.kind === 'notice') return [];
  const { above } = tiers[step.tier];
  return state.escalated && above !== null ? [step.tier, above] : [step.tier];
}
