import { isCalendarKnown } from '../../working-days.ts';
import type { Look } from './difference.ts';
import { looks, type Rule } from './rule.ts';

/** The day on which the calendars of this release are checked. */
interface CalendarFacts {
  /** Asia/Shanghai */
  today: string;
  isKnown: (year: number) => boolean;
}

/** The State Council publishes a year's days off in the autumn before it. */
const FIRST_DAY = '11-01';

export const calendarRules: readonly Rule<CalendarFacts>[] = [
  {
    code: 'CALENDAR_MISSING',
    severity: 'attention',
    name: '缺少节假日安排',
    explanation: '系统中没有该年度的放假安排，跨入该年度的工作日时限暂不能计算；请在安排公布后更新系统。',
    observe: ({ today, isKnown }) => {
      const year = Number(today.slice(0, 4));
      const needed = today.slice(5) >= FIRST_DAY ? [year, year + 1] : [year];
      return needed.filter((one) => !isKnown(one)).map((missing) => ({ year: missing }));
    },
    sentence: ({ year }) => `尚无 ${year} 年的放假安排，跨入 ${year} 年的办理期限待定。`,
  },
];

/** Whether this release has the calendars that running clocks need now or soon. @param today Asia/Shanghai */
export function lookAtCalendars(today: string): Look[] {
  return looks(calendarRules, [{ subject: {}, facts: { today, isKnown: isCalendarKnown } }]);
}
