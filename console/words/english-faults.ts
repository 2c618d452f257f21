import type { Answer } from '../api/client.ts';
import { codes } from './codes.ts';
import { englishProblems } from './english-problems.ts';
import type { Language } from './language.tsx';

/** What is wrong with one field or cell, by its code; the Chinese sentences come with the answers. */
const faults: Readonly<Record<string, string>> = {
  missing: 'This is required.',
  'wrong-type': 'This is of another kind than what belongs here.',
  'unknown-field': 'There is no such field.',
  'too-small': 'Too small or too short.',
  'too-large': 'Too large or too long.',
  malformed: 'Not in the form that is asked for.',
  'not-allowed': 'Not one of what may stand here.',
  'not-text': 'Words belong here.',
  'digits-lost': 'The spreadsheet has rounded this number; enter it as text.',
  'not-money': 'An amount in yuan belongs here, with two decimals at most.',
  'too-precise': 'An amount has two decimals at most.',
  'not-whole': 'A whole number belongs here.',
  'not-a-date': 'A date belongs here, such as 2023-1-5.',
  'not-a-month': 'A month belongs here, such as 2023-01.',
  'formula-error': 'The formula has no result; enter what it should be.',
  'too-long': 'Too long.',
  differs: 'Differs from the row above of the same household or time.',
  'not-for-kind': 'Does not belong to this kind.',
  'person-ambiguous': 'Several people answer to this; give the ID number.',
  'person-not-member': 'Nobody in this household answers to this.',
  'village-missing': 'Which village this is about is not said.',
  'column-untitled': 'This column has content and no heading.',
  'column-twice': 'This column stands there twice.',
  'unknown-column': 'There is no such column; use those of the template.',
  'column-missing': 'A column is missing.',
  'fifteen-digits': 'Numbers of 15 digits are no longer valid; enter the one of 18.',
  shape: 'An ID number has 18 signs: 17 digits, then a digit or X.',
  'birth-date': 'The date of birth in the ID number does not exist, or is later than today.',
  'check-digit': 'The check digit of the ID number does not fit; look for a slip.',
};

/** The sentence of a fault: the server's own in Chinese, by its code in English. */
export function faultSentence({ code, detail }: { code: string; detail: string }, language: Language): string {
  const problems: Readonly<Record<string, string>> = englishProblems;
  return language === 'zh' ? detail : (faults[code.replace(/^id-number-/, '')] ?? problems[code] ?? detail);
}

/** What is missing among a case's measures. */
export function warningSentence(
  { code, risk, due, message }: Answer<'readCase'>['warnings'][number],
  language: Language,
): string {
  if (language === 'zh') return message;
  switch (code) {
    case 'RISK_WITHOUT_MEASURE':
      return `The risk “${risk === undefined ? '' : codes.risk[risk][1]}” has no matching measure yet.`;
    case 'NO_DEVELOPMENT_MEASURE':
      return 'Somebody here can work, and there is no development measure yet.';
    case 'NO_SAFEGUARD_REFERRAL':
      return 'Nobody here can work, and there is no referral to the safeguards yet.';
    case 'MEASURES_OVERDUE':
      return `Measures were to be recorded by ${due ?? ''}; that is over.`;
  }
}
