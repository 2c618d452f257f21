import { dayOf } from '../../functions/domain/calendar.ts';

/** Fen as yuan with two places and groups of three. */
export function yuan(fen: number): string {
  return (fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Typed yuan as fen. */
export function fenOf(typed: number): number {
  return Math.round(typed * 100);
}

export function whole(value: number): string {
  return value.toLocaleString('zh-CN');
}

export function percent(part: number, of: number): string {
  return of === 0 ? '—' : `${((part / of) * 100).toFixed(1)}%`;
}

/** An instant as the day and minute in Asia/Shanghai. */
export function minute(instant: string): string {
  const at = Date.parse(instant);
  const time = new Date(at + 8 * 3_600_000).toISOString().slice(11, 16);
  return `${dayOf(at)} ${time}`;
}

export function day(instant: string): string {
  return instant.length === 10 ? instant : dayOf(Date.parse(instant));
}

/** Whole days from now until an instant; negative when it is over. */
export function daysUntil(instant: string, now: number): number {
  const until = instant.length === 10 ? Date.parse(`${instant}T24:00:00+08:00`) : Date.parse(instant);
  return until > now ? Math.floor((until - now) / 86_400_000) : -Math.ceil((now - until) / 86_400_000);
}

/** `2023Q4` as it is read. */
export function roundName(round: string, language: 'zh' | 'en'): string {
  return language === 'zh' ? `${round.slice(0, 4)} 年第${'一二三四'[Number(round.slice(5)) - 1] ?? ''}季度` : round;
}
