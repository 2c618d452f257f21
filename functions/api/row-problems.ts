import { type FieldError, Problem, type ProblemCode, problems } from '../contracts/problems.ts';
import { ConditionFailed } from '../store/table.ts';

/** What a refused row of a batch is answered with. */
export interface RowProblem {
  code: ProblemCode;
  detail: string;
  errors?: readonly FieldError[];
}

export function rowProblem(code: ProblemCode, errors?: readonly FieldError[]): RowProblem {
  return { code, detail: problems[code][1], ...(errors === undefined || errors.length === 0 ? {} : { errors }) };
}

/**
 * When no row of a batch got through, the batch as a whole is a problem: with the rows' common code if they have one, and the
 * outcome of every row beside it.
 */
export function refuseWhenNoneHolds(items: readonly { outcome: string; problem?: RowProblem }[]): void {
  if (items.some((item) => item.outcome !== 'refused')) return;
  const codes = new Set(items.flatMap((item) => (item.problem === undefined ? [] : [item.problem.code])));
  const [only] = codes;
  throw new Problem(codes.size === 1 && only !== undefined ? only : 'all-rows-refused', {
    errors: items.length === 1 ? (items[0]?.problem?.errors ?? []) : [],
    extra: { items },
  });
}

/** The refusal of one row of a batch; the other rows go on. Any other error ends the request. */
export function refusalOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ConditionFailed) return new Problem('conflict');
  throw error;
}
