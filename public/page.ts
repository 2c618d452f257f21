import { Refused } from './ask.ts';

/** The element of an id in this page. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`This page has no ${id}.`);
  return found;
}

/** An element with its text; text is never read as HTML. */
export function element(name: string, text: string, className?: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

export function emptied(place: HTMLElement): HTMLElement {
  place.textContent = '';
  return place;
}

/** In place of a form that was taken: its receipt, and what to do with it. */
export function showReceipt(form: HTMLFormElement, taken: string, receipt: string, next: string): void {
  emptied(form).append(element('p', taken, 'good'), element('p', receipt, 'receipt'), element('p', next));
  form.scrollIntoView();
}

/** Shows what needs a script, and takes away the advice for browsers that cannot run this one. */
export function start(): void {
  document.getElementById('needs')?.remove();
  for (const hidden of document.querySelectorAll<HTMLElement>('[data-scripted]')) hidden.hidden = false;
}

const fieldNames: Record<string, string> = {
  '/idNumber': '证件号码',
  '/phone': '手机号码',
  '/name': '姓名',
  '/village': '村',
  '/eventOn': '出险日期',
  '/text': '异议内容',
  '/contact': '联系方式',
  receipt: '受理编号',
  last4: '证件号码末四位',
};

/** Lets a form be sent once at a time; what is refused is said beside it, and what was filled in stays. */
export function onSend(form: HTMLFormElement, send: () => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    const told = form.querySelector('.told') ?? form.appendChild(element('p', '', 'told'));
    told.setAttribute('role', 'alert');
    told.textContent = '';
    if (button !== null) button.disabled = true;
    send()
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        const fields = error.errors.map(({ pointer, detail }) => `${fieldNames[pointer] ?? ''}：${detail}`);
        told.textContent = [error.message, ...fields].join(' ');
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

export function options(select: HTMLSelectElement, all: readonly (readonly [string, string])[]): void {
  for (const [value, label] of all) select.add(new Option(label, value));
}
