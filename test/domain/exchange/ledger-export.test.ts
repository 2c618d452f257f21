import { describe, expect, it } from 'vitest';
import { entryKinds } from '../../../functions/contracts/assistance/ledger-entry.ts';
import type { LedgerLine } from '../../../functions/contracts/assistance/ledger-http.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { ledgerOut } from '../../../functions/domain/exchange/ledger-export.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';
import { HOUSEHOLD, household, register, told, VILLAGE } from './exported.ts';

describe('the ledger', () => {
  const line = (kind: LedgerLine['kind'], changes: object = {}): LedgerLine => ({
    id: 'entry-0000000000000001',
    kind,
    occurredOn: '2023-04-01',
    region: VILLAGE,
    recordedAt: '2023-04-02T01:02:03.000Z',
    ...changes,
  });
  const [PERSON] = [`p-陈甲`];
  const SHARED = { evidence: ['photo-1', 'photo-2'], serial: 'S-1', note: '首次', funder: '区乡村振兴局' };
  const MONEY = { household: HOUSEHOLD, amount: 123_456 };
  const AWARD = { household: HOUSEHOLD, award: 'entry-0000000000000008' };
  /** One of each kind, with everything it takes. */
  const lines: LedgerLine[] = [
    line('placement', { household: HOUSEHOLD, person: PERSON, employer: '测试制衣厂', ...SHARED }),
    line('unemployed-hired', { region: '440904', employer: '测试公司', people: 7 }),
    line('start-up', { household: HOUSEHOLD, person: PERSON, trade: '养蜂' }),
    line('training', { household: HOUSEHOLD, person: PERSON, course: '育婴' }),
    line('post', { household: HOUSEHOLD, person: PERSON, duty: '护林员' }),
    line('post-subsidy', { ...MONEY, post: 'entry-0000000000000009', month: '2023-03' }),
    line('award-application', { ...MONEY, project: '沉香种植' }),
    line('award-acceptance', { ...AWARD, accepted: true }),
    line('award-acceptance', { ...AWARD, accepted: false }),
    line('award-payment', { ...AWARD, amount: 9 }),
    line('loan', { ...MONEY, borrower: '陈甲' }),
    line('housing-repair', MONEY),
    line('goods', { household: HOUSEHOLD, what: '鸡苗', quantity: 20 }),
    line('offspring', { household: HOUSEHOLD, goods: 'entry-0000000000000007', quantity: 3 }),
    line('donation-received', {
      region: '440904',
      fund: '助学基金',
      giver: '测试公司',
      giverKind: 'enterprise',
      amount: 5,
    }),
    line('donation-spent', { ...MONEY, fund: '助学基金', purpose: '学费' }),
    line('company-jobs', { region: '440904001', company: '测试公司', personTimes: 12 }),
    line('team-visit', { household: HOUSEHOLD, team: '驻镇工作队' }),
  ];

  it('goes out under the headings it comes in with, and comes in again as what it was', () => {
    const table = ledgerOut(register(household()), lines);
    const { faults, drafts } = readTable(kinds.ledger, table);
    expect([table.name, faults]).toEqual(['帮扶台账', []]);
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(entryKinds));
    const members = household().members.map(({ person, name, idNumber }) => ({ person, name, idNumber }));
    const read = drafts.map((draft) => {
      kinds.ledger.finish?.(draft, { members: () => members, membersBefore: () => [] });
      expect(draft.faults).toEqual([]);
      return nested(draft.values);
    });
    expect(read).toEqual(lines.map(({ id, recordedAt, ...entry }) => entry));
    expect(told(table)[0]).toEqual({
      类别: '帮扶就业',
      发生日期: { at: '2023-04-01T00:00:00' },
      地区编码: VILLAGE,
      乡镇: '水东街道',
      行政村: '测试社区',
      户编号: HOUSEHOLD,
      姓名: '陈甲',
      身份证号码: '440904********0010',
      名称: '测试制衣厂',
      捐赠方类别: '',
      资金来源: '区乡村振兴局',
      佐证材料: 'photo-1、photo-2',
      凭证号: 'S-1',
      备注: '首次',
      台账编号: 'entry-0000000000000001',
      录入时间: { at: '2023-04-02T09:02:03' },
    });
  });

  it('tells of a reversal which entry it takes back and why, and of an unknown person nothing', () => {
    const reversal = line('reversal', { reverses: 'entry-0000000000000009', reason: '重复录入', amount: -5 });
    const stranger = line('placement', { household: HOUSEHOLD, person: 'p-gone', employer: '测试制衣厂' });
    const [one, other] = told(ledgerOut(register(household()), [reversal, stranger]));
    expect(one).toMatchObject({
      类别: '冲销',
      关联台账编号: 'entry-0000000000000009',
      备注: '重复录入',
      '金额（元）': { number: '-0.05' },
    });
    expect(one).not.toHaveProperty('名称');
    expect(other).not.toHaveProperty('姓名');
    expect(other).not.toHaveProperty('身份证号码');
  });
});
