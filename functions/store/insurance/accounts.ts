import type { Standing } from '../../contracts/insurance/adjudication.ts';
import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import { districtOf } from '../../contracts/regions.ts';
import type { Household } from '../../contracts/registry/household.ts';
import { holdings } from '../../domain/insurance/claim.ts';
import { keys } from '../keys.ts';
import { numbersOf, presentHousehold } from '../registry/households.ts';
import { batchGet, type TransactItem, tableName } from '../table.ts';

/** What was decided before, with what it was read from. */
export interface StandingRead extends Standing {
  /** What is approved under each number the household had, or a household that was merged into it; fen. `household` is their sum: one household has one cap. */
  accounts: readonly { household: string; approved: number }[];
  /** Where the claim's household lives now, as it was then. */
  present: Pick<Household, 'id' | 'version'> | undefined;
}

/** What was decided before, read now: an approval is written only if this is unchanged. */
export async function readStanding(
  claim: Pick<Claim, 'policy' | 'person' | 'line' | 'household' | 'capOf'>,
  policy: Policy,
): Promise<StandingRead> {
  const present = await presentHousehold(claim.household);
  const numbers = present === undefined ? [] : await numbersOf(present);
  const households = [...new Set([claim.capOf ?? claim.household, ...numbers])];
  const line = keys.lineAccount(claim.policy, claim.person, claim.line);
  const items = await batchGet([line, ...households.map((one) => keys.householdAccount(claim.policy, one))], {
    consistent: true,
  });
  const account = items.find((item) => item['sk'] === line.sk);
  const accounts = households.map((household) => {
    const { pk } = keys.householdAccount(claim.policy, household);
    const found = items.find((item) => item['pk'] === pk);
    return { household, approved: Number(found?.['approved'] ?? 0) };
  });
  return {
    accepted: Number(account?.['accepted'] ?? 0),
    approved: Number(account?.['approved'] ?? 0),
    household: accounts.reduce((sum, { approved }) => sum + approved, 0),
    limitLeft: policy.limit - policy.reserved - policy.paid,
    accounts,
    present,
  };
}

/**
 * Writes the differences of the amounts a claim holds into policy, person and household.
 * @param standing what the change was judged by, where it was judged: each account must be unchanged, and the household must not have been merged meanwhile
 */
export function accounts(
  before: Claim | undefined,
  after: Claim,
  policy: Policy,
  standing: StandingRead | undefined,
): TransactItem[] {
  const [had, has] = [holdings(before), holdings(after)];
  const committed = has.reserved + has.paid - had.reserved - had.paid;
  const paid = has.paid - had.paid;
  const approved = has.approved - had.approved;
  const counted = has.counted - had.counted;
  const items: TransactItem[] = [];
  if (committed !== 0 || paid !== 0) {
    items.push({
      Update: {
        TableName: tableName(),
        Key: keys.policy(districtOf(after.household), policy.id),
        UpdateExpression: 'ADD committed :committed, paid :paid',
        ...(committed > 0 ? { ConditionExpression: 'committed <= :left' } : {}),
        ExpressionAttributeValues: {
          ':committed': committed,
          ':paid': paid,
          ...(committed > 0 ? { ':left': policy.limit - committed } : {}),
        },
      },
    });
  }
  if (approved !== 0 || counted !== 0) {
    const line = keys.lineAccount(after.policy, after.person, after.line);
    items.push(
      account(
        line,
        { accepted: counted, approved },
        standing === undefined ? undefined : { accepted: standing.accepted, approved: standing.approved },
      ),
    );
  }
  if (approved !== 0) items.push(...ofHousehold(after, approved, standing));
  return items;
}

/** A claim's amount goes into the account it was reported under, where it is taken back too; what else counts for the household's cap stays what it was. */
function ofHousehold(claim: Claim, approved: number, standing: StandingRead | undefined): TransactItem[] {
  const own = claim.capOf ?? claim.household;
  if (standing === undefined) return [account(keys.householdAccount(claim.policy, own), { approved }, undefined)];
  const items = standing.accounts.map((read) => {
    const key = keys.householdAccount(claim.policy, read.household);
    return account(key, { approved: read.household === own ? approved : 0 }, { approved: read.approved });
  });
  return standing.present === undefined ? items : [...items, unmoved(standing.present)];
}

/** The household is what it was: none has been merged into it, or it into another, whose draws would count. */
function unmoved({ id, version }: Pick<Household, 'id' | 'version'>): TransactItem {
  return {
    ConditionCheck: {
      TableName: tableName(),
      Key: keys.household(id),
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': version },
    },
  };
}

/** Adds to an account, on the condition that it is unchanged. */
function account(
  Key: { pk: string; sk: string },
  add: Record<string, number>,
  read: Record<string, number> | undefined,
): TransactItem {
  const names = Object.keys(add);
  const values = Object.fromEntries(names.map((name) => [`:${name}`, add[name]]));
  const asRead = Object.entries(read ?? {});
  const unread = asRead.every(([, value]) => value === 0);
  const equal = asRead.map(([name]) => `${name} = :read_${name}`).join(' AND ');
  const readValues = Object.fromEntries(asRead.map(([name, value]) => [`:read_${name}`, value]));
  return {
    Update: {
      TableName: tableName(),
      Key,
      UpdateExpression: `ADD ${names.map((name) => `${name} :${name}`).join(', ')}`,
      ...(asRead.length === 0
        ? {}
        : { ConditionExpression: unread ? `attribute_not_exists(pk) OR (${equal})` : equal }),
      ExpressionAttributeValues: { ...values, ...readValues },
    },
  };
}
