import { now } from '../app/clock.ts';
import type { Desk } from '../keep/desk.ts';
import { type Form, isUnsent, kindNames, type State } from '../keep/forms.ts';
import { amountNames, amounts, membersNow } from '../rules/answers.ts';
import { classNames, exchange } from '../send/send.ts';
import { Beside, clock } from './parts.tsx';
import type { Go } from './place.ts';

export const stateNames: Record<State, string> = {
  draft: '填写中',
  ready: '待发送',
  sent: '已收到',
  refused: '需处理',
  aside: '留存未发',
};

/** Every form and what became of it, what needs a person first. */
export function Outbox({ desk, go }: { desk: Desk; go: Go }) {
  const order: State[] = ['refused', 'ready', 'draft', 'aside', 'sent'];
  const forms = [...desk.forms.values()].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.startedAt - a.startedAt,
  );
  return (
    <>
      <h2>发送情况</h2>
      <p class="about" role="status">
        {desk.status.sending
          ? '正在发送…'
          : (desk.status.trouble ?? (desk.unsent === 0 ? '全部已送达。' : '等待发送。'))}
      </p>
      <button type="button" class="main" disabled={desk.status.sending} onClick={() => void exchange(desk)}>
        现在发送
      </button>
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
              <span>{kindNames[form.answers.kind]}</span>
              <em class={form.state}>{stateNames[form.state]}</em>
              {form.outcome === undefined ? null : <small>{form.outcome.words}</small>}
            </button>
          </li>
        ))}
      </ul>
      {forms.length === 0 ? <p class="empty">还没有填过表单。</p> : null}
    </>
  );
}

/** One finished form: what was said, what the server says, and what can be done about it. */
export function OutcomeScreen({ desk, form, go }: { desk: Desk; form: Form; go: Go }) {
  const { outcome } = form;
  const mend = async () => {
    const item = desk.item(form.household);
    const { request: _request, tried: _tried, outcome: _outcome, insisted: _insisted, ...rest } = form;
    const answers =
      form.answers.kind === 'visit' && item !== undefined
        ? {
            kind: 'visit' as const,
            visit: {
              ...form.answers.visit,
              round: desk.list?.round ?? form.answers.visit.round,
              members: membersNow(item, form.answers.visit.members),
            },
          }
        : form.answers;
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
    await desk.put([{ ...form, state: 'aside', outcome: { at: now(), words: '经核对不再发送，留存在手机上。' } }]);
    go({ at: 'outbox' });
  };
  return (
    <>
      <h2>
        {kindNames[form.answers.kind]} · {form.title} <i>{form.household.slice(13)}</i>
      </h2>
      <p class={`result ${form.state}`}>
        <b>{stateNames[form.state]}</b>
        {outcome === undefined ? '' : `：${outcome.words}`}
      </p>
      {outcome?.theirs === undefined ? (
        <dl class="said">
          {linesOfForm(form).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Beside ours={linesOfForm(form)} theirs={outcome.theirs} />
      )}
      {form.judged === undefined || form.state === 'sent' ? null : (
        <p class="about">手机研判：{classNames[form.judged.class]}</p>
      )}
      {form.state === 'refused' ? (
        <div class="more">
          <button type="button" class="main" onClick={() => void mend()}>
            改后再发
          </button>
          <button type="button" onClick={() => void insist()}>
            仍要发送
          </button>
          <button type="button" onClick={() => void keep()}>
            不发送，留存
          </button>
        </div>
      ) : null}
      {form.finishedAt === undefined ? null : <p class="about">填写完成于 {clock(form.finishedAt)}</p>}
      {isUnsent(form) ? <p class="about">未送达的表单不能删除。</p> : null}
    </>
  );
}

function linesOfForm({ answers, household, title }: Form): [string, string][] {
  switch (answers.kind) {
    case 'visit': {
      const { visit } = answers;
      return [
        ['入户日期', visit.visitedOn],
        ...amounts.map((name): [string, string] => [amountNames[name], `${visit.amounts[name] ?? ''} 元`]),
        ['不安全项', String(Object.values(visit.guarantees).filter((safe) => !safe).length)],
        ['变故', String(visit.shocks.length)],
        ['成员', `${visit.members.length} 人`],
      ];
    }
    case 'missed':
      return [['户', title]];
    case 'call':
      return [
        ['日期', answers.on],
        ['情况', answers.note],
      ];
    case 'clue':
      return [['发现', answers.reason]];
    case 'measure':
      return [
        ['措施', answers.name],
        ['完成日期', answers.on],
        ['凭据', answers.evidence],
      ];
    case 'death':
      return [
        ['死亡', answers.name],
        ['日期', answers.on],
      ];
    case 'birth':
      return [
        ['出生', answers.name],
        ['日期', answers.on],
        ['户', household.slice(13)],
      ];
  }
}
