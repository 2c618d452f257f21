import type { GateResult } from '../../functions/contracts/cases/closure.ts';
import { useWords } from '../words/language.tsx';
import { gateSentence } from '../words/sentences.ts';

/** The gates of a closure, each with what stands for or against it. */
export function GateList({ gates }: { gates: readonly GateResult[] }) {
  const { of, language } = useWords();
  return (
    <ul className="gates">
      {gates.map((gate) => (
        <li key={gate.gate} className={gate.holds ? 'holds' : 'fails'}>
          <span className="gate-mark">{gate.holds ? '✓' : '✕'}</span>
          <b>{of('gate', gate.gate)}</b>
          <span>{gateSentence(gate, language)}</span>
        </li>
      ))}
    </ul>
  );
}
