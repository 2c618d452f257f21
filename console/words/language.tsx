import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { codes } from './codes.ts';
import { dictionary } from './dictionary.ts';

export type Language = 'zh' | 'en';
export type Words = Readonly<Record<keyof typeof dictionary, string>>;
export type CodeTable = keyof typeof codes;

interface Speech {
  language: Language;
  setLanguage: (language: Language) => void;
  /** The console's own words. */
  w: Words;
  /** The word for a code of the contracts; the code itself when a newer server says one that is not known here. */
  of: (table: CodeTable, code: string | null | undefined) => string;
}

const KEY = 'shouwang.language';
const spoken = createContext<Speech | undefined>(undefined);

function wordsIn(language: Language): Words {
  const place = language === 'zh' ? 0 : 1;
  return Object.fromEntries(Object.entries(dictionary).map(([key, pair]) => [key, pair[place]])) as Words;
}

export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem(KEY) === 'en' ? 'en' : 'zh'));
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    localStorage.setItem(KEY, language);
  }, [language]);
  const speech = useMemo<Speech>(() => {
    const place = language === 'zh' ? 0 : 1;
    const of = (table: CodeTable, code: string | null | undefined): string => {
      const known: Readonly<Record<string, readonly [string, string]>> = codes[table];
      return code === null || code === undefined ? '—' : (known[code]?.[place] ?? code);
    };
    return { language, setLanguage, w: wordsIn(language), of };
  }, [language]);
  return <spoken.Provider value={speech}>{children}</spoken.Provider>;
}

export function useWords(): Speech {
  const speech = use(spoken);
  if (speech === undefined) throw new Error('Nothing speaks here.');
  return speech;
}

/** Puts values into a sentence: `{n} 户`. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
