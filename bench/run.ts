import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { briefsBench } from './briefs.ts';
import { bundleBench } from './bundle.ts';
import { consoleBench } from './console.ts';
import { engineBench } from './engine.ts';
import { exchangeBench } from './exchange.ts';
import { fieldBench } from './field.ts';
import { type Bench, type Figure, print, write } from './measure.ts';
import { screeningBench } from './screening.ts';
import { startBench } from './start.ts';
import { submissionBench } from './submission.ts';
import { triageBench } from './triage.ts';

const benches: Record<string, Bench> = {
  triage: triageBench,
  screening: screeningBench,
  submission: submissionBench,
  bundle: bundleBench,
  engine: engineBench,
  exchange: exchangeBench,
  console: consoleBench,
  field: fieldBench,
  briefs: briefsBench,
  start: startBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    households: { type: 'string', default: '10369' },
    help: { type: 'boolean', default: false },
  },
});
const all = positionals.length === 0 || positionals.includes('all');
const chosen = all ? Object.keys(benches) : positionals;
const unknown = chosen.filter((name) => benches[name] === undefined);
if (values.help || unknown.length > 0) {
  console.log(`npm run bench -- [all | ${Object.keys(benches).join(' | ')}] [--json FILE] [--households N]`);
  for (const [name, { about }] of Object.entries(benches)) console.log(`  ${name.padEnd(12)} ${about}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const figures: Figure[] = [];
for (const name of chosen) {
  const bench = benches[name];
  if (bench === undefined) continue;
  if (chosen.length > 1) figures.push(...apart(name));
  else {
    console.log(`— ${name}: ${bench.about}`);
    figures.push(...(await bench.run({ households: Number(values.households) })));
    print(figures);
  }
}
if (chosen.length > 1) {
  console.log('— all');
  print(figures);
}
if (values.json !== undefined) write(values.json, figures);
process.exit(figures.every(({ holds }) => holds) ? 0 : 1);

/** Runs one of several in a process of its own, as it runs alone: none finds the caches, the clients or the memory of another. */
function apart(name: string): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'shouwang-bench-'));
  const json = join(folder, 'figures.json');
  const self = fileURLToPath(import.meta.url);
  const { status } = spawnSync(process.execPath, [self, name, '--json', json, '--households', values.households], {
    stdio: 'inherit',
  });
  if (!existsSync(json)) throw new Error(`The benchmark ${name} ended with ${status} and told no figures.`);
  const figures: Figure[] = JSON.parse(readFileSync(json, 'utf8'));
  rmSync(folder, { recursive: true });
  return figures;
}
