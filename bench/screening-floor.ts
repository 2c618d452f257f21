import { putBare, readVillageItems, sheetItems } from './screening-bare.ts';

/**
 * The floor, in a process of its own as the functions are outside of the gateway's: the same Queries and the same sheet puts,
 * bare. Told what to do by its parent; answers with the seconds it took.
 */
let sheets: Awaited<ReturnType<typeof sheetItems>> | undefined;

process.on('message', (message: { villages: string[]; round: string; width: number; prepare?: boolean }) => {
  void (async () => {
    if (message.prepare) {
      sheets = await sheetItems(message.villages, message.round);
      process.send?.({ seconds: 0 });
      return;
    }
    const started = performance.now();
    const rest = [...message.villages];
    await Promise.all(
      Array.from({ length: message.width }, async () => {
        for (let village = rest.pop(); village !== undefined; village = rest.pop()) {
          await readVillageItems(village, message.round);
          const sheet = sheets?.get(village);
          if (sheet !== undefined) await putBare(sheet);
        }
      }),
    );
    process.send?.({ seconds: (performance.now() - started) / 1000 });
  })();
});
