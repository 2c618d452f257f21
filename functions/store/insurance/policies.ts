import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Insured, Policy } from '../../contracts/insurance/policy.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import { villageOf } from '../../contracts/values.ts';
import { jsonText } from '../json-text.ts';
import { districtKey, keys, rosterOf } from '../keys.ts';
import { type Change, EVER, noteOf } from '../reports/changes.ts';
import {
  batchGet,
  ConditionFailed,
  conditional,
  get,
  type Item,
  queryAll,
  queryOpen,
  tableName,
  transact,
} from '../table.ts';

const productText = jsonText<Product>();
const policyText = jsonText<Document>();
const insuredText = jsonText<Insured>();

/** Products by the day they take effect; proposed ones too. */
export async function listProducts(district: string): Promise<Product[]> {
  const items = await queryAll(districtKey(district), 'PRODUCT#', { consistent: true });
  return items
    .map((item) => productText.read(item))
    .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom) || a.id.localeCompare(b.id));
}

export async function readProduct(district: string, id: string): Promise<Product | undefined> {
  const item = await get(keys.product(district, id), { consistent: true });
  return item === undefined ? undefined : productText.read(item);
}

/** Proposes a product, or approves one: what is approved never changes. @throws ConditionFailed */
export async function putProduct(district: string, product: Product): Promise<void> {
  const approving = product.state === 'approved';
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.product(district, product.id),
      UpdateExpression: 'SET #state = :state, doc = :doc',
      ConditionExpression: approving ? '#state = :proposed' : 'attribute_not_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': product.state,
        ':doc': productText.of(product),
        ...(approving ? { ':proposed': 'proposed' } : {}),
      },
    }),
  );
}

type Document = Omit<Policy, 'reserved' | 'paid'>;

/** `committed` is what is reserved and paid together: the condition that keeps it within the limit needs one attribute. */
function toPolicy(item: Item): Policy {
  const committed = Number(item['committed'] ?? 0);
  const paid = Number(item['paid'] ?? 0);
  return { ...policyText.read(item), paid, reserved: committed - paid };
}

export async function listPolicies(district: string): Promise<Policy[]> {
  return (await queryAll(districtKey(district), 'POLICY#', { consistent: true })).map(toPolicy);
}

export async function readPolicy(district: string, id: string): Promise<Policy | undefined> {
  const item = await get(keys.policy(district, id), { consistent: true });
  return item === undefined ? undefined : toPolicy(item);
}

/** Puts a policy; its id is its number's hash. @throws ConditionFailed when there is one with this number */
export async function putPolicy(district: string, { reserved: _, paid: __, ...document }: Policy): Promise<void> {
  const Item = { ...keys.policy(district, document.id), committed: 0, paid: 0, ...policyText.put(document) };
  await transact([{ Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } }]);
}

/** People of a roster, each by one read; whoever is not on it is left out. */
export async function readInsured(policy: string, persons: readonly string[]): Promise<Map<string, Insured>> {
  const items = await batchGet(
    persons.map((person) => keys.insured(policy, person)),
    { consistent: true },
  );
  const found = items.map((item) => insuredText.read(item));
  return new Map(found.map((one) => [one.person, one]));
}

/** Where somebody of the roster is counted: in their household's village, or, registered nowhere, in the district. */
export function placeOfInsured({ household }: Pick<Insured, 'household'>, district: string): string {
  return household === null ? district : villageOf(household);
}

/** The part of a roster that somebody lies in: their village's, or, of those registered nowhere, one of the district's sixteen. */
function partOf(insured: Insured, district: string): string {
  return insured.household === null ? `${district}-${insured.person.slice(-1)}` : villageOf(insured.household);
}

/** The parts of a policy's roster in a region, in the order of their villages. */
export async function rosterParts(policy: string, region: string): Promise<string[]> {
  return (await readParts(policy)).filter((part) => part.startsWith(region)).sort();
}

async function readParts(policy: string): Promise<string[]> {
  const parts = (await get(keys.rosterParts(policy), { consistent: true }))?.['parts'];
  return parts instanceof Set ? [...parts] : [];
}

/** The people in one part of a policy's roster: a Query of the index, 1 MB for 2,500 of them. */
export async function listInsured(policy: string, part: string): Promise<Insured[]> {
  return (await queryOpen(rosterOf(policy, part))).map((item) => insuredText.read(item));
}

/** Covers that are new or ended change briefs from their first day on. */
function insuredChange(district: string, policy: string, before: Insured | undefined, after: Insured): Change {
  const had = new Set((before?.covers ?? []).map((cover) => JSON.stringify(cover)));
  const days = after.covers.filter((cover) => !had.has(JSON.stringify(cover))).map(({ enrolledOn }) => enrolledOn);
  return {
    kind: 'insured',
    id: `${policy}#${after.person}`,
    places: [placeOfInsured(after, district)],
    from: days.sort()[0] ?? EVER,
  };
}

/** Writes people of the roster, each on the condition that nobody changed them meanwhile. @returns persons whose write did not hold */
export async function putInsured(
  district: string,
  policy: string,
  at: string,
  changes: readonly { before: Insured | undefined; after: Insured }[],
): Promise<Set<string>> {
  const note = noteOf(
    district,
    at,
    changes.map(({ before, after }) => insuredChange(district, policy, before, after)),
  );
  const people = changes.map(({ after }) => after);
  await addParts(district, policy, people);
  const items = changes.map(({ before, after }) => ({
    Put: {
      TableName: tableName(),
      Item: insuredItem(district, policy, after),
      ...(before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'doc = :before', ExpressionAttributeValues: { ':before': insuredText.of(before) } }),
    },
  }));
  try {
    await transact([...items, ...note]);
    return new Set();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return new Set(people.map(({ person }) => person));
  }
}

/** Somebody of a roster as stored: found by the person, and in the index by the part they lie in. */
export function insuredItem(district: string, policy: string, insured: Insured): Item {
  return {
    ...keys.insured(policy, insured.person),
    open: rosterOf(policy, partOf(insured, district)),
    openSort: insured.person,
    ...insuredText.put(insured),
  };
}

/** Names the parts of a roster before these people are in them: one that is named and empty is read in vain, one that is not named would not be read. */
export async function addParts(district: string, policy: string, people: readonly Insured[]): Promise<void> {
  const known = new Set(await readParts(policy));
  const added = new Set(people.map((one) => partOf(one, district)).filter((part) => !known.has(part)));
  if (added.size === 0) return;
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.rosterParts(policy),
      UpdateExpression: 'ADD parts :added',
      ExpressionAttributeValues: { ':added': added },
    }),
  );
}
