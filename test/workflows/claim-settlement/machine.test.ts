import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import { FIVE_BYTES } from '../../papers.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../../playing-claims.ts';
import { VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, TestStack } from '../../stack.ts';

const APPROVER: As = { account: 'insurer-approver' };

let stack: TestStack;
let policy = '';
let families: Claimant[] = [];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
  families = await registerFamilies(stack, 8);
  policy = await insureWith(stack, rosterOf(families));
});
afterAll(() => stack.stop());

function next(): Claimant {
  const family = families.shift();
  if (family === undefined) throw new Error('There are no more families.');
  return family;
}

/** The states the newest execution of a claim entered, one after the other. */
async function statesOf(id: string): Promise<string[]> {
  const { executions = [] } = await stack.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: await stack.machine('claim-settlement') }),
  );
  const ours = executions.find(({ name }) => name?.startsWith(id));
  const { events = [] } = await stack.stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn: ours?.executionArn, maxResults: 1000 }),
  );
  const entered = events.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
  return entered.filter((name) => name !== 'What comes next' && name !== 'Which is it?');
}

async function waitingOf(household: string) {
  const { body } = await stack.get('/v1/decisions?region=440904&procedure=settlement&limit=200', {
    account: 'auditor',
  });
  return body.items.find((one: { household: string }) => one.household === household);
}

async function played(family: Claimant, n: number, stop: Parameters<typeof claimFor>[3], cost = 900_000) {
  await playClaims(stageOf(stack), policy, [
    claimFor(family, n, illness(cost, `DB-5${String(n).padStart(3, '0')}`), stop),
  ]);
  return await claimOf(stack, family.household);
}

describe('a claim', () => {
  it('goes through the procedure in its order', async () => {
    const claim = await played(next(), 1, 'paid');
    expect(claim.stage).toBe('closed');
    expect(await statesOf(claim.id)).toEqual([
      // The survey; then approval, payment and confirmation: the account was told before.
      ...['Register and check cover', 'Await step', 'Adjudicate'],
      ...['Await step', 'Await step', 'Await step', 'Close claim', 'Paid and closed'],
    ]);
    expect(
      claim.timeline.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind !== 'document-received'),
    ).toEqual([
      ...[
        'claim-reported',
        'cover-checked',
        'payee-recorded',
        'surveyed',
        'adjudicated',
        'claim-approved',
        'payment-instructed',
      ],
      ...['payment-settled', 'claim-closed'],
    ]);
  });

  it('reminds its inbox at 09:00 of the last day and escalates the survey after three working days; who then surveys does not approve', async () => {
    const family = next();
    const claim = await played(family, 2, 'survey');
    const before = await waitingOf(family.household);
    expect(before).toMatchObject({
      step: 'survey',
      stepName: '查勘',
      roles: ['insurer-adjuster'],
      overdue: false,
      reminded: [],
    });
    await stack.advance(new Date(Date.parse(before.dueAt) - 14 * 3_600_000).toISOString());
    expect((await waitingOf(family.household)).reminded).toHaveLength(1);
    await stack.advance(new Date(Date.parse(before.dueAt) + 1000).toISOString());
    const late = await waitingOf(family.household);
    expect(late).toMatchObject({ id: before.id, overdue: true, roles: ['insurer-adjuster', 'insurer-approver'] });
    expect((await stack.get(`/v1/reports/claims?region=${VILLAGE}`, WORKER)).body.overdue).toBeGreaterThan(0);
    expect(
      (await stack.get(`/v1/claims?region=${VILLAGE}&overdue=true`, WORKER)).body.items.map(
        ({ id }: { id: string }) => id,
      ),
    ).toContain(claim.id);
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) {
      const paper = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
      const { body: place } = await stack.post(`/v1/claims/${claim.id}/documents`, WORKER, paper);
      await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES });
      await stack.post(`/v1/claims/${claim.id}/documents/${place.document}`, WORKER, paper);
    }
    const facts = illness(900_000, 'DB-5002');
    const surveyed = await step(stack, claim, APPROVER, { step: 'survey', visitedOn: '2023-11-20', facts });
    expect(surveyed.status).toBe(200);
    await stack.settle(301);
    const adjudicated = await claimOf(stack, family.household);
    expect(adjudicated.waiting).toMatchObject({ step: 'approval', roles: ['insurer-approver'] });
    expect((await step(stack, adjudicated, APPROVER, { step: 'approve', amount: 200_000 })).body.code).toBe(
      'claim-own-work',
    );
  });

  it('left unpaid for ten days after its approval is the district’s too', async () => {
    const family = next();
    await played(family, 3, 'payment');
    await stack.settle(11 * 86_400);
    expect(await waitingOf(family.household)).toMatchObject({
      step: 'payment',
      overdue: true,
      roles: ['insurer-approver', 'district-officer'],
    });
  });

  it('whose step the workflow never heard of goes on by the five-minute sweep', async () => {
    const family = next();
    const claim = await played(family, 4, 'approval');
    stack.local.gateway.faults.add({ service: 'states', action: 'SendTaskSuccess', kind: 'fail-before', times: 3 });
    expect((await step(stack, claim, APPROVER, { step: 'approve', amount: 200_000 })).status).toBe(200);
    stack.local.gateway.faults.clear();
    expect(await waitingOf(family.household)).toBeUndefined();
    await stack.settle(301);
    expect(await waitingOf(family.household)).toMatchObject({ step: 'payment' });
  });

  it('withdrawn ends without payment, and its execution with it', async () => {
    const family = next();
    const claim = await played(family, 5, 'approval');
    expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).status).toBe(200);
    await stack.settle();
    expect((await statesOf(claim.id)).at(-1)).toBe('Ended without payment');
    expect(await waitingOf(family.household)).toBeUndefined();
  });

  it('loses nothing when every write of its tasks loses its answer once or is not done once', async () => {
    const family = next();
    const tasks = ['check-cover', 'adjudicate-claim', 'close-claim', 'await-claim-step'];
    for (const name of tasks) {
      const principal = `shouwang-test-${name}`;
      stack.local.gateway.faults.add({ principal, action: 'TransactWriteItems', kind: 'lose-answer', times: 1 });
      stack.local.gateway.faults.add({ principal, action: 'TransactWriteItems', kind: 'fail-before', nth: 2 });
      stack.local.gateway.faults.add({ principal, action: 'UpdateItem', kind: 'lose-answer', times: 1 });
    }
    const claim = await played(family, 6, 'paid');
    stack.local.gateway.faults.clear();
    expect(claim).toMatchObject({ stage: 'closed', paid: { amount: 200_000 } });
    expect(
      claim.timeline.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind === 'adjudicated'),
    ).toHaveLength(1);
  });

  it('goes on when Lambda itself fails its first calls', async () => {
    const family = next();
    const principal = 'shouwang-test-claim-settlement';
    stack.local.gateway.faults.add({ principal, service: 'lambda', kind: 'fail-before', times: 3 });
    await played(family, 8, 'survey');
    await stack.settle(300);
    expect(stack.local.gateway.faults.struck(principal)).toBe(3);
    stack.local.gateway.faults.clear();
    expect(await waitingOf(family.household)).toMatchObject({ step: 'survey' });
  });

  it('that nobody touches for months is still there, with whom it was', async () => {
    const family = next();
    await played(family, 7, 'confirmation');
    await stack.settle(100 * 86_400);
    expect(await waitingOf(family.household)).toMatchObject({
      step: 'confirmation',
      overdue: true,
      roles: ['bank', 'insurer-approver', 'district-officer'],
    });
  });
});
