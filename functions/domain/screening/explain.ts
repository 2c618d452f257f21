import { type Signal, severities, type TriageResult } from '../../contracts/screening/triage.ts';
import { sentenceOf } from './sentences.ts';

/** A stored result as it is shown: each signal with its severity and the sentence made from it now. */
export function explain(result: TriageResult) {
  return {
    class: result.class,
    caseType: result.caseType,
    perCapita: result.perCapita,
    signals: result.signals.map(explainSignal),
  };
}

export function explainSignal(signal: Signal) {
  return { ...signal, severity: severities[signal.id], message: sentenceOf(signal) };
}
