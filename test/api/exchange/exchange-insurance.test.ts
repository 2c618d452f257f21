import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insure } from '../../../demo/claims/play.ts';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import { registerFamilies, rosterOf, stageOf } from '../../playing-claims.ts';
import { VILLAGE, WORKER } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';
import {
  byHeading,
  errors,
  filled,
  foreseen,
  get,
  opened,
  outcomes,
  told,
  upload,
  workbookBytes,
} from '../../workbooks.ts';

type Family = Awaited<ReturnType<typeof registerFamilies>>[number];

let stack: TestStack;
let families: Family[];
beforeAll(async () => {
  stack = await TestStack.start();
  families = await registerFamilies(stack, 3);
});
afterAll(() => stack.stop());

const family = (n: number): Family => {
  const found = families[n];
  if (found === undefined) throw new Error(`There is no family ${n}.`);
  return found;
};
const named = (n: number, place = 0) => ({ 户编号: family(n).household, 姓名: family(n).people[place]?.name ?? '' });

describe('insurance', () => {
  let policy: string;
  beforeAll(async () => {
    policy = await insure(stageOf(stack), rosterOf(families.slice(0, 1)));
  });

  it('takes the roster in, once, and ends certificates', async () => {
    const [first, second] = rosterOf(families.slice(1, 2));
    if (first === undefined || second === undefined) throw new Error('A family is two.');
    const row = ({ name, idNumber, certificate }: typeof first, more: Record<string, Cell> = {}) => ({
      姓名: name,
      身份证号码: idNumber,
      保险凭证号: certificate.toLowerCase(),
      参保日期: '2023年1月1日',
      ...more,
    });
    const send = async (rows: Record<string, Cell>[]) => {
      const bytes = await workbookBytes(await filled(stack, 'roster', OFFICER, rows));
      const before = await foreseen(stack, `roster?policy=${policy}`, OFFICER, bytes);
      const answer = told(await upload(stack, `roster?policy=${policy}`, OFFICER, bytes));
      expect(before).toEqual(errors(answer));
      return answer;
    };
    expect((await send([row(first), row(second), row({ ...second, idNumber: '440904198006150010' })])).counts).toEqual({
      enrolled: 2,
      refused: 1,
    });
    expect((await send([row(first), row(second, { 退保日期: '2023-06-30' })])).counts).toEqual({
      unchanged: 1,
      removed: 1,
    });
    const { body } = await stack.get(`/v1/policies/${policy}/reconciliation`, OFFICER);
    expect(body).toMatchObject({ insured: 3 });
  });

  it('takes claims of a village and bills of hospitals in, an invoice a row, and the claims go out', async () => {
    const event = { 保险责任: '大病医疗', 出险日期: '2023-05-10' };
    const rows = [
      { ...named(0), ...event, '申请金额（元）': '3000', 发票号码: 'fp-0001', '发票金额（元）': '1234.50' },
      { 发票号码: 'FP-0002', '发票金额（元）': '1765.50' },
      { ...named(0, 1), ...event, 保险责任: '意外医疗', 发票号码: 'FP-0003', '发票金额（元）': '100.005' },
      { ...named(1), ...event, 出险日期: '2099-01-01', 发票号码: 'FP-0004', '发票金额（元）': '1' },
    ];
    const bytes = await workbookBytes(await filled(stack, 'claims', WORKER, rows));
    const before = await foreseen(stack, 'claims', WORKER, bytes);
    const first = told(await upload(stack, 'claims', WORKER, bytes));
    expect(before).toEqual(errors(first));
    expect(outcomes(first)).toEqual(['reported', 'invalid-body', 'date-in-future']);
    expect(errors(first)).toEqual(['I4 too-precise', expect.stringMatching(/5 date-in-future$/)]);
    expect(told(await upload(stack, 'claims', WORKER, bytes)).counts).toEqual({ known: 1, refused: 2 });

    const bill = (n: number, hospital: string, number: string) => ({
      医疗机构: hospital,
      身份证号码: family(n).people[0]?.idNumber ?? '',
      保险责任: '大病医疗',
      就诊: null,
      出险日期: '2023-06-01',
      发票号码: number,
      '发票金额（元）': '500',
    });
    const bills = [bill(1, '测试一院', 'HB-1001'), bill(0, '测试二院', 'HB-2001'), bill(2, '测试二院', 'HB-2002')].map(
      ({ 就诊: _, ...row }) => row,
    );
    const sheet = await workbookBytes(await filled(stack, 'hospital-bills', OFFICER, bills));
    expect(await foreseen(stack, 'hospital-bills', OFFICER, sheet)).toEqual([]);
    expect(told(await upload(stack, 'hospital-bills', OFFICER, sheet)).counts).toEqual({ reported: 3 });
    expect(told(await upload(stack, 'hospital-bills', OFFICER, sheet)).counts).toEqual({ known: 3 });
    expect(told(await upload(stack, 'hospital-bills', WORKER, sheet)).code).toBe('role-not-allowed');

    const { rows: lines } = await opened(
      await get(stack, '/v1/exchange/claims?region=440904', { account: 'insurer-adjuster' }),
    );
    expect(lines).toHaveLength(5);
    const own = await opened(await get(stack, `/v1/exchange/claims?region=${VILLAGE}`, WORKER));
    const asked = own.rows.slice(1).map((_, row) => byHeading(own, row + 1)['申请金额（元）']);
    expect(asked).toContainEqual({ number: '3000' });
  });
});
