import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isEnglish, type Said, say, switchLanguage, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form } from '../keep/forms.ts';
import { goneWhere } from '../send/conflicts.ts';

/** Draws again whenever the desk changes. */
export function useDesk(desk: Desk): Desk {
  const [, draw] = useState(0);
  useEffect(() => desk.subscribe(() => draw((n) => n + 1)), [desk]);
  return desk;
}

export function Choice<T extends string | number | boolean>(props: {
  name: string;
  value: T | undefined;
  options: readonly (readonly [T, Said])[];
  onChange: (value: T) => void;
}) {
  return (
    <div class="choice" role="radiogroup" aria-label={props.name}>
      {props.options.map(([value, label]) => (
        <button
          type="button"
          key={String(value)}
          role="radio"
          aria-checked={props.value === value}
          onClick={() => props.onChange(value)}
        >
          {say(label)}
        </button>
      ))}
    </div>
  );
}

/** A labelled line of a form, with what is wrong with it. */
export function Line(props: {
  label: string;
  of?: string;
  hint?: ComponentChildren;
  wrong?: Said | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class={props.wrong === undefined ? 'line' : 'line wrong'} data-line={props.of}>
      <label for={props.of}>{props.label}</label>
      {props.children}
      {props.hint === undefined ? null : <small>{props.hint}</small>}
      {props.wrong === undefined ? null : <small class="fault">{say(props.wrong)}</small>}
    </div>
  );
}

/** What to do with a form whose household is no more. */
export function Gone({ desk, form }: { desk: Desk; form: Form }) {
  const words = goneWhere(desk, form);
  return words === undefined ? null : <p class="notice warn">{say(words)}</p>;
}

/** Two sides of a conflict, line by line. */
export function Beside(sides: { ours: readonly [Said, Said][]; theirs: readonly [Said, Said][] }) {
  const [ours, theirs] = [sides.ours.map(said), sides.theirs.map(said)];
  const names = [...new Set([...ours, ...theirs].map(([name]) => name))];
  const of = (side: readonly [string, string][], name: string) => side.find(([key]) => key === name)?.[1] ?? '—';
  return (
    <table class="beside">
      <thead>
        <tr>
          <td />
          <th scope="col">{t('手机上的', 'On this phone')}</th>
          <th scope="col">{t('系统里的', 'In the system')}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name} class={of(ours, name) === of(theirs, name) ? '' : 'differs'}>
            <th scope="row">{name}</th>
            <td>{of(ours, name)}</td>
            <td>{of(theirs, name)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function said([name, value]: [Said, Said]): [string, string] {
  return [say(name), say(value)];
}

/** Chinese first, English by a touch; each is told in its own language. */
export function LanguageSwitch() {
  return (
    <button type="button" class="language" lang={isEnglish() ? 'zh-CN' : 'en'} onClick={switchLanguage}>
      {isEnglish() ? '中文' : 'English'}
    </button>
  );
}

/** What a form says that the phone could not keep. */
export function notKept(): string {
  return t(
    '手机存储已满，表单还没有存下：请不要关闭本页，清理手机后再按“完成”。',
    'This phone is full and the form is not kept yet: do not close this page; make room, then touch Done again.',
  );
}

export function people(count: number): string {
  return t(`${count} 人`, count === 1 ? '1 person' : `${count} people`);
}

/** Who was there: oneself, or another account. */
export function by(desk: Desk, visitor: string): string {
  return visitor === desk.me.sub ? t('本人', 'by myself') : visitor;
}

export const day = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 10);
export const clock = (instant: number): string =>
  new Date(instant + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
