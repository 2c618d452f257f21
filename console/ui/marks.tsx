import { Tooltip } from 'antd';
import type { TriageClass } from '../../functions/contracts/screening/triage.ts';
import { serverNow } from '../api/client.ts';
import { fill, useWords } from '../words/language.tsx';
import { daysUntil, minute } from './format.ts';

/** Each class has a shape of its own, so that it is told without colour too. */
const shapes: Record<TriageClass, { path: string; colour: string }> = {
  secure: { path: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z', colour: '#3c7a57' },
  concern: { path: 'M6 .5 11.5 6 6 11.5.5 6z', colour: '#80570b' },
  monitor: { path: 'M6 .8 11.6 11H.4z', colour: '#a8322a' },
};
export const classColours: Record<TriageClass, string> = {
  secure: shapes.secure.colour,
  concern: shapes.concern.colour,
  monitor: shapes.monitor.colour,
};

export function ClassMark({ of: code, word = true }: { of: string | null | undefined; word?: boolean }) {
  const { of } = useWords();
  if (code !== 'secure' && code !== 'concern' && code !== 'monitor') return <span className="quiet">—</span>;
  const { path, colour } = shapes[code];
  return (
    <span className="class-mark" style={{ color: colour }}>
      <svg viewBox="0 0 12 12" width="11" height="11" role="img" aria-label={of('class', code)}>
        <path d={path} fill="currentColor" />
      </svg>
      {word ? of('class', code) : null}
    </span>
  );
}

/** Beside every line and product term that is not the published one. */
export function Illustrative() {
  const { w } = useWords();
  return (
    <Tooltip title={w.illustrativeText}>
      <span className="illustrative">{w.illustrative}</span>
    </Tooltip>
  );
}

/** How near a clock is: plain, orange from two days before, red when it is over; null while the calendar it needs is not published. */
export function Due({ at, overdue }: { at: string | null; overdue?: boolean }) {
  const { w } = useWords();
  if (at === null) return <span className="due">{w.awaitingCalendar}</span>;
  const left = daysUntil(at, serverNow());
  const late = overdue ?? left < 0;
  const text = late
    ? fill(w.overdueBy, { n: Math.max(1, -left) })
    : left === 0
      ? w.dueToday
      : fill(w.dueIn, { n: left });
  return (
    <Tooltip title={at.length === 10 ? at : minute(at)}>
      <span className={late ? 'due late' : left <= 2 ? 'due near' : 'due'}>{text}</span>
    </Tooltip>
  );
}

export function Stage({ of: code }: { of: string }) {
  const { of } = useWords();
  return <span className={`stage ${code}`}>{of('stage', code)}</span>;
}
