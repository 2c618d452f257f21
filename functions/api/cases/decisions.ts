import { stepId } from '../../contracts/cases/case.ts';
import type { DecisionView } from '../../contracts/cases/decisions-http.ts';
import type { Decision } from '../../contracts/decision.ts';
import { isOver } from '../../domain/calendar.ts';
import { stepNames } from '../../domain/cases/case-labels.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { waitingNames } from '../../domain/insurance/claim-labels.ts';
import { waitingStep } from '../../domain/insurance/claim-stages.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { listPending, mayDecide } from '../../store/decisions.ts';

import { pageOf } from '../cursors.ts';
import { decisionRoutes } from '../routes/cases.ts';
import { refusalOf, rowProblem } from '../row-problems.ts';
import { decideStep } from './decisions/decide-case.ts';

/** Decisions of one request under way at once; two of the same case meet in its lock. */
const AT_ONCE = 4;

/** Roles that decide nothing see every inbox of the region; deciders see their own. */
const listDecisions: Operation<typeof decisionRoutes.listDecisions> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const watching = caller.role === 'surveyor' || caller.role === 'auditor' || caller.role === 'public';
  const role = query.role ?? (watching ? undefined : caller.role);
  const pending = (await listPending(query.region))
    .filter((decision) => role === undefined || mayDecide(decision, role))
    .filter(({ procedure }) => query.procedure === undefined || procedure === query.procedure);
  const late = pending.filter(({ dueAt }) => isOver(dueAt, now));
  const wanted =
    query.overdue === 'true'
      ? late
      : query.overdue === 'false'
        ? pending.filter((decision) => !late.includes(decision))
        : pending;
  const page = pageOf(wanted, ({ dueAt, id }) => `${dueAt ?? 'awaiting'}#${id}`, query.region, query);
  return {
    status: 200,
    body: {
      items: page.items.map((decision) => viewOf(decision, now)),
      total: wanted.length,
      overdue: late.length,
      ...page.next,
    },
  };
};

function viewOf(decision: Decision, now: number): DecisionView {
  const { id, procedure, subject, household, step, roles, enteredAt, dueAt, reminded, escalatedAt } = decision;
  const stepName = nameOf(step);
  return {
    id,
    procedure,
    subject,
    household,
    step,
    stepName,
    roles,
    enteredAt,
    dueAt,
    ...(dueAt === null ? { clock: 'awaiting-calendar' as const } : {}),
    overdue: isOver(dueAt, now),
    reminded,
    escalatedAt,
  };
}

function nameOf(step: string): string {
  const known = stepId.safeParse(step);
  if (known.success) return known.data === 'public-notice' ? '答复公示异议' : stepNames[known.data];
  const ofClaim = waitingStep.find((one) => one === step);
  return ofClaim === undefined ? step : waitingNames[ofClaim];
}

const decide: Operation<typeof decisionRoutes.decide> = async ({ caller, params, body, now }) => ({
  status: 200,
  body: { id: params.id, ...(await decideStep(params.id, body.verdict, caller, now)) },
});

const decideMany: Operation<typeof decisionRoutes.decideMany> = async ({ caller, body, now }) => {
  const items = await eachOf(body.items, AT_ONCE, async ({ id, verdict }, row) => {
    try {
      const { outcome, by } = await decideStep(id, verdict, caller, now);
      return { row, id, outcome, by };
    } catch (error) {
      const { code, detail, extra } = refusalOf(error);
      return { row, id, outcome: 'refused' as const, problem: { ...rowProblem(code), detail, ...extra } };
    }
  });
  return { status: 200, body: { items } };
};

export const handler = httpHandler(decisionRoutes, { listDecisions, decide, decideMany });
