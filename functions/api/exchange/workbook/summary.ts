import type * as z from 'zod';
import type { ImportKind, importAnswer, RowOutcome } from '../../../contracts/exchange/exchange-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import type { Worksheet } from '../../../domain/exchange/cells.ts';
import type { Fault } from '../../../domain/exchange/kind.ts';
import type { Outcome } from '../../../domain/exchange/outcomes.ts';
import type { Table } from '../../../domain/exchange/reading.ts';
import { isProblemCode } from './caller-api.ts';
import { letters } from './write.ts';

interface Imported {
  kind: ImportKind;
  worksheet: Worksheet;
  table: Table;
  outcomes: readonly Outcome[];
}

/** What became of a table, row by row; and when nothing of it was taken in, the problem that is. */
export function summaryOf({ kind, worksheet, table, outcomes }: Imported): {
  answer: z.infer<typeof importAnswer>;
  refusal: Problem | undefined;
} {
  const counts: Partial<Record<RowOutcome, number>> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const items = outcomes.map(({ draft, outcome, problem }) => ({
    rows: draft.rows.map((row) => row + 1),
    outcome,
    ...(problem === undefined ? {} : { problem: { ...problem, errors: problem.errors.map(cellFault) } }),
  }));
  const answer = { kind, sheet: worksheet.name, items, counts, passed: [...table.passed] };
  return { answer, refusal: refusalOf(table, outcomes, { items, counts }) };
}

/** With the rows' common code if they have one, as the routes behind do. */
function refusalOf(table: Table, outcomes: readonly Outcome[], extra: Record<string, unknown>): Problem | undefined {
  if (table.faults.length > 0) {
    const faults = [...table.faults, ...outcomes.flatMap(({ draft }) => draft.faults)];
    return new Problem('sheet-columns', {
      errors: faults.map(({ spot, code, detail }) => ({ pointer: cellOf(spot), code, detail })),
      extra,
    });
  }
  if (outcomes.some(({ outcome }) => outcome !== 'refused' && outcome !== 'not-sent' && outcome !== 'unanswered'))
    return undefined;
  if (outcomes.some(({ outcome }) => outcome !== 'refused')) return new Problem('unavailable', { extra });
  const codes = new Set(outcomes.flatMap(({ problem }) => problem?.code ?? []));
  const [only] = codes;
  return new Problem(codes.size === 1 && only !== undefined && isProblemCode(only) ? only : 'all-rows-refused', {
    extra,
  });
}

function cellFault({ spot, code, detail }: Fault): { cell: string; code: string; detail: string } {
  return { cell: cellOf(spot), code, detail };
}

/** A cell as the spreadsheet names it. */
function cellOf({ row, column }: Fault['spot']): string {
  return `${letters(column)}${row + 1}`;
}
