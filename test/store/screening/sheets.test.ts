import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SheetRow } from '../../../functions/contracts/screening/round.ts';
import { totalsOf } from '../../../functions/domain/screening/totals.ts';
import { asATask } from '../../as-a-task.ts';
import { TestStack } from '../../stack.ts';

let stack: TestStack;
let sheets: typeof import('../../../functions/store/screening/sheets.ts');
let progress: typeof import('../../../functions/store/screening/progress.ts');

beforeAll(async () => {
  stack = await TestStack.start();
  await asATask(stack);
  // The store's client takes its settings from the environment when it is made.
  sheets = await import('../../../functions/store/screening/sheets.ts');
  progress = await import('../../../functions/store/screening/progress.ts');
});
afterAll(() => stack.stop());

const VILLAGE = '440904001001';

function row(n: number): SheetRow {
  const missed = n % 7 === 0;
  return {
    household: `${VILLAGE}-${String(n).padStart(5, '0')}`,
    visit: missed ? null : `visit${String(n).padStart(17, '0')}`,
    missed: missed ? 'refused' : null,
    people: (n % 5) + 1,
    class: missed ? null : 'monitor',
    caseType: missed ? null : 'marginal',
    perCapita: n % 3 === 0 ? null : -n,
    perCapitaRound: n % 3 === 0 ? null : '2023Q2',
    previousPerCapita: n,
    ownPayouts: n * 100,
    openCase: n % 2 === 0,
    signals: missed
      ? []
      : [
          { id: 'INCOME_BELOW_LINE', observed: -n, threshold: 800_000 },
          { id: 'FOOD_UNSAFE', observed: false, threshold: true },
        ],
    disagreement: n % 11 === 0,
    labour: missed ? null : n % 2 === 0,
    seenOn: missed ? null : '2023-10-11',
    sample: n % 13 === 0 ? 'secure' : null,
  };
}

it('a sheet of more rows than an item holds is split, and comes back whole and in order', async () => {
  const rows = Array.from({ length: 4_500 }, (_, n) => row(n));
  const sheet = {
    round: '2023Q4',
    village: VILLAGE,
    criteria: 'c-000000000001',
    rules: '2023.1',
    rows,
    totals: totalsOf(rows),
  };
  await sheets.putSheet(sheet);
  expect(await sheets.readSheet('2023Q4', VILLAGE)).toEqual(sheet);
});

it('a sheet is written once: a second one changes nothing', async () => {
  const rows = [row(1)];
  const first = {
    round: '2024Q1',
    village: VILLAGE,
    criteria: 'c-000000000001',
    rules: '2023.1',
    rows,
    totals: totalsOf(rows),
  };
  await sheets.putSheet(first);
  const other = { ...first, rows: [row(2), row(3)] };
  await sheets.putSheet(other);
  expect(await sheets.readSheet('2024Q1', VILLAGE)).toEqual(first);
});

it('the fence lets in until the door closes; what passed before stays known after it', async () => {
  await progress.openVillage('2024Q2', {
    village: VILLAGE,
    expected: new Map([
      ['0001', null],
      ['0002', null],
    ]),
  });
  expect(await progress.acceptVisits('2024Q2', VILLAGE, ['0001:a'])).toEqual(new Set(['0001:a']));
  await progress.closeDoors('2024Q2', [VILLAGE]);
  const behind = await progress.readBehindDoors('2024Q2', [VILLAGE]);
  expect(behind.get(VILLAGE)?.progress.accepted).toEqual(new Set(['0001:a']));
  expect(await progress.acceptVisits('2024Q2', VILLAGE, ['0001:a', '0002:b'])).toEqual(new Set(['0001:a']));
  await progress.openVillage('2024Q2', { village: VILLAGE, expected: new Map() });
  expect((await progress.readRoster('2024Q2', VILLAGE))?.expected.size).toBe(2);
  expect((await progress.readProgress('2024Q2', VILLAGE))?.status).toBe('sealing');
});

it('doors are closed each by itself; one that is not there is told, is not made, and keeps no other open', async () => {
  const villages = Array.from({ length: 30 }, (_, n) => `4409041${String(16_201 + n)}`);
  for (const village of villages)
    await progress.openVillage('2024Q4', { village, expected: new Map([['0001', null]]) });
  const stranger = '440904116299';
  await expect(progress.closeDoors('2024Q4', [...villages.slice(0, 27), stranger])).rejects.toMatchObject({
    name: 'ConditionFailed',
    indices: [27],
  });
  expect(await progress.readProgress('2024Q4', stranger)).toBeUndefined();
  const status = async () => (await progress.listProgress('2024Q4', '440904116')).map((each) => each.status);
  expect(await status()).toEqual([...Array(27).fill('sealing'), ...Array(3).fill('collecting')]);
  await progress.closeDoors('2024Q4', villages);
  await progress.closeDoors('2024Q4', villages);
  expect(await status()).toEqual(Array(30).fill('sealing'));
  // Of those between the first and the last only the wanted are told.
  const behind = await progress.readBehindDoors('2024Q4', [villages[20] ?? '', villages[3] ?? '']);
  expect([...behind.keys()]).toEqual([villages[3], villages[20]]);
});

it('of a hundred submissions against the closing door, exactly those told so are behind it', async () => {
  await progress.openVillage('2024Q3', {
    village: VILLAGE,
    expected: new Map(Array.from({ length: 100 }, (_, n) => [String(n), null])),
  });
  const entries = Array.from({ length: 100 }, (_, n) => `${n}:v`);
  const submissions = entries.map(async (entry, n) => {
    await new Promise((resolve) => setTimeout(resolve, n));
    return (await progress.acceptVisits('2024Q3', VILLAGE, [entry])).has(entry) ? entry : undefined;
  });
  await new Promise((resolve) => setTimeout(resolve, 40));
  await progress.closeDoors('2024Q3', [VILLAGE]);
  const behind = await progress.readBehindDoors('2024Q3', [VILLAGE]);
  const told = (await Promise.all(submissions)).filter((entry) => entry !== undefined);
  expect(new Set(told)).toEqual(behind.get(VILLAGE)?.progress.accepted);
});
