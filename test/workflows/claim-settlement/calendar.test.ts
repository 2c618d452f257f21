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

it('findings of the district say that the calendar is missing, and that it has nearly as many villages as a cell takes', async () => {
  const { body: divisions } = await stack.get('/v1/divisions', OFFICER);
  const added = Array.from({ length: 8 }, (_, n) => {
    const villages = Array.from({ length: 410 }, (_, m) => ({ code: `44090490${n}${201 + m}`, name: `增设${m}村` }));
    return { code: `44090490${n}`, name: `增设${n}镇`, villages };
  });
  const grown = { ...divisions, towns: [...divisions.towns, ...added] };
  expect((await stack.post('/v1/divisions', OFFICER, grown)).status).toBe(200);
  expect((await stack.post('/v1/reports/quality', OFFICER, { region: '440904' })).status).toBe(200);
  const { body } = await stack.get('/v1/reports/quality?region=440904&rule=CALENDAR_MISSING', OFFICER);
  expect(body).toMatchObject({ total: 1, items: [{ region: '440904', observed: { year: 2027 } }] });
  expect((await stack.get('/v1/reports/quality?region=440904&rule=LIMIT_NEAR', OFFICER)).body).toMatchObject({
    total: 1,
    items: [{ severity: 'attention', message: '全区村（社区）已达系统承载上限（4090 个）的 80% 以上。' }],
  });
});
