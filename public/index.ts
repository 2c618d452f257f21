import { noticeSentence } from '../console/words/notice-sentence.ts';
import { addDays, dayOf } from '../functions/domain/calendar.ts';
import { ask, serverNow, troubleOf } from './ask.ts';
import { byId, element, emptied, onSend, start } from './page.ts';
import { chooseVillage } from './villages.ts';
import type { Said } from './words.ts';

interface Notice {
  id: string;
  text: string;
  lastDay: string;
}

start();
const place = byId('notices', HTMLElement);
let chosen = '';
chooseVillage((village, name) => {
  chosen = village;
  emptied(place);
  if (village === '') return;
  place.append(element('p', ['正在查询…', 'Looking…']));
  ask<{ items: Notice[] }>('listNotices', { query: { region: village } }).then(
    // Over a bad line an earlier village may answer after the one that was chosen since.
    ({ items }) => {
      if (chosen === village) show(name, items);
    },
    (error: unknown) => {
      if (chosen === village) emptied(place).append(element('p', troubleOf(error), 'told'));
    },
  );
}).catch((error: unknown) => place.append(element('p', troubleOf(error), 'told')));

function show(name: string, notices: readonly Notice[]): void {
  emptied(place).append(
    element('h2', [
      `${name}：${notices.length === 0 ? '现在没有公示' : `${notices.length}\u00a0则公示`}`,
      `${name}: ${notices.length === 0 ? 'no notice stands now' : `${notices.length} notices`}`,
    ]),
  );
  for (const notice of notices) {
    const left = daysLeft(notice.lastDay);
    const article = document.createElement('article');
    article.append(
      element('p', [`还剩 ${left} 天`, `${left} days left`], 'left'),
      element('p', [notice.text, noticeSentence(notice.text, 'en')]),
      objecting(notice.id),
    );
    place.append(article);
  }
}

/** Full days until it is gone, today included. */
function daysLeft(lastDay: string): number {
  let days = 0;
  for (let day = dayOf(serverNow()); day <= lastDay; day = addDays(day, 1)) days += 1;
  return days;
}

/** The form for an objection, opened by a touch. Contact is optional: an objection without a name is an objection. */
function objecting(notice: string): HTMLElement {
  const details = document.createElement('details');
  const form = document.createElement('form');
  const text = document.createElement('textarea');
  const contact = document.createElement('input');
  const button = element('button', ['提交异议', 'Send the objection']);
  Object.assign(text, { required: true, minLength: 4, maxLength: 500 });
  Object.assign(contact, { maxLength: 60, autocomplete: 'off' });
  form.append(
    labelled(['异议内容（至少 4 个字）', 'What you object (4 characters at least)'], text),
    labelled(['联系方式（可不填，便于答复）', 'How to reach you (optional)'], contact),
    button,
  );
  details.append(element('summary', ['我有异议', 'I object']), form);
  onSend(form, async () => {
    const told = contact.value.trim();
    await ask('lodgeObjection', {
      params: { id: notice },
      body: { text: text.value.trim(), ...(told === '' ? {} : { contact: told }) },
    });
    details.replaceWith(
      element(
        'p',
        [
          '已收到您的异议，答复之前审核不会继续。',
          'Your objection has been received; the review waits for its answer.',
        ],
        'good',
      ),
    );
  });
  return details;
}

function labelled(words: Said, field: HTMLElement): HTMLElement {
  const label = element('label', words);
  label.append(field);
  return label;
}
