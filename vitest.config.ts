import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Coverage } from './test/coverage.ts';
import { Grants } from './test/grants.ts';
import { COUNTED_ELSEWHERE } from './test/in-process.ts';
import { SlowestFirst } from './test/slowest-first.ts';
import { Summary } from './test/summary.ts';

/** Rules, and the interpreter of the workflows by itself: they start no stack. */
const RULES = ['test/domain/**/*.test.ts', 'test/local/states/**/*.test.ts', 'test/runtime/**/*.test.ts'];
/** What runs in this process beside what runs in a stack's bundles. */
const STORE = ['test/store/**/*.test.ts'];
/** What leaves something in its process: a client of the table that is made once, settings, a fetch that listens. */
const APART = [
  'test/faults/**/*.test.ts',
  'test/infra/**/*.test.ts',
  'test/contracts/**/*.test.ts',
  'test/api/{front,origin}.test.ts',
  'test/api/registry/erasure{,-of-payees}.test.ts',
  'test/contributing.test.ts',
  'test/local/template.test.ts',
  'test/operations/doctor-cloud.test.ts',
  'test/traces/traces.test.ts',
  'test/workflows/{throttling,upkeep}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      // One process runs file after file: a process for each would take longer than what it tests.
      { extends: true, test: { name: 'rules', include: RULES, isolate: false } },
      { extends: true, test: { name: 'store', include: STORE } },
      {
        extends: true,
        test: {
          name: 'stacks',
          include: ['test/**/*.test.ts'],
          exclude: [...RULES, ...STORE, ...APART],
          // To load what starts a stack takes a second of the processor: once in a process instead of once in a file.
          isolate: false,
          env: { [COUNTED_ELSEWHERE]: 'yes' },
        },
      },
      { extends: true, test: { name: 'apart', include: APART, env: { [COUNTED_ELSEWHERE]: 'yes' } } },
    ],
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
    // Ends what hangs, and nothing else: a slow machine takes three times as long as a quiet one, and a test asserts no time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default', new Coverage(), new Grants(), new Summary()],
    // What ran in bundles is added, and the floor is held, by test/coverage.ts.
    coverage: {
      provider: 'custom',
      customProviderModule: 'test/in-process.ts',
      include: ['functions/**/*.ts'],
      reporter: [],
      reportOnFailure: true,
    },
  },
});
