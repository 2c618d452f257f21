import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Erasure, Retention } from '../../../contracts/registry/erasure.ts';
import { villageOf } from '../../../contracts/values.ts';
import { jsonText } from '../../json-text.ts';
import { districtKey, keys } from '../../keys.ts';
import { conditional, get, queryAll, type TransactItem, tableName, transact } from '../../table.ts';
import { listedAct, type Reveal } from '../reveals.ts';

const retentionText = jsonText<Retention>();
const erasureText = jsonText<Erasure>();

/** All periods of a district, proposed and approved, by the date they take effect. */
export async function listRetentions(district: string): Promise<Retention[]> {
  const items = await queryAll(districtKey(district), 'RETENTION#', { consistent: true });
  return items.map(retentionText.read).sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
}

/** The period in force on a day; undefined when there is none. @param day Asia/Shanghai */
export async function retentionOn(district: string, day: string): Promise<Retention | undefined> {
  return (await listRetentions(district)).findLast(
    ({ status, effectiveFrom }) => status === 'approved' && effectiveFrom <= day,
  );
}

/** @throws ConditionFailed when the same terms were proposed before: the id is their hash */
export async function putRetention(district: string, one: Retention): Promise<void> {
  await conditional(
    new PutCommand({
      TableName: tableName(),
      Item: { ...keys.retention(district, one.id), status: one.status, ...retentionText.put(one) },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
}

/** @throws ConditionFailed when somebody else approved first */
export async function keepRetention(district: string, one: Retention): Promise<void> {
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.retention(district, one.id),
      UpdateExpression: 'SET #status = :approved, doc = :doc',
      ConditionExpression: '#status = :proposed',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':approved': 'approved', ':proposed': 'proposed', ':doc': retentionText.of(one) },
    }),
  );
}

/** Every erasure of a district, in no order. */
export async function readErasures(district: string): Promise<Erasure[]> {
  const { pk } = keys.erasure(district, '');
  return (await queryAll(pk, '', { consistent: true })).map(erasureText.read);
}

export async function readErasure(district: string, id: string): Promise<Erasure | undefined> {
  const item = await get(keys.erasure(district, id), { consistent: true });
  return item === undefined ? undefined : erasureText.read(item);
}

/** Keeps a proposal, and lists the act. @throws ConditionFailed when the same was proposed before: the id is its hash */
export async function putErasure(district: string, one: Erasure): Promise<void> {
  const Item = { ...keys.erasure(district, one.id), status: one.status, ...erasureText.put(one) };
  const Put = { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' };
  await transact([{ Put }, actOf(one, 'erasure-proposed', { by: one.proposedBy, at: one.proposedAt })]);
}

/** @param before as it was read @returns as it is kept @throws ConditionFailed when somebody else approved first, or an erasure took a name out of it meanwhile */
export async function keepApproval(
  district: string,
  before: Erasure,
  one: Erasure & { approvedBy: string; approvedAt: string },
): Promise<Erasure> {
  await transact([
    movedFrom(before, district, one),
    actOf(one, 'erasure-approved', { by: one.approvedBy, at: one.approvedAt }),
  ]);
  return one;
}

/** @param before as it was read @returns as it is kept @throws ConditionFailed when it is not so any more */
export async function endErasure(district: string, before: Erasure, one: Erasure): Promise<Erasure> {
  await transact([movedFrom(before, district, one)]);
  return one;
}

function movedFrom(before: Erasure, district: string, one: Erasure): TransactItem {
  return {
    Update: {
      TableName: tableName(),
      Key: keys.erasure(district, one.id),
      UpdateExpression: 'SET #status = :after, doc = :doc',
      ConditionExpression: '#status = :before AND doc = :read',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ...{ ':before': before.status, ':read': erasureText.of(before) },
        ...{ ':after': one.status, ':doc': erasureText.of(one) },
      },
    },
  };
}

function actOf({ id, household, person, reason }: Erasure, field: Reveal['field'], did: { by: string; at: string }) {
  return listedAct(
    { subject: household, region: villageOf(household), field, person, reason, ...did },
    `${id}-${field}`,
  );
}
