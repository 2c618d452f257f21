import type { Claim } from '../../contracts/insurance/claim.ts';
import { claimTurnInput } from '../../contracts/tasks/claim-settlement.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { checkCover } from '../../domain/insurance/cover.ts';
import { taskHandler } from '../../runtime/task.ts';
import { enterClue } from '../../store/cases/admissions.ts';
import { idOf } from '../../store/ids.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import { readInsured } from '../../store/insurance/policies.ts';
import { readInContext } from '../../store/insurance/settlements.ts';
import { readHousehold, readVersions } from '../../store/registry/households.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Registers a reported claim: period, roster, waiting period, line, and whether the person lived. What fails is proposed for refusal, not refused.
 * Ceiling: none that grows with the district or its roster: one claim, one person of the roster, and the versions of one household, 1 KB each.
 */
export const handler = taskHandler(claimTurnInput, async ({ claim: id, turn }, now): Promise<{ checked: boolean }> => {
  const found = await readInContext(id);
  if (found === undefined || found.claim.turn !== turn) return { checked: false };
  const { claim, policy, product } = found;
  await raiseClue(claim, now);
  const [insured, versions] = await Promise.all([
    readInsured(policy.id, [claim.person]),
    readVersions(claim.household),
  ]);
  const death = versions.find(({ change }) => change.kind === 'death' && change.person === claim.person);
  const { checks, code } = checkCover({
    policy,
    lines: product.lines,
    line: claim.line,
    eventOn: claim.eventOn,
    covers: insured.get(claim.person)?.covers ?? [],
    deceasedOn: death?.on ?? null,
  });
  const moved = moveClaim(claim, { move: 'cover-checked', checks, code }, now);
  if (moved.after === undefined) return { checked: false };
  try {
    await changeClaim(claim, moved, { policy, product, now });
    return { checked: true };
  } catch (error) {
    if (error instanceof ConditionFailed) return { checked: false };
    throw error;
  }
});

/** A claim is itself a clue (docs/domain.md, 3): somebody of the household has had a loss. Before the claim moves, so that a crash between raises it again. */
async function raiseClue(claim: Claim, now: number): Promise<void> {
  const household = await readHousehold(claim.household);
  if (household === undefined || household.status !== 'registered') return;
  const id = await idOf('clue', 'claim', claim.id);
  const clue = { source: 'claim' as const, id, household: household.id, at: claim.reportedAt, claim: claim.id };
  await enterClue(household, clue, { caseType: null, now });
}
