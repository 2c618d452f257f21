import { fill, useWords } from '../words/language.tsx';
import { whole } from './format.ts';

/** Nobody looks through more cards of a column: the list has them all. */
export const MOST_CARDS = 60;

/** Says how many of a column's are not drawn. */
export function Rest({ of, drawn }: { of: number; drawn: number }) {
  const { w } = useWords();
  return of <= drawn ? null : <p className="quiet">{fill(w.moreInList, { n: whole(of - drawn) })}</p>;
}
