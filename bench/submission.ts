import { fork } from 'node:child_process';
import type { LocalStack } from '../local/index.ts';
import { ask } from './asking.ts';
import { type Bench, figure, median } from './measure.ts';
import { benchStack } from './stack.ts';

const ROUNDS = 5;
const PHONES = 4;
const VILLAGES = 80;
const BATCH = 25;

/** Visits in batches of 25 over HTTP, four phones at once, beside bare BatchWriteItem of the same items through the same gateway. */
export const submissionBench: Bench = {
  about: '提交：每批 25 次入户，经 HTTP，与裸 BatchWriteItem 并列',
  async run() {
    const { stack, stop } = await benchStack();
    try {
      const { load, ROUND } = await import('./screening-load.ts');
      const { batchesOf } = await import('./submission-batches.ts');
      const villages = (await load(10_369)).slice(0, VILLAGES);
      const batches = await batchesOf(villages, ROUND, BATCH);
      const token = await workerToken(stack);
      const phones = fork(new URL('./submission-phones.ts', import.meta.url), { env: process.env });
      const floor = fork(new URL('./submission-floor.ts', import.meta.url), { env: process.env });
      const [own, bare, whole, latencies]: [number[], number[], number[], number[]] = [[], [], [], []];
      let count = 0;
      for (let n = -1; n < ROUNDS; n += 1) {
        // Another second makes another visit, so that every round writes as much as the first.
        const round = batches.map(({ village, visits }) => ({
          village,
          visits: visits.map((visit) => ({
            ...visit,
            recordedAt: `2023-10-12T17:${String(n + 10).padStart(2, '0')}:00+08:00`,
          })),
        }));
        count = round.reduce((sum, { visits }) => sum + visits.length, 0);
        const { seconds, took } = await ask(phones, {
          api: stack.endpoints.api,
          token,
          round: ROUND,
          batches: round,
          phones: PHONES,
        });
        const floorOf = { round: ROUND, batches: round, phones: PHONES };
        const { seconds: floorSeconds } = await ask(floor, { ...floorOf, whole: false });
        const { seconds: wholeSeconds } = await ask(floor, { ...floorOf, whole: true });
        if (n < 0) continue;
        own.push(count / seconds);
        bare.push(count / floorSeconds);
        whole.push(count / wholeSeconds);
        latencies.push(...took);
      }
      floor.kill();
      phones.kill();
      latencies.sort((a, b) => a - b);
      const p99 = latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.NaN;
      console.log(
        `  每秒 ${Math.round(median(own))} 次入户，裸写 ${Math.round(median(bare))}，同样几次读写裸做 ${Math.round(median(whole))}；每批中位 ${median(latencies).toFixed(0)} 毫秒，p99 ${p99.toFixed(0)} 毫秒（${latencies.length} 批）`,
      );
      return [
        figure('submission.requestsToBatchWrite', median(whole) / median(bare), '×', { most: 1 }),
        figure('submission.ratioToBatchWrite', median(own) / median(bare), '×', { least: 0.5 }),
        figure('submission.p99', p99, 'ms', { most: 250 }),
      ];
    } finally {
      await stop();
    }
  },
};

async function workerToken(stack: LocalStack): Promise<string> {
  const response = await fetch(`${stack.endpoints.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ account: 'village-worker' }),
  });
  return String(Object(await response.json())['access_token']);
}
