import { useState } from 'preact/hooks';
import type { Desk } from '../keep/desk.ts';
import { isUnsent } from '../keep/forms.ts';
import type { WorkItem } from '../rules/judge.ts';
import { classNames } from '../send/send.ts';
import { Choice, clock } from './parts.tsx';
import type { Go } from './place.ts';

const villageFilters = [
  ['open', '待入户'],
  ['again', '待复访'],
  ['watch', '重点走访'],
  ['all', '全部'],
] as const;
const surveyorFilters = [
  ['sample', '抽查户'],
  ['all', '全部'],
] as const;
type Filter = (typeof villageFilters)[number][0] | 'sample';

/** Today's worklist: by the way one walks (the register's numbers follow the lanes), filtered by what is open, searched on the phone only. */
export function ListScreen({ desk, go }: { desk: Desk; go: Go }) {
  const surveys = desk.me.role === 'surveyor';
  const [filter, setFilter] = useState<Filter>(surveys ? 'sample' : 'open');
  const [searched, setSearched] = useState('');
  const { list } = desk;
  if (list === undefined)
    return <p class="empty">{desk.status.sending ? '正在取名单…' : '还没有名单，有信号时自动下载。'}</p>;
  const words = searched.trim();
  const shown = list.items.filter((item) => (words === '' ? fits(desk, item, filter) : found(item, words)));
  const asked = surveys ? list.items.filter(({ household }) => list.sample.includes(household.id)) : list.items;
  const done = asked.filter((item) => isDone(desk, item)).length;
  return (
    <>
      <p class="about">
        {list.round.replace('Q', ' 年第 ')} 季度 · 已完成 {done} / {asked.length} 户 · 截止{' '}
        {list.form?.due.slice(5) ?? ''}
        <br />
        名单更新于 {clock(list.fetchedAt)}
        {list.status === 'collecting' ? '' : ' · 本村本轮已停止接收'}
      </p>
      <input
        class="search"
        type="search"
        aria-label="查找户主、成员或户编号"
        placeholder="查找姓名或户编号"
        value={searched}
        onInput={({ currentTarget }) => setSearched(currentTarget.value)}
      />
      <Choice<Filter>
        name="名单"
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
      {shown.length === 0 ? <p class="empty">{words === '' ? '这里没有待办的户。' : '没有找到。'}</p> : null}
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
        {household.members.length} 人{household.address === undefined ? '' : ` · ${household.address}`}
      </span>
      <small>
        {last === undefined ? '上季未入户' : `上次 ${last.visitedOn}（${last.visitor}）`}
        {previousClass === null ? '' : ` · 上季${classNames[previousClass] ?? ''}`}
        {watched === undefined ? '' : ` · 应走访 ${watched.dueOn}`}
      </small>
      <em class={stateOf(desk, item)}>{stateWords[stateOf(desk, item)]}</em>
    </button>
  );
}

const stateWords = {
  open: '待入户',
  draft: '填写中',
  ready: '待发送',
  refused: '需处理',
  done: '已完成',
  missed: '未入户',
} as const;

function stateOf(desk: Desk, item: WorkItem): keyof typeof stateWords {
  const forms = desk.formsOf(item.household.id);
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
  return !['open', 'draft'].includes(stateOf(desk, item));
}

/** Open: nobody was there, or a form is not finished. Again: nobody was met, or two visits disagree with the class of last quarter's monitor. */
function fits(desk: Desk, item: WorkItem, filter: Filter): boolean {
  const state = stateOf(desk, item);
  switch (filter) {
    case 'open':
      return state === 'open' || state === 'draft' || state === 'refused';
    case 'again':
      return state === 'missed' && item.missed !== 'cancelled';
    case 'sample':
      return desk.list?.sample.includes(item.household.id) === true;
    case 'watch':
      return desk.list?.watch.some(({ household }) => household === item.household.id) === true;
    case 'all':
      return true;
  }
}

function found({ household }: WorkItem, words: string): boolean {
  return (
    household.id.slice(13).includes(words.toUpperCase()) || household.members.some(({ name }) => name.includes(words))
  );
}
