import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import type { Mutant } from './instrument.ts';
import { RESULTS, type Told } from './runner.ts';

export interface Verdict extends Mutant {
  state: 'killed' | 'survived' | 'not reached';
  /** The test that failed, when one did. */
  by?: string;
}

/**
 * Runs test files on sources in which every mutant can be switched on, each mutant by itself.
 * @param sources the instrumented text of each file, by its path
 * @param pattern of the names of the tests that are meant; all of them when left out
 */
export async function runWithMutants(
  sources: ReadonlyMap<string, string>,
  mutants: readonly Mutant[],
  tests: readonly string[],
  { exclude, pattern }: { exclude: readonly string[]; pattern?: RegExp },
): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shouwang-mutations-'));
  const results = join(folder, 'results');
  process.env[RESULTS] = results;
  const absolute = new Map([...sources].map(([file, code]) => [resolve(file), code]));
  try {
    let files: readonly string[] = tests;
    while (files.length > 0) {
      await runOnce(absolute, files, { exclude, ...(pattern === undefined ? {} : { pattern }) });
      // A mutant that took all memory ended its process, and with it what was still to be tried there.
      const ended = unfinished(toldIn(results));
      for (const one of ended) appendFileSync(results, `${JSON.stringify({ ...one, state: 'killed' })}\n`);
      files = ended.map(({ test }) => test);
    }
    return verdicts(mutants, toldIn(results));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toldIn(results: string): Told[] {
  return readFileSync(results, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Of each file what was last tried there, when nothing was told of it afterwards. */
function unfinished(told: readonly Told[]): Told[] {
  const last = new Map(told.map((one) => [one.test.split(' > ')[0] ?? '', one]));
  return [...last.values()].filter(({ state }) => state === 'trying');
}

async function runOnce(
  sources: ReadonlyMap<string, string>,
  tests: readonly string[],
  { exclude, pattern }: { exclude: readonly string[]; pattern?: RegExp },
): Promise<void> {
  const vitest = await createVitest(
    'test',
    {
      config: false,
      watch: false,
      include: [...tests],
      exclude: [...exclude],
      ...(pattern === undefined ? {} : { testNamePattern: pattern }),
      runner: './test/mutations/runner.ts',
      globalSetup: ['test/assembly.ts'],
      env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
      maxWorkers: 2,
      // Sources differ from run to run though their files do not.
      fsModuleCache: false,
      testTimeout: 0,
      hookTimeout: 0,
      reporters: ['default'],
    },
    {
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          load: (id) => sources.get(id.split('?')[0] ?? ''),
        },
      ],
    },
  );
  try {
    await vitest.start();
    const failed = vitest.state.getCountOfFailedTests();
    if (failed > 0) throw new Error(`${failed} tests fail without any mutant.`);
  } finally {
    await vitest.close();
  }
}

function verdicts(mutants: readonly Mutant[], told: readonly Told[]): Verdict[] {
  const reached = new Set(told.map(({ id }) => id));
  const killed = new Map(told.filter(({ state }) => state === 'killed').map(({ id, test }) => [id, test]));
  return mutants.map((mutant) => {
    const by = killed.get(mutant.id);
    if (by !== undefined) return { ...mutant, state: 'killed', by };
    return { ...mutant, state: reached.has(mutant.id) ? 'survived' : 'not reached' };
  });
}
