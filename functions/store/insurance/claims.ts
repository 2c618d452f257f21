import type { Claim, ClaimSummary } from '../../contracts/insurance/claim.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import { districtOf } from '../../contracts/regions.ts';
import { villageOf } from '../../contracts/values.ts';
import type { ClaimMoved } from '../../domain/insurance/claim-change.ts';
import { summaryOfClaim } from '../../domain/insurance/claim-stages.ts';
import { isReported } from '../../domain/reports/claim-totals.ts';
import { keyedHash, receiptOf } from '../ids.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { type Change, EVER, noteOf } from '../reports/changes.ts';
import { batchGet, get, type Item, queryAll, queryKept, type TransactItem, tableName, transact } from '../table.ts';
import { append } from '../timeline.ts';
import { accounts, type StandingRead } from './accounts.ts';

const claimText = jsonText<Document>();
const summaryText = jsonText<ClaimSummary>();

export function claimPartition(id: string): { id: string; pk: string } {
  return { id, pk: keys.claim(id).pk };
}

type Document = Omit<Claim, 'version'>;

function toClaim(item: Item): Claim {
  return { ...claimText.read(item), version: Number(item['version']) };
}

export async function readClaim(id: string): Promise<Claim | undefined> {
  const item = await get(keys.claim(id), { consistent: true });
  return item === undefined ? undefined : toClaim(item);
}

export async function readClaims(ids: readonly string[]): Promise<Map<string, Claim>> {
  const items = await batchGet(ids.map(keys.claim), { consistent: true });
  return new Map(items.map(toClaim).map((claim) => [claim.id, claim]));
}

/** The receipt of a claim: under the cell's key, so that nobody finds another's. */
export async function claimReceiptOf(id: string): Promise<string> {
  return `L${receiptOf(await keyedHash('claim-receipt', id))}`;
}

export async function claimOfReceipt(receipt: string): Promise<string | undefined> {
  const item = await get(keys.claimReceipt(receipt), { consistent: true });
  return typeof item?.['claim'] === 'string' ? item['claim'] : undefined;
}

/** Of these claims, what reports ask for. */
export async function readReported(ids: readonly string[]): Promise<Pick<ClaimSummary, 'id' | 'household' | 'line'>[]> {
  return [...(await readClaims(ids)).values()];
}

/** Every claim of a region, by village. */
export async function listClaimSummaries(region: string): Promise<ClaimSummary[]> {
  return (await queryAll(`CLAIMS#${districtOf(region)}`, region, { consistent: true })).map((item) =>
    summaryText.read(item),
  );
}

/** Up to `limit` of them after the key `<household>#<claim>` that `keep` lets through. */
export function listClaimSummariesAfter(
  region: string,
  after: string,
  limit: number,
  keep?: (found: ClaimSummary) => boolean,
): Promise<ClaimSummary[]> {
  return queryKept(`CLAIMS#${districtOf(region)}`, region, {
    limit,
    after,
    read: (item) => summaryText.read(item),
    keep,
  });
}

/** Every claim of a household. */
export async function listClaimsOf(household: string): Promise<ClaimSummary[]> {
  return (await queryAll(`CLAIMS#${districtOf(household)}`, `${household}#`, { consistent: true })).map((item) =>
    summaryText.read(item),
  );
}

/** The claim an event or one of its invoices belongs to now. */
export async function claimHolding(policy: string, naturals: readonly string[]): Promise<string | undefined> {
  const items = await batchGet(
    naturals.map((natural) => keys.claimed(policy, natural)),
    { consistent: true },
  );
  const found = items.find((item) => typeof item['claim'] === 'string');
  return found === undefined ? undefined : String(found['claim']);
}

/** What makes a claim the same claim: who, what and when; and each invoice, which counts once. */
export function naturalsOf({
  person,
  line,
  eventOn,
  invoices,
}: Pick<Claim, 'person' | 'line' | 'eventOn' | 'invoices'>): string[] {
  return [`EVENT#${person}#${line}#${eventOn}`, ...invoices.map(({ number }) => `INVOICE#${number}`)];
}

/**
 * Writes a change of a claim: its state, its line in the register, the links of its timeline, and what it moves in the accounts of policy, person
 * and household, all or nothing. Money promised is reserved here, under the limit; released and settled here too.
 * @param standing what the change was judged by, where it was judged: each account must be unchanged
 * @throws ConditionFailed when the claim or an account changed meanwhile, or the limit does not hold it
 */
export async function changeClaim(
  before: Claim | undefined,
  { after, events }: ClaimMoved,
  context: { policy: Policy; product: Product; now: number; standing?: StandingRead },
  also: readonly TransactItem[] = [],
): Promise<Claim> {
  const { policy, product, now, standing } = context;
  const chain = append(claimPartition(after.id), before?.head ?? null, new Date(now).toISOString(), events);
  const written: Claim = { ...after, version: (before?.version ?? 0) + 1, head: chain.head };
  const { version, ...document } = written;
  const Item = { ...keys.claim(written.id), version, ...claimText.put(document) };
  const guard =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :before', ExpressionAttributeValues: { ':before': before.version } };
  const summary = {
    ...keys.claimSummary(written.household, written.id),
    ...summaryText.put(summaryOfClaim(written, product, now)),
  };
  await transact([
    { Put: { TableName: tableName(), Item, ...guard } },
    { Put: { TableName: tableName(), Item: summary } },
    ...chain.items,
    ...accounts(before, written, policy, standing),
    ...releases(before, written),
    ...noteOf(districtOf(written.household), new Date(now).toISOString(), countedChange(before, written, events)),
    ...also,
  ]);
  return written;
}

/** A report, a payment or an end, which briefs count; nothing for what happens in between. */
function countedChange(before: Claim | undefined, { id, household }: Claim, events: ClaimMoved['events']): Change[] {
  const counts = before === undefined || events.some(({ kind }) => isReported(kind));
  return counts ? [{ kind: 'claim', id, places: [villageOf(household)], from: EVER }] : [];
}

/**
 * A rejected or withdrawn claim releases its event and invoices, so that an appeal or a new claim can hold them. The mark keeps what was paid for them before: what
 * the bank says of it later concerns whoever holds them then.
 */
function releases(before: Claim | undefined, after: Claim): TransactItem[] {
  const ended = after.stage === 'rejected' || after.stage === 'withdrawn';
  if (before === undefined || !ended || before.stage === after.stage) return [];
  const keeps = after.payouts.length > 0;
  return naturalsOf(after).map((natural) => ({
    Update: {
      TableName: tableName(),
      Key: keys.claimed(after.policy, natural),
      UpdateExpression: `${keeps ? 'SET payouts = list_append(if_not_exists(payouts, :none), :payouts) ' : ''}REMOVE claim`,
      ConditionExpression: 'attribute_not_exists(claim) OR claim = :claim',
      ExpressionAttributeValues: { ':claim': after.id, ...(keeps ? { ':none': [], ':payouts': after.payouts } : {}) },
    },
  }));
}

/** The marks by which a claim holds an event or invoices; no other may hold one. */
export function holdsOf(claim: Pick<Claim, 'id' | 'policy'>, naturals: readonly string[]): TransactItem[] {
  return naturals.map((natural) => ({
    Update: {
      TableName: tableName(),
      Key: keys.claimed(claim.policy, natural),
      UpdateExpression: 'SET claim = :claim',
      ConditionExpression: 'attribute_not_exists(claim)',
      ExpressionAttributeValues: { ':claim': claim.id },
    },
  }));
}

/** Payments that were instructed for a claim's event or its invoices: its own, and those of claims that held them before it. */
export async function payoutsOfClaim(
  claim: Pick<Claim, 'policy' | 'person' | 'line' | 'eventOn' | 'invoices' | 'payouts'>,
): Promise<string[]> {
  const marks = await batchGet(
    naturalsOf(claim).map((natural) => keys.claimed(claim.policy, natural)),
    { consistent: true },
  );
  const before = marks.flatMap(({ payouts }) => (Array.isArray(payouts) ? payouts.map(String) : []));
  return [...new Set([...before, ...claim.payouts])];
}

/** What a new claim takes for itself: its event and invoices, which no other may hold, and its receipt. For its own transaction. */
export function takes(claim: Claim): TransactItem[] {
  return [
    ...holdsOf(claim, naturalsOf(claim)),
    { Put: { TableName: tableName(), Item: { ...keys.claimReceipt(claim.receipt), claim: claim.id } } },
  ];
}
