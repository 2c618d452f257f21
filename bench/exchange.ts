import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keys } from '../functions/store/keys.ts';
import { batchPut, type Item } from '../functions/store/table.ts';
import { type Bench, figure, median } from './measure.ts';
import { load } from './screening-load.ts';
import { benchStack } from './stack.ts';

const ROWS = 100_000;
const HOUSEHOLDS = 2_000;
/** What it may hold more in the last quarter of the parts than in the first, MiB: what V8 has not collected yet. */
const MOST_MORE = 16;

/** A hundred thousand rows of the ledger out as a job, and the same file in again as another: neither may hold more the longer it goes on. */
export const exchangeBench: Bench = {
  about: '十万行台账的后台导出与导入：速度，以及每一部分之后函数持有的内存',
  async run() {
    const { stack, stop } = await benchStack();
    try {
      const villages = await load(HOUSEHOLDS);
      await fill(villages, ROWS);
      const api = await signedIn(stack.endpoints);
      const out = await exported(api);
      const written = held(stack.data, out.id);
      const taken = await imported(api, out.text);
      const read = held(stack.data, taken.id);
      return [
        figure('exchange.export.rows', out.isInOrder ? out.rows : -1, 'rows', { least: ROWS }),
        figure('exchange.export.perSecond', ROWS / out.seconds, 'rows/s', { least: 1_000 }),
        figure('exchange.export.lastQuarterMore', written.more, 'MiB', { most: MOST_MORE }, written.spread),
        figure('exchange.import.rows', taken.rows, 'rows', { least: ROWS }),
        figure('exchange.import.perSecond', ROWS / taken.seconds, 'rows/s', { least: 200 }),
        figure('exchange.import.lastQuarterMore', read.more, 'MiB', { most: MOST_MORE }, read.spread),
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

interface Job {
  id: string;
  state: string;
  rows: number;
  counts?: Record<string, number>;
  files: { url: string }[];
  upload: { url: string; headers: Record<string, string> };
}

type Api = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Job>;

async function signedIn({ api, issuer }: { api: string; issuer: string }): Promise<Api> {
  const form = new URLSearchParams({ account: 'district-officer' });
  const { access_token: token } = Object(await (await fetch(`${issuer}/token`, { method: 'POST', body: form })).json());
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${api}${path}`, { method, headers, ...sent });
    const told: Job = Object(await answer.json());
    if (answer.status >= 400) console.log(`${method} ${path}: ${answer.status} ${JSON.stringify(told)}`);
    return told;
  };
}

/** Looks at a job until it has ended. */
async function ended(api: Api, path: string): Promise<Job> {
  for (;;) {
    const job = await api('GET', path);
    if (job.state === 'done') return job;
    if (job.state === 'failed') throw new Error(`The job has ${JSON.stringify(job)}.`);
    // Whoever asked goes on with what nobody works on, as the console does.
    if (job.state === 'waiting' || job.state === 'announced') await api('POST', `${path}/steps`, {});
    await pause(200);
  }
}

/** The whole table, one part after the other. */
async function exported(
  api: Api,
): Promise<{ id: string; seconds: number; rows: number; text: string; isInOrder: boolean }> {
  const started = performance.now();
  const asked = await api('POST', '/v1/export-jobs', { kind: 'ledger', region: '440904' });
  const { id, files } = await ended(api, `/v1/export-jobs/${asked.id}`);
  const seconds = (performance.now() - started) / 1000;
  const parts: string[] = [];
  for (const { url } of files) parts.push(await (await fetch(url)).text());
  const text = parts.join('');
  const places = text
    .split('\r\n')
    .slice(1, -1)
    .map((line) => {
      const [, on = '', place = ''] = line.split(',');
      return `${place} ${on}`;
    });
  const isInOrder = places.every((place, n) => n === 0 || place >= (places[n - 1] ?? ''));
  return { id, seconds, rows: places.length, text, isInOrder };
}

/** The same file again: the entries were put without the ids that the ledger makes, so each is new. */
async function imported(api: Api, text: string): Promise<{ id: string; seconds: number; rows: number }> {
  const body = Buffer.from(text);
  const { id, upload } = await api('POST', '/v1/import-jobs', { kind: 'ledger', bytes: body.length });
  const { 'content-length': _, ...headers } = upload.headers;
  const put = await fetch(upload.url, { method: 'PUT', headers, body });
  if (!put.ok) throw new Error(`The file was answered ${put.status}.`);
  const started = performance.now();
  const job = await ended(api, `/v1/import-jobs/${id}`);
  console.log('导入结果：', JSON.stringify(job.counts));
  return { id, seconds: (performance.now() - started) / 1000, rows: job.counts?.['recorded'] ?? 0 };
}

/** What the function held after each part, as it writes into its own log: the median of the last quarter of the parts less that of the first. */
function held(data: string, job: string): { more: number; spread: string } {
  const logs = join(data, 'logs');
  const own = readdirSync(logs).filter((file) => file.endsWith('-exchange.log'));
  const lines = own.flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n'));
  const parts = lines.flatMap((line) => {
    if (!line.includes(job) || !line.includes('heldMiB')) return [];
    const { heldMiB }: { heldMiB: number[] } = JSON.parse(line.slice(line.indexOf('{')));
    return heldMiB;
  });
  const quarter = Math.max(1, Math.floor(parts.length / 4));
  const [first, last] = [median(parts.slice(0, quarter)), median(parts.slice(-quarter))];
  return { more: last - first, spread: `${parts.length} parts, ${first} → ${last}, at most ${Math.max(...parts)}` };
}
