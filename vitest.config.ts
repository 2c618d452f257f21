import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Coverage } from './test/coverage.ts';
import { Grants } from './test/grants.ts';
import { SlowestFirst } from './test/slowest-first.ts';
import { Summary } from './test/summary.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Bundles and synthesizes once, before any test starts a stack on the result.
    globalSetup: ['test/assembly.ts'],
    // Two cores: a third stack works while the other two wait for their engines and workers.
    maxWorkers: 3,
    // Each stack has two dozen workers that live for seconds: with room for what they load, V8 need not collect it meanwhile.
    execArgv: ['--min-semi-space-size=16'],
    sequence: { sequencer: SlowestFirst },
    // Handlers that a test calls in its own process do not write their log between the results.
    // Stacks that a test starts in processes of their own compile their code once for all of them.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', NODE_COMPILE_CACHE: join(tmpdir(), 'shouwang-test-compile-cache') },
    // A test that asserts nothing fails.
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', new Coverage(), new Grants(), new Summary()],
    // What ran in bundles is added, and the floor is held, by test/coverage.ts.
    coverage: { provider: 'v8', include: ['functions/**/*.ts'], reporter: [], reportOnFailure: true },
  },
});
