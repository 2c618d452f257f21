import type { DecisionView } from '../../../contracts/cases/decisions-http.ts';
import type { Decision } from '../../../contracts/decision.ts';
import { villageOf } from '../../../contracts/values.ts';
import { episodeOf } from '../../../domain/cases/case.ts';
import { explainSignal } from '../../../domain/screening/explain.ts';
import { config } from '../../../runtime/config.ts';
import { type Operation, within } from '../../../runtime/http.ts';
import { readCase } from '../../../store/cases/cases.ts';
import { readWhatWasSeen } from '../../../store/cases/closure-facts.ts';
import { readDecision as readStored } from '../../../store/decisions.ts';
import { listClaimsOf } from '../../../store/insurance/claims.ts';
import { readDivisions } from '../../../store/registry/divisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import type { decisionRoutes } from '../../routes/cases.ts';
import { viewOf } from './view.ts';

const insurers: readonly string[] = ['insurer-adjuster', 'insurer-approver', 'bank'];

/** A decision, pending or answered, with everything it is decided by. Insurers and the bank see those of claims, and no reviews. */
export const readDecision: Operation<typeof decisionRoutes.readDecision> = async ({ caller, params, now }) => {
  const stored = await readStored(params.id);
  const hidden = insurers.includes(caller.role) && stored?.decision.procedure !== 'settlement';
  const { decision, answer } = within(
    caller,
    hidden ? undefined : stored,
    ({ decision: { household } }) => household,
    'decision-unknown',
  );
  const [household, divisions, facts] = await Promise.all([
    // Insurers and the bank have no right to the register: neither to who lives there nor to whether it was poor.
    insurers.includes(caller.role) ? undefined : readHousehold(decision.household),
    readDivisions(config.district()),
    factsOf(decision),
  ]);
  const village = villageOf(decision.household);
  const town = divisions?.towns.find(({ code }) => village.startsWith(code));
  const view: DecisionView = viewOf(decision, now);
  return {
    status: 200,
    body: {
      ...view,
      answer: answer === undefined ? null : { verdict: wordOf(answer.verdict), by: answer.by, at: answer.at },
      names: {
        town: town?.name ?? village.slice(0, 9),
        village: town?.villages.find(({ code }) => code === village)?.name ?? village,
        head: household?.members.find(({ relation }) => relation === 'head')?.name ?? null,
      },
      people: household?.members.length ?? null,
      origin: household?.origin ?? null,
      ...facts,
    },
  };
};

/** What a review is decided by, or a claim: a bank need not know how a household was triaged. */
async function factsOf({ procedure, subject, household }: Decision) {
  if (procedure === 'settlement') {
    const claim = (await listClaimsOf(household)).find(({ id }) => id === subject);
    const told =
      claim === undefined
        ? null
        : { line: claim.line, stage: claim.stage, eventOn: claim.eventOn, claimed: claim.claimed };
    return { case: null, claim: told, newest: null };
  }
  const [found, seen] = await Promise.all([readCase(subject), readWhatWasSeen(config.district(), household)]);
  const episode = found === undefined ? undefined : episodeOf(found);
  const [row] = seen.sheets;
  return {
    case:
      found === undefined || episode === undefined
        ? null
        : {
            stage: found.stage,
            episode: episode.number,
            caseType: episode.caseType,
            risks: episode.risks.flatMap(({ code, gone }) => (gone === undefined ? [code] : [])),
            earlier: (found.review?.decisions ?? []).map(({ step, verdict, by, at, escalated }) => ({
              step,
              verdict,
              by,
              at,
              escalated,
            })),
          },
    claim: null,
    newest:
      row === undefined
        ? null
        : { round: row.round, class: row.class, perCapita: row.perCapita, signals: row.signals.map(explainSignal) },
  };
}

/** A verdict of a review is an object, an answer of another kind a word. */
function wordOf(verdict: unknown): string {
  return typeof verdict === 'string' ? verdict : String(Object(verdict)['verdict'] ?? Object(verdict)['step'] ?? '');
}
