import { englishFaults } from '../console/words/fault-words.ts';
import { Refused, troubleOf } from './ask.ts';
import { put, type Said, say, speak, switchLanguage } from './words.ts';

/** The element of an id in this page. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`This page has no ${id}.`);
  return found;
}

/** An element with its text, which changes with the language; text is never read as HTML. */
export function element(name: string, text: Said, className?: string): HTMLElement {
  const made = document.createElement(name);
  put(made, text);
  if (className !== undefined) made.className = className;
  return made;
}

export function emptied(place: HTMLElement): HTMLElement {
  place.textContent = '';
  return place;
}

/** In place of a form that was taken: its receipt, and what to do with it. */
export function showReceipt(form: HTMLFormElement, taken: Said, receipt: string, next: Said): void {
  emptied(form).append(element('p', taken, 'good'), element('p', receipt, 'receipt'), element('p', next));
  form.scrollIntoView();
}

/** Shows what needs a script, and takes away the advice for browsers that cannot run this one. */
export function start(): void {
  speak();
  document.getElementById('language')?.addEventListener('click', switchLanguage);
  document.getElementById('needs')?.remove();
  for (const hidden of document.querySelectorAll<HTMLElement>('[data-scripted]')) hidden.hidden = false;
}

const fieldNames: Record<string, Said> = {
  '/idNumber': ['证件号码', 'ID number'],
  '/phone': ['手机号码（11 位）', 'Mobile telephone (11 digits)'],
  '/name': ['姓名', 'Name'],
  '/village': ['村', 'Village'],
  '/eventOn': ['出险日期', 'Day of the event'],
  '/text': ['异议内容', 'Objection'],
  '/contact': ['联系方式', 'Contact'],
  '/receipt': ['受理编号', 'Receipt'],
  '/last4': ['证件号码末四位', 'Last four of the ID number'],
};

/** Lets a form be sent once at a time; what is refused is said beside it, and what was filled in stays. */
export function onSend(form: HTMLFormElement, send: () => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    const told = form.querySelector<HTMLElement>('.told') ?? form.appendChild(element('p', '', 'told'));
    told.setAttribute('role', 'alert');
    told.textContent = '';
    if (button !== null) button.disabled = true;
    send()
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) {
          // Whoever waits is told something, whatever it was.
          put(told, troubleOf(error));
          throw error;
        }
        const fields = error.errors.map(({ pointer, code, detail }): Said => {
          const name = fieldNames[pointer] ?? '';
          const fault: Said = [detail, englishFaults[code.replace(/^id-number-/, '')] ?? detail];
          return [`${say(name, 0)}：${say(fault, 0)}`, `${say(name, 1)}: ${say(fault, 1)}`];
        });
        const all = [error.said, ...fields];
        put(told, [all.map((each) => say(each, 0)).join(' '), all.map((each) => say(each, 1)).join(' ')]);
      })
      .finally(() => {
        if (button !== null) button.disabled = false;
      });
  });
}

export function typed(id: string): string {
  const found = document.getElementById(id);
  if (found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement || found instanceof HTMLSelectElement)
    return found.value.trim();
  throw new Error(`This page has no field ${id}.`);
}

/** What was chosen of two. */
export function chosen(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? '';
}

export function options(select: HTMLSelectElement, all: readonly (readonly [string, Said])[]): void {
  for (const [value, label] of all) {
    const option = new Option('', value);
    put(option, label);
    select.add(option);
  }
}
