import { GetExecutionHistoryCommand, type HistoryEvent, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ladders } from '../../../functions/domain/cases/ladder.ts';
import {
  admissionOf,
  agree,
  agreeUntil,
  PROPOSER,
  pendingOf,
  playing,
  type Registered,
  screen,
  TOWN,
  visited,
} from '../../playing-cases.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2022-10-11T10:00:00+08:00' });
  households = await visited(stack, 6, '2022Q4');
});
afterAll(() => stack.stop());

function household(n: number): Registered {
  const found = households[n];
  if (found === undefined) throw new Error(`There is no household ${n}.`);
  return found;
}

/** The history of the newest execution of a case's procedure. */
async function history(procedure: string, subject: string): Promise<HistoryEvent[]> {
  const stateMachineArn = await stack.machine(procedure === 'admission' ? 'case-admission' : 'case-closure');
  const { executions = [] } = await stack.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
  const ours = executions.find(({ name }) => name?.startsWith(subject));
  const { events = [] } = await stack.stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn: ours?.executionArn, maxResults: 1000 }),
  );
  return events;
}

/** The steps a history tells of: each state that carries one, with the step it was entered for, in order, repeats of a wait left out. */
function stepsOf(events: readonly HistoryEvent[]): string[] {
  const entered = events.flatMap(({ stateEnteredEventDetails: details }) => {
    if (details?.name !== 'Await decision' && details?.name !== 'Publish notice') return [];
    const { step, turn } = JSON.parse(details.input ?? '{}');
    return [{ step, turn }];
  });
  return entered.filter(({ turn }, n) => entered[n - 1]?.turn !== turn).map(({ step }) => step);
}

function stepsOfLadder(procedure: string): string[] {
  return ladders.find((ladder) => ladder.procedure === procedure)?.steps.map(({ id }) => id) ?? [];
}

describe('an admission', () => {
  it('enters the steps of its ladder in order, and opens the case', async () => {
    const subject = await admissionOf(stack, household(0));
    await agreeUntil(stack, subject, household(0));
    const events = await history('admission', subject);
    expect(stepsOf(events)).toEqual(stepsOfLadder('admission'));
    expect(events.at(-2)?.stateExitedEventDetails?.name).toBe('Approved');
    const { body } = await stack.get(`/v1/cases/${subject}`, OFFICER);
    expect(body).toMatchObject({
      stage: 'open',
      admittedOn: '2022-10-17',
      helper: 'helper-1',
      review: null,
      caseType: 'unstable-lifted',
    });
    expect(body.timeline.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['episode-started', 'review-started', 'step-decided', 'step-decided', 'step-decided'],
      ...['notice-published', 'notice-concluded', 'step-decided', 'step-decided', 'case-opened', 'helper-assigned'],
    ]);
    expect((await stack.get(`/v1/households/${household(0).id}`, OFFICER)).body.openCase).toBe(true);
  });

  it('reminds the inbox at 09:00 of the day before, puts the overdue step into the next tier’s too, and takes either’s word', async () => {
    const subject = await admissionOf(stack, household(1));
    const before = await pendingOf(stack, subject);
    expect(before).toMatchObject({
      step: 'home-verification',
      roles: ['village-worker'],
      overdue: false,
      reminded: [],
    });
    const due = Date.parse(before?.dueAt ?? '');
    await stack.advance(new Date(due - 38 * 3_600_000).toISOString());
    expect((await pendingOf(stack, subject))?.reminded).toHaveLength(1);
    await stack.advance(new Date(due + 1000).toISOString());
    const late = await pendingOf(stack, subject);
    expect(late).toMatchObject({ id: before?.id, overdue: true, roles: ['village-worker', 'town-officer'] });
    expect((await stack.get('/v1/cases?region=440904&overdue=true', OFFICER)).body.counts.total.households).toBe(1);
    const { verdict } = playing(stack, { ...Object(late) }, household(1).members[0]?.person ?? '');
    expect((await stack.post(`/v1/decisions/${late?.id}`, TOWN, { verdict })).status).toBe(200);
    await stack.settle();
    expect(await pendingOf(stack, subject)).toMatchObject({ step: 'data-comparison' });
    const { body } = await stack.get(`/v1/cases/${subject}`, OFFICER);
    expect(body.timeline.map(({ kind }: { kind: string }) => kind)).toContain('step-escalated');
    // Whoever decided the escalated step decides no later one.
    await agreeUntil(stack, subject, household(1), 'town-review');
    const review = await pendingOf(stack, subject);
    expect((await stack.post(`/v1/decisions/${review?.id}`, TOWN, { verdict: { verdict: 'approve' } })).body.code).toBe(
      'decided-before',
    );
    // The whole procedure took longer than its days by then, and is marked, nothing else.
    await stack.settle(12 * 86_400);
    expect(
      (await stack.get(`/v1/cases?region=440904&household=${household(1).id}`, OFFICER)).body.items[0].review.mark,
    ).toBe('orange');
  });

  it('whose decision the workflow never heard of goes on by the five-minute sweep', async () => {
    const subject = await admissionOf(stack, household(2));
    stack.local.gateway.faults.add({ service: 'states', action: 'SendTaskSuccess', kind: 'fail-before', times: 3 });
    const pending = await pendingOf(stack, subject);
    if (pending === undefined) throw new Error('Nothing is pending.');
    const { as, verdict } = playing(stack, pending, household(2).members[0]?.person ?? '');
    expect((await stack.post(`/v1/decisions/${pending.id}`, as, { verdict })).status).toBe(200);
    stack.local.gateway.faults.clear();
    expect(await pendingOf(stack, subject)).toBeUndefined();
    await stack.settle(301);
    expect(await pendingOf(stack, subject)).toMatchObject({ step: 'data-comparison' });
    expect((await stack.post(`/v1/decisions/${pending.id}`, as, { verdict })).body).toMatchObject({
      outcome: 'unchanged',
    });
  });

  it('sent back gives its notice again: the void one is down at once', async () => {
    const subject = await admissionOf(stack, household(3));
    await agreeUntil(stack, subject, household(3), 'town-review');
    const review = await pendingOf(stack, subject);
    const verdict = { verdict: 'send-back', to: 'public-notice', reason: '公示地点有误，须重新公示' };
    expect((await stack.post(`/v1/decisions/${review?.id}`, TOWN, { verdict })).status).toBe(200);
    await stack.settle();
    const { body } = await stack.call('GET', `/v1/notices?region=${household(3).id.slice(0, 12)}`, '');
    expect(body.items).toHaveLength(1);
    await stack.settle(6 * 86_400);
    expect((await stack.call('GET', '/v1/notices?region=440904', '')).body.items).toEqual([]);
    const again = await pendingOf(stack, subject);
    expect(again).toMatchObject({ step: 'town-review' });
    expect(again?.id).not.toBe(review?.id);
    // Who sent it back has decided this step before: another officer of the town must.
    expect((await stack.post(`/v1/decisions/${again?.id}`, TOWN, { verdict: { verdict: 'approve' } })).body.code).toBe(
      'decided-before',
    );
    const other = { ...TOWN, person: 2 };
    expect((await stack.post(`/v1/decisions/${again?.id}`, other, { verdict: { verdict: 'approve' } })).status).toBe(
      200,
    );
    await stack.settle();
    await agree(stack, subject, household(3));
    expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body.stage).toBe('open');
  });

  it('waits behind its notice until every objection is answered', async () => {
    const subject = await admissionOf(stack, household(4));
    await agreeUntil(stack, subject, household(4), 'public-notice');
    const { body: list } = await stack.call('GET', '/v1/notices?region=440904', '');
    const [notice] = list.items;
    const lodge = () =>
      stack.call(
        'POST',
        `/v1/notices/${notice.id}/objections`,
        '',
        JSON.stringify({ text: '该户有车有房', contact: '13800000000' }),
      );
    const lodged = await lodge();
    expect(lodged.status).toBe(201);
    expect((await lodge()).body).toEqual(lodged.body);
    await stack.settle(6 * 86_400);
    expect(await pendingOf(stack, subject)).toMatchObject({
      step: 'public-notice',
      roles: ['village-worker', 'town-officer'],
    });
    // Down now, it takes no objection any more.
    const late = await stack.call(
      'POST',
      `/v1/notices/${notice.id}/objections`,
      '',
      JSON.stringify({ text: '公示期满后的异议' }),
    );
    expect([late.status, late.body.code]).toEqual([409, 'notice-not-standing']);
    const path = `/v1/notices/${notice.id}/objections`;
    const { body: objections } = await stack.get(path, TOWN);
    expect(objections.items).toMatchObject([{ text: '该户有车有房', hasContact: true, answer: null }]);
    const answer = { text: '经核实，车辆属邻居所有' };
    expect((await stack.post(`${path}/${lodged.body.id}/answer`, TOWN, answer)).status).toBe(200);
    expect((await stack.post(`${path}/${lodged.body.id}/answer`, TOWN, answer)).status).toBe(200);
    expect((await stack.post(`${path}/${lodged.body.id}/answer`, TOWN, { text: '另一种答复' })).body.code).toBe(
      'objection-answered',
    );
    await stack.settle(301);
    expect(await pendingOf(stack, subject)).toMatchObject({ step: 'town-review' });
  });

  it('rejected ends with its reason, and the household carries no case', async () => {
    const subject = await admissionOf(stack, household(5));
    const pending = await pendingOf(stack, subject);
    const verdict = { verdict: 'reject', code: 'not-at-risk', reason: '家庭收入稳定，无返贫风险' };
    expect(
      (
        await stack.post(
          `/v1/decisions/${pending?.id}`,
          { account: 'village-worker', region: '440904001001' },
          { verdict },
        )
      ).status,
    ).toBe(200);
    await stack.settle();
    expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body).toMatchObject({ stage: 'rejected', review: null });
    expect((await history('admission', subject)).at(-2)?.stateExitedEventDetails?.name).toBe('Not approved');
    // Said again on the same day it is the clue that was rejected; the next day's is a new one, and begins a new episode.
    await stack.settle(86_400);
    const again = await admissionOf(stack, household(5));
    expect(again).toBe(subject);
    expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body).toMatchObject({ stage: 'admission', episode: 2 });
  });
});

describe('a closure', () => {
  it('enters the steps of its ladder in order, closes the case, and a new risk opens a new episode', async () => {
    const subject = (await stack.get(`/v1/cases?region=440904&household=${household(0).id}`, OFFICER)).body.items[0].id;
    const plan = {
      key: 'measure-1',
      kind: 'employment',
      plannedOn: '2022-11-01',
      responsible: { account: 'h', name: '陈帮扶', unit: '镇农业办' },
    };
    const health = { ...plan, key: 'measure-2', kind: 'health' };
    for (const one of [plan, health]) {
      const { body } = await stack.post(`/v1/cases/${subject}/measures`, TOWN, one);
      const path = `/v1/cases/${subject}/measures/${body.measure.id}`;
      await stack.post(path, TOWN, { change: { to: 'under-way', on: '2022-11-02' } });
      expect(
        (await stack.post(path, TOWN, { change: { to: 'completed', on: '2022-11-05', evidence: ['photo-9'] } })).status,
      ).toBe(200);
    }
    await screen(stack, '2023Q1');
    await screen(stack, '2023Q2');
    await stack.advance('2023-04-16T23:59:59+08:00');
    const early = await stack.post(`/v1/cases/${subject}/closure`, PROPOSER, { method: 'assisted' });
    expect([early.status, early.body.code, early.body.gates.map(({ gate }: { gate: string }) => gate)]).toEqual([
      422,
      'gates-not-met',
      ['SIX_MONTHS'],
    ]);
    await stack.advance('2023-04-17T09:00:00+08:00');
    expect((await stack.get(`/v1/cases/${subject}/closure-check`, OFFICER)).body.holds).toBe(true);
    const started = await stack.post(`/v1/cases/${subject}/closure`, PROPOSER, { method: 'assisted' });
    expect(started.status).toBe(201);
    expect((await stack.post(`/v1/cases/${subject}/closure`, PROPOSER, { method: 'assisted' })).status).toBe(200);
    expect((await stack.post(`/v1/cases/${subject}/closure`, TOWN, { method: 'assisted' })).body.code).toBe(
      'closure-running',
    );
    await stack.settle();
    await agreeUntil(stack, subject, household(0));
    expect(stepsOf(await history('closure', subject))).toEqual(stepsOfLadder('closure'));
    const closed = await stack.get(`/v1/cases/${subject}`, OFFICER);
    expect(closed.body).toMatchObject({ stage: 'closed', closed: { on: '2023-04-23', method: 'assisted' } });
    const again = await admissionOf(stack, household(0));
    expect(again).toBe(subject);
    const { body } = await stack.get(`/v1/cases/${subject}`, OFFICER);
    expect(body.episodes).toMatchObject([
      { number: 1, closed: { method: 'assisted', perCapita: 2_000_000 } },
      { number: 2 },
    ]);
  });
});
