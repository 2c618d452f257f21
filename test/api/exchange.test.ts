import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../functions/domain/exchange/cells.ts';
import { OTHER_TOWN_VILLAGE, testId, VILLAGE } from '../people.ts';
import { get, opened, sheetBytes, told, upload } from '../sheets.ts';
import { type As, OFFICER, TestStack } from '../stack.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.prepare();
});
afterAll(() => stack.stop());

/** The headings of a kind's template. */
async function headings(kind: string): Promise<Cell[]> {
  const { rows } = await opened(await get(stack, `/v1/exchange/${kind}/template`, OFFICER));
  return [...(rows[0] ?? [])];
}

/** Rows under the template's headings, from what each fills in by heading. */
async function filled(kind: string, rows: readonly Record<string, Cell>[]): Promise<Cell[][]> {
  const titles = await headings(kind);
  const unknown = rows.flatMap((row) => Object.keys(row).filter((title) => !titles.includes(title)));
  if (unknown.length > 0) throw new Error(`The template has no ${unknown.join()}.`);
  return [titles, ...rows.map((row) => titles.map((title) => row[String(title)] ?? null))];
}

const person = (n: number, relation: string, more: Record<string, Cell> = {}): Record<string, Cell> => ({
  姓名: `测试${n}`,
  与户主关系: relation,
  身份证号码: testId(n, '19620115'),
  ...more,
});

describe('households', () => {
  const first = { 户编号: `${VILLAGE}-0001`, 户类型: '脱贫户', 登记日期: '2022年1月1日', 家庭住址: '测试村 1 号' };
  const rows = [
    person(1, '户主', first),
    person(2, '配偶'),
    person(3, '之子'),
    person(4, '户主', { 行政村编码: { number: VILLAGE }, 户编号: '0002', 户类型: '一般农户', 登记日期: { at: '2022-03-05T00:00:00' } }),
  ];

  it('come in with the template filled in, once', async () => {
    const bytes = await sheetBytes(await filled('households', rows));
    const { status, ...answer } = await upload(stack, 'households', TOWN, bytes);
    expect([status, told({ status, ...answer }).counts]).toEqual([200, { registered: 2 }]);
    expect(OTHER_TOWN_VILLAGE).toBeDefined();
  });
});
