/** The dots that minority names are written with, which keyboards and forms mix: · • ． ・ ‧ and the plain full stop. */
const DOTS = /[·•．・‧.]/g;

/**
 * Whether two spellings are one name: full-width forms are as half-width ones (NFKC), spaces do not count, and every dot between the parts of a
 * minority name is the same dot. Names are stored as they were written; only comparisons normalise them.
 */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** A name normalised for comparison; never shown or stored. */
export function comparable(name: string): string {
  return name.replaceAll(DOTS, '·').normalize('NFKC').replaceAll(DOTS, '·').replaceAll(/\s/g, '').toUpperCase();
}
