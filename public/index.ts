import { addDays, dayOf } from '../functions/domain/calendar.ts';
import { ask, serverNow } from './ask.ts';
import { byId, element, emptied, onSend, start } from './page.ts';
import { chooseVillage } from './villages.ts';

interface Notice {
  id: string;
  text: string;
  lastDay: string;
}

start();
const place = byId('notices', HTMLElement);
chooseVillage((village, name) => {
  emptied(place).append(element('p', '正在查询…'));
  ask<{ items: Notice[] }>('listNotices', { query: { region: village } }).then(
    ({ items }) => show(name, items),
    (error: unknown) => emptied(place).append(element('p', error instanceof Error ? error.message : '', 'told')),
  );
}).catch((error: unknown) => place.append(element('p', error instanceof Error ? error.message : '', 'told')));

function show(name: string, notices: readonly Notice[]): void {
  emptied(place).append(
    element('h2', `${name}：${notices.length === 0 ? '现在没有公示' : `${notices.length} 则公示`}`),
  );
  for (const notice of notices) {
    const article = document.createElement('article');
    article.append(
      element('p', `还剩 ${daysLeft(notice.lastDay)} 天`, 'left'),
      element('p', notice.text),
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
  const button = element('button', '提交异议');
  Object.assign(text, { required: true, minLength: 4, maxLength: 500 });
  Object.assign(contact, { maxLength: 60, autocomplete: 'off' });
  form.append(labelled('异议内容（至少 4 个字）', text), labelled('联系方式（可不填，便于答复）', contact), button);
  details.append(element('summary', '我有异议'), form);
  onSend(form, async () => {
    const told = contact.value.trim();
    await ask('lodgeObjection', {
      params: { id: notice },
      body: { text: text.value.trim(), ...(told === '' ? {} : { contact: told }) },
    });
    emptied(details).append(element('p', '已收到您的异议，答复之前审核不会继续。', 'good'));
    details.open = true;
  });
  return details;
}

function labelled(words: string, field: HTMLElement): HTMLElement {
  const label = element('label', words);
  label.append(field);
  return label;
}
