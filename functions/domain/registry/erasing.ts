import { comparable } from './names.ts';

/** Whose data go from a record, and how far. */
export interface Leaving {
  person: string;
  /** Every name and number they had; texts that say one of them lose it. */
  words: readonly string[];
  /** Nobody else of the record is left to whom its texts, address and telephone belong. */
  whole: boolean;
}

/** Stands where a free text was, or a name in one. */
export const TAKEN_OUT = '（已依法删除）';

/** Fields that somebody wrote in their own words, or that name a paper in theirs. */
const FREE: ReadonlySet<string> = new Set([
  'note',
  'reason',
  'words',
  'text',
  'report',
  'document',
  'evidence',
  'borrower',
  'abandonedBecause',
]);
/** Fields that officials fill in their own words, about things rather than people: a name in one goes out, the rest stays. */
const WORDED: ReadonlySet<string> = new Set([
  ...['trade', 'project', 'employer', 'duty', 'course', 'what', 'purpose', 'giver', 'funder', 'team', 'company'],
  ...['serial', 'certificate', 'to'],
]);
/** What a whole household is reached by. */
const CONTACT: ReadonlySet<string> = new Set(['address', 'phoneCipher', 'phoneMasked', 'contactCipher']);
/** What names somebody, in a record about them. */
const NAMING: ReadonlySet<string> = new Set(['name', 'idCipher', 'idMasked', 'bank', 'accountCipher', 'accountMasked']);

/**
 * A record without a person: what names them is empty; texts lose their names and numbers, or go where nobody else is left to whom they belong. Ids, days, amounts,
 * classes, relations, sex and year of birth stay, since figures are read from them (ADR 23).
 * @param texts false for the register, in which `reason` is a code
 */
export function without(record: unknown, leaving: Leaving, texts = true): unknown {
  return taken(record, undefined, leaving, texts);
}

function taken(value: unknown, field: string | undefined, leaving: Leaving, texts: boolean): unknown {
  if (typeof value === 'string') {
    if (!texts || field === undefined) return value;
    if (FREE.has(field)) return textWithout(value, leaving);
    return WORDED.has(field) ? textWithout(value, { ...leaving, whole: false }) : value;
  }
  if (Array.isArray(value)) return value.map((each) => taken(each, field, leaving, texts));
  if (typeof value !== 'object' || value === null) return value;
  const isTheirs = Object(value).person === leaving.person;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) => {
      if (leaving.whole && CONTACT.has(name)) return [];
      if (isTheirs && NAMING.has(name) && typeof held === 'string') return [[name, '']];
      return [[name, taken(held, name, leaving, texts)]];
    }),
  );
}

function textWithout(text: string, { words, whole }: Leaving): string {
  if (text === '') return text;
  if (whole) return TAKEN_OUT;
  const left = words.filter(isTelling).reduce((rest, word) => rest.replaceAll(word, TAKEN_OUT), text);
  // Spelled otherwise than on the register.
  return isNamedIn(left, words) ? TAKEN_OUT : left;
}

/** A single character is in every sentence. */
function isTelling(word: string): boolean {
  return [...comparable(word)].length > 1;
}

/** Whether one of these words stands in something, however deep and however it is spelled. */
export function isNamedIn(value: unknown, words: readonly string[]): boolean {
  if (typeof value === 'string') {
    const said = comparable(value);
    return words.filter(isTelling).some((word) => said.includes(comparable(word)));
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => isNamedIn(each, words));
}
