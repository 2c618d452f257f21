import { fork } from 'node:child_process';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { LocalStack } from '../local/index.ts';
import { ask } from './asking.ts';
import { type Bench, figure, median } from './measure.ts';
import { benchStack } from './stack.ts';

const ROUNDS = 5;
/** Above so many households one round takes minutes, and its noise is small beside it. */
const LARGE = 200_000;
/** As the workflow has it: eight children, each with four villages at a time. */
const WIDTH = 32;

/**
 * The `screen` state beside its floor: the same Queries and sheet puts, bare, from a process of its own through the same gateway
 * and the same client. Price is counted over one sealing.
 */
export const screeningBench: Bench = {
  about: '封存：screen 状态与裸读写并列；按计量算每百万户价格（--households 100000 或 1000000 可放大）',
  async run({ households }) {
    const { stack, stop } = await benchStack();
    try {
      // Imported only now: the store's client takes its settings from the environment when it is made.
      const { load, ROUND } = await import('./screening-load.ts');
      const { deleteSheets } = await import('./screening-bare.ts');
      const villages = await load(households);
      const machine = await screenOnly();
      const screen = (n: string) => timed(() => runMachine(stack, machine, n, { round: ROUND, villages }));
      const floor = fork(new URL('./screening-floor.ts', import.meta.url), { env: process.env });
      await screen('warm');
      await ask(floor, { villages, round: ROUND, width: WIDTH, prepare: true });
      await ask(floor, { villages, round: ROUND, width: WIDTH });

      const [screened, bare, whole]: [number[], number[], number[]] = [[], [], []];
      for (let n = 0; n < (households > LARGE ? 1 : ROUNDS); n += 1) {
        await deleteSheets(villages, ROUND);
        stack.gateway.meter.reset();
        screened.push(await screen(String(n)));
        if (n === 0) printPrice(stack, households);
        await deleteSheets(villages, ROUND);
        bare.push((await ask(floor, { villages, round: ROUND, width: WIDTH })).seconds);
        await deleteSheets(villages, ROUND);
        whole.push((await ask(floor, { villages, round: ROUND, width: WIDTH, whole: true })).seconds);
      }
      await deleteSheets(villages, ROUND);
      stack.gateway.meter.reset();
      await screen('price');
      const price = (stack.gateway.meter.price().usd * 1_000_000) / households;
      floor.kill();
      const [own, best] = [median(screened), median(bare)];
      console.log(
        `screen ${own.toFixed(2)} 秒（每秒 ${Math.round(households / own)} 户），裸读写 ${best.toFixed(2)} 秒，连同关门 ${median(whole).toFixed(2)} 秒；常驻内存 ${Math.round(process.memoryUsage.rss() / 1_048_576)} MiB（不含引擎）`,
      );
      return [
        figure('sealing.requestsToFloor', best / median(whole), '×', { most: 1 }),
        figure('sealing.ratioToFloor', best / own, '×', { least: 0.7 }),
        figure('sealing.pricePerMillionHouseholds', price, 'USD', { most: 0.2 }),
      ];
    } finally {
      await stop();
    }
  },
};

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The deployed machine cut down to its Screen state, so that it can be entered and left again and again. */
async function screenOnly(): Promise<string> {
  const sfn = new SFNClient({});
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const deployed = await sfn.send(
    new DescribeStateMachineCommand({
      stateMachineArn: stateMachines.find(({ name }) => name?.endsWith('quarterly-screening'))?.stateMachineArn,
    }),
  );
  const { QueryLanguage, States } = JSON.parse(deployed.definition ?? '{}');
  const { Next: _, ...screen } = States.Screen;
  const definition = {
    QueryLanguage,
    StartAt: 'Enter',
    States: {
      Enter: {
        Type: 'Pass',
        Assign: { round: '{% $states.input.round %}', villages: '{% $states.input.villages %}' },
        Next: 'Screen',
      },
      Screen: { ...screen, End: true },
    },
  };
  const made = await sfn.send(
    new CreateStateMachineCommand({
      name: 'screen-only',
      roleArn: deployed.roleArn,
      definition: JSON.stringify(definition),
    }),
  );
  return made.stateMachineArn ?? '';
}

async function runMachine(stack: LocalStack, stateMachineArn: string, name: string, input: object): Promise<void> {
  const sfn = new SFNClient({});
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  await stack.clock.idle();
  const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status !== 'SUCCEEDED') throw new Error(`The screen state ended ${status}: ${error} ${cause}`);
}

function printPrice(stack: LocalStack, households: number): void {
  for (const { what, quantity, usd } of stack.gateway.meter.price().lines) {
    console.log(
      `  ${what.padEnd(36)} ${String(Math.round(quantity)).padStart(9)}  每百万户 $${((usd * 1_000_000) / households).toFixed(4)}`,
    );
  }
}
