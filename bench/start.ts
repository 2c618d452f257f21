import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type Figure, figure, median } from './measure.ts';

const SAMPLE_MS = 200;
/** So long nobody asks for anything until the stack is said to rest. */
const REST_MS = 150_000;
const MIB = 1024 * 1024;
const STARTS = 5;

/** What a process and its children, the engine among them, hold in memory at this moment, MiB. Linux tells it by its page counts. */
function residentOf(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended between the two readings.
    }
  }
  const family = [...parents].filter(([child, parent]) => child === pid || parent === pid).map(([child]) => child);
  return family.reduce((sum, each) => sum + (statm(each) * 4096) / MIB, 0);
}

function statm(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

/** `npm start` in a process of its own, and when a line it prints matches. */
function start(data: string, flags: readonly string[], ready: RegExp): { child: ChildProcess; answers: Promise<void> } {
  const child = spawn(process.execPath, ['demo/start.ts', '--data', data, '--port', '0', ...flags]);
  let said = '';
  const answers = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (ready.test(said)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(`It ended: ${said}`)));
  });
  return { child, answers };
}

async function end(child: ChildProcess, data: string): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
  rmSync(data, { recursive: true, force: true });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const startBench: Bench = {
  about:
    'npm start: seconds until it answers, and what it holds in memory while it plays the quarter and afterwards at rest',
  async run(): Promise<Figure[]> {
    if (!existsSync('/proc/self/statm')) throw new Error('Memory is read from /proc, which this system does not have.');
    const folder = () => mkdtempSync(join(tmpdir(), 'shouwang-start-'));
    const seconds: number[] = [];
    for (let n = 0; n <= STARTS; n += 1) {
      const data = folder();
      const begun = performance.now();
      const { child, answers } = start(data, ['--empty'], /守望已就绪/);
      await answers;
      seconds.push((performance.now() - begun) / 1000);
      await end(child, data);
    }
    const data = folder();
    const { child, answers } = start(data, [], /Ctrl-C 停止/);
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentOf(child.pid ?? 0));
    }, SAMPLE_MS);
    await answers;
    clearInterval(sampling);
    await pause(REST_MS);
    const rest = residentOf(child.pid ?? 0);
    await end(child, data);
    // The first start filled the caches.
    const [, ...warm] = seconds;
    return [
      figure('start.seconds', median(warm), 's', { most: 8 }),
      figure('start.peakMiB', peak, 'MiB', { most: 1536 }),
      figure('start.restMiB', rest, 'MiB', { most: 1024 }),
    ];
  },
};
