import { randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { districtOf } from '../../contracts/regions.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { client, queryAll, tableName } from '../table.ts';

const revealText = jsonText<Reveal>();

/** Somebody looked at whole numbers: whose, which, when and why. */
export interface Reveal {
  /** The household, clue or payout batch whose numbers they are. */
  subject: string;
  /** Where it lies: a village, or the district. */
  region: string;
  at: string;
  by: string;
  field: 'idNumber' | 'phone' | 'accounts' | 'everything';
  person?: string;
  reason: string;
}

/** Keeps who looked at a whole number (docs/domain.md, people's data); kept before the number is shown. */
export async function recordReveal(reveal: Reveal): Promise<void> {
  const nonce = randomBytes(6).toString('hex');
  const Item = { ...keys.reveal(reveal.region, reveal.at, nonce), ...revealText.put(reveal) };
  await client.send(new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' }));
}

/** Every look at whole numbers in a region, by place and time. @param region a prefix of villages in the district */
export async function readReveals(region: string): Promise<Reveal[]> {
  return (await queryAll(`REVEALS#${districtOf(region)}`, region, { consistent: true })).map((item) =>
    revealText.read(item),
  );
}
