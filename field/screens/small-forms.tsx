import { useState } from 'preact/hooks';
import { bornOn, cleanIdNumber, idNumberFault, idNumberFaults } from '../../functions/domain/registry/id-number.ts';
import { now } from '../app/clock.ts';
import type { Desk } from '../keep/desk.ts';
import type { Answers, Form } from '../keep/forms.ts';
import { kindNames } from '../keep/forms.ts';
import type { WorkItem } from '../rules/judge.ts';
import { Discard } from './discard.tsx';
import { Choice, day, Line } from './parts.tsx';
import type { Go } from './place.ts';

const reasons = [
  ['whole-household-away', '全家外出'],
  ['nobody-at-home', '家中无人'],
  ['refused', '拒绝入户'],
  ['in-hospital', '住院'],
  ['road-blocked', '道路不通'],
  ['other', '其他'],
] as const;

/** The short forms: each a few fields, kept and sent like a visit. */
export function SmallForm({ desk, form, item, go }: { desk: Desk; form: Form; item: WorkItem | undefined; go: Go }) {
  const [fault, setFault] = useState<string>();
  const { answers } = form;
  const change = (next: Answers) => {
    setFault(undefined);
    desk.type({ ...form, answers: next });
  };
  const finish = async () => {
    const wrong = faultOf(answers);
    if (wrong !== undefined) return setFault(wrong);
    try {
      await desk.put([{ ...form, state: 'ready', finishedAt: now() }]);
    } catch {
      return setFault('手机存储已满，还没有存下：请不要关闭本页，清理手机后再按“完成”。');
    }
    go({ at: 'done', form: form.id });
  };
  return (
    <form class="visit" onSubmit={(event) => event.preventDefault()}>
      <h2>
        {kindNames[answers.kind]} · {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      <Fields answers={answers} item={item} change={change} />
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

function Fields({
  answers,
  item,
  change,
}: {
  answers: Answers;
  item: WorkItem | undefined;
  change: (next: Answers) => void;
}) {
  switch (answers.kind) {
    case 'missed':
      return (
        <Choice
          name="原因"
          value={answers.reason}
          options={reasons}
          onChange={(reason) => change({ ...answers, reason })}
        />
      );
    case 'call':
      return (
        <>
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
          <Words label="情况（可不填）" value={answers.note} onChange={(note) => change({ ...answers, note })} />
        </>
      );
    case 'clue':
      return (
        <Words
          label="发现了什么（至少 4 个字）"
          value={answers.reason}
          onChange={(reason) => change({ ...answers, reason })}
        />
      );
    case 'measure':
      return (
        <>
          <p class="about">{answers.name}</p>
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
          <Words
            label="凭据（单据号、照片编号等）"
            value={answers.evidence}
            onChange={(evidence) => change({ ...answers, evidence })}
          />
        </>
      );
    case 'death':
      return (
        <>
          <Choice
            name="何人"
            value={answers.person}
            options={(item?.household.members ?? []).map(({ person, name }) => [person, name] as const)}
            onChange={(person) =>
              change({
                ...answers,
                person,
                name: item?.household.members.find((one) => one.person === person)?.name ?? '',
              })
            }
          />
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
        </>
      );
    case 'birth':
      return (
        <>
          <Line label="姓名" of="name">
            <input
              id="name"
              value={answers.name}
              onInput={({ currentTarget }) => change({ ...answers, name: currentTarget.value })}
            />
          </Line>
          <Line label="证件号码" of="idNumber">
            <input
              id="idNumber"
              autocomplete="off"
              value={answers.idNumber}
              onInput={({ currentTarget }) => change(withIdNumber(answers, currentTarget.value))}
            />
          </Line>
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
        </>
      );
    case 'visit':
      return null;
  }
}

function On({ on, onChange }: { on: string; onChange: (on: string) => void }) {
  return (
    <Line label="日期" of="on">
      <input id="on" type="date" value={on} onInput={({ currentTarget }) => onChange(currentTarget.value)} />
    </Line>
  );
}

function Words({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Line label={label} of="words">
      <textarea
        id="words"
        maxLength={200}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Line>
  );
}

/** The day of a birth is the one in the number. */
function withIdNumber(answers: Extract<Answers, { kind: 'birth' }>, idNumber: string): Answers {
  const clean = cleanIdNumber(idNumber);
  return { ...answers, idNumber, ...(/^\d{17}/.test(clean) ? { on: bornOn(clean) } : {}) };
}

/** What keeps a form from being finished, as the server would say it. */
function faultOf(answers: Answers): string | undefined {
  if ('on' in answers && (answers.on === '' || answers.on > day(now()))) return '日期不能晚于今天。';
  switch (answers.kind) {
    case 'missed':
      return answers.reason === '' ? '请选择原因。' : undefined;
    case 'clue':
      return answers.reason.trim().length < 4 ? '请至少写 4 个字。' : undefined;
    case 'measure':
      return answers.evidence.trim() === '' ? '请填写凭据。' : undefined;
    case 'death':
      return answers.person === '' ? '请选择何人。' : undefined;
    case 'birth': {
      if (answers.name.trim() === '') return '请填写姓名。';
      const fault = idNumberFault(cleanIdNumber(answers.idNumber), day(now()));
      return fault === undefined ? undefined : idNumberFaults[fault];
    }
    default:
      return undefined;
  }
}
