import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Ground } from './ground.ts';
import { type History, MOVES, playHistory, shorten } from './history.ts';

const HELP = `Plays random histories of the whole system and checks after each that nothing is lost, paid twice, or where it does not belong.

  npm run simulate                        25 histories
  npm run simulate -- --seeds N           N histories, from seed 1 on
  npm run simulate -- --seed S            from seed S on; alone, only that one, with its journal
  npm run simulate -- --moves M           so many moves in each (${MOVES})
  npm run simulate -- --json FILE         writes the figures

A history that fails is played again, ever shorter, and the shortest is printed with its seed. docs/proof.md tells what is checked.
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    moves: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** @throws RangeError when it is no number from `least` on */
function numberOf(given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(given) || Number(given) < 1) throw new RangeError(`${given} is no number from 1 on.`);
  return Number(given);
}

function tell({ seed, moves, digest, journal, violations }: History): void {
  console.log(journal.join('\n'));
  console.log(`Seed ${seed}, ${moves} moves, digest ${digest}.`);
  for (const violation of violations) console.log(`  ✗ ${violation}`);
}

async function simulate(): Promise<void> {
  const first = numberOf(values.seed, 1);
  const count = numberOf(values.seeds, values.seed === undefined ? 25 : 1);
  const moves = numberOf(values.moves, MOVES);
  const ground = await Ground.prepare();
  const started = performance.now();
  const failing: History[] = [];
  let [requests, crashes] = [0, 0];
  try {
    for (let n = 0; n < count; n += 1) {
      const history = await playHistory(ground, first + n, moves);
      requests += history.journal.filter((line) => line.includes(' → ')).length;
      crashes += history.journal.filter((line) => /the system (is|was) killed/.test(line)).length;
      if (count === 1) tell(history);
      if (history.violations.length > 0) {
        failing.push(history);
        if (count > 1) tell(await shorten(ground, history));
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const progress = `${n + 1} / ${count} histories, ${failing.length} failed, ${requests} requests, ${crashes} crashes, ${seconds} s`;
      if (process.stderr.isTTY) process.stderr.write(`\r${progress}  `);
      else if ((n + 1) % 10 === 0) console.log(progress);
    }
  } finally {
    ground.remove();
  }
  console.log(
    `\n${count} histories from seed ${first} of ${moves} moves: ${requests} requests, ${crashes} crashes, ${failing.length} failed${failing.length === 0 ? '' : ` (seeds ${failing.map(({ seed }) => seed).join(', ')})`}.`,
  );
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify(
        [
          { name: 'simulation.histories', value: count, unit: 'histories', goal: null, holds: true },
          { name: 'simulation.failed', value: failing.length, unit: 'histories', goal: 0, holds: failing.length === 0 },
          { name: 'simulation.requests', value: requests, unit: 'requests', goal: null, holds: true },
          { name: 'simulation.crashes', value: crashes, unit: 'crashes', goal: null, holds: true },
        ],
        undefined,
        2,
      ),
    );
  if (failing.length > 0) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await simulate();
