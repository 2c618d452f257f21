import { Problem, type ProblemCode } from '../../../contracts/problems.ts';
import { NotPain002, type PaymentReport, type ReportedGroup, readPain002 } from '../../../domain/insurance/pain002.ts';
import { NotXml } from '../../../domain/insurance/xml.ts';
import { payoutsOf, readBatch } from '../../../store/insurance/payout-batches.ts';
import { readPayouts } from '../../../store/insurance/payouts.ts';

/** What a report says of one payment as a confirmation, or why it is none. */
export type ReportRow = { said: unknown } | { endToEndId?: string; group?: string; refused: ProblemCode };

/**
 * Payments and groups that one report names, with the payments these come to; as many as one request by JSON. All of them are done before the answer
 * is due.
 */
const MOST_PAYMENTS = 500;
/** What ISO 20022 lets an id have; a longer one is none of ours. */
const LONGEST_ID = 35;

/**
 * A pain.002 report as rows: first the payments it names, then, for a status of a whole message or group, every payment of ours in it that is not named.
 * What the report leaves out (the amount, the day) is what was instructed and when it was written.
 * @throws Problem pain002-invalid; too-many-rows; pain002-empty when it says nothing of any payment
 */
export async function rowsOfReport(source: string): Promise<ReportRow[]> {
  const report = parsed(source);
  if (report.statuses.length + report.groups.length > MOST_PAYMENTS) throw new Problem('too-many-rows');
  const named = await namedRows(report);
  const known = new Set(report.statuses.map(({ endToEndId }) => endToEndId));
  const rows = [...named];
  for (const group of report.groups) {
    rows.push(...(await rowsOfGroup(group, report, known)));
    if (report.groups.length + rows.length > MOST_PAYMENTS) throw new Problem('too-many-rows');
  }
  if (rows.length === 0) throw new Problem('pain002-empty');
  return rows;
}

function parsed(source: string): PaymentReport {
  try {
    return readPain002(source);
  } catch (error) {
    if (error instanceof NotPain002 || error instanceof NotXml) throw new Problem('pain002-invalid');
    throw error;
  }
}

async function namedRows({ statuses, createdOn }: PaymentReport): Promise<ReportRow[]> {
  const payouts = await readPayouts(
    [...new Set(statuses.map(({ endToEndId }) => endToEndId))].filter((id) => id !== '' && id.length <= LONGEST_ID),
  );
  const amounts = new Map(payouts.map(({ endToEndId, amount }) => [endToEndId, amount]));
  return statuses.map(({ endToEndId, status, reason, amount, on }): ReportRow => {
    if (endToEndId === '') return { refused: 'payout-unknown' };
    if (status === null) return { endToEndId, refused: 'payout-status-unknown' };
    if (amount === 'other-currency') return { endToEndId, refused: 'currency-differs' };
    if (amount === 'no-amount') return { endToEndId, refused: 'amount-differs' };
    return {
      said: confirmationOf({
        endToEndId,
        status,
        reason,
        amount: amount ?? amounts.get(endToEndId) ?? 1,
        on: on ?? createdOn,
      }),
    };
  });
}

/** @param known payments told already, by themselves or in a group inside this one; those of this group are added */
async function rowsOfGroup(
  group: ReportedGroup,
  { createdOn }: PaymentReport,
  known: Set<string>,
): Promise<ReportRow[]> {
  const { status, reason, on, count, sum } = group;
  const refused = (code: ProblemCode): ReportRow[] => [{ group: group.of.slice(0, LONGEST_ID), refused: code }];
  const batch = group.of.length > LONGEST_ID ? undefined : await readBatch(group.of);
  // Also beside other groups: the bank believes that it has told us of these payments.
  if (batch === undefined) return refused('batch-unknown');
  if (status === null) return refused('payout-status-unknown');
  if ((count !== null && count !== batch.count) || (sum !== null && sum !== batch.sum))
    return refused('amount-differs');
  const rest = (await payoutsOf(batch)).filter(({ endToEndId }) => !known.has(endToEndId));
  for (const { endToEndId } of rest) known.add(endToEndId);
  return rest.map(({ endToEndId, amount }) => ({
    said: confirmationOf({ endToEndId, status, reason, amount, on: on ?? createdOn }),
  }));
}

function confirmationOf({
  reason,
  ...said
}: {
  endToEndId: string;
  status: string;
  reason: string | null;
  amount: number;
  on: string;
}) {
  return reason === null ? said : { ...said, reason };
}
