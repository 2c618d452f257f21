import { OFFICER, TestStack } from '../stack.ts';

/**
 * A whole stack in a process that a test can kill: ends the round on a prepared data folder and prints what came of it. With
 * KILL_AT it ends itself by SIGKILL right after that event of the workflow's history, or the next one there is, was committed. With ADVANCE it lets the
 * clock run to the hard deadline; without, the district seals early.
 */
const killAt = Number(process.env['KILL_AT'] ?? Number.NaN);
const advance = process.env['ADVANCE'];
const stack = await TestStack.start({
  data: process.env['DATA'] ?? '',
  onEvent: ({ executionArn, id }) => {
    if (!executionArn.includes(':express:') && id >= killAt) process.kill(process.pid, 'SIGKILL');
  },
});
await stack.post('/v1/rounds', OFFICER, { round: '2023Q4' });
await stack.settle(600);
if (advance === undefined) await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
else await stack.advance(advance);
await stack.settle(600);
const round = await stack.get('/v1/rounds/2023Q4', OFFICER);
const progress = await stack.get('/v1/rounds/2023Q4/progress?region=440904001', OFFICER);
const sheets = await Promise.all(
  ['440904001001', '440904001002'].map(
    async (village) => (await stack.get(`/v1/rounds/2023Q4/sheets/${village}`, OFFICER)).body.rows,
  ),
);
const findings = await stack.get('/v1/reports/quality?region=440904&state=all', OFFICER);
process.send?.({
  status: round.body.status,
  totals: round.body.totals,
  reminders: progress.body.parts.map(({ reminders }: { reminders: string[] }) => reminders),
  sheets,
  findings: findings.body.items.map(({ id, state }: { id: string; state: string }) => `${id} ${state}`),
});
await stack.stop({ keep: true });
process.exit(0);
