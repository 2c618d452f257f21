import type { Claim } from '../../../contracts/insurance/claim.ts';
import { Problem } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { missingOf } from '../../../domain/insurance/claim-change.ts';
import { claimStageNames, missingView, rejectSentences, waitingNames } from '../../../domain/insurance/claim-labels.ts';
import { waitingOf } from '../../../domain/insurance/claim-stages.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../../domain/registry/id-number.ts';
import { maskIdNumber, maskPhone } from '../../../domain/registry/masking.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation, within } from '../../../runtime/http.ts';
import { keyedHash, receiptOf } from '../../../store/ids.ts';
import {
  type ClaimReport,
  concludeClaimReport,
  keepClaimReport,
  listClaimReports,
  readClaimReport,
} from '../../../store/insurance/claim-reports.ts';
import { claimOfReceipt } from '../../../store/insurance/claims.ts';
import { readInsured } from '../../../store/insurance/policies.ts';
import { readInContext } from '../../../store/insurance/settlements.ts';
import { MOST_OF_STRANGERS_A_DAY, withinLimit } from '../../../store/rate-limits.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { isOnFile } from '../../../store/registry/on-file.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { ConditionFailed } from '../../../store/table.ts';
import { pageOf } from '../../cursors.ts';
import type { claimReportRoutes } from '../../routes/insurance.ts';
import { claimantOf, mayClaimFor } from './claimant.ts';
import { report } from './report.ts';

const CALLS_AN_HOUR = 120;

/**
 * Takes in a report from anybody, and answers everybody alike: whether the person is registered, insured or has a claim is nobody's business.
 * Only when ID number, name and telephone are those on file does a claim begin at once; what others report is kept for the village, and holds no
 * event and no invoice, so that a stranger cannot get in the family's way. The same report again on that day is
 * the same report.
 */
export const reportOwn: Operation<typeof claimReportRoutes.reportOwn> = async ({ body, now, address }) => {
  if (!(await withinLimit('claim-reports', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const idNumber = cleanIdNumber(body.idNumber);
  const fault = idNumberFault(idNumber, dayOf(now));
  if (fault !== undefined)
    throw new Problem('id-number-invalid', {
      errors: [{ pointer: '/idNumber', code: fault, detail: idNumberFaults[fault] }],
    });
  if (body.eventOn > dayOf(now)) throw new Problem('date-in-future');
  const { line, eventOn, invoices, name, phone } = body;
  const district = config.district();
  const data = await personalData(district);
  const found = await claimantOf(idNumber, data, now);
  const claimant = typeof found === 'string' ? null : found;
  const numbers = invoices.map(({ number }) => number).sort();
  // With the day, or what the village once dismissed of a stranger would swallow the family's own words for ever.
  const natural = [data.hash(idNumber), line, eventOn, name, phone, numbers, dayOf(now)];
  const receipt = `L${receiptOf(await keyedHash('claim-report', ...natural))}`;
  const household = claimant === null ? undefined : await readHousehold(claimant.household);
  const verified = isOnFile(household, claimant?.person, { name, phone }, data);
  // All strangers count in one place, whomever they name: a limit of each village would tell by its refusal who is registered where. A family that
  // knows what is on file is let in, so that no flood stands in its way.
  if (!verified && !(await withinLimit('claim-reports-of-strangers', district, now, MOST_OF_STRANGERS_A_DAY, 'day')))
    throw new Problem('too-many-requests');
  const kept: ClaimReport = {
    receipt,
    reportedAt: new Date(now).toISOString(),
    district,
    line,
    eventOn,
    invoices,
    household: claimant?.household ?? null,
    person: claimant?.person ?? null,
    idMasked: maskIdNumber(idNumber),
    idCipher: data.encrypt(idNumber, receipt),
    nameCipher: name === undefined ? null : data.encrypt(name, receipt),
    phoneCipher: phone === undefined ? null : data.encrypt(phone, receipt),
    phoneMasked: phone === undefined ? null : maskPhone(phone),
    verified,
  };
  await keepClaimReport(kept);
  const stored = (await readClaimReport(receipt)) ?? { report: kept, outcome: undefined };
  if (claimant !== null && stored.report.verified && stored.outcome === undefined)
    await open(stored.report, claimant, now);
  return { status: 201, body: { receipt, reportedAt: stored.report.reportedAt } };
};

/** The family's own word begins a claim; one that the village has reported meanwhile is the same claim for its receipt. */
async function open(kept: ClaimReport, claimant: { household: string; person: string }, now: number): Promise<void> {
  const { line, eventOn, invoices, receipt } = kept;
  const by = { channel: 'household' as const, by: 'household', told: null };
  let claim: string;
  try {
    claim = (await report({ ...claimant, line, eventOn, invoices, claimed: null }, by, now, receipt)).claim.id;
  } catch (error) {
    const held = error instanceof Problem && error.code === 'claim-duplicate' ? error.extra['claim'] : undefined;
    // Whatever keeps it from being a claim at once is the village's to see: it stays on its list.
    if (error instanceof Problem && typeof held !== 'string') return;
    if (typeof held !== 'string') throw error;
    const theirs = await readInContext(held);
    if (theirs?.claim.person !== claimant.person) return;
    claim = held;
  }
  await conclude(kept, { claim, handedOver: false, by: 'household', at: new Date(now).toISOString() });
}

async function conclude(kept: ClaimReport, outcome: Parameters<typeof concludeClaimReport>[1]): Promise<boolean> {
  try {
    await concludeClaimReport(kept, outcome);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** Where a claim stands, for whoever has the receipt and the last four of the ID number. A wrong one is told like an unknown receipt. */
export const claimStatus: Operation<typeof claimReportRoutes.claimStatus> = async ({ params, body, now, address }) => {
  if (!(await withinLimit('claim-status', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const kept = await readClaimReport(params.receipt);
  const told = kept === undefined || kept.report.verified || kept.outcome?.handedOver === true;
  const id = told ? (kept?.outcome?.claim ?? (await claimOfReceipt(params.receipt))) : undefined;
  const found = typeof id === 'string' ? await readInContext(id) : undefined;
  const last4 = found === undefined ? kept?.report.idMasked : await idMaskedOf(found.claim);
  if (last4?.slice(-4) !== body.last4) throw new Problem('receipt-unknown');
  if (found === undefined) return { status: 200, body: receivedView(params.receipt) };
  const { claim, product } = found;
  const waiting = waitingOf(claim, product, now);
  const message =
    claim.rejected === null
      ? waiting === undefined
        ? `${claimStageNames[claim.stage]}。`
        : `${claimStageNames[claim.stage]}，正在${waitingNames[waiting.step]}，${waiting.dueAt === null ? '办理期限待放假安排公布后确定' : `预计 ${dayOf(waiting.dueAt - 1)} 前办结此步`}。`
      : `${rejectSentences[claim.rejected.code]}${claim.rejected.reason}`;
  return {
    status: 200,
    body: {
      receipt: params.receipt,
      stage: claim.stage,
      stageName: claimStageNames[claim.stage],
      missing: missingView(missingOf(claim)),
      message,
    },
  };
};

async function idMaskedOf({ policy, person, household }: Claim): Promise<string | undefined> {
  const insured = (await readInsured(policy, [person])).get(person);
  return insured?.idMasked ?? (await readHousehold(household))?.members.find((one) => one.person === person)?.idMasked;
}

/** The answer to every receipt until the village has spoken to the family. */
function receivedView(receipt: string) {
  return {
    receipt,
    stage: 'reported' as const,
    stageName: claimStageNames.reported,
    missing: [],
    message: '已收到报案，村（社区）核实后会与您联系。也可携带证件到村委会办理。',
  };
}

/** Reports of people without login that nobody has looked at yet. */
export const listReports: Operation<typeof claimReportRoutes.listReports> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const [open, data] = await Promise.all([listClaimReports(query.region), personalData(config.district())]);
  const page = pageOf(open, ({ reportedAt, receipt }) => `${reportedAt}#${receipt}`, query.region, query);
  const items = page.items.map(({ receipt, nameCipher, idMasked, phoneMasked, ...kept }) => ({
    receipt,
    reportedAt: kept.reportedAt,
    line: kept.line,
    eventOn: kept.eventOn,
    invoices: kept.invoices,
    household: kept.household,
    person: kept.person,
    name: nameCipher === null ? null : data.decrypt(nameCipher, receipt),
    idNumber: idMasked,
    phone: phoneMasked,
    verified: kept.verified,
  }));
  return { status: 200, body: { items, total: open.length, ...page.next } };
};

/** An official has spoken to the family: the report becomes a claim of theirs, or it does not, with a reason. */
export const concludeReport: Operation<typeof claimReportRoutes.concludeReport> = async ({
  caller,
  params,
  body,
  now,
}) => {
  const { report: kept, outcome } = within(
    caller,
    await readClaimReport(params.receipt),
    ({ report: one }) => one.household ?? one.district,
    'receipt-unknown',
  );
  if (outcome !== undefined) return { status: 200, body: { receipt: kept.receipt, claim: outcome.claim } };
  const base = { by: caller.sub, at: new Date(now).toISOString() };
  if ('dismissed' in body) {
    await conclude(kept, { ...base, claim: null, handedOver: false, reason: body.dismissed });
    return { status: 200, body: { receipt: kept.receipt, claim: null } };
  }
  mustContain(caller, body.household);
  if (!(await mayClaimFor(body.household, body.person, kept.eventOn, now))) throw new Problem('person-not-member');
  const { line, eventOn, invoices } = kept;
  const event = { household: body.household, person: body.person, line, eventOn, invoices, claimed: null };
  const by = { channel: 'village' as const, by: caller.sub, told: null };
  const { claim } = await report(event, by, now, kept.receipt);
  await conclude(kept, { ...base, claim: claim.id, handedOver: body.handedOver });
  return { status: 201, body: { receipt: kept.receipt, claim: claim.id } };
};
