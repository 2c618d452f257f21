import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { districtOf } from '../../contracts/regions.ts';
import type { Finding, FindingResolution, FindingTrigger } from '../../contracts/reports/quality-finding.ts';
import type { QualitySeverity } from '../../contracts/reports/quality-rule.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { type Difference, differenceOf, type Look, type Scope } from '../../domain/reports/quality/difference.ts';
import { sha256 } from '../ids.ts';
import { behind, placedInIndex, queryIndex } from '../in-time.ts';
import { jsonText } from '../json-text.ts';
import { findingsKey, keys } from '../keys.ts';
import { ConditionFailed, conditional, get, type Item, queryAll, queryOpen, tableName, text } from '../table.ts';

const findingText = jsonText<Document>();

/** Concurrent writes per village: a first run over a bad register finds much, later ones little. */
const AT_ONCE = 4;

/** What never changes is the document; where the finding stands are attributes that conditions can name. */
type Document = Omit<Finding, 'state' | 'reopenedAt' | 'resolved'>;

function toFinding(item: Item): Finding {
  const { state, reopenedAt, resolved } = item;
  return {
    ...findingText.read(item),
    state: state === 'explained' || state === 'corrected' ? state : 'open',
    ...(typeof reopenedAt === 'string' ? { reopenedAt } : {}),
    resolved: typeof resolved === 'string' ? JSON.parse(resolved) : null,
  };
}

/** Every finding of a village in whatever state, or those of the district itself that lie in no village. */
export async function readFindings(region: string): Promise<Finding[]> {
  return (await queryAll(findingsKey(region), `FINDING#${region}-`, { consistent: true })).map(toFinding);
}

/** The open findings of a region and everything in it. Those that an earlier release ordered by their age get their place among the others. */
export async function listOpenFindings(region: string, severityOf: SeverityOf): Promise<Finding[]> {
  const items = await queryOpen(`FINDING#${districtOf(region)}`, region);
  await placedInIndex(items, 'openSort', (item) => placeOfFinding(toFinding(item), severityOf));
  return items.map(toFinding);
}

/** Up to `limit` of them behind a place that `keep` lets through: reads as many more as it leaves out. */
export async function listOpenFindingsAfter(
  region: string,
  { after, limit, keep }: { after: string; limit: number; keep: (found: Finding) => boolean },
): Promise<Finding[]> {
  const kept: Finding[] = [];
  const size = 2 * limit;
  for (let from = after; ; ) {
    const items = await queryIndex('open', `FINDING#${districtOf(region)}`, {
      first: behind(from),
      last: `${region}~`,
      limit: size,
    });
    kept.push(...items.map(toFinding).filter(keep));
    const [end] = items.slice(-1);
    if (end === undefined || items.length < size || kept.length >= limit) return kept.slice(0, limit);
    from = text(end, 'openSort');
  }
}

/** How serious a finding is, as its rule says. The rules are the caller's: they are more text than a function that records nothing but wrong numbers can carry. */
type SeverityOf = (finding: Pick<Finding, 'rule' | 'observed'>) => QualitySeverity;

/** Ordered by village, severity and rule, as officials work through them. */
export function placeOfFinding(
  finding: Pick<Finding, 'id' | 'region' | 'rule' | 'observed'>,
  severityOf: SeverityOf,
): string {
  return `${finding.region}#${severityOf(finding) === 'serious' ? 0 : 1}#${finding.rule}#${finding.id}`;
}

export async function readFinding(id: string): Promise<Finding | undefined> {
  const item = await get(keys.finding(id), { consistent: true });
  return item === undefined ? undefined : toFinding(item);
}

/** The result of a run over a region. */
export interface Recorded {
  /** New, or seen again after a correction. */
  found: number;
  corrected: number;
  /** Everything that is open after the run, in the whole region. */
  open: Finding[];
}

/**
 * Records the results of a run. Only changes are written, each on the condition that the finding is unchanged: of two concurrent runs the second changes
 * nothing, and neither undoes a reason that an official gave meanwhile.
 */
export async function recordLooks(
  looked: readonly Look[],
  scope: Scope,
  { at, by, severityOf }: { at: string; by: FindingTrigger; severityOf: SeverityOf },
): Promise<Recorded> {
  const stored = await readFindings(scope.region);
  const difference = differenceOf(looked, stored, scope, sha256);
  const { appeared, reappeared, corrected } = difference;
  const fresh = appeared.map(
    (one): Finding => ({ ...one, region: scope.region, foundAt: at, foundBy: by, state: 'open', resolved: null }),
  );
  const writes = [
    ...fresh.map((finding) => put(finding, severityOf)),
    ...reappeared.map((finding) => reopen(finding, at, severityOf)),
    ...corrected.map(({ id }) => resolve(id, { how: 'corrected', at })),
  ];
  await eachOf(writes, AT_ONCE, unlessOutrun);
  return {
    found: appeared.length + reappeared.length,
    corrected: corrected.length,
    open: [...stillOpen(stored, difference), ...fresh],
  };
}

function stillOpen(stored: readonly Finding[], { reappeared, corrected }: Difference): Finding[] {
  const ended = new Set(corrected);
  const again = new Set(reappeared);
  return stored.filter((finding) => again.has(finding) || (finding.state === 'open' && !ended.has(finding)));
}

/** Another run was first, or this write succeeded and its answer was lost: either way the stored finding is right, and the next run checks again. */
async function unlessOutrun(write: PutCommand | UpdateCommand): Promise<void> {
  try {
    await conditional(write);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Ends an open finding by a reason. @throws ConditionFailed when it is not open any more */
export async function explainFinding(id: string, resolution: Omit<FindingResolution, 'how'>): Promise<void> {
  await conditional(resolve(id, { how: 'explained', ...resolution }));
}

/** An open finding is in the index, at its place. */
function index(finding: Finding, severityOf: SeverityOf) {
  return { open: `FINDING#${districtOf(finding.region)}`, openSort: placeOfFinding(finding, severityOf) };
}

function put(finding: Finding, severityOf: SeverityOf): PutCommand {
  const { state, resolved: _, ...document } = finding;
  const Item = { ...keys.finding(finding.id), state, ...index(finding, severityOf), ...findingText.put(document) };
  return new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' });
}

function reopen(finding: Finding, at: string, severityOf: SeverityOf): UpdateCommand {
  const { open, openSort } = index(finding, severityOf);
  return new UpdateCommand({
    TableName: tableName(),
    Key: keys.finding(finding.id),
    UpdateExpression: 'SET #state = :open, reopenedAt = :at, #open = :index, openSort = :sort REMOVE resolved',
    ConditionExpression: '#state = :corrected',
    ExpressionAttributeNames: { '#state': 'state', '#open': 'open' },
    ExpressionAttributeValues: {
      ':open': 'open',
      ':corrected': 'corrected',
      ':at': at,
      ':index': open,
      ':sort': openSort,
    },
  });
}

function resolve(id: string, resolution: FindingResolution): UpdateCommand {
  return new UpdateCommand({
    TableName: tableName(),
    Key: keys.finding(id),
    UpdateExpression: 'SET #state = :how, resolved = :resolved REMOVE #open, openSort',
    ConditionExpression: '#state = :open',
    ExpressionAttributeNames: { '#state': 'state', '#open': 'open' },
    ExpressionAttributeValues: { ':how': resolution.how, ':open': 'open', ':resolved': JSON.stringify(resolution) },
  });
}
