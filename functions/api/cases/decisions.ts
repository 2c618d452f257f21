import type { Decision } from '../../contracts/decision.ts';
import { isOver } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { listPending, mayDecide } from '../../store/decisions.ts';

import { pageOf } from '../cursors.ts';
import { decisionRoutes } from '../routes/cases.ts';
import { refusalOf, rowProblem } from '../row-problems.ts';
import { decideStep } from './decisions/decide-case.ts';
import { readDecision } from './decisions/read-decision.ts';
import { viewOf } from './decisions/view.ts';

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

/** Everything that came to the caller's inbox since an instant, the newest first: an item is told once, by what happened to it last. */
const listNotifications: Operation<typeof decisionRoutes.listNotifications> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const since = Date.parse(query.since);
  const found = (await listPending(query.region))
    .filter((decision) => mayDecide(decision, caller.role))
    .flatMap((decision) => {
      const happened = newestOf(decision, now);
      return Date.parse(happened.happenedAt) > since ? [{ decision, ...happened }] : [];
    })
    .sort((a, b) => Date.parse(b.happenedAt) - Date.parse(a.happenedAt));
  const items = found
    .slice(0, query.limit)
    .map(({ decision, what, happenedAt }) => ({ ...viewOf(decision, now), what, happenedAt }));
  return { status: 200, body: { items, total: found.length, asOf: new Date(now).toISOString() } };
};

function newestOf({ enteredAt, escalatedAt, dueAt }: Decision, now: number) {
  const happened = [
    { what: 'entered' as const, happenedAt: enteredAt },
    ...(escalatedAt === null ? [] : [{ what: 'escalated' as const, happenedAt: escalatedAt }]),
    ...(dueAt !== null && isOver(dueAt, now) ? [{ what: 'overdue' as const, happenedAt: dueAt }] : []),
  ];
  return happened.reduce((last, one) => (Date.parse(one.happenedAt) >= Date.parse(last.happenedAt) ? one : last));
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

export const handler = httpHandler(decisionRoutes, {
  listDecisions,
  readDecision,
  listNotifications,
  decide,
  decideMany,
});
