import type { Answer } from '../api/client.ts';
import { useWords } from '../words/language.tsx';
import { signalSentence } from '../words/signal-sentence.ts';

type Explained = Answer<'readSheet'>['rows'][number]['signals'][number];

/** A signal's observed value against its threshold, drawn to one scale; what is no amount is told in words only. */
export function Signals({ signals }: { signals: readonly Omit<Explained, 'message'>[] }) {
  const { w, of, language } = useWords();
  if (signals.length === 0) return <p className="quiet">{w.noSignals}</p>;
  return (
    <ul className="signals">
      {signals.map((signal) => (
        <li key={signal.id}>
          <div className="signal-name">
            <span className={signal.severity === 'risk' ? 'badge risk' : 'badge'}>
              {of('severity', signal.severity)}
            </span>{' '}
            {of('signal', signal.id)}
          </div>
          {typeof signal.observed === 'number' && typeof signal.threshold === 'number' ? (
            <Bar observed={signal.observed} threshold={signal.threshold} risk={signal.severity === 'risk'} />
          ) : (
            <div />
          )}
          <div className="signal-sentence">{signalSentence(signal, language)}</div>
        </li>
      ))}
    </ul>
  );
}

function Bar({ observed, threshold, risk }: { observed: number; threshold: number; risk: boolean }) {
  const most = Math.max(observed, threshold, 1) * 1.15;
  const least = Math.min(observed, 0) * 1.15;
  const at = (value: number): number => ((value - least) / (most - least)) * 100;
  const from = at(0);
  const to = at(observed);
  return (
    <svg className="signal-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect x="0" y="2" width="100" height="6" fill="#eef1f0" />
      <rect
        x={Math.min(from, to)}
        y="2"
        width={Math.max(Math.abs(to - from), 0.6)}
        height="6"
        fill={risk ? '#a8322a' : '#80570b'}
        opacity="0.75"
      />
      <rect x={at(threshold) - 0.3} y="0" width="0.6" height="10" fill="#1d2624" />
    </svg>
  );
}
