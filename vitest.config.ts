import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Bundles and synthesizes once, before any test starts a stack on the result.
    globalSetup: ['test/assembly.ts'],
    // Two cores: two stacks at once, each with its engine and workers.
    maxWorkers: 2,
    // Handlers that a test calls in its own process do not write their log between the results.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    // A test that asserts nothing fails.
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary.ts'],
  },
});
