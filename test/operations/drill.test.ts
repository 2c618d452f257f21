import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Drilled } from '../../operations/drill/restore.ts';

it('a table that was lost is restored under another name, its chains and totals hold, and workflows go on', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['operations/drill.ts', 'restore', '--json']);
  const drilled: Drilled = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
  expect(drilled).toMatchObject({
    digest: expect.stringMatching(/^[0-9a-f]{16}$/),
    // While the table was gone the doctor said so.
    doctorExit: 1,
    audit: expect.stringMatching(/^留痕完整：[1-9]\d* 条链/),
  });
  expect(drilled.items).toBeGreaterThan(1000);
  expect(drilled.decidedAfterwards).toBeGreaterThan(0);
});

it('the runbook of a restore names what the service is deployed with', () => {
  const page = readFileSync('docs/runbooks/restore.md', 'utf8');
  const { Parameters } = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  for (const [, name = ''] of page.matchAll(/Service:(\w+)=/g)) expect(Object.keys(Parameters)).toContain(name);
  expect(page).toContain('Service:RestoredTable=');
});
