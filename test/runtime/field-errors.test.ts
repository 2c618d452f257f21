import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isoDate } from '../../functions/contracts/values.ts';
import { fieldErrors } from '../../functions/runtime/field-errors.ts';

const shape = z.strictObject({
  text: z.string().min(2).max(4),
  number: z.number().min(1).max(10),
  whole: z.int(),
  flag: z.boolean(),
  list: z.array(z.string()).min(1).max(2),
  one: z.enum(['a', 'b']),
  either: z.union([z.strictObject({ a: z.string() }), z.string()]),
  day: z.iso.date(),
  code: z.string().regex(/^a$/),
  times: z.number().multipleOf(5),
  own: z.string().refine((text) => text === 'x', '须为本人'),
});
const good = {
  text: 'abc',
  number: 1,
  whole: 1,
  flag: true,
  list: ['a'],
  one: 'a',
  either: 'a',
  day: '2023-01-05',
  code: 'a',
  times: 5,
  own: 'x',
};

/** What is said of the good object with other values. */
function said(changes: object): string[] {
  const parsed = shape.safeParse({ ...good, ...changes }, { reportInput: true });
  return parsed.success
    ? []
    : fieldErrors(parsed.error).map(({ pointer, code, detail }) => `${pointer} ${code} ${detail}`);
}

describe('a day', () => {
  it.each([
    ['1899-12-31', false],
    ['0023-05-01', false],
    ['0000-01-01', false],
    ['1900-01-01', true],
    ['2023-05-01', true],
  ])('%s: somebody who lives may remember it: %s', (day, holds) => {
    const parsed = isoDate.safeParse(day, { reportInput: true });
    expect(parsed.success ? [] : fieldErrors(parsed.error)).toEqual(
      holds ? [] : [{ pointer: '', code: 'invalid', detail: '年份不对，请写全四位年份，如 2023。' }],
    );
  });
});

describe('a field', () => {
  it.each([
    [{ text: 1 }, '/text wrong-type 应为文字。'],
    [{ text: undefined }, '/text missing 此项必填。'],
    [{ text: 'a' }, '/text too-small 至少 2 个字。'],
    [{ text: 'abcde' }, '/text too-large 最多 4 个字。'],
    [{ number: 'a' }, '/number wrong-type 应为数字。'],
    [{ number: 0 }, '/number too-small 不能小于 1。'],
    [{ number: 11 }, '/number too-large 不能大于 10。'],
    [{ whole: 1.5 }, '/whole wrong-type 应为整数。'],
    [{ flag: 'yes' }, '/flag wrong-type 应为是或否。'],
    [{ list: 'a' }, '/list wrong-type 应为列表。'],
    [{ list: [] }, '/list too-small 至少 1 项。'],
    [{ list: ['a', 'b', 'c'] }, '/list too-large 最多 2 项。'],
    [{ one: 'c' }, '/one not-allowed 不在允许的选项之内。'],
    [{ one: undefined }, '/one not-allowed 此项必填。'],
    [{ either: 1 }, '/either not-allowed 不在允许的选项之内。'],
    [{ day: '2023-02-30' }, '/day malformed 请填写日期，如 2023-01-05。'],
    [{ code: 'b' }, '/code malformed 格式不正确。'],
    [{ times: 3 }, '/times not-allowed 内容不正确。'],
    [{ own: 'y' }, '/own invalid 须为本人'],
    [{ more: 1 }, '/more unknown-field 没有这个字段。'],
  ])('%o is told in Chinese what to do: %s', (changes, expected) => {
    expect(said(changes)).toEqual([expected]);
  });

  it('that is the whole body is told what the body is to be', () => {
    const parsed = shape.safeParse([], { reportInput: true });
    expect(parsed.success ? [] : fieldErrors(parsed.error).map(({ detail }) => detail)).toEqual(['应为一组内容。']);
  });
});
