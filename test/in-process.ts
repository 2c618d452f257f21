import { Session } from 'node:inspector/promises';
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

/** Set for tests that play on a whole stack: what they run of functions/ runs in its workers, and counting here would only slow the stack. */
export const COUNTED_ELSEWHERE = 'SHOUWANG_TEST_COUNTED_ELSEWHERE';

let session: Session | null = null;

/**
 * Vitest's coverage by V8. Where each file has a process of its own it is asked whether something ran, not how often: to count takes as long again as a
 * test. A process that runs file after file is asked by each, and V8 tells a function once only unless it counts.
 *
 * Vitest calls the three in each of its processes, and `getProvider` in its own, which reads what they wrote.
 */
const inProcess: CoverageProviderModule = {
  ...v8,
  async startCoverage({ isolate }) {
    if (process.env[COUNTED_ELSEWHERE] !== undefined || (session !== null && !isolate)) return;
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: !isolate, detailed: true });
  },
  async takeCoverage(options) {
    return session === null ? undefined : v8.takeCoverage?.call({ ...v8, session }, options);
  },
  async stopCoverage({ isolate }) {
    if (session === null || !isolate) return;
    session.disconnect();
    session = null;
  },
};
export default inProcess;
