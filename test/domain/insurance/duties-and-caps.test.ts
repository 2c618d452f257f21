import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../functions/contracts/insurance/claim.ts';
import { MOST_DOCUMENTS, moveClaim } from '../../../functions/domain/insurance/claim.ts';
import {
  actsThatBar,
  type ClaimAct,
  claimActs,
  mayStillAct,
} from '../../../functions/domain/insurance/separation-of-duties.ts';
import { emptyClaim } from './claims.ts';

const SOMEBODY = 'official-1';
const OTHER = 'official-2';
const AT = '2023-11-20T02:00:00.000Z';

/** A claim in which one account did an act and others did everything else. */
function claimWith(act: ClaimAct, account: string): Claim {
  const by = (own: ClaimAct) => (own === act ? account : `${own}-doer`);
  return emptyClaim({
    reportedBy: { channel: 'hospital', by: by('report'), told: '区人民医院' },
    payeeBy: ['earlier-recorder', by('record-payee'), 'later-recorder'],
    survey: {
      by: by('survey'),
      at: AT,
      visitedOn: '2023-11-20',
      facts: { line: 'disaster', housing: null, housingLoss: 0, assetsLoss: 0 },
      report: null,
      note: null,
    },
    refusal: { code: 'duplicate', reason: '同一事故', by: by('propose-refusal') },
    approvals: [{ by: by('approve'), at: AT }],
    rejected: { code: 'duplicate', reason: '同一事故', by: by('reject'), at: AT, notifiedOn: null },
    instructedBy: [by('instruct')],
    refusedBefore: [by('refuse-before')],
  });
}

const pairs = claimActs.flatMap((earlier) => claimActs.map((later) => [earlier, later] as const));
/** Written out once more, so that a change of the rule is a change of this test. */
const forbidden = new Set([
  'refuse-before then approve',
  'refuse-before then reject',
  'report then approve',
  'report then reject',
  'report then instruct',
  'record-payee then approve',
  'record-payee then reject',
  'record-payee then instruct',
  'survey then approve',
  'survey then reject',
  'survey then instruct',
  'propose-refusal then approve',
  'propose-refusal then reject',
  'approve then approve',
  'approve then reject',
  'approve then instruct',
]);

it('a claim takes so many papers and no more; one it has is no further one', () => {
  const paper = (n: number) => ({
    id: `doc-${String(n).padStart(16, '0')}`,
    kind: 'photograph' as const,
    type: 'image/jpeg' as const,
    bytes: 5,
    receivedAt: AT,
    by: SOMEBODY,
  });
  const claim = emptyClaim({
    stage: 'registered',
    documents: Array.from({ length: MOST_DOCUMENTS }, (_, n) => paper(n)),
  });
  const receive = (n: number) => moveClaim(claim, { move: 'document-received', document: paper(n) }, Date.parse(AT));
  expect(receive(MOST_DOCUMENTS).refusal).toBe('documents-full');
  expect(receive(0).after).toBe(claim);
});

describe('separation of duties in a claim', () => {
  it.each(pairs)('whoever did %s: may they %s?', (earlier, later) => {
    const allowed = !forbidden.has(`${earlier} then ${later}`);
    expect(mayStillAct(claimWith(earlier, SOMEBODY), later, SOMEBODY)).toBe(allowed);
    expect(mayStillAct(claimWith(earlier, SOMEBODY), later, OTHER)).toBe(true);
    expect(actsThatBar(later).includes(earlier)).toBe(!allowed);
  });

  it('knows the hospital’s officer by their account, not by what the feed says', () => {
    const claim = claimWith('report', SOMEBODY);
    expect(mayStillAct(claim, 'approve', SOMEBODY)).toBe(false);
    expect(mayStillAct(claim, 'approve', '区人民医院')).toBe(true);
  });

  it('who brought further invoices has reported them', () => {
    const invoices = [{ number: 'DB-0002', total: 9_000_000 }];
    const claim = emptyClaim({
      stage: 'registered',
      reportedBy: { channel: 'hospital', by: OTHER, told: '区人民医院' },
    });
    const { after } = moveClaim(claim, { move: 'add-invoices', invoices, by: SOMEBODY }, Date.parse(AT));
    if (after === undefined) throw new Error('The invoices were refused.');
    for (const account of [OTHER, SOMEBODY])
      expect((['approve', 'reject', 'instruct'] as const).map((act) => mayStillAct(after, act, account))).toEqual([
        false,
        false,
        false,
      ]);
  });

  it('forgets an approval that a changed payee made void, and nothing else', () => {
    const claim = { ...claimWith('approve', SOMEBODY), approvals: [] };
    expect(mayStillAct(claim, 'approve', SOMEBODY)).toBe(true);
    expect(mayStillAct({ ...claim, payeeBy: [SOMEBODY] }, 'approve', SOMEBODY)).toBe(false);
  });
});
