import type * as z from 'zod';
import type { Claim } from '../../contracts/insurance/claim.ts';
import { feedRow, MOST_BILLS, type payeeRequest } from '../../contracts/insurance/insurance-http.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { dayOf } from '../../domain/calendar.ts';
import { missingOf, moveClaim } from '../../domain/insurance/claim.ts';
import { claimStageNames, missingView, rejectSentences, waitingNames } from '../../domain/insurance/claim-labels.ts';
import { waitingOf } from '../../domain/insurance/claim-stages.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../domain/registry/id-number.ts';
import { isSameName } from '../../domain/registry/names.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { dueStart } from '../../store/due-starts.ts';
import { idOf } from '../../store/ids.ts';
import {
  changeClaim,
  claimHolding,
  claimOfReceipt,
  claimReceiptOf,
  naturalsOf,
  readClaim,
  takes,
} from '../../store/insurance/claims.ts';
import { listPolicies, readInsured, readProduct } from '../../store/insurance/policies.ts';
import { endTurn, readInContext, settlementStart } from '../../store/insurance/settlements.ts';
import { withinLimit } from '../../store/rate-limits.ts';
import { readHousehold, readVersions } from '../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../store/registry/personal-data.ts';
import { personsHouseholds } from '../../store/registry/persons.ts';
import { ConditionFailed, eachOf } from '../../store/table.ts';
import { claimReportRoutes } from '../routes/insurance.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';
import { claimWithin } from './claims/within.ts';

const CALLS_AN_HOUR = 120;
const LANES = 4;

/** Who had what when, as it was reported. */
interface Event {
  household: string;
  person: string;
  line: Claim['line'];
  eventOn: string;
  invoices: Claim['invoices'];
  claimed: number | null;
}

/** The policy an event falls under: whose period holds its day, or else the newest, so that the check can say what is wrong. */
async function policyFor(eventOn: string): Promise<Policy> {
  const policies = await listPolicies(config.district());
  const found =
    policies.find(({ from, to }) => from <= eventOn && eventOn <= to) ??
    policies.sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (found === undefined) throw new Problem('policy-missing');
  return found;
}

/**
 * Takes a report in, with its workflow to be started by the sweep. An event or invoice belongs to one claim: reported again by the same person it is that
 * claim, by somebody else it is a duplicate.
 * @throws Problem claim-duplicate, date-in-future, policy-missing
 */
async function report(event: Event, by: Claim['reportedBy'], now: number): Promise<{ claim: Claim; fresh: boolean }> {
  if (event.eventOn > dayOf(now)) throw new Problem('date-in-future');
  const policy = await policyFor(event.eventOn);
  const product = await readProduct(config.district(), policy.product);
  if (product === undefined) throw new Problem('product-unknown');
  const held = await claimHolding(policy.id, naturalsOf(event));
  if (held !== undefined) return { claim: await sameReport(held, event, by), fresh: false };
  const reportedAt = new Date(now).toISOString();
  const id = await idOf('claim', policy.id, event.person, event.line, event.eventOn, reportedAt);
  const claim = newClaim(id, event, { policy, by, reportedAt, receipt: await claimReceiptOf(id) });
  try {
    const start = settlementStart(claim, config.machine('claim-settlement'));
    const events = [
      { kind: 'claim-reported', body: { line: claim.line, eventOn: claim.eventOn, channel: by.channel, by: by.by } },
    ];
    const written = await changeClaim(undefined, { after: claim, events }, { policy, product, now }, [
      ...takes(claim),
      dueStart(config.district(), start),
    ]);
    return { claim: written, fresh: true };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const theirs = await claimHolding(policy.id, naturalsOf(event));
    if (theirs === undefined) throw new Problem('conflict');
    return { claim: await sameReport(theirs, event, by), fresh: false };
  }
}

/** The claim that holds an event or invoice, if it is this very report. @throws Problem claim-duplicate */
async function sameReport(
  id: string,
  { person, line, eventOn }: Event,
  { channel, by, told }: Claim['reportedBy'],
): Promise<Claim> {
  const found = await readClaim(id);
  const same = found?.person === person && found.line === line && found.eventOn === eventOn;
  const { reportedBy } = found ?? {};
  // A hospital's feed is the same whoever pushes it.
  const sameReporter =
    reportedBy?.channel === channel && (channel === 'hospital' ? reportedBy.told === told : reportedBy.by === by);
  if (found === undefined || !same || !sameReporter) throw new Problem('claim-duplicate', { extra: { claim: id } });
  return found;
}

function newClaim(
  id: string,
  event: Event,
  given: { policy: Policy; by: Claim['reportedBy']; reportedAt: string; receipt: string },
): Claim {
  const { policy, by, reportedAt, receipt } = given;
  return {
    id,
    receipt,
    policy: policy.id,
    product: policy.product,
    ...event,
    reportedAt,
    reportedBy: by,
    stage: 'reported',
    turn: 1,
    enteredAt: reportedAt,
    escalated: false,
    run: 1,
    cover: [],
    registeredAt: null,
    documents: [],
    requested: null,
    pauses: [],
    survey: null,
    adjudication: null,
    refusal: null,
    approvals: [],
    approved: null,
    counted: 0,
    payee: null,
    payeeBy: [],
    instructedBy: [],
    payouts: [],
    paid: null,
    rejected: null,
    withdrawn: null,
    appealOf: null,
    refusedBefore: [],
    appealedBy: null,
    version: 0,
    head: null,
  };
}

/** Whether a person is, or was, of a household: who has died is no member any more, and may be what the claim is about. */
async function wasMember(household: string, person: string): Promise<boolean> {
  const versions = await readVersions(household);
  return versions.some(({ change }) => {
    if (change.kind === 'register') return change.household.members.some((member) => member.person === person);
    if (change.kind === 'merge-in') return change.members.some((member) => member.person === person);
    return (change.kind === 'birth' || change.kind === 'move-in') && change.member.person === person;
  });
}

const reportClaim: Operation<typeof claimReportRoutes.reportClaim> = async ({ caller, body, now }) => {
  mustContain(caller, body.household);
  if (!(await wasMember(body.household, body.person))) throw new Problem('person-not-member');
  const { claim, fresh } = await report(
    { ...body, claimed: body.claimed ?? null },
    { channel: 'village', by: caller.sub, told: null },
    now,
  );
  return { status: fresh ? 201 : 200, body: { id: claim.id, receipt: claim.receipt, stage: claim.stage } };
};

/** The person with an ID number, and the household to claim for: where they are registered, or were when they were insured. */
async function byIdNumber(
  raw: string,
  data: PersonalData,
  now: number,
): Promise<{ person: string; household: string } | ProblemCode> {
  const idNumber = cleanIdNumber(raw);
  if (idNumberFault(idNumber, dayOf(now)) !== undefined) return 'id-number-invalid';
  const [hash, person] = [data.hash(idNumber), data.personId(idNumber)];
  const registered = (await personsHouseholds([hash])).get(hash);
  if (registered !== undefined) return { person, household: registered };
  for (const policy of await listPolicies(config.district())) {
    const household = (await readInsured(policy.id, [person])).get(person)?.household;
    if (household !== undefined && household !== null) return { person, household };
  }
  return 'person-unknown';
}

const reportOwn: Operation<typeof claimReportRoutes.reportOwn> = async ({ body, now, address }) => {
  if (!(await withinLimit('claim-reports', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const data = await personalData(config.district());
  const found = await byIdNumber(body.idNumber, data, now);
  if (found === 'id-number-invalid') {
    const fault = idNumberFault(cleanIdNumber(body.idNumber), dayOf(now)) ?? 'shape';
    throw new Problem(found, { errors: [{ pointer: '/idNumber', code: fault, detail: idNumberFaults[fault] }] });
  }
  if (typeof found === 'string') throw new Problem(found);
  const { line, eventOn, invoices } = body;
  const { claim } = await report(
    { ...found, line, eventOn, invoices, claimed: null },
    { channel: 'household', by: 'household', told: null },
    now,
  );
  return { status: 201, body: { receipt: claim.receipt, reportedAt: claim.reportedAt } };
};

/** Where a claim stands, for whoever has the receipt and the last four of the ID number. A wrong one is told like an unknown receipt. */
const claimStatus: Operation<typeof claimReportRoutes.claimStatus> = async ({ params, query, now, address }) => {
  if (!(await withinLimit('claim-status', address, now, CALLS_AN_HOUR))) throw new Problem('too-many-requests');
  const id = await claimOfReceipt(params.receipt);
  const found = id === undefined ? undefined : await readInContext(id);
  if (found === undefined) throw new Problem('receipt-unknown');
  const { claim, product } = found;
  const insured = (await readInsured(claim.policy, [claim.person])).get(claim.person);
  const member = (await readHousehold(claim.household))?.members.find(({ person }) => person === claim.person);
  if ((insured?.idMasked ?? member?.idMasked)?.slice(-4) !== query.last4) throw new Problem('receipt-unknown');
  const waiting = waitingOf(claim, product, now);
  const message =
    claim.rejected === null
      ? waiting === undefined
        ? `${claimStageNames[claim.stage]}。`
        : `${claimStageNames[claim.stage]}，正在${waitingNames[waiting.step]}，预计 ${dayOf(waiting.dueAt - 1)} 前办结此步。`
      : `${rejectSentences[claim.rejected.code]}${claim.rejected.reason}`;
  return {
    status: 200,
    body: {
      receipt: claim.receipt,
      stage: claim.stage,
      stageName: claimStageNames[claim.stage],
      missing: missingView(missingOf(claim)),
      message,
    },
  };
};

interface FeedOutcome {
  row: number;
  outcome: 'reported' | 'known' | 'refused';
  claim?: string;
  problem?: RowProblem;
}

const hospitalFeed: Operation<typeof claimReportRoutes.hospitalFeed> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_BILLS) throw new Problem('too-many-rows');
  const data = await personalData(config.district());
  const items = await eachOf(body.rows, LANES, async (raw, row): Promise<FeedOutcome> => {
    const parsed = feedRow.safeParse(raw, { reportInput: true });
    if (!parsed.success)
      return { row, outcome: 'refused', problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])) };
    const { idNumber, ...event } = parsed.data;
    const found = await byIdNumber(idNumber, data, now);
    if (typeof found === 'string') return { row, outcome: 'refused', problem: rowProblem(found) };
    try {
      const by = { channel: 'hospital' as const, by: caller.sub, told: body.hospital };
      const { claim, fresh } = await report(
        { ...found, ...event, claimed: event.invoices.reduce((sum, { total }) => sum + total, 0) },
        by,
        now,
      );
      return { row, outcome: fresh ? 'reported' : 'known', claim: claim.id };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { row, outcome: 'refused', problem: rowProblem(error.code) };
    }
  });
  refuseWhenNoneHolds(items);
  return { status: 200, body: { items } };
};

/** The account is encrypted at once, and shown by its last four digits. Of a returned payment this is what sends it again. */
const recordPayee: Operation<typeof claimReportRoutes.recordPayee> = async ({ caller, params, body, now }) => {
  for (let attempt = 1; ; attempt += 1) {
    const { claim, policy, product } = await claimWithin(params.id, caller);
    await mustBePayable(claim, body);
    const data = await personalData(config.district());
    if (isSamePayee(claim, body, data))
      return { status: 200, body: { id: claim.id, account: claim.payee?.accountMasked } };
    const accountMasked = `****${body.account.slice(-4)}`;
    const payee = {
      kind: body.kind,
      person: body.person,
      name: body.name,
      bank: body.bank,
      accountCipher: data.encrypt(body.account, claim.id),
      accountMasked,
      recordedBy: caller.sub,
      recordedAt: new Date(now).toISOString(),
    };
    const moved = moveClaim(claim, { move: 'payee', payee }, now);
    if (moved.after === undefined) throw new Problem(moved.refusal);
    try {
      await changeClaim(claim, moved, { policy, product, now });
      if (moved.after.turn !== claim.turn) await endTurn(claim, caller.sub, now);
      return { status: 200, body: { id: claim.id, account: accountMasked } };
    } catch (error) {
      if (!(error instanceof ConditionFailed) || attempt === 4)
        throw error instanceof ConditionFailed ? new Problem('conflict') : error;
    }
  }
};

type PayeeRequest = z.output<typeof payeeRequest>;

/**
 * Money for a family goes to one of its members, under their own name, or to a guardian whose paper lies with the claim.
 * @throws Problem person-not-member, payee-name-differs, authority-missing
 */
async function mustBePayable(claim: Claim, { kind, person, name, authority }: PayeeRequest): Promise<void> {
  if (kind === 'guardian') {
    const paper = claim.documents.find(({ id }) => id === authority);
    if (paper?.kind !== 'relationship-proof') throw new Problem('authority-missing');
    return;
  }
  const member = (await readHousehold(claim.household))?.members.find((one) => one.person === person);
  if (member === undefined) throw new Problem('person-not-member');
  if (!isSameName(member.name, name)) throw new Problem('payee-name-differs');
}

/** The same payee sent again over a bad line voids nothing. A returned payment is sent again even to the same account. */
function isSamePayee({ id, payee, stage }: Claim, wanted: PayeeRequest, data: PersonalData): boolean {
  if (payee === null || stage === 'payment-returned') return false;
  const same = (['kind', 'person', 'name', 'bank'] as const).every((field) => payee[field] === wanted[field]);
  return same && data.decrypt(payee.accountCipher, id) === wanted.account;
}

export const handler = httpHandler(claimReportRoutes, {
  reportClaim,
  reportOwn,
  claimStatus,
  hospitalFeed,
  recordPayee,
});
