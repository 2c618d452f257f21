import { useRegionNames } from '../../ui/region.tsx';
import { fill, useWords } from '../../words/language.tsx';

export interface Outcome {
  /** Which of the outcomes of this screen. */
  turn: number;
  id: string;
  household: string;
  step: string;
  verdict: 'approve' | 'send-back' | 'reject';
  outcome: 'decided' | 'unchanged' | 'refused';
  /** Who decided it, when somebody had before. */
  by: string | undefined;
  sentence: string | undefined;
  /** It is still to be decided. */
  stays: boolean;
}

/** What became of everything decided since the screen was opened, the newest first. */
export function Outcomes({ all }: { all: readonly Outcome[] }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  if (all.length === 0) return null;
  const words = { approve: w.approve, 'send-back': w.sendBack, reject: w.reject };
  return (
    <section className="outcomes" aria-live="polite">
      <h2>{fill(w.decidedSoFar, { n: all.filter(({ outcome }) => outcome !== 'refused').length })}</h2>
      <ul>
        {all.map(({ household, step, verdict, outcome, by, sentence, turn }) => (
          <li key={turn} className={outcome === 'refused' ? 'refused' : ''}>
            {outcome === 'refused' ? '✕' : '✓'} {of('step', step)} · {name(household.slice(0, 12))}{' '}
            {household.slice(13)} · {words[verdict]}
            {outcome === 'unchanged' ? ` · ${fill(w.decidedBefore, { by: by ?? '' })}` : ''}
            {sentence === undefined ? null : <div>{sentence}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
