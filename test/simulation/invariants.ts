import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { readyAccounts } from '../../demo/accounts.ts';
import type { Random } from '../../demo/district/random.ts';
import { routes } from '../../functions/api/routes.ts';
import { type Ground, VILLAGES } from './ground.ts';
import { AUDITOR, all, OFFICER } from './scene.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/** Everything that must hold after every history, whatever happened in it. @returns what does not hold */
export async function checkEverything(stage: Stage, ground: Ground, random: Random, data: string): Promise<string[]> {
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string): void => {
    if (!holds) found.push(otherwise);
  };
  await sheetsAreWhole(stage, must);
  await peopleCountOnce(stage, must);
  await casesFollowTheirLadder(stage, must);
  await moneyAddsUp(stage, ground, must);
  await nothingIsStuck(stage, must);
  // Every function must be started for it, which takes as long as the history itself.
  if (random.chance(0.25)) await everythingCanBeRead(stage, random, must);
  try {
    await promisify(execFile)(process.execPath, ['operations/verify-audit.ts', '--data', data]);
  } catch (error) {
    must(false, `The audit chains do not hold: ${Object(error).stderr}`);
  }
  return found;
}

type Must = (holds: boolean, otherwise: string) => void;

/** Every expected household is on its round's sheets once, and every accepted visit is kept once and counted. */
async function sheetsAreWhole(stage: Stage, must: Must): Promise<void> {
  const rounds: { id: string; status: string; expectedHouseholds: number }[] = await all(stage, '/v1/rounds');
  const counted = new Map<string, Set<string>>();
  for (const round of rounds) {
    if (round.status !== 'sealed') {
      must(false, `Round ${round.id} is still ${round.status} after it was to be sealed.`);
      continue;
    }
    const rows: { household: string; visit: string | null; missed: string | null }[] = [];
    for (const village of VILLAGES) {
      const { status, body } = await stage.get(AUDITOR, `/v1/rounds/${round.id}/sheets/${village}`);
      if (status === 200) rows.push(...body.rows);
    }
    const households = new Set(rows.map(({ household }) => household));
    must(rows.length === households.size, `Round ${round.id} has a household twice on its sheets.`);
    must(
      rows.length === round.expectedHouseholds,
      `Round ${round.id} expected ${round.expectedHouseholds} households and sheeted ${rows.length}.`,
    );
    // A household that was cancelled after its visit is missed for that reason (docs/domain.md, 3).
    const well = rows.filter(({ visit, missed }) => visit !== null || missed === 'cancelled');
    counted.set(round.id, new Set(well.map(({ household }) => household)));
  }
  const visits = new Map<string, string[]>();
  for (const [visit, { round, household, purpose }] of stage.acceptedVisits) {
    if (!visits.has(household)) {
      const { body } = await stage.get(AUDITOR, `/v1/households/${household}/visits`);
      visits.set(household, body?.items?.map(({ id }: { id: string }) => id) ?? []);
    }
    const times = visits.get(household)?.filter((id) => id === visit).length;
    must(times === 1, `A visit of round ${round} that was accepted is kept ${times} times.`);
    if (purpose === 'screening')
      must(
        counted.get(round)?.has(household) !== false,
        `A visit of round ${round} was accepted and its household is missed.`,
      );
  }
}

interface Home {
  id: string;
  status: string;
  openCase: boolean;
  members: { person: string }[];
}

async function homes(stage: Stage): Promise<Home[]> {
  return await all<Home>(stage, '/v1/households?region=440904&limit=200');
}

async function peopleCountOnce(stage: Stage, must: Must): Promise<void> {
  const living = (await homes(stage)).filter(({ status }) => status === 'registered');
  const people = living.flatMap(({ members }) => members.map(({ person }) => person));
  must(people.length === new Set(people).size, 'A person lives in two households at once.');
}

interface CaseFound {
  id: string;
  household: string;
  stage: string;
  timeline: { kind: string; at: string; body: { by?: string; step?: string; verdict?: string; notice?: string } }[];
}

async function casesFollowTheirLadder(stage: Stage, must: Must): Promise<void> {
  const lines: CaseFound[] = await all(stage, '/v1/cases?region=440904&limit=200');
  const running = lines.filter(({ stage: at }) => at === 'admission' || at === 'open' || at === 'closing');
  const households = running.map(({ household }) => household);
  must(households.length === new Set(households).size, 'A household has two cases at once.');
  for (const { id } of lines) {
    const { body } = await stage.get(AUDITOR, `/v1/cases/${id}`);
    const { timeline }: CaseFound = body;
    for (const [n, { kind, body: event }] of timeline.entries()) {
      const isImported = 'imported' in event;
      if ((kind === 'case-opened' || kind === 'case-closed') && !isImported)
        checkReview(id, timeline.slice(0, n), kind, must);
    }
  }
}

/** The review that ended so: every step agreed to, each by another person, and a notice of five full days. */
function checkReview(id: string, before: CaseFound['timeline'], kind: string, must: Must): void {
  const since = before.findLastIndex((event) => event.kind === 'review-started');
  const review = before.slice(since + 1);
  const sentBack = review.findLastIndex(
    ({ kind: what, body }) => what === 'step-decided' && body.verdict === 'send-back',
  );
  const agreed = review.slice(sentBack + 1).filter(({ kind: what }) => what === 'step-decided');
  const people = review.filter(({ kind: what }) => what === 'step-decided').map(({ body }) => body.by);
  const names = agreed.map(({ body }) => body.step);
  const steps = kind === 'case-opened' ? 5 : 4;
  if (sentBack === -1) must(new Set(names).size === steps, `Case ${id}: ${kind} after ${names.length} steps.`);
  must(names.at(-1) === 'district-approval', `Case ${id}: ${kind} without the district's approval.`);
  must(
    new Set(agreed.map(({ body }) => body.by)).size === agreed.length,
    `Case ${id}: somebody decided two steps of one review.`,
  );
  must(people.length > 0, `Case ${id}: ${kind} and nobody decided.`);
  const published = review.findLast(({ kind: what }) => what === 'notice-published');
  const concluded = review.findLast(({ kind: what }) => what === 'notice-concluded');
  const days = (Date.parse(concluded?.at ?? '') - endOfDay(published?.at ?? '')) / DAY;
  must(days >= 5, `Case ${id}: the notice stood ${days} full days.`);
}

/** 24:00 Asia/Shanghai of the day of an instant. */
function endOfDay(at: string): number {
  return (Math.floor((Date.parse(at) + SHANGHAI) / DAY) + 1) * DAY - SHANGHAI;
}

interface ClaimFound {
  id: string;
  stage: string;
  adjudication: { amount: number } | null;
  approved: { amount: number } | null;
  paid: { amount: number } | null;
  payouts: string[];
}
interface PayoutFound {
  endToEndId: string;
  claim: string;
  amount: number;
  status: string;
  disputed: object | null;
}

async function moneyAddsUp(stage: Stage, ground: Ground, must: Must): Promise<void> {
  const listed: { id: string }[] = await all(stage, '/v1/claims?region=440904&limit=200');
  const claims: ClaimFound[] = [];
  for (const { id } of listed) claims.push((await stage.get(AUDITOR, `/v1/claims/${id}`)).body);
  const batches: { id: string }[] = await all(stage, '/v1/payouts/batches');
  const payouts: PayoutFound[] = [];
  for (const { id } of batches) {
    const { body } = await stage.get(AUDITOR, `/v1/payouts/batches/${id}`);
    payouts.push(...body.payouts);
    must(body.state !== 'preparing', `Batch ${id} is still being prepared.`);
  }
  const ids = payouts.map(({ endToEndId }) => endToEndId);
  must(ids.length === new Set(ids).size, 'A payment stands in two batches.');
  for (const claim of claims) {
    const settled = payouts.filter(
      (payout) => claim.payouts.includes(payout.endToEndId) && payout.status === 'settled',
    );
    must(settled.length <= 1, `Claim ${claim.id} was paid ${settled.length} times.`);
    if (claim.paid !== null)
      must(settled[0]?.amount === claim.paid.amount, `Claim ${claim.id} says paid, and its payments do not.`);
    must(
      (claim.paid?.amount ?? 0) <= (claim.approved?.amount ?? 0) &&
        (claim.approved?.amount ?? 0) <= (claim.adjudication?.amount ?? 0),
      `Claim ${claim.id}: paid, approved and adjudicated are out of order.`,
    );
  }
  const policies: { id: string; limit: number; reserved: number; paid: number }[] = await all(stage, '/v1/policies');
  const policy = policies.find(({ id }) => id === ground.policy);
  const paid = claims.reduce((sum, claim) => sum + (claim.paid?.amount ?? 0), 0);
  const reserved = claims
    .filter((claim) => ['approved', 'payment-instructed', 'payment-returned'].includes(claim.stage))
    .reduce((sum, claim) => sum + (claim.approved?.amount ?? 0), 0);
  must(policy?.paid === paid, `The policy paid ${policy?.paid}, its claims ${paid}.`);
  must(policy?.reserved === reserved, `The policy reserved ${policy?.reserved}, its claims ${reserved}.`);
  must((policy?.paid ?? 0) + (policy?.reserved ?? 0) <= (policy?.limit ?? 0), 'The limit is exceeded.');
}

/** Executions end well or wait for somebody who can see it; every answer has been delivered. */
async function nothingIsStuck(stage: Stage, must: Must): Promise<void> {
  const credentials = stage.endpoints.operator;
  const client = new SFNClient({ endpoint: stage.endpoints.stepFunctions, region: 'us-east-1', credentials });
  const table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: stage.endpoints.dynamodb, region: 'us-east-1', credentials }),
  );
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  let waiting = 0;
  for (const { stateMachineArn, name, type } of stateMachines) {
    if (type === 'EXPRESS') continue;
    for (const statusFilter of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const) {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }));
      for (const { executionArn } of executions) {
        const { events = [] } = await client.send(
          new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
        );
        const { executionFailedEventDetails: why } = events[0] ?? {};
        must(false, `An execution of ${name} ended ${statusFilter}: ${why?.error} ${why?.cause?.slice(0, 300)}`);
      }
    }
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
    );
    for (const { executionArn } of executions) {
      const { events = [] } = await client.send(
        new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
      );
      const last = events[0]?.type ?? '';
      // A round waits for its villages, whose list is no decision.
      if (name?.endsWith('quarterly-screening') === true) continue;
      if (last === 'TaskSubmitted' || last === 'TaskScheduled' || last === 'TaskStarted') waiting += 1;
      else must(last.startsWith('WaitState'), `An execution of ${name} stands still after ${last}.`);
    }
  }
  const { TableNames: [TableName] = [] } = await table.send(new ListTablesCommand({}));
  let pending = 0;
  for await (const { Items = [] } of paginateScan({ client: table }, { TableName }))
    for (const { pk, open, answer } of Items) {
      if (!String(pk).startsWith('DECISION#')) continue;
      must(!String(open ?? '').startsWith('UNDELIVERED#'), 'An answer was never delivered to its workflow.');
      if (answer === undefined && open !== undefined) pending += 1;
    }
  must(pending === waiting, `${pending} decisions are pending, and ${waiting} executions wait for one.`);
}

/** Each way to read, by somebody drawn: an answer or a refusal, never an error of the system. */
async function everythingCanBeRead(stage: Stage, random: Random, must: Must): Promise<void> {
  const [home] = await homes(stage);
  const ids: Record<string, string> = {};
  for (const [resource, path] of Object.entries({
    households: '/v1/households?region=440904',
    cases: '/v1/cases?region=440904',
    claims: '/v1/claims?region=440904',
    rounds: '/v1/rounds',
    policies: '/v1/policies',
    products: '/v1/products',
    batches: '/v1/payouts/batches',
  })) {
    const items: { id: string }[] = await all(stage, path);
    ids[resource] = items.at(-1)?.id ?? 'none';
  }
  const accounts = readyAccounts('440904').map(({ account }) => account);
  for (const route of Object.values(routes)) {
    if (route.method !== 'GET' || route.path === '/v1/openapi.json') continue;
    const resource = /\/v1\/(?:payouts\/)?([a-z-]+)/.exec(route.path)?.[1] ?? '';
    const path = route.path
      .replace('{id}', ids[resource] ?? 'none')
      .replace('{village}', VILLAGES[0])
      .replace('{kind}', 'households')
      .replaceAll(/\{[^}]+\}/g, 'none');
    const query = `region=440904&village=${VILLAGES[0]}&household=${home?.id}&asOf=${stage.today()}`;
    const wanted = Object.keys('query' in route ? route.query.shape : {});
    const asked = query.split('&').filter((pair) => wanted.includes(pair.split('=')[0] ?? ''));
    const { status } = await stage.get(
      { account: random.pick(accounts) },
      asked.length === 0 ? path : `${path}?${asked.join('&')}`,
    );
    must(status < 500, `GET ${route.path} was answered ${status}.`);
  }
  must((await stage.get(OFFICER, '/v1/me')).status === 200, 'Nobody is told who they are.');
}
