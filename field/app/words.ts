import { englishProblems } from '../../console/words/english-problems.ts';
import { type ProblemCode, problems } from '../../functions/contracts/problems.ts';
import { stored } from './stored.ts';

/** A text in both languages, or one that needs none: a name, a number, a day. */
export type Said = string | readonly [chinese: string, english: string];

/** The console's own switch: whoever reads English there reads it here. */
const KEY = 'shouwang.language';
let english = stored(KEY) === 'en';
const listeners = new Set<() => void>();
document.documentElement.lang = english ? 'en' : 'zh-CN';

export function isEnglish(): boolean {
  return english;
}

/** Chinese first, and English by a switch; both stand where they are said. */
export function t(chinese: string, inEnglish: string): string {
  return english ? inEnglish : chinese;
}

export function say(said: Said): string {
  return typeof said === 'string' ? said : said[english ? 1 : 0];
}

/** Both sides of it. */
export function pairOf(said: Said): readonly [string, string] {
  return typeof said === 'string' ? [said, said] : said;
}

/** The word for a code; the code itself when a newer server says one that is not known here. */
export function named(table: Readonly<Record<string, Said>>, code: string): string {
  return say(table[code] ?? code);
}

/** A refusal: the server's own sentence, and in English the one of its code. */
export function saidProblem({ code, detail }: { code: string; detail: string }): Said {
  const known: Readonly<Record<string, string>> = englishProblems;
  return [detail, known[code] ?? detail];
}

/** A refusal as the server would word it, told before anything is sent. */
export function saidHere(code: ProblemCode): Said {
  return saidProblem({ code, detail: problems[code][1] });
}

export function switchLanguage(): void {
  english = !english;
  document.documentElement.lang = english ? 'en' : 'zh-CN';
  try {
    localStorage.setItem(KEY, english ? 'en' : 'zh');
  } catch {
    // Storage that is full keeps it for this time only.
  }
  for (const listener of listeners) listener();
}

/** @returns how to listen no more */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
