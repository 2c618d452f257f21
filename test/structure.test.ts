import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dictionary } from '../console/words/dictionary.ts';

/*
 * What the tree promises a newcomer, beyond what lint can say: no circles, not even of types; the same rooms everywhere; entry points are told from helpers.
 */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const textOf = (file: string) => readFileSync(file, 'utf8');

/** What a file imports of this repository, types included. */
function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map(([, target = '']) => normalize(join(dirname(file), target)))
    .filter((target) => files.includes(target));
}

/** The first circle found from a file, as the way round it; empty when there is none. */
function circleFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const walk = (file: string, way: readonly string[]): string[] => {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return walk(start, [start]);
}

describe('the tree', () => {
  it('has no circle of imports, not even of types', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    for (const file of files) expect(circleFrom(file, graph)).toEqual([]);
  });

  it('has an entry point for each function of a route, directly in its room, and helpers only in folders below', async () => {
    const { routes } = await import('../functions/api/routes.ts');
    const entries = new Set(Object.values(routes).map((route) => `functions/api/${route.function}.ts`));
    const direct = files.filter((file) => /^functions\/api\/(?!routes\/)[a-z]+\/[a-z-]+\.ts$/.test(file));
    expect(direct.sort()).toEqual([...entries].filter((file) => file.split('/').length === 4).sort());
    for (const entry of entries) expect(textOf(entry)).toContain('export const handler = httpHandler(');
  });

  it('calls its rooms by the same seven words', () => {
    const rooms = ['registry', 'screening', 'cases', 'insurance', 'assistance', 'reports', 'exchange'];
    const others = new Set(['routes', 'tasks']);
    const found = files.flatMap(
      (file) => /^functions\/(contracts|domain|store|api)\/([a-z-]+)\//.exec(file)?.[2] ?? [],
    );
    expect([...new Set(found)].filter((room) => !others.has(room)).sort()).toEqual([...rooms].sort());
  });

  it('answers where things are as docs/architecture.md tells it', () => {
    const rows = [...textOf('docs/architecture.md').matchAll(/\[`(\w+)`\]\(\.\.\/(functions\/[^)]+)\)/g)];
    expect(rows.length).toBeGreaterThan(5);
    expect(
      rows.filter(
        ([, name, file]) =>
          !textOf(file ?? '').includes(`export function ${name}`) &&
          !textOf(file ?? '').includes(`export async function ${name}`),
      ),
    ).toEqual([]);
  });

  it('has no word in its dictionary that nobody says', () => {
    const said = files
      .filter((file) => file.startsWith('console/') && !file.includes('/dictionary/'))
      .map(textOf)
      .join('\n');
    const unsaid = Object.keys(dictionary).filter((key) => !new RegExp(`\\bw\\.${key}\\b|'${key}'`).test(said));
    expect(unsaid).toEqual([]);
  });
});
