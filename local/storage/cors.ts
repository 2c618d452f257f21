import type { IncomingMessage } from 'node:http';
import type { CorsRule } from '../template/kinds-storage.ts';
import { StorageError } from './error.ts';

/** Whether a request is a browser asking beforehand. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Headers with which a browser gives an answer to the page that asked; none when no rule of the bucket lets it. */
export function corsHeaders(
  rules: readonly CorsRule[],
  { method = '', headers }: IncomingMessage,
): Record<string, string> {
  const { origin } = headers;
  const rule = rules.find((each) => origin !== undefined && allows(each, origin, method, []));
  return rule === undefined || origin === undefined ? {} : answerOf(rule, origin);
}

/** @throws StorageError AccessForbidden when no rule lets the page ask so */
export function preflightHeaders(rules: readonly CorsRule[], { headers }: IncomingMessage): Record<string, string> {
  const {
    origin = '',
    'access-control-request-method': method = '',
    'access-control-request-headers': asked,
  } = headers;
  if (rules.length === 0)
    throw new StorageError('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.', 403);
  const wanted = asked === undefined ? [] : asked.split(',').map((each) => each.trim().toLowerCase());
  const rule = rules.find((each) => allows(each, origin, method, wanted));
  if (rule === undefined) {
    const reason =
      'This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or';
    throw new StorageError(
      'AccessForbidden',
      `CORSResponse: ${reason} Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.`,
      403,
    );
  }
  return {
    ...answerOf(rule, origin),
    ...(asked === undefined ? {} : { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.MaxAge === undefined ? {} : { 'access-control-max-age': String(rule.MaxAge) }),
  };
}

function answerOf(rule: CorsRule, origin: string): Record<string, string> {
  const anybody = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anybody ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(anybody ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(rule.ExposedHeaders.length === 0 ? {} : { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function allows(rule: CorsRule, origin: string, method: string, headers: readonly string[]): boolean {
  return (
    rule.AllowedMethods.some((each) => each === method) &&
    rule.AllowedOrigins.some((each) => matches(each, origin)) &&
    headers.every((header) => rule.AllowedHeaders.some((each) => matches(each.toLowerCase(), header)))
  );
}

/** A `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[\\^$.|+()[\]{}?]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}
