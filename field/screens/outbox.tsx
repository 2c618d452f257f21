import { now } from '../app/clock.ts';
import { named, type Said, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { type Form, isUnsent, kindNames, type State } from '../keep/forms.ts';
import { upToDate } from '../rules/answers.ts';
import { FAMILY, familyOf, goneWhere, isShut } from '../send/conflicts.ts';
import { classNames, exchange } from '../send/send.ts';
import { linesOfForm } from './form-lines.ts';
import { MayBeCleared } from './notices.tsx';
import { Beside, clock, Gone } from './parts.tsx';
import { PhotographsLeft } from './photographs.tsx';
import type { Go } from './place.ts';

export const stateNames: Record<State, Said> = {
  draft: ['填写中', 'Draft'],
  ready: ['待发送', 'To send'],
  sent: ['已收到', 'Received'],
  refused: ['需处理', 'Look at it'],
  aside: ['留存未发', 'Kept aside'],
};

/** Every form and what became of it, what needs a person first. */
export function Outbox({ desk, go }: { desk: Desk; go: Go }) {
  const refused = [...desk.forms.values()].filter(({ state }) => state === 'refused').length;
  const order: State[] = ['refused', 'ready', 'draft', 'aside', 'sent'];
  const forms = [...desk.forms.values()].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.startedAt - a.startedAt,
  );
  return (
    <>
      <h2>{t('发送情况', 'Outbox')}</h2>
      <p class="about" role="status">
        {desk.status.sending
          ? t('正在发送…', 'Sending…')
          : say(
              desk.status.trouble ??
                (desk.unsent === 0
                  ? ['全部已送达。', 'Everything has arrived.']
                  : refused === desk.unsent
                    ? [`有 ${refused} 份需要处理。`, `To be looked at: ${refused}.`]
                    : ['等待发送。', 'Waiting to be sent.']),
            )}
      </p>
      <button type="button" class="main" disabled={desk.status.sending} onClick={() => void exchange(desk)}>
        {t('现在发送', 'Send now')}
      </button>
      <MayBeCleared />
      <ul class="forms">
        {forms.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              onClick={() =>
                go(form.state === 'draft' ? { at: 'form', form: form.id } : { at: 'outcome', form: form.id })
              }
            >
              <b>
                {form.title} <i>{form.household.slice(13)}</i>
              </b>
              <span>{say(kindNames[form.answers.kind])}</span>
              <em class={form.state}>{say(stateNames[form.state])}</em>
              {form.outcome === undefined ? null : <small>{say(form.outcome.words)}</small>}
              <PhotographsLeft form={form} />
            </button>
          </li>
        ))}
      </ul>
      {forms.length === 0 ? <p class="empty">{t('还没有填过表单。', 'No form yet.')}</p> : null}
    </>
  );
}

/** One finished form: what was said, what the server says, and what can be done about it. */
export function OutcomeScreen({ desk, form, go }: { desk: Desk; form: Form; go: Go }) {
  const { outcome } = form;
  const item = desk.item(form.household);
  const ours = [...linesOfForm(form, item), ...familyOf(form, item)];
  const gone = form.state === 'refused' && goneWhere(desk, form) !== undefined;
  const [compared, rest] = apart(ours, outcome?.theirs ?? []);
  const mend = async () => {
    const { request: _request, tried: _tried, outcome: _outcome, insisted: _insisted, ...rest } = form;
    const answers = upToDate(form.answers, item, desk.list?.round);
    await desk.put([{ ...rest, state: 'draft', answers, version: item?.household.version ?? form.version }]);
    go({ at: 'form', form: form.id });
  };
  const insist = async () => {
    const { request, tried, outcome: _outcome, ...rest } = form;
    // A visit stays the very same, lest it count twice; a change is made anew from the version that was shown.
    const same = form.answers.kind === 'visit' && request !== undefined ? { request, tried: tried === true } : {};
    await desk.put([{ ...rest, ...same, state: 'ready', insisted: true }]);
    void exchange(desk);
    go({ at: 'outbox' });
  };
  const keep = async () => {
    await desk.put([
      {
        ...form,
        state: 'aside',
        outcome: {
          at: now(),
          words: ['经核对不再发送，留存在手机上。', 'Compared, and kept on the phone instead of sent.'],
        },
      },
    ]);
    go({ at: 'outbox' });
  };
  return (
    <>
      <h2>
        {say(kindNames[form.answers.kind])} · {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      <p class={`result ${form.state}`}>
        {form.state === 'sent' && outcome !== undefined ? (
          say(outcome.words)
        ) : (
          <>
            <b>{say(stateNames[form.state])}</b>
            {outcome === undefined ? '' : `${t('：', ': ')}${say(outcome.words)}`}
          </>
        )}
      </p>
      {gone ? <Gone desk={desk} form={form} /> : null}
      {outcome?.theirs === undefined ? null : <Beside ours={compared} theirs={outcome.theirs} />}
      <dl class="said">
        {rest.map(([name, value]) => (
          <div key={say(name)}>
            <dt>{say(name)}</dt>
            <dd>{say(value)}</dd>
          </div>
        ))}
      </dl>
      {form.judged === undefined || form.state === 'sent' ? null : (
        <p class="about">
          {t('手机研判：', 'This phone says: ')}
          {named(classNames, form.judged.class)}
        </p>
      )}
      {form.state === 'refused' ? (
        <div class="more">
          {/* A visit is filled in beside its household on the list; of a household that is no more nothing is finished. */}
          {gone || (form.answers.kind === 'visit' && item === undefined) ? null : (
            <button type="button" class="main" onClick={() => void mend()}>
              {t('改后再发', 'Mend it')}
            </button>
          )}
          {gone || isShut(outcome?.code) ? null : (
            <button type="button" onClick={() => void insist()}>
              {t('仍要发送', 'Send it all the same')}
            </button>
          )}
          <button type="button" onClick={() => void keep()}>
            {t('不发送，留存', 'Keep it aside')}
          </button>
        </div>
      ) : null}
      {form.finishedAt === undefined ? null : (
        <p class="about">
          {t('填写完成于', 'Finished')} {clock(form.finishedAt)}
        </p>
      )}
      <PhotographsLeft form={form} />
      {isUnsent(form) ? (
        <p class="about">{t('未送达的表单不能删除。', 'What has not arrived cannot be deleted.')}</p>
      ) : null}
    </>
  );
}

/** What has another side to it, and what only the phone says. The family is told where the register says another. */
function apart(ours: [Said, Said][], theirs: readonly [Said, Said][]): [[Said, Said][], [Said, Said][]] {
  const named = new Set(theirs.map(([name]) => say(name)));
  const family = say(FAMILY);
  return [
    ours.filter(([name]) => named.has(say(name))),
    ours.filter(([name]) => !named.has(say(name)) && say(name) !== family),
  ];
}
