import type { Refused } from '../api/client.ts';
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
  return first === undefined || language === 'en' ? sentence : `${sentence}（${first.detail}）`;
}
