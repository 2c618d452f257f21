import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, well, wrong } from './finding.ts';

/** The quarter, the sweep, the watch, the daily close and the daily root. */
export const SCHEDULES = 5;

/** What only a local system can be asked: its schedules lie in its data folder. */
export function localFindings(data: string): Finding[] {
  const file = join(data, 'scheduler.json');
  const known = existsSync(file) ? schedulesIn(file) : 0;
  return [
    known === undefined
      ? wrong('schedules', `${file} 读不懂`, '停止后删去这个文件，重新 npm start')
      : known >= SCHEDULES
        ? well('schedules', `${known} 个日程都在`)
        : wrong('schedules', `应有 ${SCHEDULES} 个日程，只有 ${known} 个`, '重新 npm start'),
  ];
}

function schedulesIn(file: string): number | undefined {
  try {
    return Object.keys(JSON.parse(readFileSync(file, 'utf8'))).length;
  } catch {
    return undefined;
  }
}
