import { useState } from 'preact/hooks';
import { comparable } from '../../functions/domain/registry/names.ts';
import { named, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { isUnsent } from '../keep/forms.ts';
import { judgeHere, type WorkItem } from '../rules/judge.ts';
import { doorNames } from '../send/conflicts.ts';
import { classNames } from '../send/send.ts';
import { by, Choice, clock, people } from './parts.tsx';
import type { Go } from './place.ts';

const villageFilters = [
  ['open', ['待入户', 'To visit']],
  ['again', ['待复访', 'Again']],
  ['watch', ['重点走访', 'Watched']],
  ['all', ['全部', 'All']],
] as const;
const surveyorFilters = [
  ['sample', ['抽查户', 'Sample']],
  ['all', ['全部', 'All']],
] as const;
type Filter = (typeof villageFilters)[number][0] | 'sample';

/** Today's worklist: by the way one walks (the register's numbers follow the lanes), filtered by what is open, searched on the phone only. */
export function ListScreen({ desk, go }: { desk: Desk; go: Go }) {
  const surveys = desk.me.role === 'surveyor';
  const [filter, setFilter] = useState<Filter>(surveys ? 'sample' : 'open');
  const [searched, setSearched] = useState('');
  const { list } = desk;
  if (list === undefined)
    return (
      <p class="empty">
        {desk.status.sending
          ? t('正在取名单…', 'Fetching the list…')
          : t('还没有名单，有信号时自动下载。', 'No list yet; it comes with a signal.')}
      </p>
    );
  const words = searched.trim();
  const shown = list.items.filter((item) => (words === '' ? fits(desk, item, filter) : found(item, words)));
  const asked = surveys ? list.items.filter(({ household }) => list.sample.includes(household.id)) : list.items;
  const done = asked.filter((item) => isDone(desk, item)).length;
  return (
    <>
      <p class="about">
        {t(`${list.round.replace('Q', ' 年第 ')} 季度`, list.round)} ·{' '}
        {t(`已完成 ${done} / ${asked.length} 户`, `${done} of ${asked.length} done`)} · {t('截止', 'due')}{' '}
        {list.form?.due.slice(5) ?? ''}
        <br />
        {t('名单更新于', 'List of')} {clock(list.fetchedAt)}
        {list.status === 'collecting' ? '' : ` · ${named(doorNames, list.status)}`}
      </p>
      <input
        class="search"
        type="search"
        autocomplete="off"
        aria-label={t('查找户主、成员或户编号', 'Find a head, a member or a number')}
        placeholder={t('查找姓名或户编号', 'Find a name or number')}
        value={searched}
        onInput={({ currentTarget }) => setSearched(currentTarget.value)}
      />
      <Choice<Filter>
        name={t('名单', 'List')}
        value={filter}
        options={surveys ? surveyorFilters : villageFilters}
        onChange={setFilter}
      />
      <ul class="households">
        {shown.map((item) => (
          <li key={item.household.id}>
            <Row desk={desk} item={item} onOpen={() => go({ at: 'household', household: item.household.id })} />
          </li>
        ))}
      </ul>
      {shown.length === 0 ? (
        <p class="empty">
          {words === '' ? t('这里没有待办的户。', 'Nothing to do here.') : t('没有找到。', 'Nothing found.')}
        </p>
      ) : null}
    </>
  );
}

function Row({ desk, item, onOpen }: { desk: Desk; item: WorkItem; onOpen: () => void }) {
  const { household, previousClass, form } = item;
  const head = household.members.find(({ relation }) => relation === 'head') ?? household.members[0];
  const last = form?.visits[form.visits.length - 1]?.visit ?? form?.lastVisit?.visit;
  const watched = desk.list?.watch.find((one) => one.household === household.id);
  return (
    <button type="button" class="household" onClick={onOpen}>
      <b>
        {head?.name} <i>{household.id.slice(13)}</i>
      </b>
      <span>
        {people(household.members.length)}
        {previousClass === null ? '' : ` · ${t('上季', 'was ')}${named(classNames, previousClass)}`}
        {household.address === undefined ? '' : ` · ${household.address}`}
      </span>
      <small>
        {last === undefined
          ? t('上季未入户', 'Not visited before')
          : `${t('上次', 'Last')} ${last.visitedOn} ${by(desk, last.visitor)}`}
      </small>
      {watched === undefined ? null : (
        <small class={watched.overdue ? 'late' : ''}>
          {t(`应于 ${watched.dueOn} 前走访`, `To be called on by ${watched.dueOn}`)}
          {watched.overdue ? t('，已逾期', ', overdue') : ''}
        </small>
      )}
      <em class={stateOf(desk, item)}>{say(stateWords[stateOf(desk, item)])}</em>
    </button>
  );
}

const stateWords = {
  open: ['待入户', 'To visit'],
  draft: ['填写中', 'Draft'],
  ready: ['待发送', 'To send'],
  refused: ['需处理', 'Look at it'],
  done: ['已完成', 'Done'],
  missed: ['未入户', 'Not met'],
} as const;

/** Where a household stands in the round: by its visits and by why it was not met. What else was written of it says nothing of that. */
function stateOf(desk: Desk, item: WorkItem): keyof typeof stateWords {
  const forms = desk
    .formsOf(item.household.id)
    .filter(({ answers }) => answers.kind === 'visit' || answers.kind === 'missed');
  if (forms.some(({ state }) => state === 'refused')) return 'refused';
  if (forms.some(isUnsent)) return 'ready';
  if (forms.some(({ state }) => state === 'draft')) return 'draft';
  if (desk.me.role === 'surveyor') {
    // What the village did is not the surveyor's.
    if (item.form?.visits.some(({ visit }) => visit.purpose === 'sample')) return 'done';
  } else if (item.state !== 'open') return item.state === 'visited' ? 'done' : 'missed';
  return forms.some(
    ({ state, answers }) => state === 'sent' && answers.kind === 'visit' && answers.visit.round === desk.list?.round,
  )
    ? 'done'
    : 'open';
}

function isDone(desk: Desk, item: WorkItem): boolean {
  return ['ready', 'done', 'missed'].includes(stateOf(desk, item));
}

/** Open: nobody was there, or a form is not finished. Again: nobody was met, or two visits of this round disagree about the class. */
function fits(desk: Desk, item: WorkItem, filter: Filter): boolean {
  const state = stateOf(desk, item);
  switch (filter) {
    case 'open':
      return state === 'open' || state === 'draft' || state === 'refused';
    case 'again':
      return (state === 'missed' && item.missed !== 'cancelled') || disagrees(desk, item);
    case 'sample':
      return desk.list?.sample.includes(item.household.id) === true;
    case 'watch':
      return desk.list?.watch.some(({ household }) => household === item.household.id) === true;
    case 'all':
      return true;
  }
}

/** The sheet flags it when two visits come to different classes: a third tells which holds. */
function disagrees(desk: Desk, item: WorkItem): boolean {
  const { list } = desk;
  const visits = item.form?.visits.filter(({ visit }) => visit.purpose === 'screening') ?? [];
  if (visits.length !== 2 || list?.form === undefined) return false;
  const { form, round } = list;
  const classes = visits.map(
    ({ visit }) =>
      judgeHere(visit, item, form, { round, bySurveyor: false, now: Date.parse(visit.recordedAt) }).triage?.class,
  );
  return new Set(classes).size > 1;
}

/** A name is found however its dots, spaces and width are written, as the server finds it. */
function found({ household }: WorkItem, words: string): boolean {
  const wanted = comparable(words);
  return (
    household.id.slice(13).includes(wanted) || household.members.some(({ name }) => comparable(name).includes(wanted))
  );
}
