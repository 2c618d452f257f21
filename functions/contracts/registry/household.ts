import * as z from 'zod';
import { origin } from '../screening/triage.ts';
import { householdId, householdNumber, isoDate, MOST_MEMBERS, mobilePhone, personId } from '../values.ts';

export const relation = z.enum([
  'head',
  'spouse',
  'child',
  'child-in-law',
  'grandchild',
  'parent',
  'grandparent',
  'sibling',
  'other',
]);

/** 残疾证 as far as it is needed: its number is the holder's ID number and more, and is not kept. */
export const disabilityCertificate = z.strictObject({ grade: z.int().min(1).max(4), issuedOn: isoDate });
export type DisabilityCertificate = z.infer<typeof disabilityCertificate>;

/** A member as stored: the ID number only as ciphertext, and masked (first 6, last 4) for lists. */
export const member = z.strictObject({
  person: personId,
  name: z.string(),
  relation,
  sex: z.enum(['male', 'female']),
  birthYear: z.int(),
  /** AES-256-GCM under the district's data key, base64url. */
  idCipher: z.string(),
  idMasked: z.string(),
  disabilityCertificate: disabilityCertificate.optional(),
});
export type Member = z.infer<typeof member>;

export const payout = z.strictObject({ claim: z.string(), paidOn: isoDate, amount: z.int() });
export type OwnPayout = z.infer<typeof payout>;

/** A case or admission a household carries; only one at a time. */
export interface ActiveCase {
  id: string;
  stage: 'admission' | 'open';
}

/** A registered household as it stands now. */
export interface Household {
  id: string;
  origin: z.infer<typeof origin>;
  status: 'registered' | 'cancelled';
  /** Optimistic lock: every change names the version it was made from. */
  version: number;
  registeredOn: string;
  address?: string;
  phoneCipher?: string;
  phoneMasked?: string;
  members: Member[];
  /** Where it went or came from, when it moved, split or merged. */
  successor?: string;
  predecessor?: string;
  cancelledOn?: string;
  cancelReason?: CancelReason;
  activeCase?: ActiveCase;
  /** Members who died, and when: they are members no more, and may still be on a roster. */
  deceased?: { person: string; on: string }[];
  /** Members who came by a merge: a visit made before it did not meet them, and their own household is gone. */
  absorbed?: string[];
  /** What this system's own claims paid in the last 12 months; triage counts it as income. */
  ownPayouts: OwnPayout[];
}

export const cancelReason = z.enum(['all-deceased', 'moved-away', 'merged', 'duplicate', 'registered-in-error']);
export type CancelReason = z.infer<typeof cancelReason> | 'moved-within-district';

/** A member as registered or added. `idNumber` is cleaned and checked by GB 11643 (domain/people) after this shape holds. */
const newMember = z.strictObject({
  name: z.string().trim().min(1).max(40),
  idNumber: z.string().min(1).max(40),
  relation,
  disabilityCertificate: disabilityCertificate.optional(),
});
export type NewMember = z.infer<typeof newMember>;

const address = z.string().trim().min(1).max(120);
const details = { address: address.optional(), phone: mobilePhone.optional() };

/** A row of an import: one household with all its members; exactly one of them is its head. */
export const importRow = z.strictObject({
  village: z.string().regex(/^\d{12}$/),
  number: householdNumber,
  origin,
  registeredOn: isoDate.optional(),
  ...details,
  members: z.array(newMember).min(1).max(MOST_MEMBERS),
});
export type ImportRow = z.infer<typeof importRow>;

const on = isoDate;
/** A dated event in the life of a household; each makes a new version. */
export const householdChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('birth'), on, member: newMember }),
  z.strictObject({ kind: z.literal('move-in'), on, member: newMember }),
  z.strictObject({ kind: z.literal('death'), on, person: personId }),
  z.strictObject({ kind: z.literal('move-out'), on, person: personId }),
  z.strictObject({
    kind: z.literal('correction'),
    on,
    origin: origin.optional(),
    ...details,
    members: z
      .array(
        z.strictObject({
          person: personId,
          name: z.string().trim().min(1).max(40).optional(),
          relation: relation.optional(),
        }),
      )
      .max(MOST_MEMBERS)
      .optional(),
  }),
  z.strictObject({ kind: z.literal('certificate'), on, person: personId, certificate: disabilityCertificate }),
  z.strictObject({
    kind: z.literal('split'),
    on,
    number: householdNumber,
    persons: z
      .array(personId)
      .min(1)
      .max(MOST_MEMBERS - 1),
    head: personId,
  }),
  z.strictObject({ kind: z.literal('merge'), on, into: householdId, intoVersion: z.int().min(1) }),
  z.strictObject({ kind: z.literal('move'), on, village: z.string().regex(/^\d{12}$/), number: householdNumber }),
  z.strictObject({ kind: z.literal('cancel'), on, reason: cancelReason }),
]);
export type HouseholdChange = z.infer<typeof householdChange>;
