import type { DocumentKind } from '../../functions/contracts/insurance/claim.ts';
import { villageOf } from '../../functions/contracts/values.ts';
import { eachOf } from '../../functions/domain/concurrency.ts';

import type { As } from '../client.ts';
import type { Random } from '../district/random.ts';
import type { Stage } from '../play-reviews.ts';
import type { PlannedClaim, Stop } from './plan.ts';
import { illustrativeProduct, policy2023 } from './product.ts';

const OFFICER: As = { account: 'district-officer' };
const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };
const SECOND_APPROVER: As = { account: 'insurer-approver', person: 2 };
/** Another officer than the approvers instructs the payment. */
const PAYER: As = { account: 'insurer-approver', person: 3 };
const BANK: As = { account: 'bank' };
const AT_ONCE = 4;
const BATCH = 25;
const ROSTER_ROWS = 500;
/** The sweep that starts executions and tells them of what came from outside runs every five minutes. */
const SWEEP = 301_000;
const DAY = 86_400_000;

export interface RosterRow {
  name: string;
  idNumber: string;
  certificate: string;
  enrolledOn: string;
  removedOn?: string;
}

/** The fields of a claim that the replay reads. */
interface ClaimView {
  id: string;
  stage: string;
  turn: number;
  line: string;
  household: string;
  adjudication: { amount: number } | null;
  approved: { amount: number } | null;
  waiting: { step: string } | null;
  payouts: string[];
  missing: { anyOf: DocumentKind[]; count: number }[];
}

/** Product by two officers, the year's policy, and its roster. @returns the policy's id */
export async function insure(stage: Stage, roster: readonly RosterRow[]): Promise<string> {
  const { client } = stage;
  const { id: product, state } = await client.post<{ id: string; state: string }>(
    '/v1/products',
    OFFICER,
    illustrativeProduct,
  );
  if (state === 'proposed') await client.post(`/v1/products/${product}/approval`, { ...OFFICER, person: 2 }, {});
  const { id } = await client.post<{ id: string }>('/v1/policies', OFFICER, policy2023(product));
  await enrol(stage, id, roster);
  return id;
}

export async function enrol({ client }: Stage, policy: string, roster: readonly RosterRow[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(roster.length / ROSTER_ROWS) }, (_, n) =>
    roster.slice(n * ROSTER_ROWS, (n + 1) * ROSTER_ROWS),
  );
  await eachOf(batches, AT_ONCE, async (rows) => {
    const { refused } = await client.post<{ refused: number }>(`/v1/policies/${policy}/roster`, OFFICER, { rows });
    if (refused > 0) throw new Error(`${refused} rows of the roster were refused.`);
  });
}

/** A claim on its way, with the id the system gave it. */
interface Played extends PlannedClaim {
  id: string;
}

/**
 * Plays claims from their report to their planned stage, by the right roles: village, adjuster, two approvers, bank.
 * @param days how long everybody takes for their step
 * @param meanwhile runs while the adjuster is on the way
 * @returns the batches instructed
 */
export async function playClaims(
  stage: Stage,
  policy: string,
  planned: readonly PlannedClaim[],
  { days = 0, meanwhile }: { days?: number; meanwhile?: () => Promise<unknown> } = {},
): Promise<string[]> {
  const pause = () => stage.clock.advance(stage.clock.now() + days * DAY);
  const claims = await reported(stage, planned);
  await papers(stage, claims);
  await pause();
  await meanwhile?.();
  await eachOf(
    claims.filter(({ stop }) => stop !== 'account'),
    AT_ONCE,
    (claim) => recordAccount(stage, claim, claim.number),
  );
  const beyond = (...stops: Stop[]) => claims.filter(({ stop }) => !stops.includes(stop));
  const surveyed = beyond('survey', 'documents');
  await eachOf(surveyed, AT_ONCE, (claim) => survey(stage, claim));
  await pause();
  await stage.clock.advance(stage.clock.now() + 1000);
  await eachOf(
    surveyed.filter(({ stop }) => stop !== 'approval'),
    AT_ONCE,
    (claim) => approve(stage, claim),
  );
  const approved = beyond('survey', 'documents', 'approval', 'second-approval');
  await sweep(stage);
  await pause();
  const instructed = approved.filter(({ stop }) => stop !== 'account' && stop !== 'payment');
  const batches = await instruct(stage, policy, instructed);
  const told = instructed.filter(({ stop }) => stop !== 'confirmation');
  if (told.length === 0) return batches;
  await pause();
  // One account was written down wrongly: the bank sends the money back, the village corrects it, and it goes again.
  const wrong = told.filter(({ comesBackOnce }) => comesBackOnce);
  await confirm(stage, told, (claim) => (claim.stop === 'returned' || wrong.includes(claim) ? 'returned' : 'settled'));
  await sweep(stage);
  if (wrong.length === 0) return batches;
  await eachOf(wrong, AT_ONCE, (claim) => recordAccount(stage, claim, claim.number + 500));
  // A payee changed after the survey makes the approvals void: it is approved again before anything is sent.
  await eachOf(wrong, AT_ONCE, (claim) => approvePayee(stage, claim));
  await sweep(stage);
  batches.push(...(await instruct(stage, policy, wrong)));
  await confirm(stage, wrong, () => 'settled');
  await sweep(stage);
  return batches;
}

async function sweep({ clock }: Stage): Promise<void> {
  await clock.advance(clock.now() + SWEEP);
}

function workerOf({ household }: Pick<PlannedClaim, 'household'>): As {
  return { account: 'village-worker', region: villageOf(household) };
}

function today({ clock }: Stage): string {
  return new Date(clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

function read({ client }: Stage, { id }: Played): Promise<ClaimView> {
  return client.get<ClaimView>(`/v1/claims/${id}`, OFFICER);
}

async function reported(stage: Stage, planned: readonly PlannedClaim[]): Promise<Played[]> {
  const { client } = stage;
  await eachOf(planned, AT_ONCE, async (claim) => {
    const { household, person, idNumber, line, eventOn, facts } = claim;
    const invoices = 'bills' in facts ? facts.bills.map(({ invoice, total }) => ({ number: invoice, total })) : [];
    if (claim.channel === 'household')
      return await client.post('/v1/claim-reports', workerOf(claim), {
        idNumber,
        name: claim.name,
        phone: claim.phone,
        line,
        eventOn,
        invoices,
      });
    if (claim.channel === 'hospital')
      return await client.post('/v1/claim-reports/hospital', OFFICER, {
        hospital: '区人民医院',
        rows: [{ idNumber, line, eventOn, invoices }],
      });
    return await client.post('/v1/claims', workerOf(claim), { household, person, line, eventOn, invoices });
  });
  await sweep(stage);
  return await Promise.all(
    planned.map(async (claim) => {
      const page = await client.get<{ items: { id: string; line: string; eventOn: string }[] }>(
        `/v1/claims?region=${claim.household.slice(0, 12)}&household=${claim.household}`,
        OFFICER,
      );
      const found = page.items.find(({ line, eventOn }) => line === claim.line && eventOn === claim.eventOn);
      if (found === undefined) throw new Error(`Claim ${claim.number} was not reported.`);
      return { ...claim, id: found.id };
    }),
  );
}

/** Some families are asked for their papers, once, as one complete list; the others bring them by themselves. */
async function papers(stage: Stage, claims: readonly Played[]): Promise<void> {
  await eachOf(
    claims.filter(({ papersAsked }) => papersAsked),
    AT_ONCE,
    async (claim) => {
      const { turn } = await read(stage, claim);
      await stage.client.post(`/v1/claims/${claim.id}/steps`, ADJUSTER, { step: 'request-documents', turn, kinds: [] });
    },
  );
  await eachOf(
    claims.filter(({ stop }) => stop !== 'survey' && stop !== 'documents'),
    AT_ONCE,
    async (claim) => {
      const { missing } = await read(stage, claim);
      for (const { anyOf, count } of missing)
        for (const kind of anyOf.slice(0, count)) await upload(stage, claim, kind);
    },
  );
  await sweep(stage);
}

/** An invented photograph of a paper, put into the bucket by its presigned address, then confirmed. */
async function upload({ client }: Stage, claim: Played, kind: DocumentKind): Promise<void> {
  const photograph = Buffer.from(`\u00ff\u00d8\u00ff invented ${kind} of claim ${claim.number}`, 'latin1');
  const paper = { kind, type: 'image/jpeg', bytes: photograph.length, name: `${kind}.jpg` };
  const place = await client.post<{ document: string; url: string; headers: Record<string, string> }>(
    `/v1/claims/${claim.id}/documents`,
    workerOf(claim),
    paper,
  );
  const { status } = await fetch(place.url, { method: 'PUT', headers: place.headers, body: photograph });
  if (status !== 200) throw new Error(`The upload of ${kind} was answered ${status}.`);
  await client.post(`/v1/claims/${claim.id}/documents/${place.document}`, workerOf(claim), paper);
}

async function survey(stage: Stage, claim: Played): Promise<void> {
  const { turn } = await read(stage, claim);
  const report = `survey/${claim.id}`;
  await stage.client.post(`/v1/claims/${claim.id}/steps`, ADJUSTER, {
    step: 'survey',
    turn,
    visitedOn: today(stage),
    facts: claim.facts,
    report,
  });
}

async function approve(stage: Stage, claim: Played): Promise<void> {
  const { turn, adjudication } = await read(stage, claim);
  const amount = adjudication?.amount ?? 0;
  if (amount !== claim.amount)
    throw new Error(`Claim ${claim.number} (${claim.line}) came to ${amount} fen instead of ${claim.amount}.`);
  const path = `/v1/claims/${claim.id}/steps`;
  const first = await stage.client.post<{ stage: string; turn: number }>(path, APPROVER, {
    step: 'approve',
    turn,
    amount,
  });
  if (first.stage === 'approved' || claim.stop === 'second-approval') return;
  await stage.client.post(path, SECOND_APPROVER, { step: 'approve', turn: first.turn, amount });
}

async function approvePayee(stage: Stage, claim: Played): Promise<void> {
  for (const as of [APPROVER, SECOND_APPROVER]) {
    const { turn, approved, waiting } = await read(stage, claim);
    if (waiting?.step !== 'payee-approval') return;
    await stage.client.post(`/v1/claims/${claim.id}/steps`, as, { step: 'approve', turn, amount: approved?.amount });
  }
}

async function recordAccount({ client }: Stage, claim: Played, n: number): Promise<void> {
  const { person, name } = claim.payee;
  const account = `6217${String(n).padStart(15, '0')}`;
  await client.post(`/v1/claims/${claim.id}/payee`, workerOf(claim), {
    kind: 'member',
    person,
    name,
    bank: '示例农村商业银行',
    account,
  });
}

async function instruct(stage: Stage, policy: string, claims: readonly Played[]): Promise<string[]> {
  const batches: string[] = [];
  for (let start = 0; start < claims.length; start += BATCH) {
    const part = claims.slice(start, start + BATCH);
    const sum = part.reduce((total, { amount }) => total + amount, 0);
    const body = { policy, executionOn: today(stage), claims: part.map(({ id }) => id), count: part.length, sum };
    const { id } = await stage.client.post<{ id: string }>('/v1/payouts/batches', PAYER, body);
    batches.push(id);
  }
  await sweep(stage);
  return batches;
}

/** The bank says first that it has the payments, then how each went. */
async function confirm(
  stage: Stage,
  claims: readonly Played[],
  how: (claim: Played) => 'settled' | 'returned',
): Promise<void> {
  const rows = await eachOf(claims, AT_ONCE, async (claim) => {
    const { payouts } = await read(stage, claim);
    return { claim, endToEndId: payouts.at(-1) ?? '', amount: claim.amount, on: today(stage) };
  });
  const items = [
    ...rows.map(({ claim: _, ...row }) => ({ ...row, status: 'accepted' })),
    ...rows.map(({ claim, ...row }) => ({
      ...row,
      status: how(claim),
      ...(how(claim) === 'returned' ? { reason: 'AC01' } : {}),
    })),
  ];
  const answer = await stage.client.post<{ items: { outcome: string; problem?: { code: string } }[] }>(
    '/v1/payouts/confirmations',
    BANK,
    { items },
  );
  const refused = answer.items.find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) throw new Error(`A confirmation was refused: ${refused.problem?.code}.`);
}

/**
 * Repeats the bank's confirmation of every payment three times, in random order.
 * @returns how many answers there were of each kind; anything but `unchanged` is a fault
 */
export async function confirmThrice(
  { client }: Stage,
  batches: readonly string[],
  on: string,
  random: Random,
): Promise<Map<string, number>> {
  const found = await Promise.all(
    batches.map((id) =>
      client.get<{ payouts: { endToEndId: string; amount: number; status: string }[] }>(`/v1/payouts/batches/${id}`, {
        account: 'auditor',
      }),
    ),
  );
  const said = found
    .flatMap(({ payouts }) => payouts)
    .filter(({ status }) => status === 'settled' || status === 'returned')
    .map(({ endToEndId, amount, status }) => ({
      endToEndId,
      amount,
      status,
      on,
      ...(status === 'returned' ? { reason: 'AC01' } : {}),
    }));
  const all = random.shuffle([...said, ...said, ...said]);
  const outcomes = new Map<string, number>();
  for (let start = 0; start < all.length; start += 40) {
    const { items } = await client.post<{ items: { outcome: string }[] }>('/v1/payouts/confirmations', BANK, {
      items: all.slice(start, start + 40),
    });
    for (const { outcome } of items) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

/** The paid sum from four sources, which must agree to the last fen. */
export async function paidSums(
  { client }: Stage,
  policy: string,
  batches: readonly string[],
  asOf: string,
): Promise<Record<string, { count: number; sum: number }>> {
  const claims = await client.get<{ items: { paid: { amount: number } | null }[] }>(
    '/v1/claims?region=440904&limit=200',
    OFFICER,
  );
  const paid = claims.items.flatMap((claim) => claim.paid ?? []);
  const settled = await Promise.all(
    batches.map((id) =>
      client.get<{ settled: { count: number; sum: number } }>(`/v1/payouts/batches/${id}`, { account: 'auditor' }),
    ),
  );
  const { items: policies } = await client.get<{ items: { id: string; paid: number }[] }>('/v1/policies', OFFICER);
  const dashboard = await client.get<{ paid: { count: number; amount: number } }>(
    '/v1/reports/claims?region=440904',
    OFFICER,
  );
  const brief = await client.get<{ figures: { key: string; value: number }[] }>(
    `/v1/reports/brief?region=440904&asOf=${asOf}`,
    OFFICER,
  );
  const figure = (key: string) => brief.figures.find((one) => one.key === key)?.value ?? -1;
  return {
    理赔: { count: paid.length, sum: paid.reduce((sum, { amount }) => sum + amount, 0) },
    支付: settled.reduce((all, one) => ({ count: all.count + one.settled.count, sum: all.sum + one.settled.sum }), {
      count: 0,
      sum: 0,
    }),
    保单: { count: paid.length, sum: policies.find(({ id }) => id === policy)?.paid ?? -1 },
    看板: { count: dashboard.paid.count, sum: dashboard.paid.amount },
    简报: { count: figure('insurance.claims.paid.count'), sum: figure('insurance.claims.paid.amount') },
  };
}
