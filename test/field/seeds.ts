import type { Browser } from 'playwright-core';
import { openRound, testId, testRow } from '../playing-households.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import { HOUSEHOLDS, type Report, World } from './world.ts';

/** Seeds that share a village and its phones, which go on as the seed before left them. */
const SEEDS_A_VILLAGE = 25;

/** Registers as many villages as the seeds need, and opens the round. @returns their codes */
async function openVillages(stack: TestStack, seeds: number): Promise<string[]> {
  const { body } = await stack.get('/v1/villages', { account: 'auditor' });
  const codes: string[] = body.towns.flatMap(({ villages }: { villages: { code: string }[] }) =>
    villages.map(({ code }) => code),
  );
  const villages = codes.slice(0, Math.ceil(seeds / SEEDS_A_VILLAGE));
  if (villages.length * SEEDS_A_VILLAGE < seeds) throw new Error('There are not so many villages.');
  for (const [place, village] of villages.entries()) {
    const rows = Array.from({ length: HOUSEHOLDS }, (_, n) => {
      const row = testRow(n + 1, village);
      // The same person is in no two villages.
      return { ...row, members: row.members.map((one) => ({ ...one, idNumber: testId(place * HOUSEHOLDS + n) })) };
    });
    await stack.post('/v1/households:import', OFFICER, { rows });
  }
  await openRound(stack);
  return villages;
}

/** Runs seeds one after the other, the first being `from`; every few of them everything is sent and compared with the server. */
export async function runSeeds(
  stack: TestStack,
  browser: Browser,
  seeds: number,
  tell: (report: Report) => void = () => undefined,
  from = 1,
): Promise<Report> {
  const villages = await openVillages(stack, seeds);
  const report: Report = { seeds: 0, finished: 0, actions: {}, faults: [] };
  for (const [block, village] of villages.entries()) {
    const world = new World(stack, village, report);
    await world.open(browser);
    try {
      const last = Math.min(seeds, (block + 1) * SEEDS_A_VILLAGE);
      for (let n = block * SEEDS_A_VILLAGE; n < last; n += 1) {
        await world.play(from + n);
        report.seeds += 1;
        tell(report);
      }
      await world.check(from + last - 1);
      await world.leave();
    } finally {
      await world.close();
    }
  }
  return report;
}
