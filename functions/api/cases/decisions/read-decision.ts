import * as z from 'zod';
import { votes } from '../../../contracts/cases/case.ts';
import type { Case } from '../../../contracts/cases/case-record.ts';
import type { DecisionView } from '../../../contracts/cases/decisions-http.ts';
import type { Decision } from '../../../contracts/decision.ts';
import { villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { episodeOf } from '../../../domain/cases/case.ts';
import { closureGates } from '../../../domain/cases/closure-gates.ts';
import { gateSentence } from '../../../domain/cases/sentences.ts';
import { explainSignal } from '../../../domain/screening/explain.ts';
import { config } from '../../../runtime/config.ts';
import { type Operation, within } from '../../../runtime/http.ts';
import { casePartition, readCase } from '../../../store/cases/cases.ts';
import { readClosureFacts, readWhatWasSeen } from '../../../store/cases/closure-facts.ts';
import { listObjections } from '../../../store/cases/notices.ts';
import { readDecision as readStored } from '../../../store/decisions.ts';
import { listClaimsOf } from '../../../store/insurance/claims.ts';
import { readDivisions } from '../../../store/registry/divisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { readTimeline } from '../../../store/timeline.ts';
import { viewOf as registeredView } from '../../registry/households/view.ts';
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
    factsOf(decision, now),
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
      registered: household === undefined ? null : registeredView(household, dayOf(now)),
      ...facts,
    },
  };
};

/** What a review is decided by, or a claim: a bank need not know how a household was triaged. */
async function factsOf({ procedure, subject, household }: Decision, now: number) {
  if (procedure === 'settlement') {
    const claim = (await listClaimsOf(household)).find(({ id }) => id === subject);
    const told =
      claim === undefined
        ? null
        : { line: claim.line, stage: claim.stage, eventOn: claim.eventOn, claimed: claim.claimed };
    return { case: null, claim: told, newest: null };
  }
  const [found, seen] = await Promise.all([readCase(subject), readWhatWasSeen(config.district(), household)]);
  const [row] = seen.sheets;
  return {
    case: found === undefined ? null : await caseView(found, now),
    claim: null,
    newest:
      row === undefined
        ? null
        : { round: row.round, class: row.class, perCapita: row.perCapita, signals: row.signals.map(explainSignal) },
  };
}

async function caseView(found: Case, now: number) {
  const episode = episodeOf(found);
  const notice = found.review?.notices.at(-1);
  const [timeline, objections, facts] = await Promise.all([
    readTimeline(casePartition(found.id).pk),
    notice === undefined ? [] : listObjections(notice.id),
    found.closing === null ? undefined : readClosureFacts(config.district(), found, found.closing.method, now),
  ]);
  const since = found.review?.startedAt ?? episode.startedAt;
  return {
    stage: found.stage,
    episode: episode.number,
    caseType: episode.caseType,
    risks: episode.risks.flatMap(({ code, gone }) => (gone === undefined ? [code] : [])),
    startedAt: episode.startedAt,
    clues: [...new Set(episode.clues.map(({ source }) => source))],
    earlier: timeline.flatMap(({ link, body }) => {
      const said =
        link.kind === 'step-decided' && link.at >= since ? stepDecided.safeParse(body?.body).data : undefined;
      return said === undefined ? [] : [{ step: said.step, by: said.by, at: link.at, ...said.verdict }];
    }),
    objections: objections.map(({ text, answer }) => ({ text, answer: answer?.text ?? null })),
    gates: facts === undefined ? [] : closureGates(facts).map((gate) => ({ ...gate, sentence: gateSentence(gate) })),
  };
}

/** Of a decided step what the next person needs to know. */
const stepDecided = z.object({
  step: z.string(),
  by: z.string(),
  verdict: z.object({ verdict: z.string(), reason: z.string().optional(), votes: votes.optional() }),
});

/** A verdict of a review is an object, an answer of another kind a word. */
function wordOf(verdict: unknown): string {
  return typeof verdict === 'string' ? verdict : String(Object(verdict)['verdict'] ?? Object(verdict)['step'] ?? '');
}
