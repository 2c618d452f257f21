import type { Verdict } from '../../../functions/contracts/cases/case.ts';
import { MOST_DECISIONS } from '../../../functions/contracts/cases/decisions-http.ts';
import { call, Refused } from '../../api/client.ts';
import type { Outcome } from './outcomes.tsx';
import type { Item } from './verdict.ts';

export interface Decided {
  item: Item;
  verdict: Verdict;
}
type Told = Omit<Outcome, 'turn'>;

/** What leaves the list though it was refused: somebody else has decided it meanwhile. What is merely refused stays for another try. */
const ENDED: ReadonlySet<string> = new Set([
  'decision-other-answer',
  'stale-decision',
  'review-ended',
  'decision-unknown',
]);

/**
 * Sends verdicts, as many requests as it takes, and tells what became of each. A request that fails costs no other.
 * @param sentence of a refusal; of a failure of the network, given undefined
 */
export async function sendVerdicts(
  verdicts: readonly Decided[],
  sentence: (refusal: Pick<Refused, 'code' | 'detail' | 'errors'> | undefined) => string,
): Promise<Told[]> {
  const told: Told[] = [];
  for (let from = 0; from < verdicts.length; from += MOST_DECISIONS)
    told.push(...(await sendPart(verdicts.slice(from, from + MOST_DECISIONS), sentence)));
  return told;
}

async function sendPart(verdicts: readonly Decided[], sentence: Parameters<typeof sendVerdicts>[1]): Promise<Told[]> {
  const of = ({ item, verdict }: Decided) => ({
    id: item.id,
    household: item.household,
    step: item.step,
    verdict: verdict.verdict,
  });
  try {
    const { items } = await call('decideMany', {
      body: { items: verdicts.map(({ item, verdict }) => ({ id: item.id, verdict })) },
    });
    return items.flatMap(({ row, outcome, by, problem }): Told[] => {
      const decided = verdicts[row];
      if (decided === undefined) return [];
      const { code = '', detail = '' } = problem ?? {};
      const refused = outcome === 'refused';
      return [
        {
          ...of(decided),
          outcome,
          by,
          sentence: refused ? sentence({ code, detail, errors: [] }) : undefined,
          stays: refused && !ENDED.has(code),
        },
      ];
    });
  } catch (error) {
    const why = sentence(error instanceof Refused ? error : undefined);
    return verdicts.map((each) => ({ ...of(each), outcome: 'refused', by: undefined, sentence: why, stays: true }));
  }
}
