import { describe, expect, it } from 'vitest';
import {
  type Cell,
  code,
  day,
  idNumber,
  LARGEST_WORKSHEET,
  moment,
  money,
  month,
  type Parse,
  text,
  trimmed,
  whole,
} from '../../../functions/domain/exchange/cells.ts';
import { oneOf, relationWords, shockWords, someOf, yesNo } from '../../../functions/domain/exchange/column-labels.ts';

/** The value a column makes of a cell, or the code of what is wrong with it. */
function made(parse: Parse, cell: Exclude<Cell, null>) {
  const parsed = parse(cell);
  return 'value' in parsed ? parsed.value : parsed.code;
}
const number = (digits: string) => ({ number: digits });
/** The code and the sentence an official reads. */
function told(parse: Parse, cell: Exclude<Cell, null>) {
  const parsed = parse(cell);
  return 'code' in parsed ? `${parsed.code} ${parsed.detail}` : parsed;
}

describe('an amount', () => {
  it.each<[Exclude<Cell, null>, number | string]>([
    ['1234.5', 123_450],
    ['¥1,234.50 元', 123_450],
    ['１２．０５', 1_205],
    ['-0.01', -1],
    ['0.00', 0],
    ['12.340', 1_234],
    [number('0.29'), 29],
    [number('1.15'), 115],
    [number('4.3499999999999996'), 435],
    [number('0.30000000000000004'), 30],
    [number('1E2'), 10_000],
    [number('10000000'), 1_000_000_000],
    ['12.345', 'too-precise'],
    [number('12.345'), 'too-precise'],
    // A comma or space parts thousands; it is never what parts yuan from fen.
    ['12,345,678', 1_234_567_800],
    ['-1 234.5', -123_450],
    ['￥１，２３４元', 123_400],
    ['-¥ 1,234.00', -123_400],
    ['¥-1,234.00', -123_400],
    ['1,5', 'not-money'],
    ['1,50', 'not-money'],
    ['12,34', 'not-money'],
    ['1,2345', 'not-money'],
    ['1 5', 'not-money'],
    ['1元5', 'not-money'],
    ["'100", 10_000],
    ['三千元', 'not-money'],
    ['1.2.3', 'not-money'],
    [true, 'not-money'],
    [{ at: '2023-01-01T00:00:00' }, 'not-money'],
  ])('%j is %j fen', (cell, fen) => {
    expect(made(money, cell)).toBe(fen);
  });
});

describe('a day', () => {
  it.each<[Exclude<Cell, null>, string]>([
    ['2023-1-5', '2023-01-05'],
    ['2023/01/05', '2023-01-05'],
    ['2023.1.5', '2023-01-05'],
    ['2023年1月5日', '2023-01-05'],
    [' 2023 年 1 月 5 日', '2023-01-05'],
    ['20230105', '2023-01-05'],
    ['2023-1-5 9:30', '2023-01-05'],
    [number('20230105'), '2023-01-05'],
    // A date whose cell has lost its format.
    [number('44931'), '2023-01-05'],
    [{ at: '2023-01-05T00:00:00' }, '2023-01-05'],
    ['2023-2-29', 'not-a-date'],
    ['2023-13-01', 'not-a-date'],
    ['去年', 'not-a-date'],
    [number('5'), 'not-a-date'],
  ])('%j is %s', (cell, expected) => {
    expect(made(day, cell)).toBe(expected);
  });

  it('with a time is an instant of the clock on the wall', () => {
    expect(made(moment, '2023-1-5 9:30')).toBe('2023-01-05T09:30:00+08:00');
    expect(made(moment, number('44931.5'))).toBe('2023-01-05T12:00:00+08:00');
  });

  it.each<[Exclude<Cell, null>, string]>([
    ['2023-4', '2023-04'],
    ['2023年4月', '2023-04'],
    [{ at: '2023-04-01T00:00:00' }, '2023-04'],
    ['2023-13', 'not-a-month'],
    ['四月', 'not-a-month'],
  ])('stands for its month: %j is %s', (cell, expected) => {
    expect(made(month, cell)).toBe(expected);
  });
});

describe('a number that names something', () => {
  it('is refused when the spreadsheet has changed its digits, and never guessed', () => {
    expect(made(idNumber, number('1.10105194912310E+17'))).toBe('digits-lost');
    expect(made(idNumber, '1.10105E+17')).toBe('digits-lost');
    expect(made(code, '4.40904E+11')).toBe('digits-lost');
    expect(made(text, number('13800001111.5'))).toBe('digits-lost');
  });

  it('is taken by its digits when none is lost', () => {
    expect(made(code, number('440904001001'))).toBe('440904001001');
    expect(made(code, number('4.40904001001E11'))).toBe('440904001001');
    expect(made(code, '４４０９０４ ００１００１')).toBe('440904001001');
    // What tells a spreadsheet that digits are text comes along where it was typed into a text cell, or by other software.
    for (const mark of ["'", '＇', '‘', '’', '`']) expect(made(code, `${mark}440904001001 `)).toBe('440904001001');
    expect([made(day, "'2023-1-5"), made(month, "'2023-1"), made(whole, "'3")]).toEqual(['2023-01-05', '2023-01', 3]);
    expect(made(idNumber, " G110105 19491231 002x'".replace("'", '\t'))).toBe('11010519491231002X');
    expect(made(whole, number('12'))).toBe(12);
    expect(made(whole, '1.5')).toBe('not-whole');
  });
});

describe('words', () => {
  it('are known by all their names, and others are refused with those allowed', () => {
    expect(made(oneOf(relationWords), '之 女')).toBe('child');
    expect(made(oneOf(relationWords), '邻居')).toBe('not-allowed');
    expect(made(someOf(shockWords), '失业，自然灾害;')).toEqual(['job-loss', 'disaster']);
    expect(made(someOf(shockWords), '失业、别的')).toBe('not-allowed');
    expect([made(yesNo, '√'), made(yesNo, false), made(yesNo, number('1')), made(yesNo, '大概')]).toEqual([
      true,
      false,
      true,
      'not-allowed',
    ]);
    const parsed = yesNo('大概');
    expect('detail' in parsed && parsed.detail).toBe('只能填写：是、否。');
  });

  it('that two codes would share are none', () => {
    const all = Object.values(relationWords).flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('what is said of a cell', () => {
  const LOST = 'digits-lost 单元格是数字格式，长号码的末几位已被表格软件改掉。请先把整列设为文本格式，再重新录入号码。';

  it('tells how it should have been filled in', () => {
    expect(told(text, true)).toBe('not-text 请填写文字。');
    expect(told(code, true)).toBe('not-text 请填写文字。');
    expect(told(idNumber, false)).toBe('not-text 请填写文字。');
    expect(told(text, number('1000000000000000'))).toBe(LOST);
    expect(told(code, '4.4E+11')).toBe(LOST);
    expect(told(money, '三千')).toBe('not-money 请填写金额，单位为元，最多两位小数。');
    expect(told(money, '1.234')).toBe('too-precise 金额最多两位小数。');
    expect(told(money, '99999999999999999')).toBe('not-money 金额过大。');
    expect(told(whole, '1.5')).toBe('not-whole 请填写整数。');
    expect(told(whole, '99999999999999999')).toBe('not-whole 请填写整数。');
    expect(told(day, '明天')).toBe('not-a-date 请填写日期，如 2023-1-5、2023/1/5 或 2023年1月5日。');
    expect(told(day, true)).toMatch(/^not-a-date/);
    expect(told(moment, '上午')).toBe('not-a-date 请填写日期和时间，如 2023-1-5 9:30。');
    expect(told(month, '去年')).toBe('not-a-month 请填写月份，如 2023-01 或 2023年1月。');
    expect(told(month, true)).toMatch(/^not-a-month/);
  });

  it('takes numbers of fifteen digits, none below nothing, and dates as their day', () => {
    expect(made(text, number('999999999999999'))).toBe('999999999999999');
    expect(made(text, number('0'))).toBe('0');
    expect(made(text, number('-1'))).toBe('digits-lost');
    expect(made(text, { at: '2023-01-05T09:30:00' })).toBe('2023-01-05');
    expect(made(code, 'c-1 a')).toBe('C-1A');
    expect(made(money, '-0.00')).toBe(0);
    expect(Object.is(made(money, '-0.00'), 0)).toBe(true);
    expect(made(money, number('1e300'))).toBe('not-money');
    expect(made(money, { at: '2023-01-05T00:00:00' })).toBe('not-money');
  });

  it('reads days between 1920 and 2100, from bare numbers too, and nothing in a long text', () => {
    expect([made(day, number('7306')), made(day, number('7305'))]).toEqual(['1920-01-01', 'not-a-date']);
    expect([made(day, number('73415')), made(day, number('73416'))]).toEqual(['2100-12-31', 'not-a-date']);
    // What a formula gives that points at an empty cell, and a time without a day.
    for (const at of ['1899-12-30T00:00:00', '1899-12-30T09:30:00', '1919-12-31T23:59:59', '2101-01-01T00:00:00'])
      expect([made(day, { at }), made(moment, { at }), made(month, { at })]).toEqual([
        'not-a-date',
        'not-a-date',
        'not-a-month',
      ]);
    expect(made(day, '1900-1-1')).toBe('not-a-date');
    expect(made(day, { at: '2100-12-31T23:59:59' })).toBe('2100-12-31');
    expect(made(day, { number: '43469', serial: '44931' })).toBe('2023-01-05');
    expect(made(day, '44931')).toBe('not-a-date');
    expect([made(day, `2023-1-5${' '.repeat(48)}9:30`), made(day, `2023-1-5${' '.repeat(49)}9:30`)]).toEqual([
      '2023-01-05',
      'not-a-date',
    ]);
    expect([made(month, `2023-4${' '.repeat(54)}`), made(month, `2023-4${' '.repeat(55)}`)]).toEqual([
      '2023-04',
      'not-a-month',
    ]);
    expect(made(moment, '20230105')).toBe('2023-01-05T00:00:00+08:00');
    expect(made(moment, '2023-1-5 9:30:07')).toBe('2023-01-05T09:30:07+08:00');
  });

  it('is trimmed of what cannot be seen, and of nothing else', () => {
    expect([trimmed('\u3000\u200b\ufeff a b \t'), trimmed(' \u3000 '), trimmed('a'), trimmed('')]).toEqual([
      'a b',
      '',
      'a',
      '',
    ]);
    expect(LARGEST_WORKSHEET).toEqual({ rows: 99_999, columns: 702, places: 2_000_000 });
  });
});
