import { type CheckQualityOutput, villagesInput } from '../../contracts/tasks/quarterly-screening.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readQualityGround } from '../../store/reports/quality-facts.ts';
import { checkDistrict, checkVillages } from '../../store/reports/quality-runs.ts';

/**
 * Runs the rules of data quality over a batch of villages of a sealed round. Findings have natural keys, so a retry finds what it wrote and goes on.
 * Households and visits are minutes old and read eventually consistent, at half the price: what that misses the next run sees.
 * Ceiling: 4 minutes and 1,024 MB for twenty villages, eight at once: a household with its versions and visits is 4 KB as stored and five times that in memory, so
 * eight villages of 4,000 households hold 640 MB. A first run over a bad register writes some 2,000 findings a second: 480,000.
 */
export const handler = taskHandler(villagesInput, async ({ Items }, now): Promise<CheckQualityOutput> => {
  const ground = await readQualityGround(config.district(), now, { consistent: false });
  const district = await checkDistrict(config.district(), ground, 'sealing');
  const runs = [district, ...(await checkVillages(Items.toSorted(), ground, 'sealing'))];
  return {
    villages: Items.length,
    found: runs.reduce((sum, { found }) => sum + found, 0),
    corrected: runs.reduce((sum, { corrected }) => sum + corrected, 0),
  };
});
