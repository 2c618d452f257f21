import { randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { districtOf } from '../../contracts/regions.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { client, queryAll, type TransactItem, tableName } from '../table.ts';

const revealText = jsonText<Reveal>();

/** Somebody looked at whole numbers: whose, which, when and why. */
export interface Reveal {
  /** The household, clue or payout batch whose numbers they are; of an erasure the household. */
  subject: string;
  /** Where it lies: a village, or the district. */
  region: string;
  at: string;
  by: string;
  field: 'idNumber' | 'phone' | 'accounts' | 'everything' | 'erasure-proposed' | 'erasure-approved';
  person?: string;
  reason: string;
}

/** Keeps who looked at a whole number (docs/domain.md, people's data); kept before the number is shown. */
export async function recordReveal(reveal: Reveal): Promise<void> {
  const nonce = randomBytes(6).toString('hex');
  const Item = { ...keys.reveal(reveal.region, reveal.at, nonce), ...revealText.put(reveal) };
  await client.send(new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' }));
}

/** That an erasure was proposed or approved, listed once beside the looks, for the transaction that does so. @param act names it */
export function listedAct(reveal: Reveal, act: string): TransactItem {
  const Item = { ...keys.reveal(reveal.region, reveal.at, act), ...revealText.put(reveal) };
  return { Put: { TableName: tableName(), Item } };
}

/** Every look at whole numbers in a region, by place and time. @param region a prefix of villages in the district */
export async function readReveals(region: string): Promise<Reveal[]> {
  return (await queryAll(`REVEALS#${districtOf(region)}`, region, { consistent: true })).map((item) =>
    revealText.read(item),
  );
}
