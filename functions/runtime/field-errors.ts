import * as z from 'zod';
import type { FieldError } from '../contracts/problems.ts';

/** What a value is to be, for officials: zod's own sentences name the types in English. */
const typeNames: Record<string, string> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组内容',
};

// A schema's own sentence goes before this one.
z.config({ localeError: sentenceOf });

/** zod's issue codes as the codes clients rely on; a change of the library must not change the API. */
const codes: Record<string, string> = {
  invalid_type: 'wrong-type',
  unrecognized_keys: 'unknown-field',
  too_small: 'too-small',
  too_big: 'too-large',
  invalid_format: 'malformed',
  invalid_value: 'not-allowed',
  invalid_union: 'not-allowed',
  not_multiple_of: 'not-allowed',
};

/** What is wrong with a value, field by field: a JSON pointer, a stable code and a Chinese sentence. The value itself is never repeated. */
export function fieldErrors(error: z.ZodError, base: readonly (string | number)[] = []): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: pointer([...path, key]),
        code: 'unknown-field',
        detail: '没有这个字段。',
      }));
    }
    const missing = issue.code === 'invalid_type' && issue.input === undefined;
    return [
      {
        pointer: pointer(path),
        code: missing ? 'missing' : (codes[issue.code] ?? 'invalid'),
        detail: issue.message,
      },
    ];
  });
}

/** What is to be done about an issue. */
function sentenceOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? '此项必填。' : `应为${typeNames[issue.expected] ?? '其他内容'}。`;
    case 'invalid_value':
    case 'invalid_union':
      return issue.input === undefined ? '此项必填。' : '不在允许的选项之内。';
    case 'too_small':
      return boundOf(issue.origin, `不能小于 ${issue.minimum}。`, `至少 ${issue.minimum} `);
    case 'too_big':
      return boundOf(issue.origin, `不能大于 ${issue.maximum}。`, `最多 ${issue.maximum} `);
    case 'invalid_format':
      return issue.format === 'date' ? '请填写日期，如 2023-01-05。' : '格式不正确。';
    default:
      return '内容不正确。';
  }
}

function boundOf(origin: string, ofNumber: string, ofLength: string): string {
  if (origin === 'string') return `${ofLength}个字。`;
  return origin === 'array' ? `${ofLength}项。` : ofNumber;
}

/** RFC 6901. */
function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
