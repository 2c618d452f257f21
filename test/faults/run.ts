import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TestStack } from '../stack.ts';
import { along, WAYS, type Way } from './acts.ts';
import { Exhaustion } from './exhaust.ts';

process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';

const HELP = `Lets every call of every task of a workflow go wrong in every way, and looks at what it comes to (docs/proof.md).

  npm run faults                                   the round, the admission and the claim
  npm run faults -- --only screening               one of them: screening, admission or settlement
  npm run faults -- --only settlement --pairs      two faults at once as well
  npm run faults -- --only settlement --pairs --task check-cover   of that task only
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'boolean', default: false },
    task: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function isWay(name: string | undefined): name is Way {
  return name !== undefined && name in WAYS;
}

async function exhaust(way: Way): Promise<void> {
  const stack = await TestStack.start({ empty: true, start: '2023-10-11T10:00:00+08:00' });
  await stack.prepare();
  const exhaustion = new Exhaustion(stack, console.log);
  await along(way, stack, exhaustion, {
    most: values.pairs ? Number.POSITIVE_INFINITY : 0,
    ...(values.task === undefined ? {} : { only: new RegExp(`/${values.task}$`) }),
  });
  const { acts, calls, single, pairs, failures } = exhaustion.counted;
  for (const failure of failures) console.log(`  ✗ ${failure}`);
  console.log(
    `${way}: ${acts} tasks with ${calls} calls, ${single} single faults, ${pairs} pairs, ${failures.length} came to something else.`,
  );
  if (failures.length > 0) process.exitCode = 1;
  await stack.stop();
}

/** Each way in a process of its own: the table's client is made once, for the stack that runs then. */
function exhaustAll(): void {
  for (const way of Object.keys(WAYS)) {
    const given = process.argv.slice(2);
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--only', way, ...given], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}

if (values.help) console.log(HELP);
else if (values.only === undefined) exhaustAll();
else if (isWay(values.only)) await exhaust(values.only);
else throw new RangeError(`There is no ${values.only}: ${Object.keys(WAYS).join(', ')}.`);
process.exit();
