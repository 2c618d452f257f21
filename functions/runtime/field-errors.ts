import * as z from 'zod';
import { default as zhCN } from 'zod/v4/locales/zh-CN.js';
import type { FieldError } from '../contracts/problems.ts';

// Imported by its own path: through `z.locales` all fifty locales would be bundled, 200 KB.
z.config(zhCN());

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
        detail: sentenceOf(issue),
      },
    ];
  });
}

/** zod's sentence, where it speaks to officials: those that list our codes or show a pattern do not. */
function sentenceOf({ code, message, input }: z.core.$ZodIssue): string {
  if (input === undefined && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code)) return '此项必填。';
  if (code === 'invalid_value' || code === 'invalid_union') return '不在允许的选项之内。';
  return code === 'invalid_format' && message.includes('正则表达式') ? '格式不正确。' : message;
}

/** RFC 6901. */
function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
