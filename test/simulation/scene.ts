import type { Random } from '../../demo/district/random.ts';
import type { As } from '../stack.ts';
import type { Ground } from './ground.ts';
import type { Request, Stage } from './stage.ts';

/** All that a move may look at. What happened is the system's to know: a move asks it, as an official would. */
export interface Scene {
  stage: Stage;
  random: Random;
  ground: Ground;
}

/** Something that somebody does, right or wrong. */
export type Move = (scene: Scene) => Promise<unknown>;

export const OFFICER: As = { account: 'district-officer' };
export const AUDITOR: As = { account: 'auditor' };

export function worker(village: string, person = 1): As {
  return { account: 'village-worker', region: village, person };
}

export function town(village: string, person = 1): As {
  return { account: 'town-officer', region: village.slice(0, 9), person };
}

/** Sends once; or again, as after a double click; or twice at the same moment. */
export async function sendSomehow({ stage, random }: Scene, request: Request): Promise<void> {
  const how = random.next();
  if (how < 0.1) await stage.race([request, request]);
  else {
    await stage.send(request);
    if (how < 0.2) await stage.send(request);
  }
}

/** What is somewhere in the district; empty while the system cannot say. */
export async function all<Item>(stage: Stage, path: string): Promise<Item[]> {
  const { body } = await stage.get(path.startsWith('/v1/decisions') ? AUDITOR : OFFICER, path);
  return body?.items ?? [];
}
