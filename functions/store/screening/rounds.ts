import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Round, Totals } from '../../contracts/screening/round.ts';
import { jsonText } from '../json-text.ts';
import { districtKey, keys } from '../keys.ts';
import {
  ConditionFailed,
  client,
  conditional,
  get,
  type Item,
  queryAll,
  queryBetween,
  tableName,
  transact,
} from '../table.ts';

const roundText = jsonText<Document>();
const totalsText = jsonText<Record<string, Totals>>('totals');

/** A district's round state: the round that is not sealed yet, and the last sealed one. */
export interface DistrictState {
  openRound?: string;
  lastSealed?: { round: string; sealedAt: string };
}

type Document = Omit<Round, 'status' | 'expectedHouseholds' | 'expectedPeople' | 'sealedAt'>;

export function toRound(item: Item): Round {
  return {
    ...roundText.read(item),
    status: item['status'] === 'sealed' ? 'sealed' : item['status'] === 'collecting' ? 'collecting' : 'opening',
    ...(typeof item['expectedHouseholds'] === 'number' ? { expectedHouseholds: item['expectedHouseholds'] } : {}),
    ...(typeof item['expectedPeople'] === 'number' ? { expectedPeople: item['expectedPeople'] } : {}),
    ...(typeof item['sealedAt'] === 'string' ? { sealedAt: item['sealedAt'] } : {}),
  };
}

export function toDistrictState(item: Item | undefined): DistrictState {
  return {
    ...(typeof item?.['openRound'] === 'string' ? { openRound: item['openRound'] } : {}),
    ...(typeof item?.['lastSealed'] === 'string' ? { lastSealed: JSON.parse(item['lastSealed']) } : {}),
  };
}

export async function readDistrict(district: string): Promise<DistrictState> {
  return toDistrictState(await get(keys.district(district), { consistent: true }));
}

export async function readRound(district: string, id: string): Promise<Round | undefined> {
  const item = await get(keys.round(district, id), { consistent: true });
  return item === undefined ? undefined : toRound(item);
}

/** Those of a year and of the year before: a round's totals by town take 10 KB, and rounds become many. */
export async function listRoundsUpTo(district: string, year: number): Promise<Round[]> {
  const [first, last] = [keys.round(district, `${year - 1}`), keys.round(district, `${year}`)];
  return (await queryBetween(first.pk, first.sk, `${last.sk}~`, { consistent: true })).map(toRound);
}

export async function listRounds(district: string): Promise<Round[]> {
  return (await queryAll(districtKey(district), 'ROUND#', { consistent: true })).map(toRound);
}

/**
 * Puts a round in status `opening` and makes it the district's one unsealed round: both or neither. Its conditional put is
 * what makes a second start harmless.
 * @throws ConditionFailed — index 0: this round exists already; index 1: another round is not sealed yet
 */
export async function putRound(round: Round): Promise<void> {
  const { status, expectedHouseholds: _h, expectedPeople: _p, sealedAt: _s, ...document } = round;
  await transact([
    {
      Put: {
        TableName: tableName(),
        Item: { ...keys.round(round.district, round.id), status, ...roundText.put(document) },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Update: {
        TableName: tableName(),
        Key: keys.district(round.district),
        UpdateExpression: 'SET openRound = :round',
        ConditionExpression: 'attribute_not_exists(openRound)',
        ExpressionAttributeValues: { ':round': round.id },
      },
    },
  ]);
}

/**
 * Binds a round to the workflow execution that carries it, so that a second execution does no work (a scheduled one beside one an officer started).
 * @returns whether `execution` is the one that carries the round
 */
export async function claimRound(district: string, id: string, execution: string): Promise<boolean> {
  try {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.round(district, id),
        UpdateExpression: 'SET execution = :execution',
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(execution) OR execution = :execution)',
        ExpressionAttributeValues: { ':execution': execution },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** Opens the doors once every village's roster is frozen. Harmless when repeated. */
export async function startCollecting(
  district: string,
  id: string,
  expected: { households: number; people: number },
): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.round(district, id),
      UpdateExpression: 'SET #status = :collecting, expectedHouseholds = :households, expectedPeople = :people',
      ConditionExpression: '#status <> :sealed',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':collecting': 'collecting',
        ':sealed': 'sealed',
        ':households': expected.households,
        ':people': expected.people,
      },
    }),
  );
}

/** Keeps the token by which the district can end the collecting early; a retried wait brings a new one, which replaces it. */
export async function putEarlySealToken(district: string, id: string, token: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.round(district, id),
      UpdateExpression: 'SET earlySealToken = :token',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':token': token },
    }),
  );
}

export async function readEarlySealToken(district: string, id: string): Promise<string | undefined> {
  const item = await get(keys.round(district, id), { consistent: true });
  return typeof item?.['earlySealToken'] === 'string' ? item['earlySealToken'] : undefined;
}

/**
 * Seals the round and makes room for the next: once. Repeated by a retry it finds the round sealed and changes nothing.
 * @param totals of the district and of each town, by region code
 */
export async function sealRound(round: Round, sealedAt: string, totals: Record<string, Totals>): Promise<void> {
  try {
    await transact([
      {
        Update: {
          TableName: tableName(),
          Key: keys.round(round.district, round.id),
          UpdateExpression: 'SET #status = :sealed, sealedAt = :at, totals = :totals REMOVE earlySealToken',
          ConditionExpression: '#status = :collecting',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':sealed': 'sealed',
            ':collecting': 'collecting',
            ':at': sealedAt,
            ':totals': totalsText.of(totals),
          },
        },
      },
      {
        Update: {
          TableName: tableName(),
          Key: keys.district(round.district),
          UpdateExpression: 'SET lastSealed = :last REMOVE openRound',
          ConditionExpression: 'openRound = :round',
          ExpressionAttributeValues: { ':round': round.id, ':last': JSON.stringify({ round: round.id, sealedAt }) },
        },
      },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const now = await readRound(round.district, round.id);
    if (now?.status !== 'sealed') throw error;
  }
}

/** The sealed totals by region (district and towns), or undefined before sealing. */
export async function readTotals(district: string, id: string): Promise<Record<string, Totals> | undefined> {
  const item = await get(keys.round(district, id));
  return typeof item?.['totals'] === 'string' ? totalsText.read(item) : undefined;
}
