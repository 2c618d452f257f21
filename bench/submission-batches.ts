import type { Visit } from '../functions/contracts/screening/visit.ts';
import { eachOf } from '../functions/domain/concurrency.ts';
import { jsonText } from '../functions/store/json-text.ts';
import { villageKey } from '../functions/store/keys.ts';
import { queryAll } from '../functions/store/table.ts';

/** The loaded visits of some villages, as batches that a phone would send. */
export async function batchesOf(
  villages: readonly string[],
  round: string,
  size: number,
): Promise<{ village: string; visits: Visit[] }[]> {
  const found = await eachOf(villages, 4, async (village) => {
    const visits = (await queryAll(villageKey(village), `VISIT#${round}#`)).map((item) => jsonText<Visit>().read(item));
    return Array.from({ length: Math.floor(visits.length / size) }, (_, n) => ({
      village,
      visits: visits.slice(n * size, (n + 1) * size),
    }));
  });
  return found.flat();
}
