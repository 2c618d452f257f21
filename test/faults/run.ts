import { parseArgs } from 'node:util';
import { TestStack } from '../stack.ts';
import { along, WAYS, type Way } from './acts.ts';
import { Exhaustion } from './exhaust.ts';

process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';

const { values } = parseArgs({
  options: {
    /** `screening`, `admission` or `settlement`; all of them when left out. */
    only: { type: 'string' },
    /** Pairs of faults too, for the settlement of claims. */
    pairs: { type: 'boolean', default: false },
  },
});

function isWay(name: string): name is Way {
  return name in WAYS;
}

for (const way of Object.keys(WAYS).filter(isWay)) {
  if (values.only !== undefined && values.only !== way) continue;
  const stack = await TestStack.start({ empty: true, start: '2023-10-11T10:00:00+08:00' });
  await stack.prepare();
  const exhaustion = new Exhaustion(stack, console.log);
  const most = values.pairs && way === 'settlement' ? Number.POSITIVE_INFINITY : 0;
  await along(way, stack, exhaustion, { most });
  const { acts, calls, single, pairs, failures } = exhaustion.counted;
  for (const failure of failures) console.log(`  ✗ ${failure}`);
  console.log(
    `${way}: ${acts} tasks with ${calls} calls, ${single} single faults, ${pairs} pairs, ${failures.length} came to something else.`,
  );
  if (failures.length > 0) process.exitCode = 1;
  await stack.stop();
}
process.exit();
