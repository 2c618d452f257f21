import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Bundles and synthesizes once, before any test starts a stack on the result.
    globalSetup: ['test/assembly.ts'],
    // Two cores: two stacks at once, each with its engine and workers.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary.ts'],
  },
});
