import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const workflows = globSync('.github/workflows/*.yml').map((file) => [file, readFileSync(file, 'utf8')] as const);
const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('pipelines', () => {
  it('are check, diff, deploy and release', () => {
    expect(workflows.map(([file]) => file.replace(/.*\//, '')).sort()).toEqual([
      'check.yml',
      'deploy.yml',
      'diff.yml',
      'release.yml',
    ]);
  });

  it.each(workflows)('%s runs npm scripts that are there, and little else', (_file, text) => {
    const commands = [...text.matchAll(/^\s*-? ?run: (.+)$/gm)].map(([, command = '']) => command);
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) expect(command).toMatch(/^(npm (ci|test|run )|gh release create)/);
    for (const [, name = ''] of text.matchAll(/npm run ([\w-]+)/g)) expect(Object.keys(scripts)).toContain(name);
  });

  it.each(workflows)(
    '%s says what it may do, holds no key, and puts no input into a shell as it came',
    (_file, text) => {
      expect(text).toMatch(/^permissions:\n {2}contents: (read|write)\n/m);
      expect(text).not.toMatch(/secrets\.|AKIA|pull_request_target/);
      for (const [, command = ''] of text.matchAll(/^\s*-? ?run: (.+)$/gm)) expect(command).not.toContain('${{');
      if (text.includes('configure-aws-credentials')) expect(text).toContain('id-token: write');
    },
  );

  it('a release needs its section of the changelog and what later releases are compared with', () => {
    const notes = (...args: string[]) =>
      spawnSync(process.execPath, ['operations/release-notes.ts', ...args], { encoding: 'utf8' });
    expect(notes('9.9.9')).toMatchObject({ status: 1, stderr: expect.stringContaining('tasks.json is not recorded') });
    expect(notes(version).stderr).not.toContain('not recorded');
  });
});
