import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCHEDULES } from '../../operations/doctor/local.ts';

const pages = readdirSync('docs/runbooks').map((name) => ({
  name,
  page: readFileSync(`docs/runbooks/${name}`, 'utf8'),
}));
const pageOf = (wanted: string) => pages.find(({ name }) => name === wanted)?.page ?? '';

it.each(pages)('$name calls what looks at a deployed system so that it does, and not at this machine', ({ page }) => {
  const called = [...page.matchAll(/npm run (?:doctor|verify-audit|rotate-data-key)[^`\n]*/g)].map(
    ([command]) => command,
  );
  expect(called.filter((command) => !/ -- --(cell <cell>|aws)/.test(command))).toEqual([]);
});

it('a restore waits for as long as it takes: the waiter of the command line gives up after eight minutes', () => {
  for (const [, before] of pageOf('restore.md').matchAll(/^(.*)aws dynamodb wait/gm))
    expect(before?.trim()).toBe('until');
});

it('a deleted table comes back from the backup that DynamoDB made of it; its point-in-time recovery is gone with it', () => {
  expect(pageOf('restore.md')).toContain('aws dynamodb restore-table-from-backup');
  expect(pageOf('restore.md')).not.toContain('--source-table-arn');
});

it('every schedule that is switched off is switched on again, and the runbook of those undelivered knows how many there are', () => {
  const loops = [...pageOf('restore.md').matchAll(/for name in ([a-z ]+); do/g)].map(([, names = '']) =>
    names.split(' '),
  );
  const { Resources } = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type === 'AWS::Scheduler::Schedule')).toHaveLength(SCHEDULES);
  expect(loops.map((names) => names.length)).toEqual([SCHEDULES, SCHEDULES]);
  expect(pageOf('schedule-undelivered.md')).toContain('There are five');
});
