import { assembly } from '../infra/assembly.ts';

/** Vitest's global setup: what the tests run is what deploys. */
export async function setup(): Promise<void> {
  await assembly();
}
