import type { Random } from '../../demo/district/random.ts';
import type { FaultRule } from '../../local/index.ts';
import { claimMoves } from './claim-moves.ts';
import { registryMoves } from './registry-moves.ts';
import { reviewMoves } from './review-moves.ts';
import type { Move } from './scene.ts';
import { screeningMoves } from './screening-moves.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const faults: readonly FaultRule[] = [
  { kind: 'lose-answer', service: 'dynamodb', times: 2, probability: 0.3 },
  { kind: 'fail-before', service: 'dynamodb', times: 3, probability: 0.3 },
  { kind: 'throttle', service: 'dynamodb', times: 4, probability: 0.3 },
  { kind: 'deliver-twice', service: 'dynamodb', times: 4, probability: 0.5 },
  { kind: 'lose-answer', service: 'states', times: 1 },
  { kind: 'fail-before', service: 'states', times: 1 },
  { kind: 'deliver-twice', service: 'states', times: 2 },
  { kind: 'lose-answer', service: 'lambda', times: 1, probability: 0.5 },
  { kind: 'deliver-twice', service: 'lambda', times: 2, probability: 0.5 },
  { kind: 'fail-before', service: 'kms', times: 1 },
];

const worldMoves: Record<string, [weight: number, Move]> = {
  minutes: [8, ({ stage, random }) => stage.advance(random.int(1, 12) * MINUTE)],
  day: [8, ({ stage }) => stage.advance(DAY)],
  week: [1, ({ stage }) => stage.advance(7 * DAY)],
  fault: [5, ({ stage, random }) => stage.misbehave({ ...random.pick(faults), seed: random.int(1, 1_000_000) })],
  'end of faults': [3, ({ stage }) => stage.behave()],
  crash: [1, ({ stage }) => stage.crash()],
  'crash soon': [1, ({ stage, random }) => stage.crashIn(random.int(1, 25))],
  'send again': [
    4,
    async ({ stage, random }) => {
      const [request] = stage.unanswered.splice(random.int(0, Math.max(0, stage.unanswered.length - 1)), 1);
      if (request !== undefined) await stage.send(request);
    },
  ],
};

const moves = Object.entries({ ...worldMoves, ...screeningMoves, ...reviewMoves, ...claimMoves, ...registryMoves });
const heaviest = moves.reduce((sum, [, [weight]]) => sum + weight, 0);

/** One move, drawn by its weight. */
export function draw(random: Random): [name: string, move: Move] {
  let left = random.next() * heaviest;
  for (const [name, [weight, move]] of moves) {
    left -= weight;
    if (left < 0) return [name, move];
  }
  throw new Error('The weights do not add up.');
}
