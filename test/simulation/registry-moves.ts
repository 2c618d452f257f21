import { testId } from '../playing-households.ts';
import { VILLAGES } from './ground.ts';
import { all, type Move, OFFICER, type Scene, sendSomehow, town } from './scene.ts';

interface Home {
  id: string;
  version: number;
  status: string;
  members: { person: string }[];
}

/** A change of one kind, planned on what a household is now. */
function change(plan: (home: Home, others: readonly Home[], scene: Scene) => object | undefined): Move {
  return async (scene) => {
    const { stage, random } = scene;
    const homes: Home[] = await all(stage, '/v1/households?region=440904&limit=100');
    const living = homes.filter(({ status, members }) => status === 'registered' && members.length > 0);
    if (living.length === 0) return;
    const home = random.pick(living);
    const planned = plan(
      home,
      living.filter((one) => one !== home),
      scene,
    );
    if (planned === undefined) return;
    await sendSomehow(scene, {
      as: random.pick([OFFICER, town(home.id)]),
      method: 'PATCH',
      path: `/v1/households/${home.id}`,
      // Sometimes on what somebody saw earlier.
      body: { version: random.chance(0.95) ? home.version : Math.max(1, home.version - 1), change: planned },
    });
  };
}

export const registryMoves: Record<string, [weight: number, Move]> = {
  birth: [
    1,
    change((_, __, { stage, random }) => ({
      kind: 'birth',
      on: stage.today(),
      // One of a few children: some are registered already, elsewhere.
      member: { name: '测试新生', relation: 'child', idNumber: testId(random.int(1, 5), '20231009') },
    })),
  ],
  death: [
    1,
    change(({ members }, _, { stage, random }) => ({
      kind: 'death',
      on: stage.today(),
      person: random.pick(members).person,
    })),
  ],
  'move out': [
    1,
    change(({ members }, _, { stage, random }) => ({
      kind: 'move-out',
      on: stage.today(),
      person: random.pick(members).person,
    })),
  ],
  split: [
    1,
    change(({ members }, _, { stage, random }) => {
      const [leaving] = members;
      if (members.length < 2 || leaving === undefined) return undefined;
      const number = String(random.int(100, 120));
      return { kind: 'split', on: stage.today(), number, persons: [leaving.person], head: leaving.person };
    }),
  ],
  merge: [
    1,
    change((home, others, { stage, random }) => {
      const near = others.filter(({ id }) => id.slice(0, 12) === home.id.slice(0, 12));
      if (near.length === 0) return undefined;
      const into = random.pick(near);
      return { kind: 'merge', on: stage.today(), into: into.id, intoVersion: into.version };
    }),
  ],
  move: [
    1,
    change((_, __, { stage, random }) => ({
      kind: 'move',
      on: stage.today(),
      village: random.pick(VILLAGES),
      number: String(random.int(200, 220)),
    })),
  ],
};
