import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim } from '../../contracts/insurance/claim.ts';
import { districtOf } from '../../contracts/regions.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { ConditionFailed, conditional, get, queryOpen, tableName, transact } from '../table.ts';

const reportText = jsonText<ClaimReport>();
const outcomeText = jsonText<ReportOutcome>('outcome');

/** What somebody without login reported. It holds no event and no invoice: those are taken when the village or the family's verified word makes it a claim. */
export interface ClaimReport {
  receipt: string;
  reportedAt: string;
  district: string;
  line: Claim['line'];
  eventOn: string;
  invoices: Claim['invoices'];
  /** Where the person is registered or insured; null when nobody was found. */
  household: string | null;
  person: string | null;
  idMasked: string;
  idCipher: string;
  nameCipher: string | null;
  phoneCipher: string | null;
  phoneMasked: string | null;
  /** ID number, name and telephone are those on file. */
  verified: boolean;
}

/** What a person did with a report: the claim it became, or why none; and whether the village gave the receipt to the family. */
export interface ReportOutcome {
  claim: string | null;
  handedOver: boolean;
  by: string;
  at: string;
  reason?: string;
}

/** Keeps a report until a person has looked at it. @returns whether it is new */
export async function keepClaimReport(report: ClaimReport): Promise<boolean> {
  const Item = {
    ...keys.claimReport(report.receipt),
    open: `CLAIM-REPORT#${report.district}`,
    openSort: `${report.household?.slice(0, 12) ?? report.district}#${report.reportedAt}#${report.receipt}`,
    ...reportText.put(report),
  };
  try {
    await transact([{ Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } }]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

export async function readClaimReport(
  receipt: string,
): Promise<{ report: ClaimReport; outcome: ReportOutcome | undefined } | undefined> {
  const item = await get(keys.claimReport(receipt), { consistent: true });
  if (item === undefined) return undefined;
  return {
    report: reportText.read(item),
    outcome: item['outcome'] === undefined ? undefined : outcomeText.read(item),
  };
}

/** Reports nobody has looked at yet. @param region a prefix of villages in the district */
export async function listClaimReports(region: string): Promise<ClaimReport[]> {
  return (await queryOpen(`CLAIM-REPORT#${districtOf(region)}`, region)).map((item) => reportText.read(item));
}

/** Removes a report from the list with its outcome. @throws ConditionFailed when somebody else has */
export async function concludeClaimReport(
  { receipt, district }: Pick<ClaimReport, 'receipt' | 'district'>,
  outcome: ReportOutcome,
): Promise<void> {
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.claimReport(receipt),
      // Where nobody looks for work, and where what is kept of somebody can be found.
      UpdateExpression: 'SET outcome = :outcome, #open = :open',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(outcome)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':outcome': outcomeText.of(outcome), ':open': `CLAIM-REPORT-ENDED#${district}` },
    }),
  );
}
