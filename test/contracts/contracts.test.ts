import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { inputOf } from '../../functions/runtime/task.ts';

/** Where each task's code begins, and by which schema it reads its input: as its own source says. */
const tasks = new Map(
  globSync('functions/tasks/*/*.ts').map((file) => {
    const source = readFileSync(file, 'utf8');
    return [
      basename(file, '.ts'),
      { source, schema: /taskHandler\(\s*(\w+|z\.strictObject\(\{\}\)),/.exec(source)?.[1] ?? '' },
    ];
  }),
);

async function schemaOf(task: string): Promise<z.ZodType> {
  const { source, schema } = tasks.get(task) ?? { source: '', schema: '' };
  if (schema === 'z.strictObject({})') return z.strictObject({});
  const [, module] =
    new RegExp(`import \\{[^}]*\\b${schema}\\b[^}]*\\} from '\\.\\./\\.\\./contracts/tasks/([^']+)\\.ts'`).exec(
      source,
    ) ?? [];
  const found: unknown = Object(await import(`../../functions/contracts/tasks/${module}.ts`))[schema];
  if (!(found instanceof z.ZodType)) throw new Error(`${task} reads its input by ${schema}, which is nowhere.`);
  return found;
}

describe('what machines of earlier releases pass is read by today’s tasks', () => {
  const releases = globSync('test/contracts/*/tasks.json').map((file) => ({
    release: basename(dirname(file)),
    recorded: Object.entries<unknown[]>(JSON.parse(readFileSync(file, 'utf8'))),
  }));

  it('every task of a release is recorded, and none has gone while executions may still call it', () => {
    expect(releases.length).toBeGreaterThan(0);
    for (const { release, recorded } of releases) {
      expect(recorded.length).toBeGreaterThan(20);
      expect([release, recorded.map(([task]) => task).filter((task) => !tasks.has(task))]).toEqual([release, []]);
    }
    // The newest release was recorded whole.
    const newest = releases.at(-1)?.recorded.map(([task]) => task);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    if (releases.at(-1)?.release === version) expect(newest).toEqual([...tasks.keys()].sort());
  });

  it.each(releases.flatMap(({ release, recorded }) => recorded.map(([task, inputs]) => ({ release, task, inputs }))))(
    '$release $task',
    async ({ task, inputs }) => {
      const schema = await schemaOf(task);
      expect(inputs.length).toBeGreaterThan(0);
      for (const input of inputs) expect(() => inputOf(schema, input)).not.toThrow();
    },
  );

  it('and what was not passed then would not be asked for now without this being red', async () => {
    const [input] = releases.at(-1)?.recorded.find(([task]) => task === 'what-stands-next')?.[1] ?? [];
    const stricter = z.strictObject({ ...Object(await schemaOf('what-stands-next'))['shape'], added: z.string() });
    expect(() => inputOf(stricter, input)).toThrow('added');
  });
});
