import { feedRow, MOST_BILLS } from '../../contracts/insurance/insurance-http.ts';
import { Problem } from '../../contracts/problems.ts';
import { eachOf, wavesOf } from '../../domain/concurrency.ts';
import { cleanIdNumber } from '../../domain/registry/id-number.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { personalData } from '../../store/registry/personal-data.ts';

import { claimReportRoutes } from '../routes/insurance.ts';
import { type RowProblem, refusalOf, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';
import { claimantOf, mayClaimFor } from './claim-reports/claimant.ts';
import { claimStatus, concludeReport, listReports, reportOwn } from './claim-reports/own-reports.ts';
import { listPayees, recordPayee } from './claim-reports/payee.ts';
import { type Foreseen, foreseenReport, report } from './claim-reports/report.ts';

const AT_ONCE = 4;

const reportClaim: Operation<typeof claimReportRoutes.reportClaim> = async ({ caller, body, now }) => {
  mustContain(caller, body.household);
  if (!(await mayClaimFor(body.household, body.person, body.eventOn, now))) throw new Problem('person-not-member');
  const { check, ...told } = body;
  const event = { ...told, claimed: told.claimed ?? null };
  const by = { channel: 'village' as const, by: caller.sub, told: null };
  if (check === true) return { status: (await foreseenReport(event, by, now)) === 'reported' ? 201 : 200, body: {} };
  const { claim, outcome } = await report(event, by, now);
  return {
    status: outcome === 'reported' ? 201 : 200,
    body: { id: claim.id, receipt: claim.receipt, stage: claim.stage },
  };
};

interface FeedOutcome {
  row: number;
  outcome: 'reported' | 'added' | 'known' | 'refused';
  claim?: string;
  problem?: RowProblem;
}

const hospitalFeed: Operation<typeof claimReportRoutes.hospitalFeed> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_BILLS) throw new Problem('too-many-rows');
  const data = await personalData(config.district());
  const rows = body.rows.map((raw, row) => ({ row, parsed: feedRow.safeParse(raw, { reportInput: true }) }));
  const foreseen: Foreseen = new Map();
  const take = async ({ row, parsed }: (typeof rows)[number]): Promise<FeedOutcome> => {
    if (!parsed.success)
      return { row, outcome: 'refused', problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])) };
    const { idNumber, ...event } = parsed.data;
    const found = await claimantOf(idNumber, data, now);
    if (typeof found === 'string') return { row, outcome: 'refused', problem: rowProblem(found) };
    try {
      const by = { channel: 'hospital' as const, by: caller.sub, told: body.hospital };
      const told = { ...found, ...event, claimed: event.invoices.reduce((sum, { total }) => sum + total, 0) };
      if (body.check === true) return { row, outcome: await foreseenReport(told, by, now, foreseen) };
      const { claim, outcome } = await report(told, by, now);
      return { row, outcome, claim: claim.id };
    } catch (error) {
      return { row, outcome: 'refused', problem: rowProblem(refusalOf(error).code) };
    }
  };
  const items: FeedOutcome[] = [];
  // Of two rows about the same person or bill the first counts.
  const touched = ({ parsed: { data } }: (typeof rows)[number]) =>
    data === undefined
      ? []
      : [`person ${cleanIdNumber(data.idNumber)}`, ...data.invoices.map(({ number }) => `bill ${number}`)];
  for (const wave of wavesOf(rows, touched)) for (const one of await eachOf(wave, AT_ONCE, take)) items[one.row] = one;
  if (body.check !== true) refuseWhenNoneHolds(items);
  return { status: 200, body: { items } };
};

export const handler = httpHandler(claimReportRoutes, {
  reportClaim,
  reportOwn,
  listReports,
  concludeReport,
  claimStatus,
  hospitalFeed,
  listPayees,
  recordPayee,
});
