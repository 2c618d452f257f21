import {
  type Entry,
  type HelpRequest,
  type LedgerItem,
  type NewEntry,
  newEntry,
} from '../../contracts/assistance/ledger-entry.ts';
import { MOST_ENTRIES } from '../../contracts/assistance/ledger-http.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { contains } from '../../contracts/regions.ts';
import type { Household } from '../../contracts/registry/household.ts';
import { amountOf, HELP_DAYS, standing } from '../../domain/assistance/ledger-rules.ts';
import { addDays, dayOf } from '../../domain/calendar.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { type Caller, httpHandler, mustContain, type Operation, within } from '../../runtime/http.ts';
import { foreseeAll, recordAll } from '../../store/assistance/ledger-batch.ts';
import {
  endHelp,
  entryIdOf,
  listFunds,
  listHelp,
  listLedger,
  listLedgerAfter,
  putHelp,
  readEntry,
  readHelp,
  reverse,
} from '../../store/assistance/ledger-entries.ts';
import { contentIdOf, idOf } from '../../store/ids.ts';
import { readHousehold, readHouseholds } from '../../store/registry/households.ts';
import { ConditionFailed } from '../../store/table.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { ledgerRoutes } from '../routes/assistance.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';

interface Outcome {
  row: number;
  outcome: 'recorded' | 'unchanged' | 'refused';
  id?: string;
  problem?: RowProblem;
}

/** Records a batch: each row is written whole or not at all, once, and has its outcome. What touches the same (a fund, a post) comes in the order of the rows. */
const recordEntries: Operation<typeof ledgerRoutes.recordEntries> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_ENTRIES) throw new Problem('too-many-rows');
  const parsed = body.rows.map((raw) => newEntry.safeParse(raw, { reportInput: true }));
  const named = parsed.flatMap(({ data }) =>
    data !== undefined && 'household' in data && data.household !== undefined ? [data.household] : [],
  );
  const households = await readHouseholds([...new Set(named)].filter((id) => contains(caller.region, id)));
  const items: Outcome[] = [];
  const sound: { row: number; entry: Entry }[] = [];
  for (const [row, result] of parsed.entries()) {
    const fault = result.success ? entryFault(result.data, caller, households, dayOf(now)) : undefined;
    if (!result.success)
      items[row] = {
        row,
        outcome: 'refused',
        problem: rowProblem('invalid-body', fieldErrors(result.error, ['rows', row])),
      };
    else if (fault !== undefined) items[row] = refused(row, fault.code, fault.field);
    else {
      const recorded = { recordedAt: new Date(now).toISOString(), recordedBy: caller.sub };
      sound.push({ row, entry: { ...result.data, id: entryIdOf(result.data), ...recorded } });
    }
  }
  const entries = sound.map(({ entry }) => entry);
  const outcomes = await (body.check === true ? foreseeAll(entries) : recordAll(entries));
  for (const [place, { row, entry }] of sound.entries()) {
    const outcome = outcomes[place] ?? 'reference-unknown';
    items[row] =
      outcome === 'recorded' || outcome === 'unchanged'
        ? { row, outcome, id: entry.id }
        : refused(row, outcome, fieldsRefused[outcome] ?? 'kind');
  }
  if (body.check !== true) refuseWhenNoneHolds(items);
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: { items, recorded: count('recorded'), unchanged: count('unchanged'), refused: count('refused') },
  };
};

/** The field an official looks at when an entry does not fit what is recorded; otherwise it is what kind of entry it is. */
const fieldsRefused: Partial<Record<ProblemCode, string>> = {
  'entry-reversed': 'serial',
  'post-month-recorded': 'month',
  'award-date-before': 'occurredOn',
  'award-amount': 'amount',
};

function refused(row: number, code: ProblemCode, field: string): Outcome {
  const problem = rowProblem(code);
  return {
    row,
    outcome: 'refused',
    problem: { ...problem, errors: [{ pointer: `/rows/${row}/${field}`, code, detail: problem.detail }] },
  };
}

/** What is wrong with an entry beside the registry: where it lies, who it names, when. */
function entryFault(
  entry: NewEntry,
  caller: Caller,
  households: ReadonlyMap<string, Household>,
  today: string,
): { code: ProblemCode; field: string } | undefined {
  if (!contains(caller.region, entry.region)) return { code: 'outside-region', field: 'region' };
  if (entry.occurredOn > today) return { code: 'date-in-future', field: 'occurredOn' };
  if (entry.kind === 'post-subsidy' && entry.month > entry.occurredOn.slice(0, 7))
    return { code: 'post-month-ahead', field: 'month' };
  if (!('household' in entry) || entry.household === undefined) return undefined;
  const household = households.get(entry.household);
  if (household === undefined)
    return {
      code: contains(caller.region, entry.household) ? 'household-unknown' : 'outside-region',
      field: 'household',
    };
  if (!contains(entry.region, household.id)) return { code: 'household-elsewhere', field: 'household' };
  const person = 'person' in entry ? entry.person : undefined;
  return person === undefined || household.members.some((member) => member.person === person && member.idCipher !== '')
    ? undefined
    : { code: 'person-not-member', field: 'person' };
}

const listEntries: Operation<typeof ledgerRoutes.listEntries> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const isWanted = ({ kind, occurredOn }: LedgerItem) =>
    (query.kind === undefined || kind === query.kind) &&
    (query.from === undefined || occurredOn >= query.from) &&
    (query.to === undefined || occurredOn <= query.to);
  const place = ({ region, occurredOn, id }: LedgerItem) => `${region}#${occurredOn}#${id}`;
  if (query.cursor !== undefined) {
    const isFiltered = [query.kind, query.from, query.to].some((filter) => filter !== undefined);
    const later = await pageFrom(query.cursor, query.limit, query.region, place, (after, limit) =>
      listLedgerAfter(query.region, after, limit, isFiltered ? isWanted : undefined),
    );
    return { status: 200, body: { items: later.items, ...later.next } };
  }
  const all = await listLedger(query.region);
  const wanted = all.filter(isWanted);
  const counted = standing(all, { asOf: query.to ?? dayOf(now), knownAt: new Date(now).toISOString() });
  const ids = new Set(wanted.map(({ id }) => id));
  const amount = counted.reduce((sum, entry) => sum + (ids.has(entry.id) ? amountOf(entry) : 0), 0);
  const page = pageOf(wanted, place, query.region, query);
  return { status: 200, body: { items: page.items, total: wanted.length, amount, ...page.next } };
};

/** Takes an entry out by an entry of its own; the same reversal again changes nothing. */
const reverseEntry: Operation<typeof ledgerRoutes.reverseEntry> = async ({ caller, params, body, now }) => {
  mustContain(caller, body.region);
  if (body.on > dayOf(now)) throw new Problem('date-in-future');
  const entry = await readEntry(body.region, body.occurredOn, params.id);
  if (entry === undefined) throw new Problem('entry-unknown');
  const { on: occurredOn, reason } = body;
  const id = contentIdOf('entry', ['reversal', entry.id, occurredOn, reason]);
  const record_ = { id, recordedAt: new Date(now).toISOString(), recordedBy: caller.sub };
  const outcome = await reverse(entry, {
    kind: 'reversal',
    occurredOn,
    region: entry.region,
    reverses: entry.id,
    reason,
    ...record_,
  });
  if (outcome !== 'reversed' && outcome !== 'unchanged') throw new Problem(outcome);
  return { status: outcome === 'reversed' ? 201 : 200, body: { id, reverses: entry.id } };
};

/** Received less spent, from the entries; the balance is the guard's own, and the two agree. */
const readFunds: Operation<typeof ledgerRoutes.readFunds> = async ({ now }) => {
  const district = config.district();
  const [funds, all] = await Promise.all([listFunds(district), listLedger(district)]);
  const entries = standing(all, { asOf: dayOf(now), knownAt: new Date(now).toISOString() });
  const sum = (fund: string, kind: 'donation-received' | 'donation-spent') =>
    entries.reduce((total, entry) => total + (entry.kind === kind && entry.fund === fund ? entry.amount : 0), 0);
  const items = funds.map(({ fund, balance }) => ({
    fund,
    received: sum(fund, 'donation-received'),
    spent: sum(fund, 'donation-spent'),
    balance,
  }));
  return { status: 200, body: { items } };
};

const askHelp: Operation<typeof ledgerRoutes.askHelp> = async ({ caller, body, now }) => {
  mustContain(caller, body.household);
  if (body.askedOn > dayOf(now)) throw new Problem('date-in-future');
  const household = await readHousehold(body.household);
  if (household === undefined) throw new Problem('household-unknown');
  if (!household.members.some((one) => one.person === body.person && one.idCipher !== ''))
    throw new Problem('person-not-member');
  const id = await idOf('help', body.person, body.askedOn, body.wants, body.words);
  const kept = await putHelp({
    ...body,
    id,
    recordedAt: new Date(now).toISOString(),
    recordedBy: caller.sub,
    dueOn: addDays(body.askedOn, HELP_DAYS),
    outcome: null,
  });
  return { status: 201, body: helpView(kept, dayOf(now)) };
};

function helpView(help: HelpRequest, today: string) {
  const { recordedAt: _, recordedBy: __, ...shown } = help;
  return { ...shown, overdue: help.outcome === null && help.dueOn < today };
}

const openHelp: Operation<typeof ledgerRoutes.listHelp> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const open = (await listHelp(query.region)).map((help) => helpView(help, dayOf(now)));
  const page = pageOf(open, ({ dueOn, id }) => `${dueOn}#${id}`, query.region, query);
  return {
    status: 200,
    body: {
      items: page.items,
      total: open.length,
      overdue: open.filter(({ overdue }) => overdue).length,
      ...page.next,
    },
  };
};

const answerHelp: Operation<typeof ledgerRoutes.answerHelp> = async ({ caller, params, body, now }) => {
  const help = within(caller, await readHelp(params.id), ({ household }) => household, 'help-unknown');
  if (body.outcome.on > dayOf(now)) throw new Problem('date-in-future');
  if (body.outcome.on < help.askedOn) throw new Problem('help-outcome-before');
  const ended: HelpRequest = { ...help, outcome: { ...body.outcome, by: caller.sub } };
  if (help.outcome !== null) {
    if (help.outcome.outcome !== body.outcome.outcome) throw new Problem('help-ended');
    return { status: 200, body: helpView(help, dayOf(now)) };
  }
  try {
    await endHelp(ended);
  } catch (error) {
    if (error instanceof ConditionFailed) throw new Problem('help-ended');
    throw error;
  }
  return { status: 200, body: helpView(ended, dayOf(now)) };
};

export const handler = httpHandler(ledgerRoutes, {
  recordEntries,
  listEntries,
  reverseEntry,
  readFunds,
  askHelp,
  listHelp: openHelp,
  answerHelp,
});
