import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Payout, PayoutBatch } from '../../contracts/insurance/payout.ts';
import type { Household, OwnPayout } from '../../contracts/registry/household.ts';
import { keys } from '../keys.ts';
import { readHousehold } from '../registry/households.ts';
import {
  batchGet,
  ConditionFailed,
  doc,
  get,
  type Item,
  queryAll,
  type TransactItem,
  tableName,
  transact,
} from '../table.ts';

/** A payout with the lock it was read under. */
export interface StoredPayout {
  payout: Payout;
  version: number;
}

export async function readPayout(endToEndId: string): Promise<StoredPayout | undefined> {
  const item = await get(keys.payout(endToEndId), { consistent: true });
  return item === undefined ? undefined : toStored(item);
}

function toStored(item: Item): StoredPayout {
  return { payout: doc<Payout>(item), version: Number(item['version']) };
}

export async function readPayouts(endToEndIds: readonly string[]): Promise<Payout[]> {
  const found = (await batchGet(endToEndIds.map(keys.payout), { consistent: true })).map(
    (item) => toStored(item).payout,
  );
  return endToEndIds.flatMap((id) => found.find(({ endToEndId }) => endToEndId === id) ?? []);
}

/** Puts a payment's instruction, once under its end-to-end id; for the transaction that instructs its claim. */
export function newPayout(payout: Payout): TransactItem {
  const Item = { ...keys.payout(payout.endToEndId), version: 1, doc: JSON.stringify(payout) };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Writes what the bank said of a payment, on the condition that nobody did meanwhile. */
export function changedPayout({ payout, version }: StoredPayout): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.payout(payout.endToEndId), version: version + 1, doc: JSON.stringify(payout) },
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': version },
    },
  };
}

/** @throws ConditionFailed when somebody else wrote first */
export async function writePayout(stored: StoredPayout): Promise<void> {
  await transact([changedPayout(stored)]);
}

/** Puts a batch and its place in the district's list, once. @returns whether it is new */
export async function putBatch(district: string, batch: PayoutBatch): Promise<boolean> {
  const Item = { ...keys.payoutBatch(batch.id), doc: JSON.stringify(batch) };
  const listed = { ...keys.batchListed(district, batch.createdAt, batch.id), batch: batch.id };
  try {
    await transact([
      { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { TableName: tableName(), Item: listed } },
    ]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** Ends a batch's preparation, once; who comes second gets what the first wrote. @returns the batch as it stands */
export async function completeBatch(batch: PayoutBatch): Promise<PayoutBatch> {
  const Item = { ...keys.payoutBatch(batch.id), state: batch.state, doc: JSON.stringify(batch) };
  try {
    await transact([
      {
        Put: {
          TableName: tableName(),
          Item,
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#state)',
          ExpressionAttributeNames: { '#state': 'state' },
        },
      },
    ]);
    return batch;
  } catch (error) {
    const stored = error instanceof ConditionFailed ? await readBatch(batch.id) : undefined;
    if (stored === undefined) throw error;
    return stored;
  }
}

/** The batches of a district, the newest first. */
export async function listBatches(district: string): Promise<PayoutBatch[]> {
  const { pk, sk } = keys.batchListed(district, '', '');
  const listed = await queryAll(pk, sk.slice(0, 'BATCH#'.length), { consistent: true });
  const found = await batchGet(
    listed.map((item) => keys.payoutBatch(String(item['batch']))),
    { consistent: true },
  );
  return found.map((item) => doc<PayoutBatch>(item)).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

export async function readBatch(id: string): Promise<PayoutBatch | undefined> {
  const item = await get(keys.payoutBatch(id), { consistent: true });
  return item === undefined ? undefined : doc<PayoutBatch>(item);
}

/**
 * What a settlement or return moves in the household's own payouts, which triage counts as income: on the condition that they are what they were
 * read as. A household that has gone within the district is followed to its successor; one that is gone for good has nobody to be triaged.
 */
export async function ownPayoutItems(
  claim: Claim,
  change: { settled: OwnPayout } | { returned: true },
): Promise<TransactItem[]> {
  let household: Household | undefined = await readHousehold(claim.household);
  while (household?.successor !== undefined) household = await readHousehold(household.successor);
  if (household === undefined) return [];
  const others = household.ownPayouts.filter(({ claim: of }) => of !== claim.id);
  const after = 'settled' in change ? [...others, change.settled] : others;
  const before = household.ownPayouts;
  return [
    {
      Update: {
        TableName: tableName(),
        Key: keys.household(household.id),
        UpdateExpression: after.length === 0 ? 'REMOVE ownPayouts' : 'SET ownPayouts = :after',
        ConditionExpression:
          before.length === 0 ? 'attribute_exists(pk) AND attribute_not_exists(ownPayouts)' : 'ownPayouts = :before',
        ...(before.length === 0 && after.length === 0
          ? {}
          : {
              ExpressionAttributeValues: {
                ...(after.length === 0 ? {} : { ':after': JSON.stringify(after) }),
                ...(before.length === 0 ? {} : { ':before': JSON.stringify(before) }),
              },
            }),
      },
    },
  ];
}
