import { now } from '../app/clock.ts';
import type { Desk } from '../keep/desk.ts';
import { type Answers, type Form, kindNames } from '../keep/forms.ts';
import { beginVisit, yuan } from '../rules/answers.ts';
import type { WorkItem } from '../rules/judge.ts';
import { classNames } from '../send/send.ts';
import { stateNames } from './outbox.tsx';
import { day } from './parts.tsx';
import type { Go } from './place.ts';

/** One household: who lives there, what was found last, and every form there is for it. */
export function HouseholdScreen({ desk, item, go }: { desk: Desk; item: WorkItem; go: Go }) {
  const { household, form, previousPerCapita, previousClass } = item;
  const today = day(now());
  const round = desk.list?.round ?? '';
  const purpose = desk.me.role === 'surveyor' ? 'sample' : 'screening';
  const begin = (answers: Answers) => go({ at: 'form', form: desk.begin(item, answers).id });
  const drafts = desk.formsOf(household.id).filter(({ state }) => state === 'draft');
  const draft = drafts.find(({ answers }) => answers.kind === 'visit');
  const head = household.members.find(({ relation }) => relation === 'head') ?? household.members[0];
  const last = form?.lastVisit?.visit;
  const others = desk.formsOf(household.id).filter((one) => one !== draft);
  const measures = desk.list?.measures.filter((one) => one.household === household.id) ?? [];
  return (
    <>
      <h2>
        {head?.name} <i>{household.id.slice(13)}</i>
      </h2>
      <p class="about">
        {household.origin === 'lifted' ? '脱贫户' : '一般农户'}
        {household.openCase ? ' · 监测对象' : ''}
        {household.address === undefined ? '' : ` · ${household.address}`}
        {household.phone === undefined ? '' : ` · ${household.phone}`}
      </p>
      <ul class="members">
        {household.members.map(({ person, name, age, sex }) => (
          <li key={person}>
            {name}，{sex === 'male' ? '男' : '女'}，{age} 岁
          </li>
        ))}
      </ul>
      <p class="about">
        {last === undefined ? '上季没有入户记录。' : `上次 ${last.visitedOn}，${last.visitor} 入户。`}
        {previousClass === null ? '' : `上季${classNames[previousClass] ?? ''}。`}
        {previousPerCapita === null ? '' : `人均参考收入 ${yuan(previousPerCapita)} 元。`}
      </p>
      {form?.visits.map(({ id, visit }) => (
        <p class="about" key={id}>
          本季 {visit.visitedOn}，{visit.visitor} 已入户。
        </p>
      ))}
      <button
        type="button"
        class="main"
        onClick={() =>
          draft === undefined
            ? begin({ kind: 'visit', visit: beginVisit(item, round, today, purpose) })
            : go({ at: 'form', form: draft.id })
        }
      >
        {draft === undefined ? '入户登记' : '继续填写'}
      </button>
      <div class="more">
        <button type="button" onClick={() => begin({ kind: 'missed', round, reason: '' })}>
          未能入户
        </button>
        <button type="button" onClick={() => begin({ kind: 'call', on: today, note: '' })}>
          走访记录
        </button>
        <button type="button" onClick={() => begin({ kind: 'clue', reason: '' })}>
          上报线索
        </button>
        <button type="button" onClick={() => begin({ kind: 'birth', on: today, name: '', idNumber: '' })}>
          出生
        </button>
        <button type="button" onClick={() => begin({ kind: 'death', on: today, person: '', name: '' })}>
          死亡
        </button>
        {measures.map(({ case: id, measure, name }) => (
          <button
            type="button"
            key={measure}
            onClick={() => begin({ kind: 'measure', case: id, measure, name, on: today, evidence: '' })}
          >
            {name}已完成
          </button>
        ))}
      </div>
      {others.length === 0 ? null : (
        <ul class="forms">
          {others.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => go(pageOf(one))}>
                {kindNames[one.answers.kind]} · {stateNames[one.state]}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function pageOf({ id, state }: Form) {
  return state === 'draft' ? { at: 'form' as const, form: id } : { at: 'outcome' as const, form: id };
}
