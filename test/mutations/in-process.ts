import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
  process.env[RESULTS] = join(folder, 'results');
  const absolute = new Map([...sources].map(([file, code]) => [resolve(file), code]));
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
          load: (id) => absolute.get(id.split('?')[0] ?? ''),
        },
      ],
    },
  );
  try {
    await vitest.start();
    const failed = vitest.state.getCountOfFailedTests();
    if (failed > 0) throw new Error(`${failed} tests fail without any mutant.`);
    const lines = readFileSync(process.env[RESULTS] ?? '', 'utf8').split('\n');
    return verdicts(
      mutants,
      lines.filter((line) => line !== '').map((line): Told => JSON.parse(line)),
    );
  } finally {
    await vitest.close();
    rmSync(folder, { recursive: true, force: true });
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
