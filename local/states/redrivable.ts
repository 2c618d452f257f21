import type { Service } from './service.ts';
import { integer, optionalInteger, type Row, text } from './store.ts';

/** How long after its end an execution can be redriven, in milliseconds. */
const REDRIVABLE_FOR = 14 * 24 * 3600 * 1000;
/** A history must have room for the redrive and at least one event more. */
const FULL_HISTORY = 24_999;

/** Why an execution cannot be redriven, in the service's words; undefined when it can be. */
export function notRedrivable(service: Service, row: Row): string | undefined {
  const status = text(row, 'status');
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  const machine = text(row, 'machine').replace(/\/.*$/, '');
  if (service.store.get('SELECT 1 AS n FROM machines WHERE arn = ?', machine) === undefined)
    return 'State machine is in DELETING status';
  const last = service.store.get(
    'SELECT coalesce(max(id), 0) AS last FROM events WHERE execution = ?',
    integer(row, 'id'),
  );
  if (last !== undefined && integer(last, 'last') >= FULL_HISTORY) return 'Execution history event limit exceeded';
  const stopped = optionalInteger(row, 'stopped') ?? 0;
  return service.clock.now() - stopped > REDRIVABLE_FOR ? 'Execution redrivable period exceeded' : undefined;
}
