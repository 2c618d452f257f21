import type { RiskCode, Verdict } from '../functions/contracts/cases/case.ts';
import type { SignalId } from '../functions/contracts/screening/triage.ts';
import { risksOf } from '../functions/domain/cases/risks.ts';
import { Random } from './district/random.ts';
import type { Pending, Stage } from './play-reviews.ts';

const OFFICER = { account: 'district-officer' };
const FIRST_NAMES = '陈李黄张林';

interface CaseDetail {
  id: string;
  episodes: { clues: { source: string; signals?: SignalId[] }[] }[];
}
interface HouseholdView {
  members: { person: string }[];
}

/** Picks a percentage of households or cases by their ids: the same ones in every run. */
export function share(id: string, percent: number): boolean {
  return new Random(id).chance(percent / 100);
}

/** The verdict of the official at each step. Of a hundred comparisons `rejectPercent` find the household above the standard. */
export async function consent(
  { client }: Stage,
  { subject, household, step, procedure }: Pending,
  today: string,
  rejectPercent = 0,
): Promise<Verdict> {
  switch (step) {
    case 'home-verification': {
      if (procedure === 'closure') return { verdict: 'approve' };
      const [found, { members }] = await Promise.all([
        client.get<CaseDetail>(`/v1/cases/${subject}`, OFFICER),
        client.get<HouseholdView>(`/v1/households/${household}`, OFFICER),
      ]);
      const signedBy = members[0]?.person ?? '';
      return {
        verdict: 'approve',
        authorisation: { signedOn: today, signedBy, document: `authorisation/${subject}` },
        risks: risksSeen(found),
      };
    }
    case 'data-comparison':
      return share(subject, rejectPercent)
        ? { verdict: 'reject', code: 'above-standard', reason: '经比对，家庭名下有经营性资产，收入高于标准' }
        : { verdict: 'approve' };
    case 'village-appraisal':
      return { verdict: 'approve', votes: { heldOn: today, for: 18, against: 1, abstaining: 2 } };
    case 'district-approval':
      return procedure === 'admission'
        ? { verdict: 'approve', helper: official(subject) }
        : { verdict: 'approve', monitoringContact: official(subject) };
    default:
      return { verdict: 'approve' };
  }
}

/** Where the only clue is a claim, the verifier finds that the insurance has met the loss and rejects. Everybody else consents. */
export async function insuredAway(stage: Stage, pending: Pending, today: string): Promise<Verdict> {
  const { episodes } = await stage.client.get<CaseDetail>(`/v1/cases/${pending.subject}`, OFFICER);
  const clues = episodes.at(-1)?.clues ?? [];
  if (pending.step === 'home-verification' && clues.every(({ source }) => source === 'claim'))
    return {
      verdict: 'reject',
      code: 'not-at-risk',
      reason: '损失已由保险理赔弥补，入户核实家庭收支平稳，暂无返贫风险',
    };
  return await consent(stage, pending, today);
}

/** An invented official: a helper or contact, by the case. */
export function official(subject: string) {
  const n = Number.parseInt(subject.slice(-6), 36);
  return { account: `helper-${n % 400}`, name: `${FIRST_NAMES[n % 5]}帮扶`, unit: '驻镇帮镇扶村工作队' };
}

/** The risks the clue's signals point to; where they leave the choice open, what the verifier found at home. */
function risksSeen({ episodes, id }: CaseDetail): RiskCode[] {
  const signals = episodes
    .flatMap(({ clues }) => clues.flatMap((clue) => clue.signals ?? []))
    .map((signal) => ({ id: signal }));
  const seen = { selfPaid: { medical: 1, education: 0, other: 0 }, shocks: [] };
  const { risks } = risksOf(signals, seen);
  if (risks.length > 0) return risks;
  return share(id, 50) ? ['unstable-employment'] : ['illness'];
}
