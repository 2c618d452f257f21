import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asATask, ONE_ATTEMPT } from '../as-a-task.ts';
import { FIVE_BYTES } from '../papers.ts';
import { illness, insureWith, registerFamilies, rosterOf, step } from '../playing-claims.ts';
import { openRound, submit, VILLAGE, visitOf, WORKER, worklist } from '../playing-households.ts';
import { type As, OFFICER, TestStack } from '../stack.ts';

/** A task as Lambda runs it. */
type Handler = (event: object, context: Context) => Promise<unknown>;

let stack: TestStack;
let claim = '';
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-11-01T10:00:00+08:00' });
  const families = await registerFamilies(stack, 2);
  await insureWith(stack, rosterOf(families));
  await openRound(stack);
  const poor = { wages: 100, business: 0, property: 0, transfer: 0, businessCosts: 0 };
  const seen = { visitedOn: '2023-11-01', income: poor };
  const visits = (await worklist(stack)).map((household) => visitOf(household, seen));
  expect((await submit(stack, visits)).status).toBe(200);
  const [{ household = '', people: [parent] = [] } = {}] = families;
  const invoices = [{ number: 'DB-7001', total: 1_000_000 }];
  const event = { household, person: parent?.person, line: 'illness', eventOn: '2023-10-10', invoices };
  claim = (await stack.post('/v1/claims', WORKER, event)).body.id;
  await useTable();
});
afterAll(() => stack.stop());

/** The tasks run in this process as the operator, each call of theirs tried once: what the SDK would repeat is not what is looked at. */
async function useTable(): Promise<void> {
  await asATask(stack, {
    ...ONE_ATTEMPT,
    EVENT_BUS: 'shouwang-test',
    BRIEF_KEY: stack.signingKey,
    CASE_ADMISSION_MACHINE: await stack.machine('case-admission'),
  });
}

/** Throttles each call of a task in turn, as a retry policy would meet them, until none is left to throttle. @returns how often it failed, and what came of it */
async function throttledAtEachCall(handler: Handler, input: object): Promise<{ failures: string[]; result: unknown }> {
  const { faults } = stack.local.gateway;
  const event = { ...input, enteredAt: new Date(stack.local.clock.now()).toISOString() };
  const context: Context = Object({ awsRequestId: randomUUID() });
  const failures: string[] = [];
  for (let nth = 1; ; nth += 1) {
    faults.clear();
    faults.add({ principal: 'operator', service: 'dynamodb', kind: 'throttle', nth });
    try {
      return { failures, result: await handler(event, context) };
    } catch (error) {
      failures.push(error instanceof Error ? error.name : '');
      if (nth > 100) throw error;
    } finally {
      faults.clear();
    }
  }
}

function expectThrottled({ failures }: { failures: string[] }): void {
  expect(failures.length).toBeGreaterThan(0);
  expect(new Set(failures)).toEqual(new Set(['TableThrottled']));
}

async function paper(kind: string): Promise<void> {
  const announced = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
  const path = `/v1/claims/${claim}/documents`;
  const { body: place } = await stack.post(path, WORKER, announced);
  await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES });
  await stack.post(`${path}/${place.document}`, WORKER, announced);
}

describe('a throttled table has one name, at every call', () => {
  it('of each task of sealing, and what they come to is the same', async () => {
    const round = { round: '2023Q4' };
    const batch = { BatchInput: round, Items: [VILLAGE] };
    const told = [];
    for (const [name, input] of [
      ['open-round', { ...round, execution: 'another' }],
      ['check-coverage', round],
      ['remind-villages', round],
      ['await-early-seal', { ...round, token: 'token' }],
      ['seal-villages', batch],
      ['judge-and-seal', round],
      ['start-admissions', batch],
      ['publish-brief', round],
      ['check-quality', batch],
    ] as const) {
      const { handler } = await import(`../../functions/tasks/quarterly-screening/${name}.ts`);
      const outcome = await throttledAtEachCall(handler, input);
      expectThrottled(outcome);
      told.push(outcome.result);
    }
    expect(told.slice(4, 6)).toMatchObject([
      { villages: 1, rows: 2 },
      { households: 2, visited: 2 },
    ]);
    expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body).toMatchObject({ status: 'sealed' });
    expect((await stack.get(`/v1/cases?region=${VILLAGE}`, OFFICER)).body.items).toHaveLength(2);
  });

  it('of each task of a settlement, and the claim goes on as ever', async () => {
    const adjuster: As = { account: 'insurer-adjuster' };
    const stand = async () => (await stack.get(`/v1/claims/${claim}`, OFFICER)).body;
    const run = async (name: string, more: object) => {
      const { handler } = await import(`../../functions/tasks/claim-settlement/${name}.ts`);
      expectThrottled(await throttledAtEachCall(handler, { claim, run: 0, ...more }));
    };
    await run('claim-next', {});
    await run('check-cover', { turn: (await stand()).turn });
    expect((await stand()).stage).toBe('registered');
    const { turn } = await stand();
    await run('await-claim-step', { turn, token: 'token' });
    await run('watch-claim', { turn });
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await paper(kind);
    const facts = illness(900_000, 'DB-7001');
    await step(stack, await stand(), adjuster, { step: 'survey', visitedOn: '2023-11-01', facts });
    await run('adjudicate-claim', { turn: (await stand()).turn });
    await run('close-claim', { turn: (await stand()).turn });
    expect((await stand()).adjudication.amount).toBeGreaterThan(0);
  });

  it('in a canceled transaction too; a failed condition beside it is a failed condition', async () => {
    const { client, transact } = await import('../../functions/store/table.ts');
    const canceled = async (...codes: string[]) => {
      const CancellationReasons = codes.map((Code) => ({ Code }));
      client.middlewareStack.add(
        () => () =>
          Promise.reject(new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons })),
        { step: 'build', name: 'canceled' },
      );
      const outcome = await transact([]).catch((error: unknown) => (error instanceof Error ? error.name : ''));
      client.middlewareStack.remove('canceled');
      return outcome;
    };
    expect(await canceled('None', 'ConditionalCheckFailed', 'ThrottlingError')).toBe('ConditionFailed');
    expect(await canceled('ThrottlingError', 'None', 'ProvisionedThroughputExceeded')).toBe('TableThrottled');
  });

  it('is answered 503 with Retry-After by the API', async () => {
    const { faults } = stack.local.gateway;
    faults.add({ principal: 'shouwang-test-households', service: 'dynamodb', kind: 'throttle' });
    const response = await fetch(`${stack.local.endpoints.api}/v1/households?region=${VILLAGE}`, {
      headers: { authorization: `Bearer ${await stack.token(OFFICER)}` },
    });
    faults.clear();
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
  });

  it.each([
    ['dynamodb', 'TransactionConflictException', 400],
    ['dynamodb', 'KeyUnavailableException', 500],
    ['dynamodb', 'ExecutionLimitExceeded', 400],
    ['s3', 'SlowDown', 503],
  ])('and so is what %s answers with %s', async (service, code, statusCode) => {
    const { faults } = stack.local.gateway;
    faults.add({ service, kind: 'fail-before', error: { code, message: 'Later.', statusCode } });
    // Writes a job to the bucket; a list reads the table.
    const answer =
      service === 's3'
        ? await stack.post('/v1/export-jobs', OFFICER, { kind: 'households', region: '440904' })
        : await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER);
    faults.clear();
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  });
});

it('a task’s time is when its state was entered, not the clock of the machine it runs on', async () => {
  const { taskHandler } = await import('../../functions/runtime/task.ts');
  const z = await import('zod');
  const handler = taskHandler(z.strictObject({ round: z.string() }), (_, now) => Promise.resolve(now));
  const context: Context = Object({ awsRequestId: randomUUID() });
  const enteredAt = '2021-05-01T08:00:00.000Z';
  expect(await handler({ round: '2023Q4', enteredAt }, context)).toBe(Date.parse(enteredAt));
  await expect(Promise.resolve(handler({ round: '2023Q4' }, context))).rejects.toMatchObject({
    name: 'TaskInputInvalid',
  });
});
