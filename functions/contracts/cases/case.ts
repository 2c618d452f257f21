import * as z from 'zod';
import { caseType, signalIds } from '../screening/triage.ts';
import { guarantees } from '../screening/visit.ts';
import { householdId, instant, isoDate, personId, roundId } from '../values.ts';

/** Ids are opaque: they say what kind of thing they name, never whose it is. */
function opaque(kind: string) {
  return z.string().regex(new RegExp(`^${kind}-[0-9a-z]{16}$`));
}
export const caseId = opaque('case');
export const clueId = opaque('clue');
export const measureId = opaque('measure');
export const noticeId = opaque('notice');
export const objectionId = opaque('objection');

/** An official's account name: the `sub` of the token, as a visit's `visitor`. */
export const account = z.string().trim().min(1).max(64);
/** Free text an official answers for. */
export const reason = z.string().trim().min(4).max(500);
/** A reference to a stored document or photograph; never its content. */
export const evidence = z.string().trim().min(1).max(200);

/** 致贫返贫风险, in the order they are listed (docs/glossary.md). */
export const riskCode = z.enum([
  'illness',
  'disaster',
  'disability',
  'lack-of-labour',
  'accident',
  'industry-failure',
  'unstable-employment',
  'education',
  'drinking-water',
  'housing',
  'other',
]);
export type RiskCode = z.infer<typeof riskCode>;

/** How long a household has been monitored. */
export const ageBand = z.enum(['under-6-months', '6-to-12-months', '1-to-2-years', 'over-2-years']);
export type AgeBand = z.infer<typeof ageBand>;

/** The state of a case. `closing` is an open case with a running closure; a refused closure leads back to `open`. */
export const caseStage = z.enum(['admission', 'rejected', 'open', 'closing', 'closed']);
export type CaseStage = z.infer<typeof caseStage>;

/** 帮扶消除 · 自然消除 (death of all, moved away, grown prosperous without help). */
export const closureMethod = z.enum(['assisted', 'natural']);
export type ClosureMethod = z.infer<typeof closureMethod>;

/** 部门筛查预警: what a department saw. */
export const alertKind = z.enum(['large-medical-bill', 'disability-registration', 'dropout', 'job-loss', 'disaster']);
export type AlertKind = z.infer<typeof alertKind>;

const clueBase = { id: clueId, household: householdId, at: instant };
/** Why somebody should look at a household: what screening saw, what it declared itself, a department, a claim or an officer. */
export const clue = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('screening'),
    ...clueBase,
    round: roundId,
    signals: z.array(z.enum(signalIds)).min(1),
  }),
  z.strictObject({
    source: z.literal('declaration'),
    ...clueBase,
    trouble: riskCode,
    declaredBy: z.enum(['self', 'proxy']),
  }),
  z.strictObject({ source: z.literal('alert'), ...clueBase, kind: alertKind }),
  z.strictObject({ source: z.literal('claim'), ...clueBase, claim: z.string().min(1).max(64) }),
  z.strictObject({ source: z.literal('officer'), ...clueBase, by: account, reason }),
]);
export type Clue = z.infer<typeof clue>;
export type ClueSource = Clue['source'];
export const clueSources = clue.options.map(({ shape }) => shape.source.value);

/** A named official: a helper (帮扶责任人) or the monitoring contact after closure. */
export const official = z.strictObject({
  account,
  name: z.string().trim().min(1).max(40),
  unit: z.string().trim().min(1).max(60),
});

/** 承诺授权书: a member of the household allows its data to be compared. */
const authorisation = z.strictObject({ signedOn: isoDate, signedBy: personId, document: evidence });

const voices = z.int().min(0).max(5000);
/** A village meeting's votes by head. */
export const votes = z
  .strictObject({ heldOn: isoDate, for: voices, against: voices, abstaining: voices })
  .refine((cast) => cast.for + cast.against + cast.abstaining > 0, '至少有一人表决');
export type Votes = z.infer<typeof votes>;

const riskCodes = z
  .array(riskCode)
  .min(1)
  .max(riskCode.options.length)
  .refine((codes) => new Set(codes).size === codes.length, '同一种风险只填一次');

/** Why a review ends without approval; the reason reaches the household. */
export const rejectCode = z.enum([
  'not-at-risk',
  'above-standard',
  'information-false',
  'authorisation-refused',
  'vote-not-carried',
  'objection-upheld',
  'risk-remains',
  'household-cancelled',
  'other',
]);
export type RejectCode = z.infer<typeof rejectCode>;

export const stepId = z.enum([
  'home-verification',
  'data-comparison',
  'village-appraisal',
  'public-notice',
  'town-review',
  'district-approval',
]);
export type StepId = z.infer<typeof stepId>;

/** A person's verdict at a step. The ladder says what an approval must include (`requires`). */
export const verdict = z.discriminatedUnion('verdict', [
  z.strictObject({
    verdict: z.literal('approve'),
    authorisation: authorisation.optional(),
    /** Chosen by the reviewer: signals only suggest them. */
    risks: riskCodes.optional(),
    caseType: caseType.optional(),
    votes: votes.optional(),
    helper: official.optional(),
    monitoringContact: official.optional(),
    note: z.string().trim().max(500).optional(),
  }),
  z.strictObject({ verdict: z.literal('send-back'), to: stepId, reason }),
  z.strictObject({ verdict: z.literal('reject'), code: rejectCode, reason }),
]);
export type Verdict = z.infer<typeof verdict>;

/** A risk of the case, until it is marked gone with a reason. */
export const recordedRisk = z.strictObject({
  code: riskCode,
  gone: z.strictObject({ on: isoDate, by: account, reason }).optional(),
});
export type RecordedRisk = z.infer<typeof recordedRisk>;

/** Clues of officials, departments, screening and claims that one episode keeps; the first may be a declaration. */
export const MOST_CLUES = 60;
/** Declarations that join one running episode; a later one is kept where it came in, and adds nothing. */
export const MOST_JOINED_DECLARATIONS = 20;

/** One period at risk, from the clue that began it to its closure. A new risk afterwards is a new episode; this one stays as it was. */
export const episode = z.strictObject({
  number: z.int().min(1),
  startedAt: instant,
  /** Imported from a former register: it was reviewed there, and is never shown as reviewed here. */
  imported: z.strictObject({ at: instant, by: account }).optional(),
  /** None for an episode taken over from a former register. */
  clues: z.array(clue).max(MOST_CLUES),
  /** How many declarations joined while it ran. They are separate items, so that outsiders cannot make the case item grow. */
  declarations: z.int().min(0),
  /** Members of the household when it began; a case is counted with them in every report. */
  people: z.int().min(1),
  caseType: caseType.nullable(),
  risks: z.array(recordedRisk),
  /** The day the district approved the admission. */
  admittedOn: isoDate.optional(),
  helper: official.extend({ since: isoDate }).optional(),
  closed: z
    .strictObject({
      on: isoDate,
      method: closureMethod,
      /** Fen per person in the newest visit at approval. */
      perCapita: z.int(),
      /** In that visit; a former register may not tell. */
      guarantees: guarantees.optional(),
      /** Always named in this system; a former register may not have named one, which is a finding. */
      monitoringContact: official.optional(),
    })
    .optional(),
});
export type Episode = z.infer<typeof episode>;
