/** The dots that minority names are written with, which keyboards and forms mix: · • ． ・ ‧ and the plain full stop. */
const DOTS = /[·•．・‧.]/g;

/**
 * Whether two spellings are one name: full-width forms are as half-width ones (NFKC), spaces do not count, and every dot between the parts of a
 * minority name is the same dot. Names are kept as they were written; only comparisons see them so.
 */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** A name as comparisons see it; never shown or kept. */
export function comparable(name: string): string {
  return name.replaceAll(DOTS, '·').normalize('NFKC').replaceAll(DOTS, '·').replaceAll(/\s/g, '').toUpperCase();
}
