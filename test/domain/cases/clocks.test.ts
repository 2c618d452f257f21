import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ladder } from '../../../functions/contracts/cases/review.ts';
import { addDays, dayOf, endOf } from '../../../functions/domain/calendar.ts';
import {
  LEAST_NOTICE_DAYS,
  lastDayOf,
  NoticeTooShort,
  noticePeriod,
  stepTimes,
  totalDueAt,
  totalMark,
} from '../../../functions/domain/cases/clocks.ts';
import { ladderInForce, ladders } from '../../../functions/domain/cases/ladder.ts';
import { addWorkingDays, isWorkingDay, UnknownWorkingDays } from '../../../functions/domain/working-days.ts';

const at = (instant: string) => Date.parse(instant);
const iso = (instant: number) => new Date(instant).toISOString();
const days = fc
  .date({ min: new Date('2021-01-01'), max: new Date('2026-10-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('working days of China', () => {
  it.each([
    ['2023-10-02', false, 'National Day'],
    ['2023-10-06', false, 'National Day, a Friday'],
    ['2023-10-07', true, 'made up for on a Saturday'],
    ['2023-10-08', true, 'made up for on a Sunday'],
    ['2023-10-09', true, 'an ordinary Monday'],
    ['2023-10-14', false, 'an ordinary Saturday'],
    ['2024-02-04', true, 'made up for before the Spring Festival, a Sunday'],
    ['2024-02-09', true, 'the eve of 2024 was no day off'],
    ['2024-02-12', false, 'Spring Festival'],
    ['2024-02-18', true, 'made up for after it, a Sunday'],
    ['2022-12-30', true, 'the last Friday of a year'],
    ['2022-12-31', false, 'New Year of 2023, arranged with that year'],
  ])('%s: %s (%s)', (day, works) => {
    expect(isWorkingDay(day)).toBe(works);
  });

  it('are counted over holidays and make-up days, forwards and backwards', () => {
    expect(addWorkingDays('2023-09-28', 1)).toBe('2023-10-07');
    expect(addWorkingDays('2023-09-28', 3)).toBe('2023-10-09');
    expect(addWorkingDays('2023-10-07', -1)).toBe('2023-09-28');
    expect(addWorkingDays('2024-02-09', 1)).toBe('2024-02-18');
    expect(addWorkingDays('2023-10-14', 0)).toBe('2023-10-14');
  });

  it('of an unknown year are an error, and of the last days of December while the next year is unknown', () => {
    for (const day of ['2020-12-31', '2027-01-04', '2026-12-29', '2026-12-31', '2099-01-01'])
      expect(() => isWorkingDay(day)).toThrow(expect.objectContaining({ name: 'UnknownWorkingDays', day }));
    expect(isWorkingDay('2026-12-28')).toBe(true);
    expect(isWorkingDay('2025-12-31')).toBe(true);
    expect(() => addWorkingDays('2026-12-25', 2)).toThrow(UnknownWorkingDays);
  });

  it('take in every year the library knows since cases began: a new year of the library needs its line', () => {
    const known = readdirSync('node_modules/chinese-days/dist/years')
      .filter((name) => /^\d{4}\.json$/.test(name))
      .map((name) => name.slice(0, 4))
      .filter((year) => year >= '2021');
    expect(known.length).toBeGreaterThanOrEqual(6);
    for (const year of known) expect(isWorkingDay(`${year}-10-01`)).toBe(false);
  });

  it('the n-th working day is one, later than n − 1, with exactly n in between', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 20 }), (day, count) => {
        const reached = addWorkingDays(day, count);
        expect(isWorkingDay(reached)).toBe(true);
        let counted = 0;
        for (let on = addDays(day, 1); on <= reached; on = addDays(on, 1)) if (isWorkingDay(on)) counted += 1;
        expect(counted).toBe(count);
        expect(addWorkingDays(addDays(reached, 1), -1)).toBe(reached);
      }),
    );
  });
});

const admission = ladderInForce(ladders, 'admission', '2023-10-11');
const working: Ladder = {
  ...admission,
  steps: admission.steps.map((step) =>
    step.kind === 'decision' ? { ...step, clock: { ...step.clock, kind: 'working' } } : step,
  ),
  total: { days: 20, kind: 'working' },
  remindBefore: [0, 1],
};
const begun = {
  step: 'home-verification',
  startedAt: '2023-09-28T10:00:00+08:00',
  enteredAt: '2023-09-28T10:00:00+08:00',
} as const;

describe('the clock of a step', () => {
  it('leaves out the day it starts and ends 24:00 of its last day, Asia/Shanghai', () => {
    expect(stepTimes(admission, begun)).toEqual({
      dueAt: at('2023-10-02T00:00:00+08:00'),
      remindAt: [at('2023-09-30T09:00:00+08:00')],
    });
    const late = { ...begun, enteredAt: '2023-09-28T15:59:59.999Z' };
    expect(stepTimes(admission, late)?.dueAt).toBe(at('2023-10-02T00:00:00+08:00'));
    expect(stepTimes(admission, { ...begun, enteredAt: '2023-09-28T16:00:00Z' })?.dueAt).toBe(
      at('2023-10-03T00:00:00+08:00'),
    );
  });

  it('counts working days over holidays and make-up days, and reminds as it counts', () => {
    expect(stepTimes(working, begun)).toEqual({
      dueAt: at('2023-10-10T00:00:00+08:00'),
      remindAt: [at('2023-10-08T09:00:00+08:00'), at('2023-10-09T09:00:00+08:00')],
    });
  });

  it('may start with the procedure, and does not stand for the notice', () => {
    const fromStart = {
      ...admission,
      steps: admission.steps.map((step) =>
        step.kind === 'decision' ? { ...step, clock: { ...step.clock, start: 'procedure' as const } } : step,
      ),
    };
    const later = { ...begun, step: 'town-review' as const, enteredAt: '2023-10-09T10:00:00+08:00' };
    expect(stepTimes(fromStart, later)).toEqual({ dueAt: endOf('2023-10-01'), remindAt: [] });
    expect(stepTimes(admission, { ...begun, step: 'public-notice' })).toBeUndefined();
  });

  it('is due after it was entered, reminds in between, never later in working than its days allow', () => {
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 0, max: 86_399_999 }),
        fc.constantFrom('home-verification', 'data-comparison', 'town-review'),
        (day, ms, step) => {
          const enteredAt = iso(at(`${day}T00:00:00Z`) + ms);
          for (const ladder of [admission, working]) {
            const times = stepTimes(ladder, { step, startedAt: enteredAt, enteredAt });
            expect(times).toBeDefined();
            for (const instant of times?.remindAt ?? []) {
              expect(instant).toBeGreaterThan(at(enteredAt));
              expect(instant).toBeLessThan(times?.dueAt ?? 0);
            }
            expect(times?.dueAt).toBeGreaterThan(at(enteredAt) + 86_400_000);
          }
        },
      ),
    );
  });

  it('the whole procedure turns orange when its days are over, and stays so when it ended too late', () => {
    const startedAt = '2023-09-28T10:00:00+08:00';
    expect(totalDueAt(admission, startedAt)).toBe(endOf('2023-10-13'));
    expect(totalDueAt(working, startedAt)).toBe(endOf('2023-11-01'));
    const due = endOf('2023-10-13');
    expect(totalMark(admission, { startedAt, ended: null }, due - 1)).toBe('none');
    expect(totalMark(admission, { startedAt, ended: null }, due)).toBe('orange');
    expect(totalMark(admission, { startedAt, ended: { outcome: 'approved', at: iso(due - 1) } }, due + 1)).toBe('none');
    expect(totalMark(admission, { startedAt, ended: { outcome: 'rejected', at: iso(due) } }, due + 1)).toBe('orange');
    expect(lastDayOf({ days: 15, kind: 'working' }, '2024-02-05')).toBe('2024-03-01');
  });
});

describe('a public notice', () => {
  it('stands five full calendar days from the day after its publication', () => {
    expect(noticePeriod(at('2023-09-28T10:00:00+08:00'), 5)).toEqual({
      publishedOn: '2023-09-28',
      firstDay: '2023-09-29',
      lastDay: '2023-10-03',
      endsAt: at('2023-10-04T00:00:00+08:00'),
    });
    expect(noticePeriod(at('2023-09-28T23:59:59+08:00'), 5).lastDay).toBe('2023-10-03');
    expect(noticePeriod(at('2023-09-29T00:00:00+08:00'), 5).lastDay).toBe('2023-10-04');
  });

  it('is never shorter, whenever it is published and whatever is configured', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 86_399_999 }), fc.integer({ min: 5, max: 30 }), (day, ms, length) => {
        const published = at(`${day}T00:00:00Z`) + ms;
        const { firstDay, lastDay, endsAt } = noticePeriod(published, length);
        expect(endsAt - endOf(addDays(firstDay, -1))).toBe(length * 86_400_000);
        expect(endsAt - published).toBeGreaterThan(LEAST_NOTICE_DAYS * 86_400_000);
        expect(firstDay).toBe(addDays(dayOf(published), 1));
        expect(endsAt).toBe(endOf(lastDay));
      }),
    );
    expect(() => noticePeriod(0, 4)).toThrow(NoticeTooShort);
  });
});
