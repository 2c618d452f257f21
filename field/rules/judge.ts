import type * as z from 'zod';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import type { worklistResponse } from '../../functions/contracts/screening/visits-http.ts';
import { numberOf, villageOf } from '../../functions/contracts/values.ts';
import { type Judged, judgeVisit } from '../../functions/domain/screening/submission.ts';

export type { Judged };
export type Worklist = z.output<typeof worklistResponse>;
export type WorkItem = Worklist['items'][number];
export type RoundForm = NonNullable<Worklist['form']>;

/** Judges a visit on the phone as the server will: the same function, from what the worklist brought. */
export function judgeHere(
  visit: Visit,
  item: WorkItem,
  { criteria, lastSealedAt }: RoundForm,
  given: { round: string; bySurveyor: boolean; now: number },
): Judged {
  const { household, previousPerCapita, previousClass, form } = item;
  const { id, origin, status, members, openCase } = household;
  // The round of the earlier income is not asked for by any rule.
  const previous =
    previousPerCapita === null ? null : { perCapita: previousPerCapita, round: '', class: previousClass };
  return judgeVisit(
    visit,
    {
      ...given,
      village: villageOf(id),
      roster: { village: villageOf(id), expected: new Map([[numberOf(id), previous]]) },
      household: {
        id,
        origin,
        status,
        members,
        ownPayouts: form?.ownPayouts ?? [],
        ...(openCase ? { activeCase: { id: '', stage: 'open' as const } } : {}),
      },
      lastSealedAt: lastSealedAt ?? undefined,
    },
    criteria,
  );
}
