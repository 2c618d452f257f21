import type { ImportQuery } from '../../../contracts/exchange/exchange-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import type { Context, Draft, Kind } from '../../../domain/exchange/kind.ts';
import { type Outcome, refusedFor } from '../../../domain/exchange/outcomes.ts';
import type { CallerApi } from './caller-api.ts';
import { peopleOf } from './people.ts';
import { send, targets } from './send.ts';

/** What a file does not say itself: the round of visits, the policy of a roster, the village of bare household numbers. */
type Where = Pick<ImportQuery, 'round' | 'village' | 'policy'>;

/** @throws Problem invalid-parameter */
export function mustSayWhere(kind: string, query: Where): void {
  const name = kind === 'visits' ? 'round' : kind === 'roster' ? 'policy' : undefined;
  if (name !== undefined && query[name] === undefined)
    throw new Problem('invalid-parameter', {
      errors: [{ pointer: `/${name}`, code: 'missing', detail: '此项必填。' }],
    });
}

/** Turns every draft into a request of the API; the registry identifies whom a row is about. */
export async function finished(
  api: CallerApi,
  kind: Kind,
  drafts: readonly Draft[],
  { round, village }: Where,
): Promise<void> {
  const nobody: Pick<Context, 'members' | 'membersBefore'> = { members: () => [], membersBefore: () => [] };
  const people = kind.people ? await peopleOf(api, drafts, village) : nobody;
  for (const draft of drafts) kind.finish?.(draft, { round, village, ...people });
}

/** Sends the valid rows, and merges their outcomes with the invalid ones in the order of the worksheet. */
export async function sent(
  api: CallerApi,
  kind: Kind,
  name: keyof typeof targets,
  drafts: readonly Draft[],
  query: Where & Pick<ImportQuery, 'check'>,
): Promise<Outcome[]> {
  const sound = drafts.filter(({ faults }) => faults.length === 0);
  const outcomes = new Map(
    (await send(api, kind, targets[name], sound, query)).map((outcome) => [outcome.draft, outcome]),
  );
  return drafts.map((draft) => {
    const told = outcomes.get(draft) ?? refusedFor(draft);
    // What a check would have taken in is not taken in.
    return query.check === 'true' && told.outcome !== 'refused' ? { draft, outcome: 'not-sent' } : told;
  });
}
