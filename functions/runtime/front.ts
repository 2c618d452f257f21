import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../contracts/problems.ts';
import { config } from './config.ts';

/** The distribution adds it to every request it hands on; a client's own is written over. */
export const ORIGIN_SECRET = 'x-origin-secret';
/** The distribution tells here who called it: the gateway sees only the distribution. */
const VIEWER = 'x-viewer-address';

interface Headers {
  readonly [name: string]: string | undefined;
}

/**
 * Whom a request came from, to be counted by: the address as the distribution tells it, where requests must come through it; otherwise as the gateway saw it.
 * @throws Problem `not-through-front` when it must have come through the distribution and did not
 */
export function addressOf(headers: Headers, seen: string): string {
  const secrets = config.originSecrets();
  if (secrets.length === 0) return networkOf(seen);
  const given = headers[ORIGIN_SECRET] ?? '';
  if (!secrets.some((secret) => same(secret, given))) throw new Problem('not-through-front');
  return networkOf(headers[VIEWER] ?? seen);
}

/** An address of IPv4 as it is; of IPv6 the network of whoever has the line (/64), in which they may take another address for every call. */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = (part = '') => part.split(':').filter((group) => group !== '');
  const [before, after] = [groups(head), groups(tail)];
  const between = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...between, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Compared as hashes, so that the time it takes tells nothing. */
function same(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** What this API adds when it calls itself past the distribution. */
export function ownFront(): Record<string, string> {
  const [secret] = config.originSecrets();
  return secret === undefined ? {} : { [ORIGIN_SECRET]: secret };
}
