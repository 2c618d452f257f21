import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { invoke } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'killed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const SCRIPT = join(folder, 'killed-process.mjs');
// In one file it starts three times as fast, and it starts often.
beforeAll(async () => {
  await build({
    entryPoints: [new URL('./killed-process.ts', import.meta.url).pathname],
    outfile: SCRIPT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
});

const step = (name: unknown, more: object) =>
  invoke('work', { step: name }, { Output: '{% $states.result.Payload.step %}', ...more });

/** Tasks, a retry, a wait, branches, iterations and both kinds of child executions: every way to have something under way. */
const MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'First',
  States: {
    First: step('first', { Assign: { kept: '{% $states.result.Payload.step %}' }, Next: 'Flaky' }),
    Flaky: step('flaky', { Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 5 }], Next: 'Both' }),
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: step('left', { End: true }) } },
        {
          StartAt: 'Each',
          States: {
            Each: {
              Type: 'Map',
              Items: ['x', 'y'],
              MaxConcurrency: 1,
              ItemProcessor: { StartAt: 'One', States: { One: step("{% 'each-' & $states.input %}", { End: true }) } },
              End: true,
            },
          },
        },
      ],
      Next: 'Pause',
    },
    Pause: { Type: 'Wait', Seconds: 0, Next: 'Express' },
    Express: fan('EXPRESS', ['a', 'b'], 'Standard'),
    Standard: fan('STANDARD', ['a'], 'Last'),
    Last: step("{% 'last-' & $kept %}", { End: true }),
  },
};

function fan(ExecutionType: string, Items: string[], Next: string) {
  const Child = `In${ExecutionType}`;
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
    StartAt: Child,
    States: { [Child]: step(`{% '${ExecutionType}-' & $states.input %}`, { End: true }) },
  };
  return { Type: 'Map', Items, MaxConcurrency: 1, ItemProcessor: processor, Next };
}

interface Run {
  /** What the process printed, when it lived to the end. */
  readonly told: { status: string; output?: string; error?: string; events: number } | undefined;
  readonly signal: string | undefined;
}

async function run(name: string, kill: number): Promise<Run> {
  return await new Promise((resolve) => {
    const store = join(folder, `${name}.sqlite`);
    execFile(
      process.execPath,
      ['--no-warnings', SCRIPT, store, join(folder, `${name}.log`), JSON.stringify(MACHINE), String(kill)],
      (error, stdout, stderr) => {
        if (error !== null && error.signal !== 'SIGKILL') throw new Error(stderr);
        resolve({ told: stdout === '' ? undefined : JSON.parse(stdout), signal: error?.signal ?? undefined });
      },
    );
  });
}

/** Steps that functions were asked for, in order. */
const begun = (name: string): string[] =>
  existsSync(join(folder, `${name}.log`))
    ? readFileSync(join(folder, `${name}.log`), 'utf8')
        .trim()
        .split('\n')
    : [];

/** Steps whose completion stands in the store. */
function completed(name: string): string[] {
  const store = new DatabaseSync(join(folder, `${name}.sqlite`));
  const tasks = store
    .prepare(
      "SELECT json_extract(json_extract(details, '$.output'), '$.Payload.step') AS step FROM events WHERE type = 'TaskSucceeded'",
    )
    .all();
  const children = store
    .prepare("SELECT json_extract(output, '$') AS step FROM map_children WHERE status = 'SUCCEEDED'")
    .all();
  store.close();
  return [...tasks, ...children].map((row) => String(row['step']));
}

it('ends alike when killed with SIGKILL at any event, and repeats no completed task', async () => {
  const whole = await run('whole', 0);
  expect(whole.told).toMatchObject({ status: 'SUCCEEDED', output: '"last-first"' });
  const events = whole.told?.events ?? 0;
  expect(events).toBeGreaterThan(50);
  const check = async (n: number): Promise<void> => {
    const name = `killed-${n}`;
    expect((await run(name, n)).signal).toBe('SIGKILL');
    const before = begun(name);
    const done = completed(name);
    const { told } = await run(name, 0);
    expect({ n, status: told?.status, output: told?.output }).toEqual({
      n,
      status: 'SUCCEEDED',
      output: '"last-first"',
    });
    const after = begun(name).slice(before.length);
    expect({ n, repeated: after.filter((step) => done.includes(step)) }).toEqual({ n, repeated: [] });
    // What was under way may run twice: two tasks at most, those of the branches.
    expect(
      before.filter((step) => !done.includes(step) && after.includes(step) && step !== 'flaky').length,
    ).toBeLessThanOrEqual(2);
  };
  // Two at once: a start of Node costs more than what it runs here.
  const queue = Array.from({ length: events }, (_, n) => n + 1);
  await Promise.all(
    [0, 1].map(async () => {
      for (let n = queue.shift(); n !== undefined; n = queue.shift()) await check(n);
    }),
  );
});
