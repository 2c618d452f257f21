/** A text in both languages, or one that needs none: a name, a receipt, a day. */
export type Said = string | readonly [chinese: string, english: string];

/** The same switch as the console and the field page have. */
const KEY = 'shouwang.language';
let english = false;
try {
  english = localStorage.getItem(KEY) === 'en';
} catch {
  // A web view without storage reads Chinese until it is told otherwise.
}

export function say(said: Said, language: 0 | 1 = english ? 1 : 0): string {
  return typeof said === 'string' ? said : said[language];
}

/** Gives an element its text, and keeps both languages with it: switching loses nothing that was filled in. */
export function put(element: HTMLElement, said: Said): void {
  element.textContent = say(said);
  if (typeof said === 'string') return;
  [element.dataset['zh'], element.dataset['en']] = said;
}

/** Shows the page in the language that was chosen. What is written in the page itself carries its English beside it. */
export function speak(): void {
  document.documentElement.lang = english ? 'en' : 'zh-CN';
  for (const element of document.querySelectorAll<HTMLElement>('[data-en]')) {
    // Of a label only its own words, not the field in it.
    const words = [...element.childNodes].find(({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim() !== '');
    if (words === undefined) continue;
    element.dataset['zh'] ??= words.nodeValue?.trim() ?? '';
    words.nodeValue = (english ? element.dataset['en'] : element.dataset['zh']) ?? '';
  }
  const button = document.getElementById('language');
  if (button !== null) {
    button.textContent = english ? '中文' : 'English';
    button.lang = english ? 'zh-CN' : 'en';
  }
}

export function switchLanguage(): void {
  english = !english;
  try {
    localStorage.setItem(KEY, english ? 'en' : 'zh');
  } catch {
    // For this page only.
  }
  speak();
}
