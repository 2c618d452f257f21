import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from '../infra/assembly.ts';
import { GROUND, TestStack } from './stack.ts';

/** Vitest's global setup: what the tests run is what deploys, and the ground of every screening is prepared once for all of them. */
export async function setup(): Promise<() => void> {
  await assembly();
  // Before any test begins.
  const stack = await TestStack.start({ empty: true, start: '2022-01-01T09:00:00+08:00' });
  await stack.prepare();
  await stack.stop({ keep: true });
  // Each copy has its own time.
  for (const file of ['clock.json', 'scheduler.json', 'logs']) rmSync(join(stack.data, file), { recursive: true });
  process.env[GROUND] = stack.data;
  return () => rmSync(stack.data, { recursive: true });
}
