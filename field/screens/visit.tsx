import { useState } from 'preact/hooks';
import { problems } from '../../functions/contracts/problems.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { sentenceOf } from '../../functions/domain/screening/sentences.ts';
import { now } from '../app/clock.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form, MemberAnswers, VisitAnswers } from '../keep/forms.ts';
import { type AmountName, amountNames, amounts, amountsOf, visitOf, yuan } from '../rules/answers.ts';
import { type Judged, judgeHere, type WorkItem } from '../rules/judge.ts';
import { classNames } from '../send/send.ts';
import { Discard } from './discard.tsx';
import { Choice, Line } from './parts.tsx';
import type { Go } from './place.ts';

const guaranteeNames: Record<keyof Visit['guarantees'], string> = {
  food: '吃饭',
  clothing: '穿衣',
  compulsoryEducation: '义务教育',
  basicMedicalInsurance: '基本医疗',
  housing: '住房安全',
  drinkingWater: '饮水安全',
};
const guaranteeKeys = Object.keys(guaranteeNames).filter(
  (key): key is keyof Visit['guarantees'] => key in guaranteeNames,
);
const shockNames = {
  disaster: '自然灾害',
  accident: '意外事故',
  'industry-failure': '产业失败',
  'job-loss': '失业',
} as const;
type Shock = keyof typeof shockNames;
const shockKeys = Object.keys(shockNames).filter((key): key is Shock => key in shockNames);

/** The visit form: begun with last quarter's answers, kept at every keystroke, judged while it is filled in. */
export function VisitScreen({ desk, form, item, go }: { desk: Desk; form: Form; item: WorkItem; go: Go }) {
  const [tried, setTried] = useState(false);
  const [fault, setFault] = useState<string>();
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
    if (judged?.fault !== undefined) return setFault(problems[judged.fault.code][1]);
    try {
      await desk.put([{ ...form, state: 'ready', finishedAt: now(), judged: judged?.triage }]);
    } catch {
      return setFault('手机存储已满，表单还没有存下：请不要关闭本页，清理手机后再按“完成”。');
    }
    go({ at: 'done', form: form.id });
  };
  return (
    <form class="visit" onSubmit={(event) => event.preventDefault()}>
      <h2>
        {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      {last === undefined ? (
        <p class="about">上季没有入户记录，请逐项填写。</p>
      ) : (
        <p class="about">已带入 {last.visitedOn} 的情况，有变化的请修改。</p>
      )}
      <Line label="入户日期" of="visitedOn" wrong={tried ? missing?.get('visitedOn') : undefined}>
        <input
          id="visitedOn"
          type="date"
          value={answers.visitedOn}
          onInput={({ currentTarget }) => change({ visitedOn: currentTarget.value })}
        />
      </Line>
      <fieldset>
        <legend>近 12 个月全家，单位：元</legend>
        {amounts.map((name) => (
          <Amount
            key={name}
            name={name}
            typed={answers.amounts[name] ?? ''}
            last={last === undefined ? undefined : amountsOf(last)[name]}
            wrong={tried ? missing?.get(name) : undefined}
            onChange={(typed) => change({ amounts: { ...answers.amounts, [name]: typed } })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>保障是否安全</legend>
        <div class="toggles">
          {guaranteeKeys.map((key) => (
            <button
              type="button"
              key={key}
              role="switch"
              aria-checked={answers.guarantees[key]}
              onClick={() => change({ guarantees: { ...answers.guarantees, [key]: !answers.guarantees[key] } })}
            >
              {guaranteeNames[key]}：{answers.guarantees[key] ? '安全' : '不安全'}
            </button>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>近期变故（没有不选）</legend>
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
              {shockNames[key]}
            </button>
          ))}
        </div>
      </fieldset>
      {answers.members.map((member) => (
        <Member
          key={member.person}
          item={item}
          member={member}
          wrong={tried ? missing?.get(member.person) : undefined}
          onChange={(next) =>
            change({ members: answers.members.map((one) => (one.person === next.person ? next : one)) })
          }
        />
      ))}
      <Line label="备注（可不填）" of="note">
        <textarea
          id="note"
          maxLength={500}
          value={answers.note}
          onInput={({ currentTarget }) => change({ note: currentTarget.value })}
        />
      </Line>
      <Result judged={judged} missing={missing?.size ?? 0} />
      {fault === undefined ? null : (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="button" class="main finish" onClick={() => void finish()}>
        完成
      </button>
      <Discard desk={desk} form={form} go={go} />
    </form>
  );
}

function judge(
  desk: Desk,
  item: WorkItem,
  answers: VisitAnswers,
): { missing?: Map<string, string> | undefined; judged?: Judged | undefined } {
  const at = now();
  const recordedAt = new Date(at).toISOString();
  const { visit, missing } = visitOf(answers, { household: item.household.id, visitor: desk.me.sub, recordedAt });
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
  wrong: string | undefined;
  onChange: (typed: string) => void;
}) {
  const { name, typed, last } = props;
  return (
    <Line
      label={`${amountNames[name]}（元）`}
      of={name}
      hint={last === undefined ? undefined : `上季 ${yuan(last)} 元`}
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

function Member(props: {
  item: WorkItem;
  member: MemberAnswers;
  wrong: string | undefined;
  onChange: (next: MemberAnswers) => void;
}) {
  const { member, onChange } = props;
  const known = props.item.household.members.find(({ person }) => person === member.person);
  const name = known === undefined ? '（已不在本户）' : known.name;
  const { disabilityGrade: grade, ...rest } = member;
  return (
    <fieldset class="member" data-line={member.person}>
      <legend>
        {name}
        {known === undefined ? '' : `，${known.age} 岁`}
      </legend>
      <Choice
        name={`${name} 劳动能力`}
        value={member.labour}
        options={[
          ['full', '有劳力'],
          ['weak', '弱劳力'],
          ['none', '无劳力'],
        ]}
        onChange={(labour) => onChange({ ...member, labour })}
      />
      <Choice
        name={`${name} 健康`}
        value={member.health}
        options={[
          ['healthy', '健康'],
          ['chronic-illness', '慢性病'],
          ['serious-illness', '大病'],
        ]}
        onChange={(health) => onChange({ ...member, health })}
      />
      <Choice
        name={`${name} 残疾等级`}
        value={grade ?? 0}
        options={[
          [0, '无残疾'],
          [1, '一级'],
          [2, '二级'],
          [3, '三级'],
          [4, '四级'],
        ]}
        onChange={(next) => onChange(next === 0 ? rest : { ...rest, disabilityGrade: next })}
      />
      <Choice
        name={`${name} 是否在校`}
        value={member.inSchool}
        options={[
          [false, '不在校'],
          [true, '在校'],
        ]}
        onChange={(inSchool) => onChange({ ...member, inSchool })}
      />
      {props.wrong === undefined ? null : <small class="fault">{props.wrong}</small>}
    </fieldset>
  );
}

function Result({ judged, missing }: { judged: Judged | undefined; missing: number }) {
  if (missing > 0) return <p class="result">还有 {missing} 项未填。</p>;
  if (judged?.triage === undefined) return null;
  const { triage } = judged;
  return (
    <section class={`result ${triage.class}`} aria-live="polite">
      <b>手机研判：{classNames[triage.class]}</b>，人均参考收入 {yuan(triage.perCapita)} 元
      {triage.signals.length === 0 ? null : (
        <ul>
          {triage.signals.map((signal) => (
            <li key={signal.id}>{sentenceOf(signal)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
