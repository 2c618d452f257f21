import type { Random } from '../../demo/district/random.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { visitOf } from '../playing-households.ts';
import { VILLAGES } from './ground.ts';
import { all, type Move, OFFICER, type Scene, sendSomehow, worker } from './scene.ts';

interface Listed {
  household: { id: string; members: { person: string }[] };
}

/** The round that is open, or the newest. */
async function currentRound({ stage }: Scene): Promise<string | undefined> {
  const rounds: { id: string; status: string }[] = await all(stage, '/v1/rounds');
  return (rounds.find(({ status }) => status !== 'sealed') ?? rounds.at(-1))?.id;
}

async function worklist({ stage }: Scene, round: string, village: string): Promise<Listed[]> {
  const { body } = await stage.get(worker(village), `/v1/rounds/${round}/worklist?village=${village}`);
  return body?.items ?? [];
}

/** A household in one of many conditions, from secure to below the line. */
function found(random: Random, { household }: Listed, round: string, on: string, at: string): Visit {
  const secure = visitOf(household, { round, visitedOn: on, recordedAt: at });
  const { income, guarantees } = secure;
  return {
    ...secure,
    income: random.chance(0.3) ? { ...income, wages: random.int(0, 900_000) } : income,
    selfPaid: { medical: random.chance(0.2) ? random.int(0, 4_000_000) : 0, education: 0, other: 0 },
    guarantees: { ...guarantees, housing: !random.chance(0.1) },
    members: secure.members.map((member) =>
      random.chance(0.2) ? { ...member, labour: 'none', health: 'serious-illness' } : member,
    ),
  };
}

const visit: Move = async (scene) => {
  const { stage, random } = scene;
  const village = random.chance(0.8) ? VILLAGES[0] : random.pick(VILLAGES);
  const round = await currentRound(scene);
  if (round === undefined) return;
  const households = random.shuffle(await worklist(scene, round, village)).slice(0, random.int(1, 4));
  if (households.length === 0) return;
  // Some visits are of another day: days ago, before the round before was sealed, or tomorrow.
  const day = random.chance(0.8) ? 0 : random.pick([-1, -20, -200, 1]);
  const at = new Date(stage.now() - 60_000).toISOString();
  const visits = households.map((one) => found(random, one, round, stage.today(day), at));
  // Some workers visit for a village that is not theirs.
  const as = random.chance(0.95) ? worker(village, random.int(1, 2)) : worker(VILLAGES[2]);
  await sendSomehow(scene, { as, method: 'POST', path: `/v1/rounds/${round}/visits`, body: { village, visits } });
};

const sample: Move = async (scene) => {
  const { stage, random } = scene;
  const round = await currentRound(scene);
  if (round === undefined) return;
  const [one] = await worklist(scene, round, VILLAGES[0]);
  if (one === undefined) return;
  const seen = found(random, one, round, stage.today(), new Date(stage.now() - 60_000).toISOString());
  const body = { village: VILLAGES[0], visits: [{ ...seen, purpose: 'sample' }] };
  await sendSomehow(scene, {
    as: { account: 'surveyor' },
    method: 'POST',
    path: `/v1/rounds/${round}/visits`,
    body,
  });
};

const miss: Move = async (scene) => {
  const round = await currentRound(scene);
  if (round === undefined) return;
  const households = await worklist(scene, round, VILLAGES[0]);
  if (households.length === 0) return;
  const { household } = scene.random.pick(households);
  const body = { village: VILLAGES[0], items: [{ household: household.id, reason: 'nobody-at-home' }] };
  await sendSomehow(scene, {
    as: worker(VILLAGES[0]),
    method: 'POST',
    path: `/v1/rounds/${round}/missed`,
    body,
  });
};

const open: Move = (scene) => sendSomehow(scene, { as: OFFICER, method: 'POST', path: '/v1/rounds', body: {} });

const seal: Move = async (scene) => {
  const round = await currentRound(scene);
  if (round !== undefined)
    await sendSomehow(scene, { as: OFFICER, method: 'POST', path: `/v1/rounds/${round}/seal`, body: {} });
};

export const screeningMoves: Record<string, [weight: number, Move]> = {
  visit: [12, visit],
  sample: [1, sample],
  miss: [1, miss],
  'open a round': [2, open],
  'seal the round': [2, seal],
};
