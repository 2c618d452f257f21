import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import { jsonText } from '../json-text.ts';
import { districtKey, keys } from '../keys.ts';
import { conditional, get, queryAll, tableName } from '../table.ts';

const criteriaText = jsonText<Criteria>();

/** Approved criteria never change, so an instance keeps those it has read. */
const approved = new Map<string, Criteria>();

/** All criteria of a district, proposed and approved, by the date they take effect. */
export async function listCriteria(district: string): Promise<Criteria[]> {
  const items = await queryAll(districtKey(district), 'CRITERIA#', { consistent: true });
  return items
    .map((item) => criteriaText.read(item))
    .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom) || a.id.localeCompare(b.id));
}

/** Every approved monitoring line, newest criteria first: later ones may tell a year's line anew. */
export async function approvedLines(district: string): Promise<Criteria['lines']> {
  const approvedOnes = (await listCriteria(district)).filter(({ status }) => status === 'approved');
  return approvedOnes.reverse().flatMap(({ lines }) => lines);
}

export async function readCriteria(district: string, id: string): Promise<Criteria | undefined> {
  const kept = approved.get(`${district}/${id}`);
  if (kept !== undefined) return kept;
  const item = await get(keys.criteria(district, id), { consistent: true });
  if (item === undefined) return undefined;
  const found = criteriaText.read(item);
  if (found.status === 'approved') approved.set(`${district}/${id}`, found);
  return found;
}

/** @throws ConditionFailed when the same terms were proposed before: the id is their hash */
export async function putProposal(district: string, criteria: Criteria): Promise<void> {
  await conditional(
    new PutCommand({
      TableName: tableName(),
      Item: { ...keys.criteria(district, criteria.id), status: criteria.status, ...criteriaText.put(criteria) },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
}

/** @throws ConditionFailed when somebody else approved first */
export async function approveProposal(district: string, criteria: Criteria): Promise<void> {
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.criteria(district, criteria.id),
      UpdateExpression: 'SET #status = :approved, #doc = :doc',
      ConditionExpression: '#status = :proposed',
      ExpressionAttributeNames: { '#status': 'status', '#doc': 'doc' },
      ExpressionAttributeValues: {
        ':approved': 'approved',
        ':proposed': 'proposed',
        ':doc': criteriaText.of(criteria),
      },
    }),
  );
}

/** Whether the line a day's year is judged by is only illustrative; screens and briefs must say so. */
export async function isIllustrative(district: string, day: string): Promise<boolean> {
  const year = Number(day.slice(0, 4));
  const all = (await listCriteria(district)).filter(
    ({ status, effectiveFrom }) => status === 'approved' && effectiveFrom <= day,
  );
  return all.at(-1)?.lines.some((line) => line.year === year && line.status === 'illustrative') ?? false;
}
