import type { Verdict } from '../functions/contracts/cases/case.ts';
import { townOf } from '../functions/contracts/regions.ts';
import { villageOf } from '../functions/contracts/values.ts';
import { eachOf } from '../functions/domain/concurrency.ts';

import type { ApiClient, As } from './client.ts';

/** What playing needs of a running stack: a caller of its API, and its virtual clock. */
export interface Stage {
  client: ApiClient;
  clock: { now(): number; advance(to: number): Promise<void> };
}

/** A pending step as its inbox shows it. */
export interface Pending {
  id: string;
  procedure: 'admission' | 'closure' | 'settlement';
  subject: string;
  household: string;
  step: string;
  roles: string[];
}

/** The official's verdict at a step; undefined leaves the step pending. */
export type Say = (pending: Pending, today: string) => Promise<Verdict | undefined>;

const LISTENER: As = { account: 'auditor' };
/** POST /v1/decisions takes fifty at a time. */
const BATCH = 50;
const AT_ONCE = 4;
const DAY = 86_400_000;

/**
 * Plays every pending review to its end as officials do: each tier empties its inbox in batches, notices stand their time, and nobody decides two
 * steps of a case, since the second step of a tier is another person's.
 * @param only cases to play; all that are pending without it
 * @returns how many decisions were made
 */
export async function playReviews(stage: Stage, say: Say, only?: ReadonlySet<string>): Promise<number> {
  let made = 0;
  for (;;) {
    const decided = await emptyInboxes(stage, say, only);
    made += decided;
    await stage.clock.advance(stage.clock.now() + 1000);
    if (decided > 0) continue;
    const notices = await stage.client.get<{ items: unknown[] }>('/v1/notices?region=440904', LISTENER);
    if (notices.items.length === 0) return made;
    await stage.clock.advance(stage.clock.now() + 6 * DAY);
  }
}

async function emptyInboxes(stage: Stage, say: Say, only: ReadonlySet<string> | undefined): Promise<number> {
  const pending = (await inbox(stage)).filter(({ subject }) => only === undefined || only.has(subject));
  const byOfficial = Map.groupBy(pending, (one) => JSON.stringify(officialOf(one)));
  const today = new Date(stage.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  let made = 0;
  await eachOf([...byOfficial], AT_ONCE, async ([official, steps]) => {
    const as: As = JSON.parse(official);
    for (let start = 0; start < steps.length; start += BATCH) {
      const said = await Promise.all(
        steps.slice(start, start + BATCH).map(async (one) => ({ id: one.id, verdict: await say(one, today) })),
      );
      const items = said.filter(({ verdict }) => verdict !== undefined);
      if (items.length === 0) continue;
      const answer = await stage.client.post<{ items: { outcome: string; problem?: { code: string } }[] }>(
        '/v1/decisions',
        as,
        { items },
      );
      const refused = answer.items.find(({ outcome }) => outcome === 'refused');
      if (refused !== undefined) throw new Error(`A decision by ${as.account} was refused: ${refused.problem?.code}.`);
      made += items.length;
    }
  });
  return made;
}

async function inbox(stage: Stage): Promise<Pending[]> {
  const all: Pending[] = [];
  let cursor = '';
  do {
    const page = await stage.client.get<{ items: Pending[]; next?: string }>(
      `/v1/decisions?region=440904&limit=200${cursor}`,
      LISTENER,
    );
    // Claims wait in the same inboxes; they are played elsewhere.
    all.push(...page.items.filter(({ procedure }) => procedure !== 'settlement'));
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  return all;
}

/** Who of a tier decides a step: the first and the second person of the village and the district, so that nobody decides twice. */
function officialOf({ step, household }: Pending): As {
  switch (step) {
    case 'home-verification':
      return { account: 'village-worker', region: villageOf(household) };
    case 'village-appraisal':
      return { account: 'village-worker', region: villageOf(household), person: 2 };
    case 'town-review':
      return { account: 'town-officer', region: townOf(villageOf(household)) };
    case 'district-approval':
      return { account: 'district-officer', person: 2 };
    default:
      return { account: 'district-officer' };
  }
}
