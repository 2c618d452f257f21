import * as z from 'zod';
import { reason } from '../cases/case.ts';
import { check, cursor, limit, rowProblem } from '../http.ts';
import { plainNumber } from '../plain-number.ts';
import { regionCode } from '../regions.ts';
import { due, fen, householdId, instant, isoDate, mobilePhone, personId, sumOfFen } from '../values.ts';
import { adjudication, claimFacts, invoices, standing } from './adjudication.ts';
import {
  claimId,
  claimReceipt,
  claimRecord,
  claimStage,
  claimStep,
  documentId,
  documentKind,
  documentType,
  MOST_DOCUMENT_BYTES,
} from './claim.ts';
import { batchId, confirmation, endToEndId } from './payout.ts';
import { policyId, policyTerms } from './policy.ts';
import { lineId, product, productId, productTerms } from './product.ts';

export const productList = z.object({ items: z.array(product) });
export const proposeRequest = productTerms;
export const productAnswer = product;
export const productParams = z.strictObject({ id: productId });
/** Computed without storing anything, so that anybody can check the arithmetic. */
export const tryRequest = z.strictObject({ facts: claimFacts, standing: standing.optional() });
export const tryAnswer = adjudication.extend({ sentences: z.array(z.string()) });

/** Fen; what is the district's own is null for whoever answers for less. */
const districtFen = z.int().nullable();
const policyView = z.object({
  ...policyTerms.shape,
  id: policyId,
  limit: districtFen,
  reserved: districtFen,
  paid: districtFen,
  left: districtFen,
});
export const policyList = z.object({ items: z.array(policyView) });
export const policyRequest = policyTerms;
export const policyAnswer = policyView;
export const policyParams = z.strictObject({ id: policyId });
export const MOST_ROSTER_ROWS = 500;
/** Rows of a hospital's feed at once. */
export const MOST_BILLS = 200;
export const rosterRequest = z.strictObject({ rows: z.array(z.unknown()).min(1), check });
export const rosterAnswer = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['enrolled', 'removed', 'unchanged', 'refused']),
      person: personId.optional(),
      problem: rowProblem.optional(),
    }),
  ),
  enrolled: z.int(),
  removed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
});
export const reconciliationQuery = z.strictObject({
  region: regionCode.optional(),
  on: isoDate.optional(),
  list: z.enum(['uninsured', 'unregistered', 'twice']).optional(),
  limit,
  cursor: cursor.optional(),
});
export const reconciliationAnswer = z.object({
  on: isoDate,
  insured: z.int(),
  registered: z.int(),
  both: z.int(),
  uninsured: z.int(),
  unregistered: z.int(),
  twice: z.int(),
  /** Of the list asked for: people by their opaque id, and the household or masked number to find them by. */
  items: z.array(z.object({ person: personId, household: householdId.nullable(), idNumber: z.string().nullable() })),
  next: z.string().optional(),
});
export const promptsQuery = z.strictObject({ region: regionCode });
/** 应赔未赔: a large self-paid cost seen in the last sealed round, without a claim of that person's household. */
export const promptsAnswer = z.object({
  items: z.array(z.object({ household: householdId, round: z.string(), medical: fen })),
});

const event = { line: lineId, eventOn: isoDate, claimed: fen.optional(), invoices: invoices.default([]) };
export const reportRequest = z.strictObject({ household: householdId, person: personId, ...event, check });
/** Of a report that is only checked: nothing. */
export const reportAnswer = z.object({
  id: claimId.optional(),
  receipt: claimReceipt.optional(),
  stage: claimStage.optional(),
});
/** With name and telephone as on file it is the family's own word; without, the village looks into it first. */
export const ownReportRequest = z.strictObject({
  idNumber: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(40).optional(),
  phone: mobilePhone.optional(),
  line: lineId,
  eventOn: isoDate,
  invoices: invoices.default([]),
});
export const ownReportAnswer = z.object({ receipt: claimReceipt, reportedAt: instant });
export const statusParams = z.strictObject({ receipt: claimReceipt });
/** In the body: four digits of an ID number have no business in an address. */
export const statusRequest = z.strictObject({
  last4: z
    .string()
    .max(20)
    .overwrite((typed) => plainNumber(typed).toUpperCase())
    .regex(/^\d{3}[\dX]$/),
});
const missing = z.object({ anyOf: z.array(documentKind), count: z.int(), names: z.string() });
export const statusAnswer = z.object({
  receipt: claimReceipt,
  stage: claimStage,
  stageName: z.string(),
  missing: z.array(missing),
  message: z.string(),
});
export const reportsQuery = z.strictObject({ region: regionCode, limit, cursor: cursor.optional() });
/** What people without login reported and nobody has looked at: names as given, numbers masked. */
export const reportsPage = z.object({
  items: z.array(
    z.object({
      receipt: claimReceipt,
      reportedAt: instant,
      line: lineId,
      eventOn: isoDate,
      invoices,
      household: householdId.nullable(),
      person: personId.nullable(),
      name: z.string().nullable(),
      idNumber: z.string(),
      phone: z.string().nullable(),
      verified: z.boolean(),
    }),
  ),
  total: z.int(),
  next: z.string().optional(),
});
export const conclusionParams = z.strictObject({ receipt: claimReceipt });
/** `handedOver`: the official confirms that the family holds the receipt; only then does the receipt show the claim's state. */
export const conclusionRequest = z.union([
  z.strictObject({ household: householdId, person: personId, handedOver: z.boolean() }),
  z.strictObject({ dismissed: reason }),
]);
export const conclusionAnswer = z.object({ receipt: claimReceipt, claim: claimId.nullable() });
export const feedRequest = z.strictObject({
  hospital: z.string().trim().min(2).max(60),
  rows: z.array(z.unknown()).min(1),
  check,
});
export const feedRow = z.strictObject({
  idNumber: z.string().min(1).max(40),
  line: z.enum(['illness', 'accident-medical']),
  eventOn: isoDate,
  invoices: invoices.min(1),
});
export const feedAnswer = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['reported', 'added', 'known', 'refused']),
      claim: claimId.optional(),
      problem: rowProblem.optional(),
    }),
  ),
});

export const claimParams = z.strictObject({ id: claimId });
export const claimListQuery = z.strictObject({
  region: regionCode,
  stage: claimStage.optional(),
  line: lineId.optional(),
  household: householdId.optional(),
  overdue: z.enum(['true', 'false']).optional(),
  limit,
  cursor: cursor.optional(),
});
export const claimLine = z.object({
  id: claimId,
  policy: policyId,
  line: lineId,
  household: householdId,
  eventOn: isoDate,
  reportedAt: instant,
  stage: claimStage,
  stageName: z.string(),
  waiting: z
    .object({
      step: z.string(),
      stepName: z.string(),
      roles: z.array(z.string()),
      ...due,
      overdue: z.boolean(),
    })
    .nullable(),
  claimed: sumOfFen.nullable(),
  approved: fen.nullable(),
  paid: z.object({ amount: fen, on: isoDate }).nullable(),
  rejected: z.string().nullable(),
});
export type ClaimLine = z.infer<typeof claimLine>;
/** `total` is told with the first page. */
export const claimPage = z.object({
  items: z.array(claimLine),
  total: z.int().optional(),
  next: z.string().optional(),
});
export const claimView = claimRecord.omit({ payee: true, capOf: true }).extend({
  stageName: z.string(),
  payee: z
    .object({ kind: z.string(), person: personId, name: z.string(), bank: z.string(), account: z.string() })
    .nullable(),
  missing: z.array(missing),
  waiting: claimLine.shape.waiting,
  sentences: z.array(z.string()),
  timeline: z.array(
    z.object({ sequence: z.int(), at: instant, kind: z.string(), body: z.unknown(), hash: z.string() }),
  ),
});
export const stepRequest = claimStep;
export const stepAnswer = z.object({ id: claimId, stage: claimStage, turn: z.int(), changed: z.boolean() });
export const appealRequest = z.strictObject({ reason });
export const appealAnswer = z.object({ id: claimId, receipt: claimReceipt, appealOf: claimId });

export const payeeRequest = z.strictObject({
  kind: z.enum(['member', 'guardian']),
  person: personId,
  name: z.string().trim().min(1).max(40),
  bank: z.string().trim().min(2).max(60),
  account: z
    .string()
    .transform((raw) => raw.replaceAll(/\s/g, ''))
    .pipe(z.string().regex(/^\d{10,32}$/)),
  /** Of a guardian: the claim's own document that says so. */
  authority: documentId.optional(),
});
/** Whom a claim may be paid to under their own name, as registered. */
export const payeesAnswer = z.object({ items: z.array(z.object({ person: personId, name: z.string() })) });
export const payeeAnswer = z.object({ id: claimId, account: z.string() });

export const documentRequest = z.strictObject({
  kind: documentKind,
  type: documentType,
  bytes: z.int().min(1).max(MOST_DOCUMENT_BYTES),
  name: z.string().trim().min(1).max(80),
});
/** Put the bytes to `url` with exactly these headers, within `expiresInSeconds`; then confirm. */
export const documentAnswer = z.object({
  document: documentId,
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  expiresInSeconds: z.int(),
});
export const documentParams = z.strictObject({ id: claimId, document: documentId });
export const documentReading = z.object({
  document: documentId,
  type: documentType,
  url: z.string(),
  expiresInSeconds: z.int(),
});
export const documentConfirmed = z.object({ document: documentId, missing: z.array(missing), stage: claimStage });

export const dashboardQuery = z.strictObject({ region: regionCode });
export const dashboardAnswer = z.object({
  open: z.int(),
  overdue: z.int(),
  byStep: z.array(z.object({ step: z.string(), name: z.string(), count: z.int(), oldestDays: z.int() })),
  paid: z.object({ count: z.int(), amount: z.int() }),
  meanDaysToPay: z.number().nullable(),
  /** For whoever answers for the whole district; nobody else is told its totals. */
  limit: z.array(z.object({ policy: policyId, limit: z.int(), reserved: z.int(), paid: z.int(), left: z.int() })),
});

export const batchRequest = z.strictObject({
  policy: policyId,
  /** The sender's own name for the batch, which makes a repetition on any later day the same batch. */
  reference: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,35}$/)
    .optional(),
  executionOn: isoDate,
  claims: z.array(claimId).min(1).max(25),
  /** The sender's own count and sum: the batch is refused when they differ. */
  count: z.int().min(1),
  sum: fen.min(1),
});
const counted = z.object({ count: z.int(), sum: z.int() });
export const batchAnswer = z.object({
  id: batchId,
  policy: policyId,
  executionOn: isoDate,
  count: z.int(),
  sum: z.int(),
  state: z.enum(['open', 'reconciled']),
  settled: counted,
  returned: counted,
  differences: z.array(z.object({ endToEndId: z.string(), why: z.string(), amount: z.int() })),
  payouts: z.array(
    z.object({ endToEndId: z.string(), claim: claimId, amount: z.int(), status: z.string(), account: z.string() }),
  ),
});
/** An approver takes the bank's file: once for each reason. */
export const fileRequest = z.strictObject({ reason });
export const batchListQuery = z.strictObject({ limit, cursor: cursor.optional() });
export const batchPage = z.object({ items: z.array(batchAnswer), next: z.string().optional() });
export const batchParams = z.strictObject({ id: batchId });
export const batchQuery = z.strictObject({ format: z.enum(['json', 'pain.001']).default('json') });
/** Rows as JSON, or a pain.002 report as the bank sends it. */
export const confirmationsRequest = z.union([
  z.strictObject({ items: z.array(z.unknown()).min(1).max(500) }),
  z.strictObject({ pain002: z.string().min(1).max(900_000) }),
]);
export const confirmationRow = confirmation;
export const confirmationsAnswer = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['accepted', 'settled', 'returned', 'unchanged', 'disputed', 'refused']),
      endToEndId: z.string().optional(),
      problem: rowProblem.optional(),
    }),
  ),
});
export const disputeParams = z.strictObject({ endToEndId });
export const disputeRequest = z.strictObject({ reason });
export const disputeAnswer = z.object({ endToEndId: z.string(), resolved: z.boolean() });
