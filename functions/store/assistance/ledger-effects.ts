import type { Entry } from '../../contracts/assistance/ledger-entry.ts';
import { districtOf } from '../../contracts/regions.ts';
import { fundChange } from '../../domain/assistance/ledger-rules.ts';
import { keys } from '../keys.ts';
import { type Item, type Key, type TransactItem, tableName } from '../table.ts';

/** Why an entry cannot be recorded: what it needs is not there, or not as it must be. */
export type EntryRefusal =
  | 'entry-reversed'
  | 'fund-overspent'
  | 'reference-unknown'
  | 'post-month-recorded'
  | 'award-step'
  | 'award-date-before'
  | 'award-amount';

/** Why what an entry changed cannot be changed back. */
export type UndoingRefusal = 'fund-overspent' | 'post-month-recorded' | 'award-went-on';

/** A write beside the entry itself, what it writes or asks, and what its failed condition means. */
interface Effect<Refusal> {
  key: Key;
  item: TransactItem;
  refusal: Refusal;
}

type AwardStep = Extract<Entry, { kind: 'award-acceptance' | 'award-payment' }>;
type AwardStatus = 'applied' | 'accepted' | 'refused' | 'paid';

/** Where an award stands before this step and after it. */
function turnOf(entry: AwardStep): { from: AwardStatus; to: AwardStatus } {
  if (entry.kind === 'award-payment') return { from: 'accepted', to: 'paid' };
  return { from: 'applied', to: entry.accepted ? 'accepted' : 'refused' };
}

/** What an entry changes beside itself, or asks for. */
export function effectsOf(entry: Entry): Effect<EntryRefusal>[] {
  const change = fundChange(entry);
  if (change !== undefined) return [moveFund(districtOf(entry.region), change.fund, change.amount)];
  switch (entry.kind) {
    case 'post':
    case 'goods':
    case 'award-application': {
      const { key, item } = begun(entry);
      const Put = { TableName: tableName(), Item: { ...key, ...item } };
      return [{ key, item: { Put }, refusal: 'reference-unknown' }];
    }
    case 'offspring':
      return [mustBe(keys.goods(entry.goods), entry.household)];
    case 'post-subsidy':
      return [mustBe(keys.post(entry.post), entry.household), takeMonth(entry)];
    case 'award-acceptance':
    case 'award-payment':
      return [awardStep(entry)];
    default:
      return [];
  }
}

/** A write that changes something back, and what its failed condition means where it has one. */
type Undoing = Omit<Effect<UndoingRefusal>, 'refusal'> & { refusal?: UndoingRefusal };

/** What the reversal of an entry changes back, so that the right one can be recorded. */
export function undoingOf(entry: Entry): Undoing | undefined {
  const change = fundChange(entry);
  if (change !== undefined) return moveFund(districtOf(entry.region), change.fund, -change.amount);
  switch (entry.kind) {
    case 'post':
      return takeOut(keys.post(entry.id));
    case 'goods':
      return takeOut(keys.goods(entry.id));
    case 'post-subsidy':
      return giveMonthBack(entry);
    case 'award-application':
      return awardBack(entry.id, 'applied', 'withdrawn');
    case 'award-acceptance':
    case 'award-payment': {
      const { from, to } = turnOf(entry);
      return awardBack(entry.award, to, from);
    }
    default:
      return undefined;
  }
}

/** What the items beside an entry would be once it is recorded, or why it cannot be. @param at the item of a key, as it is now */
export function changedBy(
  entry: Entry,
  at: (key: Key) => Item | undefined,
): readonly { key: Key; item: Item }[] | EntryRefusal {
  const change = fundChange(entry);
  if (change !== undefined) {
    const key = keys.fund(districtOf(entry.region), change.fund);
    const balance = Number(at(key)?.['balance'] ?? 0) + change.amount;
    return change.amount < 0 && balance < 0 ? 'fund-overspent' : [{ key, item: { balance } }];
  }
  switch (entry.kind) {
    case 'post':
    case 'goods':
    case 'award-application':
      return [begun(entry)];
    case 'offspring':
      return at(keys.goods(entry.goods))?.['household'] === entry.household ? [] : 'reference-unknown';
    case 'post-subsidy': {
      if (at(keys.post(entry.post))?.['household'] !== entry.household) return 'reference-unknown';
      const key = keys.postMonth(entry.post, entry.month);
      return at(key)?.['entry'] === undefined ? [{ key, item: { entry: entry.id } }] : 'post-month-recorded';
    }
    case 'award-acceptance':
    case 'award-payment': {
      const key = keys.award(entry.award);
      const found = at(key);
      const since = entry.kind === 'award-acceptance' ? { acceptedOn: entry.occurredOn } : {};
      return awardRefusal(entry, found) ?? [{ key, item: { ...found, ...since, status: turnOf(entry).to } }];
    }
    default:
      return [];
  }
}

/** Why an award as it is stored does not take this step; undefined when it does. */
export function awardRefusal(entry: AwardStep, award: Item | undefined): EntryRefusal | undefined {
  if (award?.['household'] !== entry.household || award['status'] !== turnOf(entry).from) return 'award-step';
  const before = award[entry.kind === 'award-acceptance' ? 'appliedOn' : 'acceptedOn'];
  if (String(before) > entry.occurredOn) return 'award-date-before';
  return entry.kind === 'award-payment' && entry.amount > Number(award['amount']) ? 'award-amount' : undefined;
}

/** A post, goods that were given, or an award that was applied for: it has the id of its entry, so that nothing else can be there. */
function begun(entry: Extract<Entry, { kind: 'post' | 'goods' | 'award-application' }>): { key: Key; item: Item } {
  const { household } = entry;
  if (entry.kind === 'goods') return { key: keys.goods(entry.id), item: { household } };
  if (entry.kind === 'post') return { key: keys.post(entry.id), item: { household } };
  const { amount, occurredOn: appliedOn } = entry;
  return { key: keys.award(entry.id), item: { household, status: 'applied', amount, appliedOn } };
}

/** Adds to a fund, or takes from it on the condition that the balance suffices. */
function moveFund(district: string, fund: string, amount: number): Effect<'fund-overspent'> {
  const spends = amount < 0;
  const key = keys.fund(district, fund);
  const Update = {
    TableName: tableName(),
    Key: key,
    UpdateExpression: 'ADD balance :amount',
    ...(spends ? { ConditionExpression: 'balance >= :least' } : {}),
    ExpressionAttributeValues: { ':amount': amount, ...(spends ? { ':least': -amount } : {}) },
  };
  return { key, item: { Update }, refusal: 'fund-overspent' };
}

function mustBe(key: Key, household: string): Effect<'reference-unknown'> {
  const ConditionCheck = {
    TableName: tableName(),
    Key: key,
    ConditionExpression: 'household = :household',
    ExpressionAttributeValues: { ':household': household },
  };
  return { key, item: { ConditionCheck }, refusal: 'reference-unknown' };
}

/**
 * A post or goods that were taken out are nobody's: no further month is paid, and no offspring recorded. What was before stays until it is reversed itself. Of goods that
 * were recorded before there were such items no offspring is recorded: no release has stored any (CHANGELOG).
 */
function takeOut(key: Key): Undoing {
  return { key, item: { Update: { TableName: tableName(), Key: key, UpdateExpression: 'REMOVE household' } } };
}

type Subsidy = Extract<Entry, { kind: 'post-subsidy' }>;

/**
 * A post's month is paid by one entry, wherever and on whatever day that was recorded. The item stays without an entry once it is given back. Subsidies
 * recorded before there were such items are not looked for: no release has stored any (CHANGELOG).
 */
function takeMonth(entry: Subsidy): Effect<'post-month-recorded'> {
  const key = keys.postMonth(entry.post, entry.month);
  const Update = {
    TableName: tableName(),
    Key: key,
    UpdateExpression: 'SET #entry = :entry',
    ConditionExpression: 'attribute_not_exists(#entry)',
    ExpressionAttributeNames: { '#entry': 'entry' },
    ExpressionAttributeValues: { ':entry': entry.id },
  };
  return { key, item: { Update }, refusal: 'post-month-recorded' };
}

function giveMonthBack(entry: Subsidy): Effect<'post-month-recorded'> {
  const key = keys.postMonth(entry.post, entry.month);
  const Update = {
    TableName: tableName(),
    Key: key,
    UpdateExpression: 'REMOVE #entry',
    ConditionExpression: '#entry = :entry',
    ExpressionAttributeNames: { '#entry': 'entry' },
    ExpressionAttributeValues: { ':entry': entry.id },
  };
  return { key, item: { Update }, refusal: 'post-month-recorded' };
}

/** An award's legal prior state is the condition of its next; no step lies before the last, and no more is paid than was applied for. */
function awardStep(entry: AwardStep): Effect<'award-step'> {
  const key = keys.award(entry.award);
  const { from, to } = turnOf(entry);
  const pays = entry.kind === 'award-payment';
  const Update = {
    TableName: tableName(),
    Key: key,
    UpdateExpression: pays ? 'SET #status = :to' : 'SET #status = :to, acceptedOn = :on',
    ConditionExpression: pays
      ? '#status = :from AND household = :household AND acceptedOn <= :on AND amount >= :amount'
      : '#status = :from AND household = :household AND appliedOn <= :on',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':to': to,
      ':from': from,
      ':household': entry.household,
      ':on': entry.occurredOn,
      ...(pays ? { ':amount': entry.amount } : {}),
    },
  };
  return { key, item: { Update }, refusal: 'award-step' };
}

/** Puts an award back to where it stood, unless a later step was made since. */
function awardBack(award: string, from: AwardStatus, to: AwardStatus | 'withdrawn'): Effect<'award-went-on'> {
  const key = keys.award(award);
  const Update = {
    TableName: tableName(),
    Key: key,
    UpdateExpression: 'SET #status = :to',
    ConditionExpression: '#status = :from',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':to': to, ':from': from },
  };
  return { key, item: { Update }, refusal: 'award-went-on' };
}
