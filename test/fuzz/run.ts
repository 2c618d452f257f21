import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setup } from '../assembly.ts';
import { Attack, type Fault } from './attack.ts';

const HELP = `Sends requests that are nearly right, and hostile ones, to every route, made by seed from the API's own description. None may end in a
5xx, tell a stack trace, or write anything when it is refused.

  npm run fuzz                            50,000 requests
  npm run fuzz -- --requests N --from M   N requests, from seed M on
  npm run fuzz -- --json FILE             writes the figures
`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    from: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const [count, from] = [Number(values.requests), Number(values.from)];
const removeGround = await setup();
const attack = await Attack.start();
const faults: Fault[] = [];
for (let seed = from; seed < from + count; seed += 1) {
  const fault = await attack.send(seed);
  if (fault !== undefined) {
    faults.push(fault);
    console.log(`seed ${fault.seed}: ${fault.wrong}\n  ${fault.request}\n  ${fault.answer}`);
  }
  const sent = seed - from + 1;
  if (sent % 1_000 === 0) console.log(`${sent} / ${count} requests, ${faults.length} faults`);
}
await attack.stop();
removeGround();
const statuses = [...attack.statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
console.log(`${count} requests from seed ${from}, ${faults.length} faults; answers ${statuses.join(', ')}.`);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    JSON.stringify([
      { name: 'fuzz.requests', value: count, unit: 'requests', goal: 50_000, holds: count >= 50_000 },
      { name: 'fuzz.faults', value: faults.length, unit: 'requests', goal: 0, holds: faults.length === 0 },
    ]),
  );
process.exit(faults.length === 0 ? 0 : 1);
