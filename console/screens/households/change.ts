import type {
  CancelReason,
  DisabilityCertificate,
  HouseholdChange,
  NewMember,
} from '../../../functions/contracts/registry/household.ts';
import type { HouseholdView } from '../../../functions/contracts/registry/households-http.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import { householdIdOf, villageOf } from '../../../functions/contracts/values.ts';

const ofMembers = ['birth', 'move-in', 'death', 'move-out', 'certificate', 'correction'] as const;
const ending = ['split', 'merge', 'move', 'cancel'] as const;
export type ChangeKind = (typeof ofMembers)[number] | (typeof ending)[number];

/** What a form may offer: what takes a household apart or off the register is an officer's to record. */
export function kindsFor(role: Role): readonly ChangeKind[] {
  return role === 'village-worker' ? ofMembers : [...ofMembers, ...ending];
}

/** The form's fields; which of them are filled depends on the kind. */
export interface ChangeFields {
  kind: ChangeKind;
  on: string;
  name?: string;
  idNumber?: string;
  relation?: NewMember['relation'];
  person?: string;
  address?: string;
  phone?: string;
  reason?: Exclude<CancelReason, 'moved-within-district'>;
  number?: string;
  persons?: string[];
  head?: string;
  into?: string;
  village?: string;
  grade?: DisabilityCertificate['grade'];
  issuedOn?: string;
}

/** @param other the household that is joined, as the person saw it in the preview */
export function changeOf(fields: ChangeFields, other: HouseholdView | undefined): HouseholdChange {
  const { kind, on, person = '', number = '', address, phone } = fields;
  switch (kind) {
    case 'birth':
    case 'move-in': {
      const { name = '', idNumber = '', relation = 'other' } = fields;
      return { kind, on, member: { name, idNumber, relation } };
    }
    case 'death':
    case 'move-out':
      return { kind, on, person };
    case 'certificate':
      return { kind, on, person, certificate: { grade: fields.grade ?? 4, issuedOn: fields.issuedOn ?? on } };
    case 'correction':
      return {
        kind,
        on,
        ...(address === undefined || address === '' ? {} : { address }),
        ...(phone === undefined || phone === '' ? {} : { phone }),
      };
    case 'split':
      return { kind, on, number, persons: fields.persons ?? [], head: fields.head ?? '' };
    case 'merge':
      return { kind, on, into: fields.into ?? '', intoVersion: other?.version ?? 1 };
    case 'move':
      return { kind, on, village: fields.village ?? '', number };
    case 'cancel':
      return { kind, on, reason: fields.reason ?? 'registered-in-error' };
  }
}

/** Who would live where: `members` of this household, null when it leaves the register; and of the other household it concerns. */
export interface ChangePreview {
  members: readonly string[] | null;
  address: string;
  related?: { id: string; members: readonly string[] };
}

export function previewOf(
  household: HouseholdView,
  fields: ChangeFields,
  other: HouseholdView | undefined,
): ChangePreview {
  const all = household.members.map(({ name }) => name);
  const stands = { members: all, address: fields.address || household.address || '' };
  const without = (persons: readonly string[]): string[] =>
    household.members.filter(({ person }) => !persons.includes(person)).map(({ name }) => name);
  switch (fields.kind) {
    case 'birth':
    case 'move-in':
      return { ...stands, members: [...all, fields.name ?? ''] };
    case 'death':
    case 'move-out':
      return { ...stands, members: without([fields.person ?? '']) };
    case 'certificate':
    case 'correction':
      return stands;
    case 'cancel':
      return { ...stands, members: null };
    case 'split': {
      const persons = fields.persons ?? [];
      const leaving = household.members.filter(({ person }) => persons.includes(person));
      // The head stands first, as on the register.
      const sorted = leaving.toSorted((a, b) => Number(b.person === fields.head) - Number(a.person === fields.head));
      return {
        ...stands,
        members: without(persons),
        related: {
          id: householdIdOf(villageOf(household.id), fields.number ?? ''),
          members: sorted.map(({ name }) => name),
        },
      };
    }
    case 'merge':
      return {
        ...stands,
        members: null,
        related: { id: fields.into ?? '', members: [...(other?.members.map(({ name }) => name) ?? []), ...all] },
      };
    case 'move':
      return {
        ...stands,
        members: null,
        related: { id: householdIdOf(fields.village ?? '', fields.number ?? ''), members: all },
      };
  }
}
