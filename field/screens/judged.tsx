import { signalSentence } from '../../console/words/signal-sentence.ts';
import { isEnglish, named, saidHere, say, t } from '../app/words.ts';
import { yuan } from '../rules/answers.ts';
import type { Judged } from '../rules/judge.ts';
import { classNames } from '../send/send.ts';

/** What the rules say of the form as it stands: what is missing, what is wrong, or the class with its reasons. */
export function JudgedNow({ judged, missing }: { judged: Judged | undefined; missing: number }) {
  if (missing > 0) return <p class="result">{t(`还有 ${missing} 项未填。`, `${missing} still to fill in.`)}</p>;
  if (judged === undefined) return null;
  if (judged.fault !== undefined)
    return (
      <p class="result fault" role="alert">
        {say(saidHere(judged.fault.code))}
      </p>
    );
  const { triage } = judged;
  return (
    <section class={`result ${triage.class}`} aria-live="polite">
      <b>
        {t('手机研判：', 'This phone says: ')}
        {named(classNames, triage.class)}
      </b>
      <p>
        {t('人均参考收入', 'Income per head:')} {yuan(triage.perCapita)} {t('元', 'yuan')}
      </p>
      {triage.signals.length === 0 ? null : (
        <ul>
          {triage.signals.map((signal) => (
            <li key={signal.id}>{signalSentence(signal, isEnglish() ? 'en' : 'zh')}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
