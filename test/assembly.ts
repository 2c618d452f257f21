import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembly } from '../infra/assembly.ts';
import { GROUND, TestStack } from './stack.ts';

/** Linux keeps what lies here in memory: tests write little, but often, and a disk would make each write wait. */
const MEMORY = '/dev/shm';
/** All that a whole run leaves lying is a tenth of it; a container may have no more than 64 MB there. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Vitest's global setup: what the tests run is what deploys, and the ground of every screening is prepared once for all of them. */
export async function setup(): Promise<() => void> {
  await assembly();
  // Whatever tests leave behind, those that are killed too, lies in one folder that goes with them.
  const before = tmpdir();
  const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : before, 'shouwang-tests-'));
  process.env['TMPDIR'] = folder;
  const stack = await TestStack.start({ empty: true, start: '2022-01-01T09:00:00+08:00' });
  await stack.prepare();
  await stack.stop({ keep: true });
  // Each copy has its own time.
  for (const file of ['clock.json', 'scheduler.json', 'logs']) rmSync(join(stack.data, file), { recursive: true });
  process.env[GROUND] = stack.data;
  return () => {
    process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  };
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ROOM_BYTES;
}
