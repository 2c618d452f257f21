import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Clue,
  caseId,
  clue,
  episode,
  MOST_CLUES,
  MOST_JOINED_DECLARATIONS,
  riskCode,
  type Verdict,
  verdict,
} from '../../../functions/contracts/cases/case.ts';
import type { ReviewRefusal } from '../../../functions/contracts/cases/review.ts';
import { type SignalId, signalIds } from '../../../functions/contracts/screening/triage.ts';
import { addDays } from '../../../functions/domain/calendar.ts';
import {
  caseTypeNames,
  clueSourceNames,
  rejectNames,
  riskNames,
  stageNames,
  stepNames,
  tierNames,
} from '../../../functions/domain/cases/case-labels.ts';
import {
  beginEpisode,
  effectOfClue,
  isNewCandidate,
  joinClue,
  type Standing,
} from '../../../functions/domain/cases/new-candidate.ts';
import { riskOfClue, risksOf } from '../../../functions/domain/cases/risks.ts';
import { refusalSentence } from '../../../functions/domain/cases/sentences.ts';

const household = '440904001001-0001';
const sealedOn = '2024-01-31';
const none: Standing = { activeCase: undefined, rejected: undefined };
const row = (...ids: SignalId[]) => ({
  class: 'monitor' as const,
  openCase: false,
  signals: ids.map((id) => ({ id, observed: 1, threshold: 1 })),
});
const rejected = (on: string, ...signals: SignalId[]): Standing => ({
  activeCase: undefined,
  rejected: { on, signals },
});

describe('a new candidate', () => {
  it('is of class monitor, without an open case or admission', () => {
    const monitor = row('HOUSING_UNSAFE');
    expect(isNewCandidate(monitor, none, sealedOn)).toBe(true);
    expect(isNewCandidate({ ...monitor, class: 'concern' }, none, sealedOn)).toBe(false);
    expect(isNewCandidate({ ...monitor, class: null }, none, sealedOn)).toBe(false);
    expect(isNewCandidate({ ...monitor, openCase: true }, none, sealedOn)).toBe(false);
    for (const stage of ['admission', 'open'] as const)
      expect(isNewCandidate(monitor, { ...none, activeCase: { id: 'case', stage } }, sealedOn)).toBe(false);
  });

  it('was not rejected within 90 days on the same signals, in whatever order', () => {
    const again = row('HOUSING_UNSAFE', 'NO_LABOUR');
    expect(isNewCandidate(again, rejected(addDays(sealedOn, -90), 'NO_LABOUR', 'HOUSING_UNSAFE'), sealedOn)).toBe(
      false,
    );
    expect(isNewCandidate(again, rejected(addDays(sealedOn, -91), 'NO_LABOUR', 'HOUSING_UNSAFE'), sealedOn)).toBe(true);
    expect(isNewCandidate(again, rejected(sealedOn, 'HOUSING_UNSAFE'), sealedOn)).toBe(true);
    expect(isNewCandidate(again, rejected(sealedOn, 'HOUSING_UNSAFE', 'SOLE_EARNER'), sealedOn)).toBe(true);
  });

  it('a rejection holds exactly for its own set of signals', () => {
    const some = fc.uniqueArray(fc.constantFrom(...signalIds), { minLength: 1 });
    fc.assert(
      fc.property(some, some, fc.nat(200), (now, then, days) => {
        const same = now.length === then.length && now.every((id) => then.includes(id));
        expect(isNewCandidate(row(...now), rejected(addDays(sealedOn, -days), ...then), sealedOn)).toBe(
          !(same && days <= 90),
        );
      }),
    );
  });
});

const at = '2024-01-31T10:00:00+08:00';
const declared: Clue = {
  source: 'declaration',
  id: 'clue-0000000000000001',
  household,
  at,
  trouble: 'illness',
  declaredBy: 'proxy',
};
const alert: Clue = { source: 'alert', id: 'clue-0000000000000002', household, at, kind: 'dropout' };

describe('clues', () => {
  it('join the case or admission a household carries, or start one; twice is once', () => {
    expect(effectOfClue({ activeCase: { id: 'case-1', stage: 'admission' } })).toEqual({ joins: 'case-1' });
    expect(effectOfClue({ activeCase: undefined })).toBe('starts');
    const running = beginEpisode(undefined, declared, { caseType: null, people: 3 });
    const both = { ...running, clues: [declared, alert] };
    expect(joinClue(running, alert)).toEqual(both);
  });

  it('of outsiders are counted, not put in, and neither kind grows without end', () => {
    const running = beginEpisode(undefined, alert, { caseType: null, people: 3 });
    expect(joinClue(running, declared)).toEqual({ ...running, declarations: 1 });
    expect(joinClue({ ...running, declarations: MOST_JOINED_DECLARATIONS }, declared)).toBe('full');
    const clues = Array.from({ length: MOST_CLUES }, (_, n) => ({
      ...alert,
      id: `clue-${String(n).padStart(16, 'a')}`,
    }));
    expect(joinClue({ ...running, clues: clues.slice(1) }, alert)).toMatchObject({
      clues: { length: MOST_CLUES },
    });
    expect(joinClue({ ...running, clues }, alert)).toBe('full');
  });

  it('begin an episode that follows the one before', () => {
    const first = beginEpisode(undefined, declared, { caseType: null, people: 3 });
    expect(episode.parse(first)).toEqual({
      number: 1,
      startedAt: at,
      clues: [declared],
      declarations: 0,
      people: 3,
      caseType: null,
      risks: [],
    });
    expect(beginEpisode(first, alert, { caseType: 'marginal', people: 3 })).toMatchObject({
      number: 2,
      clues: [alert],
      caseType: 'marginal',
    });
  });

  it('name a risk where they can', () => {
    expect([declared, alert].map(riskOfClue)).toEqual(['illness', 'education']);
    const claim: Clue = { source: 'claim', id: 'clue-0000000000000003', household, at, claim: 'claim-1' };
    expect(riskOfClue(claim)).toBeUndefined();
  });

  it('and cases have ids that say nothing of the household', () => {
    expect(caseId.safeParse('case-0123456789abcdef').success).toBe(true);
    for (const id of [household, 'case-1', 'clue-0123456789abcdef']) expect(caseId.safeParse(id).success).toBe(false);
  });

  it.each([
    ['an unknown field', { ...declared, phone: '13800000000' }],
    ['an id that says more', { ...declared, id: 'clue-440904198006150011' }],
    ['no signals', { source: 'screening', id: alert.id, household, at, round: '2023Q4', signals: [] }],
  ])('%s is refused', (_, wrong) => {
    expect(clue.safeParse(wrong).success).toBe(false);
  });
});

describe('risks of signals', () => {
  const selfPaid = { medical: 0, education: 0, other: 0 };
  const of = (id: SignalId, seen: Partial<Parameters<typeof risksOf>[1]> = {}) =>
    risksOf([{ id }], { selfPaid, shocks: [], ...seen }).risks;

  it.each([
    ['EDUCATION_UNSAFE', ['education']],
    ['MEDICAL_UNSAFE', ['illness']],
    ['SERIOUS_ILLNESS', ['illness']],
    ['CHRONIC_BURDEN', ['illness']],
    ['HOUSING_UNSAFE', ['housing']],
    ['WATER_UNSAFE', ['drinking-water']],
    ['SEVERE_DISABILITY', ['disability']],
    ['NO_LABOUR', ['lack-of-labour']],
    ['SOLE_EARNER', ['lack-of-labour']],
    ['FOOD_UNSAFE', ['other']],
    ['CLOTHING_UNSAFE', ['other']],
  ] as const)('%s → %s', (id, risks) => {
    expect(of(id)).toEqual(risks);
  });

  it('rigid spending by its largest part', () => {
    expect(of('RIGID_SPENDING', { selfPaid: { medical: 3, education: 2, other: 1 } })).toEqual(['illness']);
    expect(of('RIGID_SPENDING', { selfPaid: { medical: 1, education: 2, other: 1 } })).toEqual(['education']);
    expect(of('RIGID_SPENDING', { selfPaid: { medical: 1, education: 2, other: 3 } })).toEqual(['other']);
    expect(of('RIGID_SPENDING', { selfPaid: { medical: 2, education: 2, other: 2 } })).toEqual(['illness']);
  });

  it('a shock by what it was', () => {
    expect(of('RECENT_SHOCK', { shocks: ['job-loss', 'disaster'] })).toEqual(['disaster', 'unstable-employment']);
    expect(of('RECENT_SHOCK', { shocks: ['industry-failure', 'accident'] })).toEqual(['accident', 'industry-failure']);
  });

  it('each risk once, in order; income and open case are the reviewer’s to choose', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...signalIds)), (ids) => {
        const { risks, reviewerChooses } = risksOf(
          ids.map((id) => ({ id })),
          { selfPaid: { medical: 5, education: 1, other: 1 }, shocks: ['accident'] },
        );
        expect(risks).toEqual(riskCode.options.filter((code) => risks.includes(code)));
        expect(reviewerChooses).toBe(ids.some((id) => id.startsWith('INCOME_') || id === 'OPEN_CASE'));
        expect(risks.length > 0 || reviewerChooses || ids.length === 0).toBe(true);
      }),
    );
  });
});

describe('words', () => {
  it('every code has its own Chinese word', () => {
    for (const names of [caseTypeNames, riskNames, stageNames, clueSourceNames, stepNames, tierNames, rejectNames]) {
      const words = Object.values<string>(names);
      expect(new Set(words).size).toBe(words.length);
      expect(words.every((word) => /^[\u4e00-\u9fff]+$/.test(word))).toBe(true);
    }
  });

  it('a refusal says what to do, and what is missing', () => {
    const refusals: ReviewRefusal[] = ['decided-before', 'stale-decision', 'not-given'];
    for (const refusal of refusals) expect(refusalSentence(refusal)).toMatch(/。$/);
    expect(refusalSentence('not-given', ['authorisation', 'helper'])).toBe(
      '材料不全，不能通过，还须提供：承诺授权书、帮扶责任人。',
    );
  });
});

describe('a verdict', () => {
  const wrong: [string, unknown][] = [
    ['no reason to send back', { verdict: 'send-back', to: 'home-verification' }],
    ['no code to reject', { verdict: 'reject', reason: '核实后没有风险' }],
    ['an unknown step', { verdict: 'send-back', to: 'court', reason: '材料需要补充' }],
    ['nobody voting', { verdict: 'approve', votes: { heldOn: '2023-10-11', for: 0, against: 0, abstaining: 0 } }],
    ['a risk twice', { verdict: 'approve', risks: ['illness', 'illness'] }],
    ['an unknown field', { verdict: 'approve', amount: 1 }],
  ];
  it.each(wrong)('with %s is refused', (_, said) => {
    expect(verdict.safeParse(said).success).toBe(false);
  });

  it('is read as it was sent', () => {
    const said: Verdict = { verdict: 'reject', code: 'not-at-risk', reason: '核实后没有风险' };
    expect(verdict.parse(said)).toEqual(said);
  });
});
