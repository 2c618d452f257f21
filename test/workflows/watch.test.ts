import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRound, register, submit, visitOf, worklist } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-10-11T10:00:00+08:00' });
  await stack.prepare();
});
afterAll(() => stack.stop());

/** The metrics of the newest look, as the function wrote them into its log for CloudWatch. */
function metrics(): Record<string, unknown> {
  const lines = readFileSync(join(stack.data, 'logs', 'shouwang-test-watch-district.log'), 'utf8')
    .trim()
    .split('\n');
  const written = lines.map((line): Record<string, unknown> => JSON.parse(line)).filter((line) => '_aws' in line);
  return written.at(-1) ?? {};
}

it('looks twice a day, and tells in the embedded format of CloudWatch what is late', async () => {
  await register(stack, 4);
  await stack.advance('2023-10-11T16:30:01+08:00');
  expect(metrics()).toMatchObject({
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'shouwang-test',
          Dimensions: [['service']],
          Metrics: expect.arrayContaining([{ Name: 'QuarterUnopened', Unit: 'Count' }]),
        },
      ],
    },
    service: 'watch-district',
    QuarterUnopened: 1,
    PointsBehind: 0,
  });

  await openRound(stack);
  const [first] = await worklist(stack);
  if (first === undefined) throw new Error('The worklist is empty.');
  await submit(stack, [visitOf(first)]);
  // Opened in the evening of the 11th, due on the 31st: two thirds of the days, a quarter of the households.
  await stack.advance('2023-10-25T08:30:01+08:00');
  expect(metrics()).toMatchObject({ QuarterUnopened: 0, PointsBehind: 42, UnreconciledDays: 0 });
});

it('writes with every line of a task which state of which execution called it, and with the last one what came of it', () => {
  const lines = readFileSync(join(stack.data, 'logs', 'shouwang-test-open-round.log'), 'utf8')
    .trim()
    .split('\n');
  const done = lines.map((line) => JSON.parse(line)).find(({ message }) => message === 'task done');
  expect(done).toMatchObject({
    service: 'open-round',
    round: '2023Q4',
    state: 'Open round',
    execution: expect.stringMatching(/:execution:shouwang-test-quarterly-screening:/),
    requestId: expect.any(String),
    outcome: { outcome: 'opened', villages: 1 },
  });
});
