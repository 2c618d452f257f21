import * as z from 'zod';
import { evidence, reason } from '../cases/case.ts';
import { regionCode } from '../regions.ts';
import { householdId, instant, isoDate, personId } from '../values.ts';

/** Up to a hundred million yuan: loans and donations of a whole district are larger than a household's amounts. */
const LARGEST_SUM = 10_000_000_000;
const sum = z.int().min(1).max(LARGEST_SUM);
const name = z.string().trim().min(1).max(60);
export const entryId = z.string().regex(/^entry-[0-9a-f]{16}$/);
const ref = entryId;

const base = {
  /** The day it happened, Asia/Shanghai. */
  occurredOn: isoDate,
  /** Where: the beneficiary's village, or the town or district for what has no village. */
  region: regionCode,
  funder: name.optional(),
  evidence: z.array(evidence).max(10).default([]),
  note: z.string().trim().max(300).optional(),
  /** Distinguishes two otherwise identical entries, for example by voucher number. */
  serial: z.string().trim().min(1).max(40).optional(),
};
const beneficiary = { household: householdId, person: personId };
/** People who are not registered: counted, never named. */
const heads = z.int().min(1).max(10_000);

/**
 * An act of help as it is entered (docs/domain.md, 7). Amounts are fen. What takes several steps (a post's monthly subsidies, an award from its
 * application to its payment) is an entry of its own that names the one before.
 */
export const newEntry = z.discriminatedUnion('kind', [
  /** 帮扶就业 */
  z.strictObject({ kind: z.literal('placement'), ...base, ...beneficiary, employer: name }),
  /** 登记失业人员优先吸纳就业 ("thousand enterprises"): registered unemployed of any household, counted by heads. */
  z.strictObject({ kind: z.literal('unemployed-hired'), ...base, people: heads, employer: name }),
  /** 帮扶创业 */
  z.strictObject({ kind: z.literal('start-up'), ...base, ...beneficiary, trade: name }),
  /** 技能培训 */
  z.strictObject({ kind: z.literal('training'), ...base, ...beneficiary, course: name }),
  /** 公益性岗位 */
  z.strictObject({ kind: z.literal('post'), ...base, ...beneficiary, duty: name }),
  /** 公益性岗位补贴, a month's. */
  z.strictObject({
    kind: z.literal('post-subsidy'),
    ...base,
    household: householdId,
    post: ref,
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    amount: sum,
  }),
  /** 以奖代补: 申请 · 现场验收 · 发放 */
  z.strictObject({ kind: z.literal('award-application'), ...base, household: householdId, project: name, amount: sum }),
  z.strictObject({
    kind: z.literal('award-acceptance'),
    ...base,
    household: householdId,
    award: ref,
    accepted: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('award-payment'), ...base, household: householdId, award: ref, amount: sum }),
  /** 助农扶农贷款, to a household or, without one, to a farm or cooperative. */
  z.strictObject({ kind: z.literal('loan'), ...base, household: householdId.optional(), borrower: name, amount: sum }),
  /** 修缮住房 */
  z.strictObject({ kind: z.literal('housing-repair'), ...base, household: householdId, amount: sum }),
  /** 发放畜禽、物资 */
  z.strictObject({ kind: z.literal('goods'), ...base, household: householdId, what: name, quantity: heads }),
  /** 繁育: income from the animals that were given. */
  z.strictObject({ kind: z.literal('offspring'), ...base, household: householdId, goods: ref, quantity: heads }),
  /** 捐款收入 · 捐款支出, of a named fund that cannot be overspent. */
  z.strictObject({
    kind: z.literal('donation-received'),
    ...base,
    fund: name,
    giver: name,
    giverKind: z.enum(['union', 'enterprise', 'association', 'individual', 'government']),
    amount: sum,
  }),
  z.strictObject({
    kind: z.literal('donation-spent'),
    ...base,
    fund: name,
    purpose: name,
    household: householdId.optional(),
    amount: sum,
  }),
  /** 社会企业帮助就业创业, person-times. */
  z.strictObject({ kind: z.literal('company-jobs'), ...base, company: name, personTimes: heads }),
  /** 工作队走访 */
  z.strictObject({ kind: z.literal('team-visit'), ...base, household: householdId, team: name }),
]);
export type NewEntry = z.infer<typeof newEntry>;
export type EntryKind = NewEntry['kind'];
export const entryKinds = newEntry.options.map((option) => option.shape.kind.value);

/** When and by whom it was recorded; never what happened. */
const record = { id: entryId, recordedAt: instant, recordedBy: z.string() };

/** A reversal takes an entry out from its own day on; nothing is ever edited. */
const reversal = z.strictObject({
  kind: z.literal('reversal'),
  occurredOn: isoDate,
  region: regionCode,
  reverses: entryId,
  reason,
  ...record,
});
export type Reversal = z.infer<typeof reversal>;
export type Entry = NewEntry & { id: string; recordedAt: string; recordedBy: string };
export type LedgerItem = Entry | Reversal;

/** 失业求助: a request for work or help, followed to its outcome. */
export const helpOutcome = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('post'), on: isoDate, entry: entryId.optional(), note: reason }),
  z.strictObject({ outcome: z.literal('training'), on: isoDate, entry: entryId.optional(), note: reason }),
  z.strictObject({ outcome: z.literal('referral'), on: isoDate, to: name, note: reason }),
  z.strictObject({ outcome: z.literal('refused'), on: isoDate, note: reason }),
]);
export type HelpOutcome = z.infer<typeof helpOutcome>;
export const newHelpRequest = z.strictObject({
  household: householdId,
  person: personId,
  askedOn: isoDate,
  wants: z.enum(['work', 'training', 'start-up', 'other']),
  channel: z.enum(['online', 'counter']),
  words: z.string().trim().min(2).max(300),
});
export type NewHelpRequest = z.infer<typeof newHelpRequest>;
export interface HelpRequest extends NewHelpRequest {
  id: string;
  recordedAt: string;
  recordedBy: string;
  /** After so many calendar days without an outcome it is late. */
  dueOn: string;
  outcome: (HelpOutcome & { by: string }) | null;
}
