import { type CheckQualityOutput, villagesInput } from '../../contracts/tasks/quarterly-screening.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readQualityGround } from '../../store/reports/quality-facts.ts';
import { checkCalendars, checkVillages } from '../../store/reports/quality-runs.ts';

/**
 * Runs the rules of data quality over a batch of villages of a sealed round. Findings have natural keys, so a retry finds what it wrote and goes on.
 * Households and visits are minutes old and read eventually consistent, at half the price: what that misses the next run sees.
 */
export const handler = taskHandler(villagesInput, async ({ Items }, now): Promise<CheckQualityOutput> => {
  const ground = await readQualityGround(config.district(), now, { consistent: false });
  const district = await checkCalendars(config.district(), ground, 'sealing');
  const runs = [district, ...(await checkVillages(Items.toSorted(), ground, 'sealing'))];
  return {
    villages: Items.length,
    found: runs.reduce((sum, { found }) => sum + found, 0),
    corrected: runs.reduce((sum, { corrected }) => sum + corrected, 0),
  };
});
