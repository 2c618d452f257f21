import type { Answer } from '../api/client.ts';
import { codes } from './codes.ts';
import { englishProblems } from './english-problems.ts';
import { englishFaults } from './fault-words.ts';
import type { Language } from './language.tsx';

/** The sentence of a fault: the server's own in Chinese, by its code in English. */
export function faultSentence({ code, detail }: { code: string; detail: string }, language: Language): string {
  const problems: Readonly<Record<string, string>> = englishProblems;
  return language === 'zh' ? detail : (englishFaults[code.replace(/^id-number-/, '')] ?? problems[code] ?? detail);
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
