import { useState } from 'preact/hooks';
import { now } from '../app/clock.ts';
import { type Said, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form, VisitAnswers } from '../keep/forms.ts';
import { type AmountName, amountNames, amounts, amountsOf, visitOf, yuan } from '../rules/answers.ts';
import { type Judged, judgeHere, type WorkItem } from '../rules/judge.ts';
import { guaranteeKeys, guaranteeNames, shockNames } from '../rules/names.ts';
import { shutDoor } from '../send/conflicts.ts';
import { Discard } from './discard.tsx';
import { JudgedNow } from './judged.tsx';
import { MemberCard } from './member-card.tsx';
import { Gone, Line, notKept } from './parts.tsx';
import { Photographs } from './photographs.tsx';
import type { Go } from './place.ts';

type Shock = keyof typeof shockNames;
const shockKeys = Object.keys(shockNames).filter((key): key is Shock => key in shockNames);

/** The visit form: begun with last quarter's answers, kept at every keystroke, judged while it is filled in. */
export function VisitScreen({ desk, form, item, go }: { desk: Desk; form: Form; item: WorkItem; go: Go }) {
  const [tried, setTried] = useState(false);
  const [fault, setFault] = useState<string>();
  const [adding, setAdding] = useState(false);
  if (form.answers.kind !== 'visit') return null;
  const { visit: answers } = form.answers;
  const change = (changes: Partial<VisitAnswers>) => {
    setFault(undefined);
    desk.type({ ...form, answers: { kind: 'visit', visit: { ...answers, ...changes } } });
  };
  const { missing, judged } = judge(desk, item, answers);
  const last = item.form?.lastVisit?.visit;
  const finish = async () => {
    setTried(true);
    if (missing !== undefined) {
      const [first] = missing.keys();
      document.querySelector(`[data-line="${first}"]`)?.scrollIntoView({ block: 'center' });
      return;
    }
    if (judged?.fault !== undefined) return;
    try {
      await desk.finish(form, judged?.triage);
    } catch {
      return setFault(notKept());
    }
    go({ at: 'done', form: form.id });
  };
  return (
    <form class="visit" onSubmit={(event) => event.preventDefault()}>
      <h2>
        {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      {last === undefined ? (
        <p class="about">{t('上季没有入户记录，请逐项填写。', 'No visit last quarter: fill in each line.')}</p>
      ) : (
        <p class="about">
          {t(
            `已带入 ${last.visitedOn} 的情况，有变化的请修改。`,
            `Filled in as on ${last.visitedOn}; change what is different.`,
          )}
        </p>
      )}
      <Line label={t('入户日期', 'Visited on')} of="visitedOn" wrong={tried ? missing?.get('visitedOn') : undefined}>
        <input
          id="visitedOn"
          type="date"
          value={answers.visitedOn}
          onInput={({ currentTarget }) => change({ visitedOn: currentTarget.value })}
        />
      </Line>
      <fieldset>
        <legend>{t('近 12 个月全家，单位：元', 'The whole family in 12 months, in yuan')}</legend>
        {amounts.map((name) => (
          <Amount
            key={name}
            name={name}
            typed={answers.amounts[name] ?? ''}
            last={last === undefined ? undefined : amountsOf(last)[name]}
            wrong={tried || (answers.amounts[name] ?? '') !== '' ? missing?.get(name) : undefined}
            onChange={(typed) => change({ amounts: { ...answers.amounts, [name]: typed } })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('保障是否安全', 'Is it secured?')}</legend>
        <div class="toggles">
          {guaranteeKeys.map((key) => (
            <button
              type="button"
              key={key}
              role="switch"
              aria-checked={answers.guarantees[key]}
              onClick={() => change({ guarantees: { ...answers.guarantees, [key]: !answers.guarantees[key] } })}
            >
              {say(guaranteeNames[key])}
              {t('：', ': ')}
              {answers.guarantees[key] ? t('安全', 'yes') : t('不安全', 'no')}
            </button>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('近期变故（没有不选）', 'Recent shocks, if any')}</legend>
        <div class="toggles">
          {shockKeys.map((key) => (
            <button
              type="button"
              key={key}
              role="switch"
              class="shock"
              aria-checked={answers.shocks.includes(key)}
              onClick={() =>
                change({
                  shocks: answers.shocks.includes(key)
                    ? answers.shocks.filter((one) => one !== key)
                    : [...answers.shocks, key],
                })
              }
            >
              {say(shockNames[key])}
            </button>
          ))}
        </div>
      </fieldset>
      {answers.members.map((member) => (
        <MemberCard
          key={member.person}
          item={item}
          member={member}
          wrong={tried ? missing?.get(member.person) : undefined}
          onChange={(next) =>
            change({ members: answers.members.map((one) => (one.person === next.person ? next : one)) })
          }
        />
      ))}
      <Line label={t('备注（可不填）', 'Note (optional)')} of="note">
        <textarea
          id="note"
          maxLength={500}
          value={answers.note}
          onInput={({ currentTarget }) => change({ note: currentTarget.value })}
        />
      </Line>
      <Photographs desk={desk} form={form} busy={adding} setBusy={setAdding} />
      <JudgedNow judged={judged} missing={missing?.size ?? 0} />
      <Gone desk={desk} form={form} />
      {fault === undefined ? null : (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="button" class="main finish" disabled={adding} onClick={() => void finish()}>
        {t('完成', 'Done')}
      </button>
      <Discard desk={desk} form={form} go={go} />
    </form>
  );
}

function judge(
  desk: Desk,
  item: WorkItem,
  answers: VisitAnswers,
): { missing?: Map<string, Said> | undefined; judged?: Judged | undefined } {
  const at = now();
  const recordedAt = new Date(at).toISOString();
  const { visit, missing } = visitOf(answers, { household: item.household.id, visitor: desk.me.sub, recordedAt });
  const shut = shutDoor(desk);
  if (shut !== undefined) return { judged: { fault: { code: shut, field: 'round' } } };
  if (visit === undefined) return { missing };
  const criteria = desk.list?.form;
  if (criteria === undefined) return {};
  const given = { round: desk.list?.round ?? '', bySurveyor: desk.me.role === 'surveyor', now: at };
  return { judged: judgeHere(visit, item, criteria, given) };
}

function Amount(props: {
  name: AmountName;
  typed: string;
  last: number | undefined;
  wrong: Said | undefined;
  onChange: (typed: string) => void;
}) {
  const { name, typed, last } = props;
  return (
    <Line
      label={`${say(amountNames[name])}${t('（元）', ' (yuan)')}`}
      of={name}
      hint={last === undefined ? undefined : t(`上季 ${yuan(last)} 元`, `was ${yuan(last)} yuan`)}
      wrong={props.wrong}
    >
      <input
        id={name}
        inputMode="decimal"
        autocomplete="off"
        value={typed}
        onInput={({ currentTarget }) => props.onChange(currentTarget.value)}
      />
    </Line>
  );
}
