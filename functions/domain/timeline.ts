import type { ChainLink } from '../contracts/timeline.ts';

/** A cryptographic hash of a text, as text (SHA-256 in the functions). Passed in, because domain imports no crypto module. */
export type Hash = (text: string) => string;

/** The body of a link, stored beside the chain with its salt. When it is erased to protect a person, its digest stays. */
export interface EventBody {
  salt: string;
  body: unknown;
}

/** The anchor of a case's chain. It holds the case's id, so that a chain cannot be passed off as another case's. */
export function anchorOf(caseId: string, hash: Hash): string {
  return hash(JSON.stringify(['case-timeline', caseId]));
}

/** Digest of a salted body, independent of the order of its fields. Without the salt, short texts could be guessed from it. */
export function digestOf({ salt, body }: EventBody, hash: Hash): string {
  return hash(JSON.stringify([salt, canonical(body)]));
}

/**
 * The next link: a hash over the previous one, its sequence, time, kind and digest.
 * @param last the newest link; undefined for the first of the case, which hangs on the anchor
 */
export function nextLink(
  last: Pick<ChainLink, 'sequence' | 'hash'> | undefined,
  event: { anchor: string; at: string; kind: string; digest: string },
  hash: Hash,
): ChainLink {
  const { at, kind, digest } = event;
  const sequence = (last?.sequence ?? 0) + 1;
  const previous = last?.hash ?? event.anchor;
  return { sequence, at, kind, digest, previous, hash: hash(JSON.stringify([previous, sequence, at, kind, digest])) };
}

/**
 * `missing`: the chain ends before its head. `witness`: it holds, and is not the one that was witnessed. `body`: what the link is about is gone, and is of a kind that
 * is never erased. The others say which field of the link was not what the chain made it.
 */
export interface BrokenLink {
  sequence: number;
  fault: 'sequence' | 'previous' | 'hash' | 'digest' | 'body' | 'missing' | 'witness';
}

/**
 * The first broken link of a case's timeline, or undefined when it holds. Links are given in order.
 * @param head the newest link as the case remembers it; without it, links cut off the end go unnoticed
 * @param bodies by sequence, those not erased
 * @param mustStay of which kinds of events the body is never erased
 * @param witnesses how far it once was, as others remember: a chain cut or written anew together with its head is found by any of them
 */
export function verifyChain(
  links: readonly ChainLink[],
  expected: {
    anchor: string;
    head?: Pick<ChainLink, 'sequence' | 'hash'>;
    bodies?: ReadonlyMap<number, EventBody>;
    mustStay?: (kind: string) => boolean;
    witnesses?: readonly Pick<ChainLink, 'sequence' | 'hash'>[];
  },
  hash: Hash,
): BrokenLink | undefined {
  const { anchor, head, bodies, mustStay, witnesses = [] } = expected;
  let last: ChainLink | undefined;
  for (const link of links) {
    const right = nextLink(last, { ...link, anchor }, hash);
    const { sequence } = right;
    if (link.sequence !== sequence) return { sequence, fault: 'sequence' };
    if (link.previous !== right.previous) return { sequence, fault: 'previous' };
    if (link.hash !== right.hash) return { sequence, fault: 'hash' };
    const body = bodies?.get(sequence);
    if (body === undefined && mustStay?.(link.kind) === true) return { sequence, fault: 'body' };
    if (body !== undefined && digestOf(body, hash) !== link.digest) return { sequence, fault: 'digest' };
    last = link;
  }
  const reached = last?.sequence ?? 0;
  for (const witness of witnesses) {
    if (reached < witness.sequence) return { sequence: reached + 1, fault: 'missing' };
    if (links[witness.sequence - 1]?.hash !== witness.hash) return { sequence: witness.sequence, fault: 'witness' };
  }
  if (head === undefined) return undefined;
  if (reached < head.sequence) return { sequence: reached + 1, fault: 'missing' };
  // No link may follow the head either: both are written in one transaction.
  if (reached > head.sequence) return { sequence: head.sequence + 1, fault: 'sequence' };
  return head.hash === (last?.hash ?? anchor) ? undefined : { sequence: reached, fault: 'hash' };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join()}}`;
}
