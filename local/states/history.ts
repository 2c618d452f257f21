import { executionRow } from './executions.ts';
import { isJsonObject, type JsonObject, parseJson } from './json.ts';
import { pageToken, type Request } from './request.ts';
import type { Service } from './service.ts';
import { integer, optionalText, text } from './store.ts';

const DATA = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'assignedVariables',
  'assignedVariablesDetails',
]);

export function getExecutionHistory(service: Service, request: Request): JsonObject {
  const row = executionRow(service, request.arn('executionArn', ['execution']));
  const isReverse = request.boolean('reverseOrder') === true;
  const hasData = request.boolean('includeExecutionData') !== false;
  const { limit, after } = request.page();
  const id = integer(row, 'id');
  // The token is the id of the last event told: new events of a running execution then come where they belong.
  const rows = isReverse
    ? service.store.all(
        'SELECT * FROM events WHERE execution = ?1 AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3',
        id,
        after,
        limit + 1,
      )
    : service.store.all(
        'SELECT * FROM events WHERE execution = ?1 AND id > ?2 ORDER BY id LIMIT ?3',
        id,
        after,
        limit + 1,
      );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    events: shown.map((event) => {
      const type = text(event, 'type');
      const details = optionalText(event, 'details');
      return {
        timestamp: integer(event, 'at') / 1000,
        type,
        id: integer(event, 'id'),
        previousEventId: integer(event, 'previous'),
        ...(details !== undefined && { [detailsName(type)]: detailsOf(details, hasData) }),
      };
    }),
    ...(rows.length > limit && last !== undefined && { nextToken: pageToken(integer(last, 'id')) }),
  };
}

function detailsOf(body: string, hasData: boolean): JsonObject {
  const details = parseJson(body);
  if (!isJsonObject(details)) return {};
  return hasData ? details : Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.has(name)));
}

/** `TaskStateEntered` and its kin share one shape; other events have one of their own. */
function detailsName(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.slice(0, 1).toLowerCase()}${type.slice(1)}EventDetails`;
}
