import { eachOf } from '../functions/domain/concurrency.ts';
import { closeDoors, readBehindDoors } from '../functions/store/screening/progress.ts';
import { putBare, readVillageItems, sheetItems } from './screening-bare.ts';

interface Message {
  villages: string[];
  round: string;
  width: number;
  prepare?: boolean;
  /** Also the doors, twenty at a time as the workflow closes them: every request of a sealing, without workflow, functions and rules around them. */
  whole?: boolean;
}

const BATCH = 20;

/**
 * The floor, in a process of its own as the functions are outside of the gateway's: the same Queries and the same sheet puts,
 * bare. Told what to do by its parent; answers with the seconds it took.
 */
let sheets: Awaited<ReturnType<typeof sheetItems>> | undefined;

process.on('message', ({ villages, round, width, prepare, whole }: Message) => {
  void (async () => {
    if (prepare) {
      sheets = await sheetItems(villages, round);
      process.send?.({ seconds: 0 });
      return;
    }
    const seal = async (village: string): Promise<void> => {
      await readVillageItems(village, round);
      const sheet = sheets?.get(village);
      if (sheet !== undefined) await putBare(sheet);
    };
    const started = performance.now();
    if (whole) {
      const batches = Array.from({ length: Math.ceil(villages.length / BATCH) }, (_, n) =>
        villages.slice(n * BATCH, (n + 1) * BATCH),
      );
      await eachOf(batches, width / 8, async (batch) => {
        await closeDoors(round, batch);
        await Promise.all([readBehindDoors(round, batch), eachOf(batch, 8, seal)]);
      });
    } else await eachOf(villages, width, seal);
    process.send?.({ seconds: (performance.now() - started) / 1000 });
  })();
});
