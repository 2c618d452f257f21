import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateMachine } from 'aws-local-stepfunctions';
import { Clock } from '../local/clock.ts';
import { States } from '../local/states/index.ts';
import { alternate, type Bench, figure } from './measure.ts';

const LOOPS = 200;
const RUNS = 5;
/** Enter, then a pass and a choice a loop, then the end. */
const STATES = RUNS * (2 * LOOPS + 2);

const jsonata = {
  QueryLanguage: 'JSONata',
  StartAt: 'Enter',
  States: {
    Enter: { Type: 'Pass', Output: { n: 0 }, Next: 'Count' },
    Count: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}' }, Next: 'Again?' },
    'Again?': {
      Type: 'Choice',
      Choices: [{ Condition: `{% $states.input.n < ${LOOPS} %}`, Next: 'Count' }],
      Default: 'End',
    },
    End: { Type: 'Succeed' },
  },
};

/** The same machine in JSONPath, which is what the peer runs. */
const jsonPath = {
  StartAt: 'Enter',
  States: {
    Enter: { Type: 'Pass', Result: { n: 0 }, Next: 'Count' },
    Count: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'Again?' },
    'Again?': { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: LOOPS, Next: 'Count' }], Default: 'End' },
    End: { Type: 'Succeed' },
  },
};

/** States a second of our interpreter, Express (in memory) and Standard (every event on disk), beside aws-local-stepfunctions. */
export const engineBench: Bench = {
  about: '流程引擎：每秒状态数，与 aws-local-stepfunctions 并列（计数循环）',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'shouwang-engine-'));
    const clock = new Clock({ mode: 'real' });
    const states = new States({
      file: join(folder, 'states.db'),
      clock,
      call: () => Promise.reject(new Error('This machine calls nothing.')),
      region: 'us-east-1',
      accountId: '000000000000',
      partition: 'aws',
      services: new Set(),
    });
    const put = (name: string, type: 'STANDARD' | 'EXPRESS') =>
      states.put({ name, roleArn: 'arn:aws:iam::000000000000:role/bench', definition: JSON.stringify(jsonata), type });
    const [express, standard] = [put('express', 'EXPRESS'), put('standard', 'STANDARD')];
    const peer = new StateMachine(JSON.parse(JSON.stringify(jsonPath)), {});
    let run = 0;

    const contestants = {
      express: async () => {
        for (let n = 0; n < RUNS; n += 1) {
          const { status, output } = await states.handle('StartSyncExecution', {
            stateMachineArn: express,
            input: '{}',
          });
          if (status !== 'SUCCEEDED' || output !== `{"n":${LOOPS}}`)
            throw new Error(`Express ended ${String(status)} ${String(output)}`);
        }
      },
      standard: async () => {
        for (let n = 0; n < RUNS; n += 1) {
          run += 1;
          const { executionArn } = await states.handle('StartExecution', {
            stateMachineArn: standard,
            name: `run-${run}`,
            input: '{}',
          });
          await clock.idle();
          const { status } = await states.handle('DescribeExecution', { executionArn });
          if (status !== 'SUCCEEDED') throw new Error(`Standard ended ${String(status)}`);
        }
      },
      peer: async () => {
        for (let n = 0; n < RUNS; n += 1) {
          const result: unknown = await peer.run({}).result;
          if (Object(result)['n'] !== LOOPS) throw new Error('The peer came to something else.');
        }
      },
    };
    const seconds = await alternate(contestants);
    states.close();
    clock.close();
    rmSync(folder, { recursive: true, force: true });
    const rate = (name: keyof typeof contestants) => STATES / (seconds[name] ?? Number.NaN);
    console.log(
      `  每秒状态：Express ${Math.round(rate('express'))}，Standard ${Math.round(rate('standard'))}，aws-local-stepfunctions ${Math.round(rate('peer'))}`,
    );
    // Standard keeps every event on disk, the peer none: told, but no contest.
    return [figure('engine.expressRatioToPeer', rate('express') / rate('peer'), '×', { least: 1 })];
  },
};
