import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import type { Draft } from '../../../functions/domain/exchange/kind.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { type Outcome, refusedFor, reportOf, rowSpot, spotOf } from '../../../functions/domain/exchange/outcomes.ts';
import { pathOf } from '../../../functions/domain/exchange/reading.ts';

describe('what became of a row', () => {
  const spots = {
    household: { row: 1, column: 1 },
    'invoices/0/number': { row: 1, column: 5 },
    'invoices/1/number': { row: 2, column: 5 },
    name: { row: 1, column: 2 },
  };
  const draft = (changes: Partial<Draft> = {}): Draft => ({
    rows: [1, 2],
    values: new Map(),
    spots: new Map(Object.entries(spots)),
    faults: [],
    ...changes,
  });
  const place = (path: string, of = draft()) => spotOf(kinds.claims, of, path);

  it('is marked at the cell of the path, of the column marked instead, or nearest around it', () => {
    expect(place('invoices/1/number')).toEqual({ row: 2, column: 5 });
    // What only the API has is told at the column it is made from.
    expect(place('person')).toEqual({ row: 1, column: 2 });
    expect(place('invoices')).toEqual({ row: 1, column: 5 });
    expect(place('invoices/1/total')).toEqual({ row: 2, column: 5 });
    expect(place('invoices/7/total')).toEqual({ row: 1, column: 5 });
    expect(place('household/town/name')).toEqual({ row: 1, column: 1 });
    expect(place('unheard')).toEqual({ row: 1, column: 1 });
    const { told } = kinds.cases;
    expect(told?.['episodes/*/closed']).toBe('episodes/*/closed/on');
    const closed = draft({ spots: new Map([['episodes/1/closed/on', { row: 4, column: 9 }]]) });
    expect(spotOf(kinds.cases, closed, 'episodes/1/closed')).toEqual({ row: 4, column: 9 });
    expect(pathOf('episodes/*/measures/*/kind', 2, 3)).toBe('episodes/2/measures/3/kind');
  });

  it('as a whole is marked where the reason points, else where it is named', () => {
    const whole = (reason: string, of = draft()) => rowSpot(kinds.claims, of, reason);
    expect(whole('claim-duplicate')).toEqual({ row: 1, column: 5 });
    expect(whole('date-in-future')).toEqual({ row: 1, column: 1 });
    expect(whole('person-not-member')).toEqual({ row: 1, column: 2 });
    const by = (...fields: [string, number][]) =>
      whole('other', draft({ spots: new Map(fields.map(([field, column]) => [field, { row: 3, column }])) })).column;
    expect(by(['note', 8], ['kind', 7], ['idNumber', 6])).toBe(6);
    expect(by(['note', 8], ['kind', 7])).toBe(7);
    expect(by(['note', 8])).toBe(8);
    expect(whole('other', draft({ spots: new Map() }))).toEqual({ row: 1, column: 0 });
    expect(whole('other', draft({ spots: new Map(), rows: [] }))).toEqual({ row: 0, column: 0 });
  });

  it('by its own faults is refused with the first of them', () => {
    const faults = [
      { spot: { row: 1, column: 2 }, code: 'not-money', detail: '请填写金额。' },
      { spot: { row: 1, column: 3 }, code: 'not-a-date', detail: '请填写日期。' },
    ];
    expect(refusedFor(draft({ faults }))).toEqual({
      draft: draft({ faults }),
      outcome: 'refused',
      problem: { code: 'invalid-body', detail: '请填写金额。', errors: faults },
    });
    expect(refusedFor(draft(), []).problem?.detail).toBe('内容有误。');
  });
});

describe('the report', () => {
  const titles = ['户编号', '姓名', '金额'];
  const rows: Cell[][] = [['某村名册'], titles, ['A', '甲', 'x'], ['B', '乙'], ['C', '丙', '3']];
  const at = (row: number, changes: Partial<Draft> = {}): Draft => ({
    rows: [row],
    values: new Map(),
    spots: new Map(),
    faults: [],
    ...changes,
  });
  const fault = (row: number, column: number, detail: string) => ({ spot: { row, column }, code: 'c', detail });
  const table = (faults: ReturnType<typeof fault>[] = []) => ({ header: 1, faults });

  it('is the table as it was sent, with the outcome and the sentences beside each row and the faulty cells marked', () => {
    const wrong = at(2, { faults: [fault(2, 2, '请填写金额。')] });
    const outcomes: Outcome[] = [
      refusedFor(wrong),
      { draft: at(3), outcome: 'refused', problem: { code: 'p', detail: '已经登记。', errors: [] } },
      { draft: at(4), outcome: 'registered' },
    ];
    expect(reportOf({ rows }, table(), outcomes)).toEqual({
      header: 1,
      rows: [
        ['某村名册', null, null, null, null],
        [...titles, '结果', '错误'],
        ['A', '甲', 'x', '未通过', '金额：请填写金额。'],
        ['B', '乙', null, '未通过', '已经登记。'],
        ['C', '丙', '3', '已登记', null],
      ],
      marked: new Set(['2:2']),
    });
  });

  it('says each outcome in words', () => {
    const said = (outcome: Outcome['outcome']) => reportOf({ rows }, table(), [{ draft: at(2), outcome }]).rows[2]?.[3];
    expect(
      (['registered', 'accepted', 'imported', 'reported', 'recorded', 'enrolled', 'removed'] as const).map(said),
    ).toEqual(['已登记', '已接收', '已导入', '已报案', '已录入', '已参保', '已退保']);
    expect((['unchanged', 'duplicate', 'known', 'refused', 'unanswered', 'not-sent'] as const).map(said)).toEqual([
      '已有，未变',
      '已有，未变',
      '已报过案',
      '未通过',
      '结果不明，请重新提交',
      '未提交',
    ]);
  });

  it('tells faults of the headings beside the headings, and each sentence once', () => {
    const report = reportOf(
      { rows },
      table([fault(1, 2, '没有这一列。'), fault(1, 1, '重复。'), fault(1, 0, '重复。')]),
      [],
    );
    expect(report.rows[1]).toEqual([...titles, '结果', '错误：没有这一列。重复。']);
    expect(report.marked).toEqual(new Set(['1:2', '1:1', '1:0']));
    const twice = at(2, { faults: [fault(2, 2, '有误。'), fault(2, 2, '有误。'), fault(2, 1, '为空。')] });
    expect(reportOf({ rows }, table(), [refusedFor(twice)]).rows[2]?.[4]).toBe('金额：有误。\n姓名：为空。');
  });

  it('of a row that was not refused still tells what is doubtful, and overwrites an earlier report', () => {
    const doubtful = at(2, { faults: [fault(2, 2, '请核对。')] });
    const first = reportOf({ rows }, table(), [{ draft: doubtful, outcome: 'accepted' }]);
    expect(first.rows[2]).toEqual(['A', '甲', 'x', '已接收', '金额：请核对。']);
    const second = reportOf({ rows: first.rows }, table(), [{ draft: at(2), outcome: 'unchanged' }]);
    expect(second.rows[1]).toEqual([...titles, '结果', '错误']);
    expect(second.rows[2]).toEqual(['A', '甲', 'x', '已有，未变', null]);
    expect(reportOf({ rows: [titles, ['A']] }, { header: undefined, faults: [] } as never, []).rows[0]).toEqual([
      ...titles,
      '结果',
      '错误',
    ]);
  });

  it('puts what concerns several rows beside all of them, and its sentence beside the first', () => {
    const both = at(2, { rows: [2, 3] });
    const outcome: Outcome = {
      draft: both,
      outcome: 'refused',
      problem: { code: 'p', detail: '户已注销。', errors: [] },
    };
    const { rows: told } = reportOf({ rows }, table(), [outcome]);
    expect([told[2]?.slice(3), told[3]?.slice(3)]).toEqual([
      ['未通过', '户已注销。'],
      ['未通过', null],
    ]);
  });
});
