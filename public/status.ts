import { addDays, dayOf } from '../functions/domain/calendar.ts';
import { ask, serverNow } from './ask.ts';
import { byId, element, emptied, onSend, start, typed } from './page.ts';

/** The whole procedure takes at most so many days (docs/domain.md, 4); later than that is orange. */
const DAYS = 15;

interface Declaration {
  receivedAt: string;
  status: string;
  message: string;
}
interface Claim {
  stageName: string;
  message: string;
  missing: { names: string }[];
}

start();
const form = byId('status', HTMLFormElement);
const place = byId('found', HTMLElement);
onSend(form, async () => {
  emptied(place);
  const receipt = typed('receipt').toUpperCase().replace(/\s/g, '');
  // The receipt of a claim begins with an L, which no other holds.
  if (receipt[0] === 'L') {
    const claim = await ask<Claim>('claimStatus', {
      params: { receipt },
      query: { last4: typed('last4').toUpperCase() },
    });
    place.append(element('h2', `理赔：${claim.stageName}`), element('p', claim.message));
    if (claim.missing.length > 0)
      place.append(element('p', `还缺：${claim.missing.map(({ names }) => names).join('、')}`, 'late'));
    return;
  }
  const { receivedAt, status, message } = await ask<Declaration>('readDeclaration', { params: { receipt } });
  const received = dayOf(Date.parse(receivedAt));
  const open = ['received', 'passed-on', 'under-review'].includes(status);
  const late = open && dayOf(serverNow()) > addDays(received, DAYS);
  place.append(element('h2', message, late ? 'late' : ''), element('p', `申报日期：${received}`));
  if (late) place.append(element('p', `已超过 ${DAYS} 天，可向镇人民政府反映。`, 'late'));
});
