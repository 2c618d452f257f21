import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { claimOf, insureWith, registerFamilies, rosterOf } from '../../playing-claims.ts';
import { WORKER } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let family: Claimant | undefined;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2026-12-28T10:00:00+08:00' });
  [family] = await registerFamilies(stack, 1);
  const policy = { from: '2026-01-01', to: '2026-12-31' };
  await insureWith(stack, rosterOf(family === undefined ? [] : [family], '2026-01-01'), { policy });
});
afterAll(() => stack.stop());

it('a claim whose clock runs into a year without a calendar is registered, waits in its inbox, and says why it has no due time', async () => {
  const household = family?.household ?? '';
  const invoices = [{ number: 'DB-2701', total: 1_000_000 }];
  const event = { household, person: family?.people[0]?.person, line: 'illness', eventOn: '2026-12-20', invoices };
  expect((await stack.post('/v1/claims', WORKER, event)).status).toBe(201);
  await stack.settle(301);
  const untold = { dueAt: null, clock: 'awaiting-calendar', overdue: false };
  const claim = await claimOf(stack, household);
  expect(claim).toMatchObject({ stage: 'registered', waiting: { step: 'survey', ...untold } });
  const inbox = await stack.get('/v1/decisions?region=440904&procedure=settlement', { account: 'auditor' });
  expect(inbox.body).toMatchObject({ total: 1, overdue: 0, items: [{ subject: claim.id, ...untold }] });
  await stack.settle(3 * 86_400);
  const { executions } = await stack.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: await stack.machine('claim-settlement') }),
  );
  expect(executions?.map(({ status }) => status)).toEqual(['RUNNING']);
});

it('a finding of the district says that the calendar is missing', async () => {
  expect((await stack.post('/v1/reports/quality', OFFICER, { region: '440904' })).status).toBe(200);
  const { body } = await stack.get('/v1/reports/quality?region=440904&rule=CALENDAR_MISSING', OFFICER);
  expect(body).toMatchObject({ total: 1, items: [{ region: '440904', observed: { year: 2027 } }] });
});
