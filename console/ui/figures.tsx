import { useWords } from '../words/language.tsx';
import { whole, yuan } from './format.ts';

/** An amount of fen with its unit. */
export function Money({ fen, bare = false }: { fen: number | null | undefined; bare?: boolean }) {
  const { w } = useWords();
  if (fen === null || fen === undefined) return <span className="quiet">—</span>;
  return (
    <span className="number">
      {yuan(fen)}
      {bare ? null : <span className="unit"> {w.yuan}</span>}
    </span>
  );
}

/** A count with its unit: a number never stands alone. */
export function Count({ n, unit }: { n: number | null | undefined; unit: string }) {
  if (n === null || n === undefined) return <span className="quiet">—</span>;
  return (
    <span className="number">
      {whole(n)}
      <span className="unit"> {unit}</span>
    </span>
  );
}

/** Counts are always given as households and people. */
export function HouseholdsAndPeople({ households, people }: { households: number; people: number }) {
  const { w } = useWords();
  return (
    <>
      <Count n={households} unit={w.householdsUnit} /> <span className="quiet">/</span>{' '}
      <Count n={people} unit={w.peopleUnit} />
    </>
  );
}
