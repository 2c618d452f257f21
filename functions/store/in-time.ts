import { QueryCommand, type QueryCommandOutput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { eachOf } from '../domain/concurrency.ts';
import { ConditionFailed, client, conditional, type Item, tableName, text } from './table.ts';

/** The sort key of each index; both are partitioned by `open`. */
const indexSorts = { open: 'openSort', openAt: 'openAt' } as const;

/**
 * The first items of an index's partition from `first` to `last`, both included: fewer than `limit` only where there are no more. None where `first` is
 * behind `last`, which DynamoDB refuses to be asked: a cursor from a list that went further, or one that somebody made up.
 */
export async function queryIndex(
  index: keyof typeof indexSorts,
  open: string,
  { first, last, limit }: { first: string; last: string; limit: number },
): Promise<Item[]> {
  const items: Item[] = [];
  // Keys are ordered by their bytes, not by half characters.
  if (Buffer.compare(Buffer.from(first), Buffer.from(last)) > 0) return items;
  let start: Item | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName(),
        IndexName: index,
        KeyConditionExpression: '#open = :open AND #sort BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#open': 'open', '#sort': indexSorts[index] },
        ExpressionAttributeValues: { ':open': open, ':first': first, ':last': last },
        Limit: limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < limit);
  return items;
}

/** What is listed in the order of time: decisions, unmatched clues, notices. Its partition of the indexes is `<kind>#<district>`. */
interface InTime<T> {
  partition: string;
  /** A district, or one village of it: within a village the index `open` is in the order of time already. */
  region: string;
  read: (item: Item) => T;
  keep: ((found: T) => boolean) | undefined;
  /** No further than this time. */
  until?: string | undefined;
}

/** Greater than any time or id. */
const END = '~';

/**
 * Up to `limit` of what is open in a district or a village, the earliest first, from behind `after` (`<time>#<id>`) on. One page reads one page, from an
 * index; where a filter leaves out all but one in n, n pages. A town's has no order of time to be read in: see `listsWhole`.
 */
export async function openAfter<T>(
  { partition, region, read, keep, until = '' }: InTime<T>,
  after: string,
  limit: number,
): Promise<T[]> {
  const index = region.length === 6 ? 'openAt' : 'open';
  const place = index === 'open' ? `${region}#` : '';
  const last = `${place}${until}${END}`;
  const size = keep === undefined ? limit : 2 * limit;
  const kept: T[] = [];
  for (let from = `${place}${after}`; ; ) {
    const items = await queryIndex(index, partition, { first: behind(from), last, limit: size });
    kept.push(...items.map(read).filter((found) => keep?.(found) ?? true));
    const [end] = items.slice(-1);
    if (end === undefined || items.length < size || kept.length >= limit) return kept.slice(0, limit);
    from = text(end, indexSorts[index]);
  }
}

/** The next text in order, as far as times and ids go: they hold no character as small as the blank. */
export function behind(place: string): string {
  return `${place} `;
}

/**
 * Whether each page of a region's list in time is cut from the whole list. A town's is: the indexes know its villages one after the other, not its time. It
 * is small: one district has 28, so of 2,700 decisions pending at once (all candidates of a round) a town has a hundred, 60 KB, 8 read units.
 */
export function listsWhole(region: string): boolean {
  return region.length === 9;
}

/** Updates under way at once. */
const AT_ONCE = 8;

/**
 * Gives items their place in an index that an earlier release did not write. Lists call it with everything that their first page reads, which is before any
 * later page is read, so nothing need be carried over when a release goes in (ADR 19). What has left the list meanwhile stays as it is.
 */
export async function placedInIndex(
  items: readonly Item[],
  attribute: 'openAt' | 'openSort',
  placeOf: (item: Item) => string,
): Promise<void> {
  const strays = items.filter((item) => item[attribute] !== placeOf(item));
  await eachOf(strays, AT_ONCE, async (item) => {
    try {
      await conditional(
        new UpdateCommand({
          TableName: tableName(),
          Key: { pk: item['pk'], sk: item['sk'] },
          UpdateExpression: 'SET #place = :place',
          ConditionExpression: '#open = :open',
          ExpressionAttributeNames: { '#place': attribute, '#open': 'open' },
          ExpressionAttributeValues: { ':place': placeOf(item), ':open': item['open'] },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  });
}
