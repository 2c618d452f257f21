import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Divisions } from '../../contracts/regions.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { client, get, tableName } from '../table.ts';

const divisionsText = jsonText<Divisions>();

/** The towns and villages of a district, or undefined before they were imported. */
export async function readDivisions(district: string): Promise<Divisions | undefined> {
  const item = await get(keys.divisions(district));
  return item === undefined ? undefined : divisionsText.read(item);
}

/** Replaces the district's divisions as a whole: they are published as a whole, once a year. */
export async function writeDivisions(divisions: Divisions): Promise<void> {
  const Item = { ...keys.divisions(divisions.district.code), ...divisionsText.put(divisions) };
  await client.send(new PutCommand({ TableName: tableName(), Item }));
}

export function villagesOf(divisions: Divisions): string[] {
  return divisions.towns.flatMap((town) => town.villages.map((village) => village.code)).sort();
}
