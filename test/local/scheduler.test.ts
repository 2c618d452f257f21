import { describe, expect, test } from 'vitest';
import { timesOf } from '../../local/scheduler/expression.ts';

const at = (iso: string): number => Date.parse(iso);

describe('a schedule', () => {
  test.each([
    ['cron(0 9 11 1,4,7,10 ? *)', 'Asia/Shanghai', '2023-09-30T00:00:00Z', '2023-10-11T01:00:00.000Z'],
    ['cron(0 9 11 1,4,7,10 ? *)', 'Asia/Shanghai', '2023-10-11T00:59:59.999Z', '2023-10-11T01:00:00.000Z'],
    ['cron(0 9 11 1,4,7,10 ? *)', 'Asia/Shanghai', '2023-10-11T01:00:00Z', '2024-01-11T01:00:00.000Z'],
    ['cron(30 0 1 * ? *)', 'Asia/Shanghai', '2023-12-31T16:29:59Z', '2023-12-31T16:30:00.000Z'],
    ['cron(0/15 8-17 ? * MON-FRI *)', 'UTC', '2026-11-20T17:45:00Z', '2026-11-23T08:00:00.000Z'],
    ['cron(0 12 L * ? *)', 'UTC', '2024-02-01T00:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['cron(0 12 15W * ? *)', 'UTC', '2024-06-01T00:00:00Z', '2024-06-14T12:00:00.000Z'],
    ['cron(0 12 ? * 6#2 *)', 'UTC', '2026-11-01T00:00:00Z', '2026-11-13T12:00:00.000Z'],
    ['cron(0 12 ? * 6L *)', 'UTC', '2026-11-01T00:00:00Z', '2026-11-27T12:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', 'UTC', '2097-01-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    // Clocks jump from 2:00 to 3:00 on 29 March 2026 in Berlin, and back on 25 October.
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00.000Z'],
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['rate(5 minutes)', 'UTC', '2026-01-01T00:04:00Z', '2026-01-01T00:05:00.000Z'],
    ['rate(5 minutes)', 'UTC', '2026-01-01T00:05:00Z', '2026-01-01T00:10:00.000Z'],
    ['at(2026-03-01T09:00:00)', 'Asia/Shanghai', '2026-01-01T00:00:00Z', '2026-03-01T01:00:00.000Z'],
  ])('%s in %s after %s is due at %s', (expression, zone, from, expected) => {
    const times = timesOf(expression, zone, at('2026-01-01T00:00:00Z'));
    const next = times.next(at(from));
    expect(new Date(next ?? 0).toISOString()).toBe(expected);
    // Looking back from the instant and from just before the next one finds it again.
    expect(times.last(next ?? 0)).toBe(next);
    expect(times.last((next ?? 0) - 1)).not.toBe(next);
  });

  test('that is over does not come again', () => {
    expect(timesOf('at(2026-03-01T09:00:00)', 'UTC', 0).next(at('2026-03-01T09:00:00Z'))).toBeUndefined();
    expect(
      timesOf('cron(0 0 1 1 ? 2020)', 'UTC', at('2020-06-01T00:00:00Z')).next(at('2020-06-01T00:00:00Z')),
    ).toBeUndefined();
  });

  test.each([
    'cron(0 9 * * *)',
    'cron(0 9 * * * *)',
    'cron(61 9 * * ? *)',
    'cron(0 9 ? * FOO *)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'at(tomorrow)',
    'every day',
  ])('%s is refused', (expression) => {
    expect(() => timesOf(expression, 'UTC', 0)).toThrow(RangeError);
  });

  test('in an unknown time zone is refused', () => {
    expect(() => timesOf('cron(0 9 * * ? *)', 'Asia/Nowhere', 0)).toThrow(RangeError);
  });
});
