import * as caseColumns from '../../functions/domain/exchange/case-columns.ts';
import type { Words } from '../../functions/domain/exchange/column-labels.ts';
import * as columnLabels from '../../functions/domain/exchange/column-labels.ts';
import { kinds } from '../../functions/domain/exchange/kinds.ts';
import * as ledgerColumns from '../../functions/domain/exchange/ledger-columns.ts';
import { ledgerOut } from '../../functions/domain/exchange/ledger-export.ts';
import { casesOut, claimsOut, householdsOut, visitsOut } from '../../functions/domain/exchange/table-exports.ts';

/** What officials' own files are written in: headings and words that are read, and headings that are written. */
export interface Tables {
  read: Record<
    string,
    {
      columns: Record<string, { headings: string[]; required: boolean }>;
      /** Headings that are ignored. */
      shown: string[];
      /** Fields that bring rows together, and the cells that are marked for a path or a code of the API. */
      group: string[];
      told: Record<string, string>;
      blamed: Record<string, string>;
    }
  >;
  words: Record<string, Record<string, string[]>>;
  written: Record<string, string[]>;
}

const EMPTY = { names: { town: () => '', village: () => '' }, households: new Map() };

/** Every list of words by the name it is exported by. */
export const wordLists: Readonly<Record<string, Words>> = Object.fromEntries(
  Object.entries({ ...columnLabels, ...caseColumns, ...ledgerColumns }).filter(
    (entry): entry is [string, Words] => entry[0].endsWith('Words') && typeof entry[1] === 'object',
  ),
);

/** As they are now; `record.ts` keeps them with each release. */
export function tablesNow(): Tables {
  return {
    read: Object.fromEntries(
      Object.entries(kinds).map(([kind, { columns, shown, group = [], told = {}, blamed = {} }]) => [
        kind,
        {
          columns: Object.fromEntries(
            columns.map(({ field, title, aliases = [], required }) => [
              field,
              { headings: [title, ...aliases], required: required === true },
            ]),
          ),
          shown: [...shown],
          group: [...group],
          told: { ...told },
          blamed: { ...blamed },
        },
      ]),
    ),
    words: Object.fromEntries(
      Object.entries(wordLists).map(([name, words]) => [
        name,
        Object.fromEntries(Object.entries(words).map(([code, known]) => [code, [...known]])),
      ]),
    ),
    written: Object.fromEntries(
      [
        householdsOut(EMPTY),
        visitsOut(EMPTY, '2023Q4', []),
        casesOut(EMPTY, []),
        claimsOut(EMPTY, []),
        ledgerOut(EMPTY, []),
      ].map(({ name, rows }) => [name, (rows[0] ?? []).map(String)]),
    ),
  };
}
