import { withClock } from '../expressions.ts';

/**
 * The expressions of the quarterly screening that are more than a path, each with a unit test (test/workflows).
 * JSONata, between `{%` and `%}`; `$states` and the machine's variables are Step Functions' own.
 */

/** What the opening task is told: the caller's input, and which execution asks. */
export const openingInput = withClock('$states.input', "'execution': $states.context.Execution.Id, ");

/** A batch of villages, for the task of a child. */
export const batchInput = withClock('$states.input');

/** Counts of the map's children; their list is not carried on. */
export const screenedCounts = "{% {'villages': $sum($states.result.villages), 'rows': $sum($states.result.rows)} %}";

/** As above, for the starting of admissions. */
export const startedCounts =
  "{% {'villages': $sum($states.result.villages), 'candidates': $sum($states.result.candidates), 'started': $sum($states.result.started)} %}";

/** As above, for the rules of data quality. */
export const checkedCounts =
  "{% {'villages': $sum($states.result.villages), 'found': $sum($states.result.found), 'corrected': $sum($states.result.corrected)} %}";
