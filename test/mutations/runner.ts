import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner, vi } from 'vitest';

/** Names the file to which a run writes what it finds, one line of JSON each. */
export const RESULTS = 'SHOUWANG_MUTATION_RESULTS';

/** What a run tells of a mutant. */
export interface Told {
  id: number;
  /** It is being switched on; some test failed with it; or tests passed its place, and none failed. */
  state: 'trying' | 'killed' | 'reached';
  /** `file > test` */
  test: string;
}

/** A mutant that goes round so often never ends. */
const MOST_ROUNDS = 300_000;
/** Nor does one whose test waits so long, in milliseconds. */
const LONGEST = 5_000;

let active = -1;
let rounds = 0;
let reached = new Set<number>();

/** Whether a mutant is switched on; sources made by `instrument.ts` ask at each place. */
Object.assign(globalThis, {
  isMutant: (id: number): boolean => {
    reached.add(id);
    if (id !== active) return false;
    rounds += 1;
    if (rounds > MOST_ROUNDS) throw new Error('The mutant never ends.');
    return true;
  },
});

interface Ran {
  test: RunnerTestCase;
  milliseconds: number;
  reached: ReadonlySet<number>;
}

/**
 * Runs the tests of a file as ever, and notes which mutants each of them passes; then each of these is switched on and the tests that pass it run
 * again, the quickest first, until one fails. What is evaluated as modules load needs them loaded anew for each mutant.
 */
class MutatingRunner extends TestRunner {
  readonly #ran: Ran[] = [];
  #static: ReadonlySet<number> = new Set();
  /** The place of the test that failed last. */
  #noticed = 0;

  override importFile(filepath: string, source: 'collect' | 'setup'): unknown {
    if (source === 'collect' && active === -1) reached = new Set();
    return super.importFile(filepath, source);
  }

  onCollected(): void {
    this.#static = reached;
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    reached = new Set();
    const began = performance.now();
    await TestRunner.getTestFn(test)();
    this.#ran.push({ test, milliseconds: performance.now() - began, reached });
  }

  override async onAfterRunFiles(files: RunnerTestFile[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return;
    const results = process.env[RESULTS] ?? '';
    const tell = (told: Told) => appendFileSync(results, `${JSON.stringify(told)}\n`);
    const done = killedBefore(results);
    const path = relative('.', file.filepath);
    this.#ran.sort((one, other) => one.milliseconds - other.milliseconds);

    const dynamic = new Set(this.#ran.flatMap((ran) => [...ran.reached]));
    for (const id of [...dynamic].filter((each) => !done.has(each))) {
      tell({ id, state: 'trying', test: path });
      const passing = this.#ran.filter((ran) => ran.reached.has(id));
      const failed = await firstFailing(id, passing);
      if (failed !== undefined) done.add(id);
      tell({ id, state: failed === undefined ? 'reached' : 'killed', test: `${path} > ${failed ?? ''}` });
    }
    for (const id of [...this.#static].filter((each) => !done.has(each))) {
      tell({ id, state: 'trying', test: path });
      const failed = await this.#loadedAnew(id, file);
      tell({ id, state: failed === undefined ? 'reached' : 'killed', test: `${path} > ${failed ?? ''}` });
    }
    super.onAfterRunFiles(files);
  }

  /** @returns the test that fails when the file and all it imports are loaded with the mutant on; undefined when none does */
  async #loadedAnew(id: number, file: RunnerTestFile): Promise<string | undefined> {
    active = id;
    rounds = 0;
    vi.resetModules();
    const collector = TestRunner.getCurrentSuite();
    collector.clear();
    try {
      await this.importFile(file.filepath, 'collect');
      const tests = testsOf(await collector.collect(file));
      // Mutants of one place follow one another, and so do the tests that notice them: where the last one failed, and on from there.
      for (const test of [...tests.slice(this.#noticed), ...tests.slice(0, this.#noticed)]) {
        if (!(await fails(test))) continue;
        this.#noticed = tests.indexOf(test);
        return nameOf(test);
      }
      return undefined;
    } catch {
      return 'as it is loaded';
    } finally {
      active = -1;
    }
  }
}

function testsOf(suite: RunnerTestSuite): RunnerTestCase[] {
  return suite.tasks.flatMap((task) => (task.type === 'test' ? [task] : testsOf(task)));
}

function nameOf({ name, suite }: RunnerTestCase | RunnerTestSuite): string {
  return suite === undefined || suite.name === '' ? name : `${nameOf(suite)} > ${name}`;
}

async function firstFailing(id: number, ran: readonly Ran[]): Promise<string | undefined> {
  active = id;
  rounds = 0;
  try {
    for (const { test } of ran) if (await fails(test)) return nameOf(test);
    return undefined;
  } finally {
    active = -1;
  }
}

async function fails(test: RunnerTestCase): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The test never ends.')), LONGEST);
  });
  try {
    await Promise.race([TestRunner.getTestFn(test)(), late]);
    return false;
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
  }
}

/** Mutants that other files have killed. */
function killedBefore(results: string): Set<number> {
  if (!existsSync(results)) return new Set();
  const lines = readFileSync(results, 'utf8').split('\n');
  const told = lines.filter((line) => line !== '').map((line): Told => JSON.parse(line));
  return new Set(told.filter(({ state }) => state === 'killed').map(({ id }) => id));
}

export default MutatingRunner;
