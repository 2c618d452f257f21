import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Desk } from '../keep/desk.ts';

/** Draws again whenever the desk changes. */
export function useDesk(desk: Desk): Desk {
  const [, draw] = useState(0);
  useEffect(() => desk.subscribe(() => draw((n) => n + 1)), [desk]);
  return desk;
}

export function Choice<T extends string | number | boolean>(props: {
  name: string;
  value: T | undefined;
  options: readonly (readonly [T, string])[];
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
          {label}
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
  wrong?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class={props.wrong === undefined ? 'line' : 'line wrong'} data-line={props.of}>
      <label for={props.of}>{props.label}</label>
      {props.children}
      {props.hint === undefined ? null : <small>{props.hint}</small>}
      {props.wrong === undefined ? null : <small class="fault">{props.wrong}</small>}
    </div>
  );
}

/** Two sides of a conflict, line by line. */
export function Beside({ ours, theirs }: { ours: readonly [string, string][]; theirs: readonly [string, string][] }) {
  const names = [...new Set([...ours, ...theirs].map(([name]) => name))];
  const of = (side: readonly [string, string][], name: string) => side.find(([key]) => key === name)?.[1] ?? '—';
  return (
    <table class="beside">
      <thead>
        <tr>
          <td />
          <th scope="col">手机上的</th>
          <th scope="col">系统里的</th>
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

export const day = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 10);
export const clock = (instant: number): string =>
  new Date(instant + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
