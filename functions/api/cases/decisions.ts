import type { Decision } from '../../contracts/decision.ts';
import { isOver } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { listInbox, listPending, listPendingAfter, mayDecide, placeInTime } from '../../store/decisions.ts';
import { listsWhole } from '../../store/in-time.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { decisionRoutes } from '../routes/cases.ts';
import { refusalOf, rowProblem } from '../row-problems.ts';
import { decideStep } from './decisions/decide-case.ts';
import { readDecision } from './decisions/read-decision.ts';
import { viewOf } from './decisions/view.ts';

/** Decisions of one request under way at once; two of the same case meet in its lock. */
const AT_ONCE = 4;

/**
 * Roles that decide nothing see every inbox of the region; deciders see their own. The first page reads everything that is pending there, because it tells how
 * much that is and how much of it is late (600 bytes each: of 2,700 at once 200 read units); every later one reads its own items from the index.
 */
const listDecisions: Operation<typeof decisionRoutes.listDecisions> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const watching = caller.role === 'surveyor' || caller.role === 'auditor' || caller.role === 'public';
  const role = query.role ?? (watching ? undefined : caller.role);
  const isMine = (decision: Decision) =>
    (role === undefined || mayDecide(decision, role)) &&
    (query.procedure === undefined || decision.procedure === query.procedure);
  const isLate = ({ dueAt }: Decision) => isOver(dueAt, now);
  const isWanted = (decision: Decision) =>
    isMine(decision) && (query.overdue === undefined || isLate(decision) === (query.overdue === 'true'));
  if (query.cursor !== undefined && !listsWhole(query.region)) {
    // Nothing that is late is due later than now.
    const until = query.overdue === 'true' ? { until: new Date(now).toISOString() } : {};
    const read = (after: string, limit: number) =>
      listPendingAfter(query.region, { after, limit, keep: isWanted, ...until });
    const later = await pageFrom(query.cursor, query.limit, query.region, placeInTime, read, '');
    return { status: 200, body: { items: later.items.map((decision) => viewOf(decision, now)), ...later.next } };
  }
  const pending = (await listInbox(query.region)).filter(isMine);
  const wanted = pending.filter(isWanted);
  const page = pageOf(wanted, placeInTime, query.region, query);
  return {
    status: 200,
    body: {
      items: page.items.map((decision) => viewOf(decision, now)),
      ...(query.cursor === undefined ? { total: wanted.length, overdue: pending.filter(isLate).length } : {}),
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
