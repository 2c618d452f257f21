import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Payout } from '../../contracts/insurance/payout.ts';
import type { OwnPayout } from '../../contracts/registry/household.ts';
import { contentIdOf } from '../ids.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { presentHousehold } from '../registry/households.ts';
import {
  batchGet,
  ConditionFailed,
  conditional,
  get,
  type Item,
  type TransactItem,
  tableName,
  transact,
} from '../table.ts';

const payoutText = jsonText<Payout>();

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
  return { payout: payoutText.read(item), version: Number(item['version']) };
}

export async function readPayouts(endToEndIds: readonly string[]): Promise<Payout[]> {
  return (await readStoredPayouts(endToEndIds)).map(({ payout }) => payout);
}

/** The same with the locks they were read under. */
export async function readStoredPayouts(endToEndIds: readonly string[]): Promise<StoredPayout[]> {
  const found = (await batchGet(endToEndIds.map(keys.payout), { consistent: true })).map(toStored);
  return endToEndIds.flatMap((id) => found.find(({ payout }) => payout.endToEndId === id) ?? []);
}

/** Says of an earlier payment of a claim which one came after it, on the condition that the bank has said nothing meanwhile. */
export function followedBy({ payout, version }: StoredPayout, endToEndId: string): TransactItem {
  return {
    Update: {
      TableName: tableName(),
      Key: keys.payout(payout.endToEndId),
      UpdateExpression: 'SET followedBy = :next',
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':next': endToEndId, ':version': version },
    },
  };
}

/** Puts a payment's instruction, once under its end-to-end id; for the transaction that instructs its claim. */
export function newPayout(payout: Payout): TransactItem {
  const Item = { ...keys.payout(payout.endToEndId), version: 1, ...payoutText.put(payout) };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Writes what the bank said of a payment, on the condition that nobody did meanwhile. */
export function changedPayout({ payout, version }: StoredPayout): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.payout(payout.endToEndId), version: version + 1, ...payoutText.put(payout) },
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': version },
    },
  };
}

/** @throws ConditionFailed when somebody else wrote first */
export async function writePayout(stored: StoredPayout): Promise<void> {
  await transact([changedPayout(stored)]);
}

/** Marks that an account took a batch's file for a reason. @returns false when it did before */
export async function takeOnce(batch: string, by: string, reason: string): Promise<boolean> {
  const Item = { ...keys.fileTaken(batch, contentIdOf('taken', [by, reason])), by };
  try {
    await conditional(
      new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/**
 * What a settlement or return moves in the household's own payouts, which triage counts as income: on the condition that they are what they were
 * read as. A household that has gone within the district is followed to its successor; one that is gone for good has nobody to be triaged.
 */
export async function ownPayoutItems(
  claim: Claim,
  change: { settled: OwnPayout } | { returned: true },
): Promise<TransactItem[]> {
  const household = await presentHousehold(claim.household);
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
