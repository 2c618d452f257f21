import { comparable } from './names.ts';

/** Before a part that must stand at the beginning of a name; in no name. */
const BEGINNING = '^';

/**
 * The parts by which a name is found: its first character, which for most is the surname, and every two that stand side by side. A name of three has three.
 */
export function partsOfName(name: string): string[] {
  const characters = [...comparable(name)];
  return [
    ...new Set([
      ...characters.slice(0, 1).map((first) => BEGINNING + first),
      ...characters.slice(1).map((second, place) => `${characters[place]}${second}`),
    ]),
  ];
}

/** The parts that a name has in which this stands. A single character is looked for at the beginning. */
export function partsOfSearch(typed: string): string[] {
  const parts = partsOfName(typed);
  return parts.length === 1 ? parts : parts.slice(1);
}

/** Whether this stands in a name, however either is spelled; a single character at its beginning. */
export function standsIn(typed: string, name: string): boolean {
  const [wanted, whole] = [comparable(typed), comparable(name)];
  return [...wanted].length === 1 ? whole.startsWith(wanted) : whole.includes(wanted);
}
