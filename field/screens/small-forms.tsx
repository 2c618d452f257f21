import { useState } from 'preact/hooks';
import { registryCodes } from '../../console/words/codes/registry.ts';
import { screeningCodes } from '../../console/words/codes/screening.ts';
import { englishFaults } from '../../console/words/fault-words.ts';
import { relation } from '../../functions/contracts/registry/household.ts';
import { givenReason } from '../../functions/contracts/screening/round.ts';
import { MOST_MEMBERS } from '../../functions/contracts/values.ts';
import { bornOn, cleanIdNumber, idNumberFault, idNumberFaults } from '../../functions/domain/registry/id-number.ts';
import { now } from '../app/clock.ts';
import { type Said, saidHere, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import type { Answers, Form } from '../keep/forms.ts';
import { kindNames } from '../keep/forms.ts';
import type { WorkItem } from '../rules/judge.ts';
import { goneWhere, shutDoor } from '../send/conflicts.ts';
import { Discard } from './discard.tsx';
import { Choice, day, Gone, Line, notKept } from './parts.tsx';
import { Photographs } from './photographs.tsx';
import type { Go } from './place.ts';

const reasons = givenReason.options.map((reason) => [reason, screeningCodes.missed[reason]] as const);
const relations = relation.options.flatMap((one) =>
  one === 'head' || one === 'spouse' ? [] : [[one, registryCodes.relation[one]] as const],
);

/** The short forms: each a few fields, kept and sent like a visit. */
export function SmallForm({ desk, form, item, go }: { desk: Desk; form: Form; item: WorkItem | undefined; go: Go }) {
  const [fault, setFault] = useState<Said>();
  const [adding, setAdding] = useState(false);
  const { answers } = form;
  const change = (next: Answers) => {
    setFault(undefined);
    desk.type({ ...form, answers: next });
  };
  const finish = async () => {
    const wrong = faultOf(form, item, desk);
    if (wrong !== undefined) return setFault(wrong);
    try {
      await desk.finish(form);
    } catch {
      return setFault(notKept());
    }
    go({ at: 'done', form: form.id });
  };
  return (
    <form class="visit" onSubmit={(event) => event.preventDefault()}>
      <h2>
        {say(kindNames[answers.kind])} · {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      <Fields answers={answers} item={item} change={change} />
      {answers.kind === 'measure' ? <Photographs desk={desk} form={form} busy={adding} setBusy={setAdding} /> : null}
      <Gone desk={desk} form={form} />
      {fault === undefined ? null : (
        <p class="fault" role="alert">
          {say(fault)}
        </p>
      )}
      <button type="button" class="main finish" disabled={adding} onClick={() => void finish()}>
        {t('完成', 'Done')}
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
          name={t('原因', 'Reason')}
          value={answers.reason}
          options={reasons}
          onChange={(reason) => change({ ...answers, reason })}
        />
      );
    case 'call':
      return (
        <>
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
          <Words
            label={t('情况（可不填）', 'What was seen (optional)')}
            value={answers.note}
            onChange={(note) => change({ ...answers, note })}
          />
        </>
      );
    case 'clue':
      return (
        <Words
          label={t('发现了什么（至少 4 个字）', 'What was seen (4 characters at least)')}
          value={answers.reason}
          onChange={(reason) => change({ ...answers, reason })}
        />
      );
    case 'measure':
      return (
        <>
          <p class="about">
            {say(answers.name)}
            {answers.to === 'completed' ? t('：已完成', ': done') : t('：已开始', ': begun')}
          </p>
          <On on={answers.on} onChange={(on) => change({ ...answers, on })} />
          {answers.to === 'completed' ? (
            <Words
              label={t('凭据（单据号等；有照片可不填）', 'Papers by number (or a photograph)')}
              value={answers.evidence}
              onChange={(evidence) => change({ ...answers, evidence })}
            />
          ) : null}
        </>
      );
    case 'death':
      return (
        <>
          <Choice
            name={t('何人', 'Who')}
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
          <Line label={t('姓名', 'Name')} of="name">
            <input
              id="name"
              autocomplete="off"
              maxLength={40}
              value={answers.name}
              onInput={({ currentTarget }) => change({ ...answers, name: currentTarget.value })}
            />
          </Line>
          <Line label={t('证件号码', 'ID number')} of="idNumber">
            <input
              id="idNumber"
              autocomplete="off"
              value={answers.idNumber}
              onInput={({ currentTarget }) => change(withIdNumber(answers, currentTarget.value))}
            />
          </Line>
          <Line label={t('与户主关系', 'Relation to the head')} of="relation">
            <select
              id="relation"
              value={answers.relation}
              onChange={({ currentTarget }) =>
                change({ ...answers, relation: relation.safeParse(currentTarget.value).data ?? 'child' })
              }
            >
              {relations.map(([value, label]) => (
                <option key={value} value={value}>
                  {say(label)}
                </option>
              ))}
            </select>
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
    <Line label={t('日期', 'Day')} of="on">
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
function faultOf(form: Form, item: WorkItem | undefined, desk: Desk): Said | undefined {
  const { answers, photographs = [] } = form;
  if ('on' in answers && (answers.on === '' || answers.on > day(now())))
    return ['日期不能晚于今天。', 'The day cannot be later than today.'];
  if (goneWhere(desk, form) !== undefined) return saidHere('household-cancelled');
  const shut = shutDoor(desk);
  switch (answers.kind) {
    case 'missed':
      return shut !== undefined
        ? saidHere(shut)
        : answers.reason === ''
          ? ['请选择原因。', 'Choose a reason.']
          : undefined;
    case 'clue':
      return answers.reason.trim().length < 4 ? ['请至少写 4 个字。', 'Write at least 4 characters.'] : undefined;
    case 'measure': {
      const { since = '' } = desk.list?.measures.find(({ measure }) => measure === answers.measure) ?? {};
      if (answers.on < since) return saidHere('measure-date-before');
      return answers.to === 'completed' && answers.evidence.trim() === '' && photographs.length === 0
        ? ['请填写凭据，或拍一张照片。', 'Give a paper’s number, or a photograph.']
        : undefined;
    }
    case 'death':
      if (answers.person === '' || item?.household.members.every(({ person }) => person !== answers.person))
        return ['请选择何人。', 'Choose who.'];
      // The register takes no death that leaves nobody (domain/registry/household-changes.ts), and ending a household is not the village's.
      return item?.household.members.length === 1
        ? [
            '户内只有这一人，不能在这里登记死亡：请告知镇里，由镇里注销本户。',
            'Nobody else lives there: tell the town, which takes the household off the register.',
          ]
        : undefined;
    case 'birth': {
      if ((item?.household.members.length ?? 0) >= MOST_MEMBERS) return saidHere('household-too-large');
      if (answers.name.trim() === '') return ['请填写姓名。', 'Fill in the name.'];
      const clean = cleanIdNumber(answers.idNumber);
      const fault = idNumberFault(clean, day(now()));
      if (fault !== undefined) return [idNumberFaults[fault], englishFaults[fault] ?? fault];
      return answers.on === bornOn(clean)
        ? undefined
        : ['出生日期与身份证号码中的出生日期不符。', 'The day of birth is not the one in the ID number.'];
    }
    default:
      return undefined;
  }
}
