import { assistanceCodes } from '../../console/words/codes/assistance.ts';
import { registryCodes } from '../../console/words/codes/registry.ts';
import { now } from '../app/clock.ts';
import { named, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { type Answers, type Form, kindNames } from '../keep/forms.ts';
import { beginVisit, yuan } from '../rules/answers.ts';
import type { WorkItem } from '../rules/judge.ts';
import { classNames } from '../send/send.ts';
import { stateNames } from './outbox.tsx';
import { by, day } from './parts.tsx';
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
  const watched = desk.list?.watch.find((one) => one.household === household.id);
  const others = desk.formsOf(household.id).filter((one) => one !== draft);
  const measures = desk.list?.measures.filter((one) => one.household === household.id) ?? [];
  return (
    <>
      <h2>
        {head?.name} <i>{household.id.slice(13)}</i>
      </h2>
      <p class="about">
        {named(registryCodes.origin, household.origin)}
        {household.openCase ? t(' · 监测对象', ' · monitored') : ''}
        {household.address === undefined ? '' : ` · ${household.address}`}
        {household.phone === undefined ? '' : ` · ${household.phone}`}
      </p>
      <ul class="members">
        {household.members.map(({ person, name, age, sex }) => (
          <li key={person}>
            {name}
            {t(`，${sex === 'male' ? '男' : '女'}，${age} 岁`, `, ${sex}, ${age}`)}
          </li>
        ))}
      </ul>
      <p class="about">
        {last === undefined
          ? t('上季没有入户记录。', 'No visit last quarter. ')
          : t(
              `上次 ${last.visitedOn} 入户（${by(desk, last.visitor)}）。`,
              `Last visited ${last.visitedOn} (${by(desk, last.visitor)}). `,
            )}
        {previousClass === null
          ? ''
          : t(`上季${named(classNames, previousClass)}。`, `Then ${named(classNames, previousClass)}. `)}
        {previousPerCapita === null
          ? ''
          : t(`人均参考收入 ${yuan(previousPerCapita)} 元。`, `Income per head ${yuan(previousPerCapita)} yuan.`)}
      </p>
      {form?.visits.map(({ id, visit }) => (
        <p class="about" key={id}>
          {t(
            `本季 ${visit.visitedOn} 已入户（${by(desk, visit.visitor)}）。`,
            `This quarter: ${visit.visitedOn} (${by(desk, visit.visitor)}).`,
          )}
        </p>
      ))}
      {watched === undefined ? null : (
        <p class={watched.overdue ? 'about late' : 'about'}>
          {t(
            `重点走访（${watched.groups.map((group) => named(assistanceCodes.watchGroup, group)).join('、')}）：应于 ${watched.dueOn} 前走访${watched.overdue ? '，已逾期' : ''}。`,
            `Watched (${watched.groups.map((group) => named(assistanceCodes.watchGroup, group)).join(', ')}): to be called on by ${watched.dueOn}${watched.overdue ? ', overdue' : ''}.`,
          )}
        </p>
      )}
      <button
        type="button"
        class="main"
        onClick={() =>
          draft === undefined
            ? begin({ kind: 'visit', visit: beginVisit(item, round, today, purpose) })
            : go({ at: 'form', form: draft.id })
        }
      >
        {draft === undefined ? t('入户登记', 'Visit') : t('继续填写', 'Go on filling in')}
      </button>
      <div class="more">
        <button type="button" onClick={() => begin({ kind: 'missed', round, reason: '' })}>
          {t('未能入户', 'Not met')}
        </button>
        <button type="button" onClick={() => begin({ kind: 'call', on: today, note: '' })}>
          {t('走访记录', 'Call')}
        </button>
        <button type="button" onClick={() => begin({ kind: 'clue', reason: '' })}>
          {t('上报线索', 'Clue')}
        </button>
        <button
          type="button"
          onClick={() => begin({ kind: 'birth', on: today, name: '', idNumber: '', relation: 'child' })}
        >
          {t('出生', 'Birth')}
        </button>
        <button type="button" onClick={() => begin({ kind: 'death', on: today, person: '', name: '' })}>
          {t('死亡', 'Death')}
        </button>
        {measures.map(({ case: id, measure, name, status }) => (
          <button
            type="button"
            key={measure}
            onClick={() =>
              begin({
                kind: 'measure',
                case: id,
                measure,
                name,
                to: status === 'planned' ? 'under-way' : 'completed',
                on: today,
                evidence: '',
              })
            }
          >
            {say(name)}
            {status === 'planned' ? t('已开始', ' begun') : t('已完成', ' done')}
          </button>
        ))}
      </div>
      {others.length === 0 ? null : (
        <ul class="forms">
          {others.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => go(pageOf(one))}>
                {say(kindNames[one.answers.kind])} · {say(stateNames[one.state])}
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
