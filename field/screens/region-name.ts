import { registryCodes } from '../../console/words/codes/registry.ts';
import type { Me, Tokens } from '../app/sign-in.ts';
import { ask } from '../send/server.ts';

/** What a lock is called: where and as what somebody works, never who. */
export async function regionNameOf({ access_token }: Tokens, { role, region }: Me): Promise<string> {
  const answer = await ask<{ regionName: string }>({ route: 'readMe' }, access_token).catch(() => undefined);
  return `${answer?.regionName ?? region} · ${registryCodes.role[role][0]}`;
}
