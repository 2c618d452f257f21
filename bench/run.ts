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
  console.log(`— ${name}: ${bench.about}`);
  const found = await bench.run({ households: Number(values.households) });
  print(found);
  figures.push(...found);
}
if (chosen.length > 1) {
  console.log('— all');
  print(figures);
}
if (values.json !== undefined) write(values.json, figures);
process.exit(figures.every(({ holds }) => holds) ? 0 : 1);
