import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { districtOf } from '../../contracts/regions.ts';
import type { Brief } from '../../contracts/reports/brief.ts';
import type { BriefDocument } from '../../contracts/reports/brief-document.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { ConditionFailed, conditional, get, queryAll, tableName } from '../table.ts';

const briefText = jsonText<PublishedBrief>();

export interface PublishedBrief {
  round: string;
  publishedAt: string;
  brief: Brief;
  /** Of the district's own: what it hands to its city or province. */
  document?: BriefDocument;
}

/** Publishes a brief of a sealed round for a region, once: published again it stays as it was. */
export async function publishBrief(published: PublishedBrief): Promise<void> {
  const { round, brief } = published;
  const Item = { ...keys.brief(districtOf(brief.region), brief.region, round), ...briefText.put(published) };
  try {
    await conditional(
      new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The brief of a round that was published for a region. */
export async function readBrief(region: string, round: string): Promise<PublishedBrief | undefined> {
  const item = await get(keys.brief(districtOf(region), region, round));
  return item === undefined ? undefined : briefText.read(item);
}

/** The published briefs of exactly this region, oldest round first. */
export async function listBriefs(region: string): Promise<PublishedBrief[]> {
  return (await queryAll(`BRIEFS#${districtOf(region)}`, `${region}#`)).map((item) => briefText.read(item));
}
