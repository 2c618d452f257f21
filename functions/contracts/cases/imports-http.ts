import * as z from 'zod';
import { measureKind } from '../assistance/measure.ts';
import { check, rowProblem } from '../http.ts';
import { qualityRule } from '../reports/quality-rule.ts';
import { caseType } from '../screening/triage.ts';
import { guarantees } from '../screening/visit.ts';
import { fen, householdId, isoDate, MOST_MEMBERS } from '../values.ts';
import { caseId, closureMethod, official, riskCode } from './case.ts';

export const MOST_CASES = 200;

/** An episode of a former register: it was reviewed there, and is never shown as reviewed here. */
const formerEpisode = z.strictObject({
  admittedOn: isoDate,
  /** Members of the household at that time. */
  people: z.int().min(1).max(MOST_MEMBERS),
  caseType,
  risks: z.array(riskCode).min(1).max(11),
  measures: z
    .array(
      z
        .strictObject({
          kind: measureKind,
          startedOn: isoDate,
          completedOn: isoDate.optional(),
          amount: fen.optional(),
        })
        .refine(({ startedOn, completedOn }) => completedOn === undefined || completedOn >= startedOn, {
          path: ['completedOn'],
          error: '完成日期不能早于开始日期。',
        }),
    )
    .max(20)
    .refine(
      (all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length,
      '有两项措施完全相同，会重复计算。请删去重复的一行；确有两项的，请合并金额填成一行。',
    ),
  closed: z
    .strictObject({
      on: isoDate,
      method: closureMethod,
      perCapita: z.int(),
      guarantees: guarantees.optional(),
      monitoringContact: official.optional(),
    })
    .optional(),
});

/** A household's case as a former register tells it: episodes in the order of their admission, only the last one may be open. */
export const formerCase = z
  .strictObject({
    household: householdId,
    episodes: z.array(formerEpisode).min(1).max(10),
    helper: official.optional(),
  })
  .refine(
    ({ episodes }) => episodes.slice(0, -1).every(({ closed }) => closed !== undefined),
    '只有最后一次监测可以未消除',
  )
  .refine(
    ({ episodes }) => episodes.every(({ admittedOn, closed }) => closed === undefined || closed.on >= admittedOn),
    '消除日期不能早于纳入日期',
  )
  .refine(
    ({ episodes }) =>
      episodes.every(({ admittedOn }, n) => n === 0 || admittedOn > (episodes[n - 1]?.closed?.on ?? '')),
    '再次纳入须晚于上一次消除',
  );
export type FormerCase = z.infer<typeof formerCase>;

export const importCasesRequest = z.strictObject({ rows: z.array(z.unknown()).min(1), check });
export const importCasesResponse = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['imported', 'unchanged', 'refused']),
      case: caseId.optional(),
      /** The household's open findings after this import: each rule once. */
      findings: z.array(qualityRule).optional(),
      problem: rowProblem.optional(),
    }),
  ),
  imported: z.int(),
  unchanged: z.int(),
  refused: z.int(),
});
