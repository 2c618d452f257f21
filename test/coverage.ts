import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Percent of the statements under `functions/` that the whole suite runs, at least. */
const FLOOR = 95;

/** Every line that did not run, the file with the most first. */
const LIST = 'coverage/functions.txt';

/** Names where stacks write what ran of their functions, in a run that counts; test/stack.ts hands it on. */
export const COVERAGE_FOLDER = 'SHOUWANG_TEST_COVERAGE';

interface Position {
  line: number;
  column: number | null;
}

interface FileCoverage {
  path: string;
  statementMap: Record<string, { start: Position; end: Position }>;
  s: Record<string, number>;
}

/**
 * Counts which statements under `functions/` the tests ran: in the tests' own process as Vitest saw it, and in the bundles that the stacks ran, by
 * their source maps. A whole run below the floor fails.
 */
export class Coverage implements Reporter {
  #folder = '';
  #isWhole = false;

  onInit({ config }: Vitest): void {
    if (!config.coverage.enabled) return;
    this.#folder = mkdtempSync(join(tmpdir(), 'shouwang-coverage-'));
    process.env[COVERAGE_FOLDER] = this.#folder;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    this.#isWhole = modules.length === globSync('test/**/*.test.ts').length;
  }

  onCoverage(seen: unknown): void {
    const ranInBundles = positionsRan(this.#folder);
    rmSync(this.#folder, { recursive: true });
    const inProcess: Record<string, FileCoverage> = JSON.parse(JSON.stringify(seen));
    const files = Object.values(inProcess)
      .map((file) => ({ name: relative('.', file.path), ...count(file, ranInBundles.get(file.path) ?? []) }))
      .filter(({ all }) => all > 0);
    const all = sum(files.map((file) => file.all));
    const ran = sum(files.map((file) => file.ran));
    const percent = (100 * ran) / all;
    const missed = files
      .filter(({ missing }) => missing.length > 0)
      .toSorted((one, other) => other.missing.length - one.missing.length);
    mkdirSync('coverage', { recursive: true });
    writeFileSync(LIST, missed.map(({ name, missing }) => `${name}: ${[...new Set(missing)].join(' ')}\n`).join(''));
    console.log(
      `${percent.toFixed(1)} % of the ${all} statements under functions/ ran (floor ${FLOOR} %); what did not: ${LIST}`,
    );
    if (this.#isWhole && percent < FLOOR) {
      console.error('The tests run fewer statements than the floor asks for.');
      process.exitCode = 1;
    }
  }
}

/** How many statements a file has, how many ran, and the lines of those that did not. */
function count(file: FileCoverage, ranInBundles: readonly [line: number, column: number][]) {
  const missing = Object.entries(file.statementMap)
    .filter(([id]) => (file.s[id] ?? 0) === 0)
    .filter(([, { start, end }]) => !ranInBundles.some((at) => isWithin(at, start, end)))
    .map(([, { start }]) => start.line);
  const all = Object.keys(file.statementMap).length;
  return { all, ran: all - missing.length, missing };
}

/** What ran inside a statement shows that the statement ran. */
function isWithin([line, column]: [number, number], start: Position, end: Position): boolean {
  const afterStart = line > start.line || (line === start.line && column >= (start.column ?? 0));
  return afterStart && (line < end.line || (line === end.line && column < (end.column ?? Number.POSITIVE_INFINITY)));
}

/** The positions of each source, by path, that ran in a bundle. */
function positionsRan(folder: string): Map<string, [line: number, column: number][]> {
  const bundles = new Map<string, Uint8Array>();
  for (const file of readdirSync(folder)) {
    const { bundle, ran }: { bundle: string; ran: [number, number][] } = JSON.parse(
      readFileSync(join(folder, file), 'utf8'),
    );
    const all = bundles.get(bundle) ?? new Uint8Array(readFileSync(bundle, 'utf8').length);
    bundles.set(bundle, all);
    for (const [start, end] of ran) all.fill(1, start, end);
  }
  const positions = new Map<string, Map<number, [number, number]>>();
  for (const [bundle, ran] of bundles) {
    const lines = lineStarts(readFileSync(bundle, 'utf8'));
    const map = new TraceMap(readFileSync(`${bundle}.map`, 'utf8'), `${bundle}.map`);
    eachMapping(map, ({ source, generatedLine, generatedColumn, originalLine, originalColumn }) => {
      if (source === null || ran[(lines[generatedLine - 1] ?? 0) + generatedColumn] !== 1) return;
      const known = positions.get(source) ?? new Map<number, [number, number]>();
      positions.set(source, known);
      known.set(originalLine * 1000 + originalColumn, [originalLine, originalColumn]);
    });
  }
  return new Map([...positions].map(([source, known]) => [source, [...known.values()]]));
}

/** Where each line of a text begins, in characters. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
