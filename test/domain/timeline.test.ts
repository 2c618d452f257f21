import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainLink, caseEventKind, chainLink } from '../../functions/contracts/timeline.ts';
import { anchorOf, digestOf, type EventBody, nextLink, verifyChain } from '../../functions/domain/timeline.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const anchor = anchorOf('case-0000000000000001', sha256);

function chain(bodies: readonly EventBody[], from = anchor): ChainLink[] {
  const links: ChainLink[] = [];
  for (const [n, body] of bodies.entries()) {
    const kind = caseEventKind.options[n % caseEventKind.options.length] ?? 'case-opened';
    const at = new Date(Date.UTC(2023, 9, 11, n)).toISOString();
    links.push(nextLink(links.at(-1), { anchor: from, at, kind, digest: digestOf(body, sha256) }, sha256));
  }
  return links;
}
const bodies: EventBody[] = [1, 2, 3, 4].map((n) => ({ salt: `salt-${n}`, body: { step: 'home-verification', n } }));
const links = chain(bodies);
const kept = new Map(bodies.map((body, n) => [n + 1, body]));
const changed = (n: number, change: Partial<ChainLink>) =>
  links.map((link, place) => (place === n ? { ...link, ...change } : link));

describe('a case’s timeline', () => {
  it('holds, with its bodies or after they were erased', () => {
    for (const link of links) expect(chainLink.parse(link)).toEqual(link);
    expect(verifyChain(links, { anchor, ...headOf(links), bodies: kept }, sha256)).toBeUndefined();
    const erased = new Map([...kept].filter(([sequence]) => sequence !== 2));
    expect(verifyChain(links, { anchor, ...headOf(links), bodies: erased }, sha256)).toBeUndefined();
    expect(verifyChain([], { anchor }, sha256)).toBeUndefined();
  });

  it.each([
    ['a changed time', changed(1, { at: '2024-01-01T00:00:00.000Z' }), { sequence: 2, fault: 'hash' }],
    ['a changed kind', changed(2, { kind: 'case-closed' }), { sequence: 3, fault: 'hash' }],
    [
      'a changed digest',
      changed(1, { digest: digestOf({ salt: 'x', body: 1 }, sha256) }),
      { sequence: 2, fault: 'hash' },
    ],
    ['a link left out', links.filter((_, n) => n !== 1), { sequence: 2, fault: 'sequence' }],
    [
      'two links swapped',
      [links[1], links[0], links[2], links[3]].filter((link) => link !== undefined),
      { sequence: 1, fault: 'sequence' },
    ],
    ['the end cut off', links.slice(0, 2), { sequence: 3, fault: 'missing' }],
    ['everything gone', [], { sequence: 1, fault: 'missing' }],
    [
      'another case’s chain',
      chain(bodies, anchorOf('case-0000000000000002', sha256)),
      { sequence: 1, fault: 'previous' },
    ],
    [
      'the whole chain written anew',
      chain(bodies.map(({ body }) => ({ salt: 'new', body }))),
      { sequence: 4, fault: 'hash' },
    ],
    ['one link too many', chain([...bodies, { salt: 's', body: 5 }]), { sequence: 5, fault: 'sequence' }],
  ])('%s is found', (_, broken, fault) => {
    expect(verifyChain(broken, { anchor, ...headOf(links) }, sha256)).toEqual(fault);
  });

  it('a body that was changed no longer fits its digest', () => {
    const tampered = new Map(kept).set(3, { salt: 'salt-3', body: { step: 'home-verification', n: 30 } });
    expect(verifyChain(links, { anchor, bodies: tampered }, sha256)).toEqual({ sequence: 3, fault: 'digest' });
  });

  it('a body of what is never erased must be there', () => {
    const erased = new Map([...kept].filter(([sequence]) => sequence !== 2));
    const mustStay = (kind: string) => kind === links[1]?.kind;
    const expected = { anchor, ...headOf(links), mustStay };
    expect(verifyChain(links, { ...expected, bodies: erased }, sha256)).toEqual({ sequence: 2, fault: 'body' });
    expect(verifyChain(links, { ...expected, bodies: kept }, sha256)).toBeUndefined();
  });

  it('every witness must be met, the older ones too', () => {
    const witnessed = (...seen: number[]) =>
      seen.map((n) => headOf(links.slice(0, n)).head ?? { sequence: 0, hash: '' });
    const anew = chain(bodies.map(({ body }) => ({ salt: 'new', body })));
    const forged = { anchor, ...headOf(anew), witnesses: headOf(anew.slice(0, 4)).head ? anew.slice(3) : [] };
    expect(verifyChain(anew, forged, sha256)).toBeUndefined();
    expect(verifyChain(anew, { ...forged, witnesses: [...witnessed(2), ...forged.witnesses] }, sha256)).toEqual({
      sequence: 2,
      fault: 'witness',
    });
    expect(verifyChain(links, { anchor, ...headOf(links), witnesses: witnessed(1, 2, 4) }, sha256)).toBeUndefined();
  });

  it('a chain that ends before what was witnessed is cut off, though its head went with it', () => {
    const cut = links.slice(0, 2);
    const witnesses = links.slice(3);
    const found = { sequence: 3, fault: 'missing' };
    expect(verifyChain(cut, { anchor, ...headOf(cut), witnesses }, sha256)).toEqual(found);
    expect(verifyChain(cut, { anchor, witnesses }, sha256)).toEqual(found);
    expect(verifyChain([], { anchor, witnesses }, sha256)).toEqual({ sequence: 1, fault: 'missing' });
  });

  it('digests and anchors stay what they were: chains of every release are kept', () => {
    const written = [
      { salt: 's', body: { b: [1, { d: null, c: 'x' }], a: true, gone: undefined } },
      { salt: 's', body: [[1], [2]] },
      { salt: 's', body: [[1, 2]] },
      { salt: 's', body: { 0: [1], 1: [2] } },
      { salt: 's', body: undefined },
    ].map((body) => digestOf(body, (text) => text));
    expect(written).toEqual([
      '["s","{\\"a\\":true,\\"b\\":[1,{\\"c\\":\\"x\\",\\"d\\":null}]}"]',
      '["s","[[1],[2]]"]',
      '["s","[[1,2]]"]',
      '["s","{\\"0\\":[1],\\"1\\":[2]}"]',
      '["s","null"]',
    ]);
    expect(anchorOf('case-0000000000000001', (text) => text)).toBe('["case-timeline","case-0000000000000001"]');
  });

  it('the digest does not depend on the order of fields, and on everything else', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (salt, body) => {
        const reversed = Object.fromEntries(Object.entries(body).reverse());
        expect(digestOf({ salt, body: reversed }, sha256)).toBe(digestOf({ salt, body }, sha256));
        expect(digestOf({ salt: `${salt}x`, body }, sha256)).not.toBe(digestOf({ salt, body }, sha256));
        expect(digestOf({ salt, body: { ...body, added: 1, '': undefined } }, sha256)).not.toBe(
          digestOf({ salt, body }, sha256),
        );
      }),
    );
  });

  it('names the first broken link, whatever link and field was touched', () => {
    const fields = fc.constantFrom<keyof ChainLink>('sequence', 'at', 'digest', 'previous', 'hash');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(11), fields, (length, touched, field) => {
        const whole = chain(Array.from({ length }, (_, n) => ({ salt: `s${n}`, body: n })));
        const place = touched % length;
        const broken = whole.map((link, n) =>
          n === place ? { ...link, [field]: field === 'sequence' ? 99 : `${link[field]}x` } : link,
        );
        expect(verifyChain(broken, { anchor, ...headOf(whole) }, sha256)?.sequence).toBe(place + 1);
        expect(verifyChain(whole, { anchor, ...headOf(whole) }, sha256)).toBeUndefined();
      }),
    );
  });
});

function headOf(all: readonly ChainLink[]): { head?: ChainLink } {
  const head = all.at(-1);
  return head === undefined ? {} : { head };
}
