import type { Verdict } from '../../../contracts/cases/case.ts';
import type { Case } from '../../../contracts/cases/case-record.ts';
import type { ReviewState } from '../../../contracts/cases/review.ts';
import type { DecisionAnswer } from '../../../contracts/decision.ts';
import { Problem } from '../../../contracts/problems.ts';
import { isAtLeast } from '../../../contracts/regions.ts';
import { type Ending, moveReview } from '../../../domain/cases/case.ts';
import { allHold, closureGates } from '../../../domain/cases/closure-gates.ts';
import { currentStep, ladders, pinnedLadder, tierOf } from '../../../domain/cases/ladder.ts';
import { gateSentence, refusalSentence } from '../../../domain/cases/sentences.ts';
import { config } from '../../../runtime/config.ts';
import { type Caller, within } from '../../../runtime/http.ts';
import { logger } from '../../../runtime/logger.ts';
import { changeCase, readCase } from '../../../store/cases/cases.ts';
import { readClosureFacts } from '../../../store/cases/closure-facts.ts';
import { retryOnConflict } from '../../../store/conflicts.ts';
import { answered, mayDecide, readDecision, type StoredDecision } from '../../../store/decisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { deliver } from '../../../store/workflows.ts';

export interface Decided {
  outcome: 'decided' | 'unchanged';
  subject: string;
  step: string;
  by: string;
  at: string;
}

/**
 * Decides a step of a review: one transaction moves the case, writes its timeline and turns the decision from pending to decided; then the
 * workflow is told. A crash before that is healed by the five-minute sweep. The same answer again changes nothing.
 * @throws Problem decision-unknown, decision-not-yours, decision-other-answer, and every refusal of the review
 */
export async function decideStep(id: string, verdict: Verdict, caller: Caller, now: number): Promise<Decided> {
  return await retryOnConflict(async () => {
    const stored = within(caller, await readDecision(id), ({ decision }) => decision.household, 'decision-unknown');
    // Whose turn a claim is follows from the claim itself; its steps carry more than a verdict.
    if (stored.decision.procedure === 'settlement')
      throw new Problem('claim-step-elsewhere', { extra: { claim: stored.decision.subject } });
    if (stored.answer !== undefined) return await given(stored, stored.answer, verdict);
    return await decideOnce(stored, verdict, caller, now);
  });
}

/** Already answered. Told to the workflow once more, in case nobody could. */
async function given({ decision, token }: StoredDecision, answer: DecisionAnswer, verdict: Verdict): Promise<Decided> {
  if (canonical(answer.verdict) !== canonical(verdict))
    throw new Problem('decision-other-answer', { extra: { by: answer.by, at: answer.at } });
  await tell(decision.id, token);
  return { outcome: 'unchanged', subject: decision.subject, step: decision.step, by: answer.by, at: answer.at };
}

async function decideOnce(
  { decision, token }: StoredDecision,
  verdict: Verdict,
  caller: Caller,
  now: number,
): Promise<Decided> {
  const tier = caller.role === 'public' ? undefined : tierOf(caller.role);
  if (caller.role === 'public' || !mayDecide(decision, caller.role)) throw new Problem('decision-not-yours');
  // A tier decides for all of its region: an official of one village is not the town, whatever their role says.
  if (tier !== undefined && !isAtLeast(caller.region, tier)) throw new Problem('region-level');
  const found = await readCase(decision.subject);
  if (found === undefined || found.review === null) throw new Problem('stale-decision');
  const { gatesHold, ...ending } = await gatesAt(found, found.review, verdict, now);
  await mustBeMember(found, verdict);
  const moved = moveReview(
    found,
    {
      type: 'decide',
      // A decision's step is the review's at its turn; another turn is refused as stale.
      step: found.review.turn === decision.turn ? found.review.step : stepOf(found.review, decision.turn),
      turn: decision.turn,
      by: { account: caller.sub, role: caller.role },
      verdict,
      gatesHold,
      now,
    },
    ending,
  );
  if (moved.after === undefined)
    throw new Problem(moved.refusal, { detail: refusalSentence(moved.refusal, moved.missing) });
  const at = new Date(now).toISOString();
  await changeCase(found, moved, now, [answered(decision, { verdict, by: caller.sub, at })]);
  await tell(decision.id, token);
  return { outcome: 'decided', subject: decision.subject, step: decision.step, by: caller.sub, at };
}

/** The decision holds whether or not the workflow hears of it now: a failure here is left to the sweep. */
async function tell(id: string, token: string | undefined): Promise<void> {
  try {
    await deliver(id, token);
  } catch (error) {
    logger.warn('delivery left to the sweep', {
      decision: id,
      error: error instanceof Error ? error.name : typeof error,
    });
  }
}

function stepOf({ decisions, step }: ReviewState, turn: number): ReviewState['step'] {
  return decisions.find((made) => made.turn === turn)?.step ?? step;
}

/** The closure's gates at this instant, where the step asks for them. @throws Problem gates-not-met, with every gate explained */
async function gatesAt(
  found: Case,
  review: ReviewState,
  verdict: Verdict,
  now: number,
): Promise<Ending & { gatesHold: boolean }> {
  const step = currentStep(pinnedLadder(ladders, review), review);
  if (step.kind !== 'decision' || !step.gates || verdict.verdict !== 'approve' || found.closing === null)
    return { gatesHold: false };
  const facts = await readClosureFacts(config.district(), found, found.closing.method, now);
  const gates = closureGates(facts);
  if (!allHold(gates)) {
    throw new Problem('gates-not-met', {
      extra: { gates: gates.filter(({ holds }) => !holds).map((gate) => ({ ...gate, sentence: gateSentence(gate) })) },
    });
  }
  const { newestVisit } = facts;
  return newestVisit === null
    ? { gatesHold: true }
    : { gatesHold: true, perCapita: newestVisit.triage.perCapita, guarantees: newestVisit.visit.guarantees };
}

/** The authorisation is a member's to sign. @throws Problem signer-not-member */
async function mustBeMember(found: Case, verdict: Verdict): Promise<void> {
  if (verdict.verdict !== 'approve' || verdict.authorisation === undefined) return;
  const { signedBy } = verdict.authorisation;
  const household = await readHousehold(found.household);
  if (household?.members.some(({ person }) => person === signedBy) !== true) throw new Problem('signer-not-member');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name}:${canonical(field)}`)
    .join()}}`;
}
