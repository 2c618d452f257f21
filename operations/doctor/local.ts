import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, well, wrong } from './finding.ts';

/** What only a local system can be asked: its schedules lie in its data folder. */
export function localFindings(data: string): Finding[] {
  const file = join(data, 'scheduler.json');
  const known = existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, 'utf8'))) : [];
  return [
    known.length >= 3
      ? well('schedules', `${known.length} 个日程都在`)
      : wrong('schedules', `应有三个日程，只有 ${known.length} 个`, '重新 npm start'),
  ];
}
