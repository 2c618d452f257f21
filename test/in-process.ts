import { Session } from 'node:inspector/promises';
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

/** Set for tests that play on a whole stack: what they run of functions/ runs in its workers, and counting here would only slow the stack. */
export const COUNTED_ELSEWHERE = 'SHOUWANG_TEST_COUNTED_ELSEWHERE';

let session: Session | null = null;

/**
 * Vitest's coverage by V8, of whether and not of how often something ran: to count took the rules' tests as long again.
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
    await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
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
