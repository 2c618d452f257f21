import { setTimeout as pause } from 'node:timers/promises';
import { keys } from '../functions/store/keys.ts';
import { batchPut, type Item } from '../functions/store/table.ts';
import { type Bench, figure } from './measure.ts';
import { load } from './screening-load.ts';
import { benchStack } from './stack.ts';

const ROWS = 100_000;
const HOUSEHOLDS = 2_000;
const MIB = 1_048_576;
/** What the whole process may hold more while the last quarter is written than before: garbage that is not collected yet. */
const MOST_MORE = 64;

/** An export of a hundred thousand rows of the ledger as a job: once it is under way, it must not hold more the longer it goes on. */
export const exchangeBench: Bench = {
  about: '十万行台账的后台导出：速度与内存',
  async run() {
    const { stack, stop } = await benchStack();
    try {
      const villages = await load(HOUSEHOLDS);
      await fill(villages, ROWS);
      const { found, isInOrder, seconds, more } = await exportLedger(stack.endpoints, '440904');
      return [
        figure('exported ledger rows', isInOrder ? found : -1, 'rows', { least: ROWS }),
        figure(`export of ${ROWS} rows`, ROWS / seconds, 'rows/s', { least: 1_000 }),
        figure('memory in its last quarter more than before', more, 'MiB', { most: MOST_MORE }),
      ];
    } finally {
      await stop();
    }
  },
};

/** Puts entries of the ledger, spread over villages and days. */
async function fill(villages: readonly string[], count: number): Promise<void> {
  const itemOf = (place: number): Item => {
    const region = villages[place % villages.length] ?? '';
    const occurredOn = `2023-${String(1 + (place % 9)).padStart(2, '0')}-01`;
    const id = `entry-${String(place).padStart(16, '0')}`;
    const household = `${region}-${String(1 + (place % 200)).padStart(4, '0')}`;
    const entry = {
      ...{ id, kind: 'housing-repair', occurredOn, region, household, amount: 100 + place, note: '加固房屋' },
      ...{ recordedAt: '2023-10-01T00:00:00.000Z', recordedBy: 'a' },
    };
    return { ...keys.ledger('440904', region, occurredOn, id), doc: JSON.stringify(entry) };
  };
  for (let start = 0; start < count; start += 1_000)
    await batchPut(Array.from({ length: Math.min(1_000, count - start) }, (_, n) => itemOf(start + n)));
}

interface Exported {
  seconds: number;
  found: number;
  isInOrder: boolean;
  /** Resident memory of the process at the most in the last quarter of the rows, less that in the two before it, MiB. */
  more: number;
}

async function exportLedger({ api, issuer }: { api: string; issuer: string }, region: string): Promise<Exported> {
  const form = new URLSearchParams({ account: 'district-officer' });
  const { access_token: token } = Object(await (await fetch(`${issuer}/token`, { method: 'POST', body: form })).json());
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const started = performance.now();
  const body = JSON.stringify({ kind: 'ledger', region });
  let job = Object(await (await fetch(`${api}/v1/export-jobs`, { method: 'POST', headers, body })).json());
  const peaks = [0, 0];
  while (job.state === 'running' || job.state === 'waiting') {
    const quarter = job.rows < ROWS / 4 ? undefined : job.rows < (3 * ROWS) / 4 ? 0 : 1;
    if (quarter !== undefined) peaks[quarter] = Math.max(peaks[quarter] ?? 0, process.memoryUsage().rss / MIB);
    await pause(200);
    job = Object(await (await fetch(`${api}/v1/export-jobs/${job.id}`, { headers })).json());
  }
  if (job.state !== 'done') throw new Error(`The export has ${JSON.stringify(job)}.`);
  const seconds = (performance.now() - started) / 1000;
  let found = 0;
  let last = '';
  let isInOrder = true;
  for (const [part, { url }] of job.files.entries()) {
    const lines = (await (await fetch(url)).text()).split('\r\n').slice(part === 0 ? 1 : 0, -1);
    for (const line of lines) {
      const [, on = '', place = ''] = line.split(',');
      const at = `${place} ${on}`;
      isInOrder &&= at >= last;
      last = at;
    }
    found += lines.length;
  }
  const [before = 0, after = 0] = peaks;
  return { seconds, found, isInOrder, more: after - before };
}
