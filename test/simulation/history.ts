import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Random } from '../../demo/district/random.ts';
import { type Ground, VILLAGES } from './ground.ts';
import { checkEverything } from './invariants.ts';
import { draw } from './moves.ts';
import { OFFICER, worker } from './scene.ts';
import { Stage, Violation } from './stage.ts';

const MINUTE = 60_000;

/** How many things happen in a history, unless said otherwise. */
export const MOVES = 60;

export interface History {
  seed: number;
  moves: number;
  journal: readonly string[];
  /** Of the journal: the same seed gives the same one. */
  digest: string;
  /** What must never be and was; empty for a clean history. */
  violations: readonly string[];
}

/** Plays one history on a copy of the ground and looks at what it left. The same seed plays the same history. */
export async function playHistory(ground: Ground, seed: number, moves = MOVES): Promise<History> {
  const data = ground.copy();
  const stage = new Stage(data, seed);
  const violations: string[] = [];
  try {
    await stage.start();
    for (let n = 0; n < moves; n += 1) {
      // Each move draws from a stream of its own, so that a shorter history is the beginning of the longer one.
      const random = new Random(`${seed}/${n}`);
      const [name, move] = draw(random);
      stage.journal.push(`— ${n + 1}: ${name}`);
      await move({ stage, random, ground });
    }
    await settle(stage);
    violations.push(...(await checkEverything(stage, ground, new Random(`${seed}/looking`), data)));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violations.push(error.message);
  } finally {
    await stage.stop();
    rmSync(data, { recursive: true, force: true });
  }
  const digest = createHash('sha256').update(withoutIds(stage.journal)).digest('hex').slice(0, 16);
  return { seed, moves, journal: stage.journal, digest, violations };
}

/** Some ids are made of numbers that are encrypted under a key of the ground's own: instead of them the order in which they came. */
function withoutIds(journal: readonly string[]): string {
  const seen = new Map<string, string>();
  return journal.join('\n').replaceAll(/\b[a-z]+-[0-9a-f]{12,16}\b|[0-9a-f]{16}-\d\d/g, (id) => {
    const name = seen.get(id) ?? `#${seen.size + 1}`;
    seen.set(id, name);
    return name;
  });
}

/** Nothing misbehaves any more; whoever had no answer asks again; the round that is open is sealed; and the sweeps pass by. */
async function settle(stage: Stage): Promise<void> {
  stage.journal.push('— settling');
  await stage.behave();
  for (const request of stage.unanswered.splice(0)) await stage.send(request);
  await stage.advance(10 * MINUTE);
  await sealOpenRound(stage);
  for (let n = 0; n < 3; n += 1) await stage.advance(10 * MINUTE);
}

/** Villages give a reason for whom they have not met; the hard deadline is not waited for, since sweeps pass every five minutes. */
async function sealOpenRound(stage: Stage): Promise<void> {
  const { body } = await stage.get(OFFICER, '/v1/rounds');
  const round = body.items.find(({ status }: { status: string }) => status !== 'sealed');
  if (round === undefined) return;
  for (const village of VILLAGES) {
    const { body: list } = await stage.get(worker(village), `/v1/rounds/${round.id}/worklist?village=${village}`);
    const items = list.items.flatMap(({ state, household }: { state: string; household: { id: string } }) =>
      state === 'open' ? [{ household: household.id, reason: 'nobody-at-home' }] : [],
    );
    if (items.length > 0) await stage.post(worker(village), `/v1/rounds/${round.id}/missed`, { village, items });
  }
  await stage.post(OFFICER, `/v1/rounds/${round.id}/seal`);
}

/** The shortest beginning of a failing history that fails too. */
export async function shorten(ground: Ground, failing: History): Promise<History> {
  let [clean, shortest] = [0, failing];
  while (shortest.moves - clean > 1) {
    const middle = Math.floor((clean + shortest.moves) / 2);
    const tried = await playHistory(ground, failing.seed, middle);
    if (tried.violations.length > 0) shortest = tried;
    else clean = middle;
  }
  return shortest;
}
