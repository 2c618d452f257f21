import { UNSEEN } from '../../contracts/plain-number.ts';

/** The dots that minority names are written with, which keyboards and forms mix: · • ． ・ ‧ and the plain full stop. */
const DOTS = /[·•．・‧.]/g;

/**
 * Whether two spellings are one name: full-width forms are as half-width ones (NFKC), spaces and characters that nobody sees do not count (a paste from a
 * chat brings them along), and every dot between the parts of a minority name is the same dot. Names are stored as they were written; only comparisons
 * normalise them.
 */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** A name normalised for comparison; never shown or stored. */
export function comparable(name: string): string {
  return name.replace(DOTS, '·').normalize('NFKC').replace(DOTS, '·').replace(UNSEEN, '').toUpperCase();
}
