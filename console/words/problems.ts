import type { Refused } from '../api/client.ts';
import { faultSentence } from './english-faults.ts';
import { englishProblems } from './english-problems.ts';
import type { Language } from './language.tsx';

/** The sentence of a refusal: the server's own in Chinese, by its code in English. */
export function problemSentence(
  { code, detail, errors }: Pick<Refused, 'code' | 'detail' | 'errors'>,
  language: Language,
): string {
  const english: Readonly<Record<string, string>> = englishProblems;
  const sentence = language === 'zh' ? detail : (english[code] ?? detail);
  const [first] = errors;
  if (first === undefined) return sentence;
  return language === 'zh' ? `${sentence}（${first.detail}）` : `${sentence} (${faultSentence(first, language)})`;
}
