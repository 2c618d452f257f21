import * as z from 'zod';
import { MOST_ENTRIES } from '../../../contracts/assistance/ledger-http.ts';
import { MOST_CASES } from '../../../contracts/cases/imports-http.ts';
import {
  type ImportKind,
  type ImportQuery,
  type RowOutcome,
  rowOutcome,
} from '../../../contracts/exchange/exchange-http.ts';
import { rowProblem } from '../../../contracts/http.ts';
import { MOST_BILLS, MOST_ROSTER_ROWS } from '../../../contracts/insurance/insurance-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { MOST_IMPORT_ROWS } from '../../../contracts/registry/households-http.ts';
import { MOST_VISITS } from '../../../contracts/screening/visits-http.ts';
import { money } from '../../../domain/exchange/cells.ts';
import { type Draft, type Kind, textAt } from '../../../domain/exchange/kind.ts';
import { nested } from '../../../domain/exchange/nested.ts';
import { type Outcome, rowSpot, spotOf } from '../../../domain/exchange/outcomes.ts';
import { type Answered, type CallerApi, call, type Refusal, refusalOf } from './caller-api.ts';

/** The route behind a table. */
interface Target {
  path: (query: Pick<ImportQuery, 'round' | 'policy'>) => string;
  /** Rows of one request. */
  most: number;
  /** The list of rows in the request; a route without one takes a single row as its body. */
  list?: string;
  /** What the rows of a request have in common, and its name in the request. */
  common?: { name: string; of: (draft: Draft) => string };
  /** Of a route that takes single rows: what its answer means. */
  single?: (status: number) => RowOutcome;
}

export const targets: Readonly<Record<ImportKind, Target>> = {
  households: { path: () => '/v1/households:import', most: MOST_IMPORT_ROWS, list: 'rows' },
  visits: {
    path: ({ round = '' }) => `/v1/rounds/${round}/visits`,
    most: MOST_VISITS,
    list: 'visits',
    common: { name: 'village', of: (draft) => (textAt(draft, 'household') ?? '').slice(0, 12) },
  },
  cases: { path: () => '/v1/imports/cases', most: MOST_CASES, list: 'rows' },
  claims: { path: () => '/v1/claims', most: 1, single: (status) => (status === 201 ? 'reported' : 'known') },
  'hospital-bills': {
    path: () => '/v1/claim-reports/hospital',
    most: MOST_BILLS,
    list: 'rows',
    common: { name: 'hospital', of: (draft) => textAt(draft, 'hospital') ?? '' },
  },
  ledger: { path: () => '/v1/ledger', most: MOST_ENTRIES, list: 'rows' },
  roster: { path: ({ policy = '' }) => `/v1/policies/${policy}/roster`, most: MOST_ROSTER_ROWS, list: 'rows' },
};

/** Below the megabyte a request may hold. */
const LARGEST_REQUEST = 900_000;

interface Batch {
  drafts: Draft[];
  rows: string[];
  size: number;
  common: string;
}

/**
 * Sends the drafts in requests as large as the route takes, one after the other. When one is not answered the rest is not sent: what was taken in is told as
 * such, and the whole file may be sent again, because the routes take nothing in twice.
 * @throws Problem role-not-allowed, when the caller may not use the route at all
 */
export async function send(
  api: CallerApi,
  kind: Kind,
  target: Target,
  drafts: readonly Draft[],
  query: Pick<ImportQuery, 'round' | 'policy' | 'check'>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let stopped = false;
  for (const batch of batched(target, drafts)) {
    const answered: Answered | undefined = stopped
      ? undefined
      : await call(api, target.path(query), requestOf(target, batch, query.check === 'true'));
    const refusal = answered === undefined || answered.status < 400 ? undefined : refusalOf(answered);
    if (refusal?.code === 'role-not-allowed') throw new Problem('role-not-allowed');
    if (answered === undefined || answered.status === 429) {
      const outcome = stopped || answered !== undefined ? 'not-sent' : 'unanswered';
      outcomes.push(...batch.drafts.map((draft): Outcome => ({ draft, outcome })));
      stopped = true;
    } else outcomes.push(...told(kind, target, batch, answered, refusal));
  }
  return outcomes;
}

function batched({ most, common }: Target, drafts: readonly Draft[]): Batch[] {
  const batches: Batch[] = [];
  const open = new Map<string, Batch>();
  for (const draft of drafts) {
    const key = common?.of(draft) ?? '';
    const values = new Map(draft.values);
    if (common !== undefined) values.delete(common.name);
    const row = JSON.stringify(nested(values));
    const size = Buffer.byteLength(row);
    let batch = open.get(key);
    if (batch === undefined || batch.drafts.length === most || batch.size + size > LARGEST_REQUEST) {
      batch = { drafts: [], rows: [], size: 0, common: key };
      batches.push(batch);
      open.set(key, batch);
    }
    batch.drafts.push(draft);
    batch.rows.push(row);
    batch.size += size;
  }
  return batches;
}

function requestOf({ list, common }: Target, batch: Batch, check: boolean): string {
  const [single = '{}'] = batch.rows;
  if (list === undefined) return check ? single.replace('{', '{"check":true,') : single;
  const shared = common === undefined ? '' : `${JSON.stringify(common.name)}:${JSON.stringify(batch.common)},`;
  return `{${shared}${check ? '"check":true,' : ''}${JSON.stringify(list)}:[${batch.rows.join(',')}]}`;
}

const answer = z.object({
  items: z.array(z.object({ row: z.int(), outcome: rowOutcome, problem: rowProblem.optional() })),
});

/** The answer's outcome of each row, its faults at the cells they came from. */
function told(kind: Kind, target: Target, batch: Batch, answered: Answered, refusal: Refusal | undefined): Outcome[] {
  const items = answer.safeParse(answered.body);
  return batch.drafts.map((draft, row): Outcome => {
    const item = items.success ? items.data.items.find((each) => each.row === row) : undefined;
    if (item !== undefined && item.problem === undefined) return { draft, outcome: item.outcome };
    const problem = item?.problem ?? refusal;
    if (problem === undefined) return { draft, outcome: target.single?.(answered.status) ?? 'unanswered' };
    const errors = (problem.errors ?? []).map(({ pointer, code, detail }) => {
      const path = pathIn(target, pointer);
      return { spot: spotOf(kind, draft, path), code, detail: inWords(kind, path, code) ?? detail };
    });
    // A refusal that names no cell is shown at the one that names the row.
    const shown =
      errors.length > 0
        ? errors
        : [{ spot: rowSpot(kind, draft, problem.code), code: problem.code, detail: problem.detail }];
    return { draft, outcome: 'refused', problem: { code: problem.code, detail: problem.detail, errors: shown } };
  });
}

/** What may be filled in, in the words of the column; the API knows only its codes, and counts in fen what the column holds in yuan. */
function inWords({ columns }: Kind, path: string, code: string): string | undefined {
  const field = path.replaceAll(/(?<=^|\/)\d+(?=\/|$)/g, '*');
  const column = columns.find((one) => one.field === field);
  if (code === 'not-allowed' && column?.words !== undefined) return `只能填写：${column.words.join('、')}。`;
  if (column?.parse !== money) return undefined;
  if (code === 'too-small') return '金额过小，请核对；单位为元。';
  return code === 'too-large' ? '金额过大，请核对；单位为元。' : undefined;
}

/** The path within its row that a JSON pointer into the request names. */
function pathIn({ list }: Target, pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return (list !== undefined && steps[0] === list ? steps.slice(2) : steps).join('/');
}
