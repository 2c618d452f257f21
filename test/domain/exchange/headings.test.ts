import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

describe('headings', () => {
  const read = (titles: readonly Cell[], ...rows: Cell[][]) =>
    readTable(kinds.claims, { name: '', rows: [[...titles], ...rows] });
  const NEEDED = ['户编号', '姓名', '保险责任', '出险日期'];

  it('that are missing, unknown, doubled or blank above a value are told at their place', () => {
    const { faults } = read([...NEEDED.slice(0, 2), '备用', '姓 名', null, ''], [null, null, null, null, '值', '']);
    expect(faults).toEqual([
      { spot: { row: 0, column: 2 }, code: 'unknown-column', detail: '没有“备用”这一列，请删除或改为模板中的列名。' },
      { spot: { row: 0, column: 3 }, code: 'column-twice', detail: '“姓名”出现了两次。' },
      { spot: { row: 0, column: 4 }, code: 'column-untitled', detail: '此列有内容但没有列名。' },
      { spot: { row: 0, column: 5 }, code: 'column-untitled', detail: '此列有内容但没有列名。' },
      { spot: { row: 0, column: 0 }, code: 'column-missing', detail: '缺少“保险责任”列。' },
      { spot: { row: 0, column: 0 }, code: 'column-missing', detail: '缺少“出险日期”列。' },
    ]);
    for (const blank of [null, ''])
      expect(read([...NEEDED, blank], ['A', '甲', '因病', '2023-1-1']).faults).toEqual([]);
    expect(read([...NEEDED, { number: '5' }]).faults).toMatchObject([
      { code: 'unknown-column', detail: expect.stringContaining('5') },
    ]);
    // Titles above the headings are no columns of theirs.
    expect(readTable(kinds.claims, { name: '', rows: [[null, null, null, null, '某镇'], NEEDED] }).faults).toEqual([]);
  });

  it('are known however they are spaced or starred, with their unit or without, and by the columns of an earlier report', () => {
    const { columns, passed, faults } = read([
      '★ 户 编 号*',
      '姓名（必填）',
      '保险责任',
      '出险日期',
      '申请金额(元)',
      '结果',
      '错误',
    ]);
    expect(faults).toEqual([]);
    expect([...columns]).toEqual([
      ['household', 0],
      ['name', 1],
      ['line', 2],
      ['eventOn', 3],
      ['claimed', 4],
    ]);
    expect(passed).toEqual(['结果', '错误']);
    expect(read([...NEEDED, '申请金额', '发票金额（元，必填）']).faults).toEqual([]);
    const long = (length: number) => `姓名（${'必'.repeat(length - 4)}）`;
    expect(read(['户编号', long(60), '保险责任', '出险日期']).faults).toEqual([]);
    expect(read(['户编号', long(61), '保险责任', '出险日期']).faults.map(({ code }) => code)).toEqual([
      'unknown-column',
      'column-missing',
    ]);
  });

  it('in another unit are not known, so that no amount is taken for a ten-thousandth of it', () => {
    for (const unit of ['万元', '千元', '单位：万元', '亿元', '百元', '万'])
      expect(read([...NEEDED, `申请金额（${unit}）`]).faults).toEqual([
        {
          spot: { row: 0, column: 4 },
          code: 'unknown-column',
          detail: `没有“申请金额（${unit}）”这一列，请删除或改为模板中的列名。`,
        },
      ]);
    expect(read([...NEEDED, '申请金额（单位：元）']).faults).toEqual([]);
  });

  it('are a row with two known ones at least, the one with the most', () => {
    expect(read(['户编号', '其他']).header).toBeUndefined();
    expect(read(['户编号', '姓名']).header).toBe(0);
    expect(readTable(kinds.claims, { name: '', rows: [] })).toEqual({
      header: undefined,
      faults: [],
      passed: [],
      drafts: [],
      rows: 0,
      columns: new Map(),
    });
    expect(readTable(kinds.claims, { name: '', rows: [['户编号', '姓名'], NEEDED] }).header).toBe(1);
  });
});
