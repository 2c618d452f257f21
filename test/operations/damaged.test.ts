import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lock } from '../../local/lock.ts';
import { localFindings } from '../../operations/doctor/local.ts';

let data: string;
/** Answers, and is no system. */
const stranger = createServer((_, response) => response.writeHead(403).end('{}'));
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'shouwang-damaged-'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  stranger.close();
  rmSync(data, { recursive: true });
});

const run = (program: string, options: string[], env = {}) =>
  new Promise<{ status: number | null; text: string }>((resolve) => {
    const child = spawn(
      process.execPath,
      [`${program.includes('/') ? program : `operations/${program}`}.ts`, ...options],
      {
        env: { ...process.env, ...env },
      },
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (status) => resolve({ status, text }));
  });

const endpoints = (address: string) =>
  JSON.stringify({
    ...{ api: address, dynamodb: address, stepFunctions: address },
    operator: { accessKeyId: 'a', secretAccessKey: 'b' },
  });

it.each([
  ['cut off', () => '{"api": "http'],
  ['empty', () => ''],
  ['of another program', () => '{"api": 1}'],
  ['of a system that has ended', () => endpoints('http://127.0.0.1:1')],
  ['of whoever has the port now', () => endpoints(`http://127.0.0.1:${Object(stranger.address()).port}`)],
])(
  'doctor and verify-audit tell a person when the endpoints are %s, and that is no broken chain',
  async (_, written) => {
    writeFileSync(join(data, 'endpoints.json'), written());
    for (const { status, text } of await Promise.all([
      run('doctor', ['--data', data]),
      run('verify-audit', ['--data', data]),
    ])) {
      expect([status, text]).toEqual([2, expect.stringMatching(/^✗ [^\n]*endpoints\.json[^\n]*\n$/)]);
    }
  },
);

it('verify-audit verifies nothing by guess', async () => {
  const nothing = { TABLE_NAME: 'table', DISTRICT: '440904', AUDIT_BUCKET: '' };
  expect(await run('verify-audit', ['--aws'], nothing)).toEqual({
    status: 2,
    text: expect.stringContaining('AUDIT_BUCKET'),
  });
});

it('a cell is a district and a stage', async () => {
  for (const cell of ['', 'prod', '--help', '440904-prod; ls', '../440904-prod'])
    expect(await run('doctor', [`--cell=${cell}`])).toEqual({
      status: 2,
      text: expect.stringContaining('440904-prod'),
    });
});

it('schedules that cannot be read are a finding', () => {
  for (const written of ['{', 'null', '']) {
    writeFileSync(join(data, 'scheduler.json'), written);
    expect(localFindings(data)).toMatchObject([{ check: 'schedules', state: 'wrong' }]);
  }
});

it.each(['doctor', 'drill', 'erase-again', 'roll-up', 'rotate-data-key', 'verify-audit', 'demo/year'])(
  'a mistyped word ends %s with 2, which says that nothing was done',
  async (program) => {
    for (const options of [['--no-such-option'], ['--data'], ['--']])
      if (options[0] !== '--' || program === 'roll-up')
        expect(await run(program, options)).toEqual({
          status: 2,
          text: expect.stringMatching(/^✗ [^\n]*--help[^\n]*\n$/),
        });
  },
);

it('a year that a running system works on is not taken away under it', async () => {
  const year = join(data, 'year');
  mkdirSync(year);
  const release = lock(year);
  for (const [program, options] of [
    ['demo/year', ['--data', data]],
    ['demo/start', ['--data', data, '--seed', 'year', '--port', '0']],
  ] as const) {
    const { status, text } = await run(program, [...options]);
    expect([status, text]).toEqual([
      program === 'demo/year' ? 2 : 1,
      expect.stringContaining(`in use by process ${process.pid}`),
    ]);
    expect(existsSync(join(year, 'lock.json'))).toBe(true);
  }
  release();
});
