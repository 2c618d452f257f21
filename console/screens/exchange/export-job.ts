import type { ExportRequest } from '../../../functions/contracts/exchange/jobs-http.ts';
import { call, Refused } from '../../api/client.ts';

/** How far an export is: rows that are written, and once all are, parts that are fetched. */
export interface Written {
  rows: number;
  parts?: number;
  fetched: number;
}

/** Between two looks, milliseconds. */
const PAUSE = 1_500;

/**
 * Asks for a table of any size, follows how far it is, lets it go on where it has come to a halt, and fetches its parts, which one after the other are one file.
 * @throws Refused what the API refuses, also while the table is written
 */
export async function writtenOut(request: ExportRequest, tell: (written: Written) => void): Promise<Blob> {
  let job = await call('askExport', { body: request });
  const params = { id: job.id };
  for (let waited = 0; job.state === 'running' || job.state === 'waiting'; ) {
    tell({ rows: job.rows, fetched: 0 });
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    job = await call('readExport', { params });
    waited = job.state === 'waiting' ? waited + 1 : 0;
    // Between two steps nobody works on it, either: only at the second look it has come to a halt.
    if (waited > 1) void call('stepExport', { params, body: {} }).catch(() => undefined);
  }
  if (job.state === 'failed') throw new Refused(422, { ...job.problem });
  const files = job.files ?? [];
  const parts: ArrayBuffer[] = [];
  for (const { url } of files) {
    tell({ rows: job.rows, parts: files.length, fetched: parts.length });
    const answer = await fetch(url);
    if (!answer.ok) throw new Refused(answer.status, { code: 'export-unknown' });
    parts.push(await answer.arrayBuffer());
  }
  return new Blob(parts, { type: 'text/csv' });
}
