import { casesCodes } from '../console/words/codes/cases.ts';
import { insuranceCodes } from '../console/words/codes/insurance.ts';
import { plainNumber } from '../functions/contracts/plain-number.ts';
import { addDays, dayOf } from '../functions/domain/calendar.ts';
import { ask, serverNow } from './ask.ts';
import { byId, element, emptied, onSend, start, typed } from './page.ts';

/** The whole procedure takes at most so many days (docs/domain.md, 4); later than that is orange. */
const DAYS = 15;

interface Declaration {
  receivedAt: string;
  status: string;
  message: string;
  step: string | null;
}
interface Claim {
  stage: string;
  stageName: string;
  message: string;
  missing: { anyOf: string[]; names: string }[];
}

/** Where a declaration stands; the village's own reason is told in Chinese only. */
const statuses: Readonly<Record<string, string>> = {
  received: 'Received. The village will look into it and be in touch.',
  'passed-on': 'Passed on to whoever is in charge, who will be in touch.',
  'under-review': 'Under review',
  admitted: 'Admitted: a helper will visit.',
  'not-admitted': 'Not admitted. Ask the villagers’ committee why.',
  closed: 'Helped, and closed; somebody will go on looking in.',
};
const wordOf = (table: Readonly<Record<string, readonly [string, string]>>, code: string): string =>
  table[code]?.[1] ?? code;

start();
const form = byId('status', HTMLFormElement);
const place = byId('found', HTMLElement);
onSend(form, async () => {
  emptied(place);
  // Pasted with the words before it, in groups, or in full width, it is the same receipt.
  const receipt = plainNumber(typed('receipt'))
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  // The receipt of a claim begins with an L, which no other holds.
  if (receipt[0] === 'L') {
    const claim = await ask<Claim>('claimStatus', {
      params: { receipt },
      body: { last4: typed('last4') },
    });
    place.append(
      element('h2', [`理赔：${claim.stageName}`, `Claim: ${wordOf(insuranceCodes.claimStage, claim.stage)}`]),
      element('p', [claim.message, 'The villagers’ committee can tell more.']),
    );
    if (claim.missing.length > 0)
      place.append(
        element(
          'p',
          [
            `还缺：${claim.missing.map(({ names }) => names).join('、')}`,
            `Still missing: ${claim.missing.map(({ anyOf }) => anyOf.map((kind) => wordOf(insuranceCodes.document, kind)).join(' or ')).join('; ')}`,
          ],
          'late',
        ),
      );
    return;
  }
  const { receivedAt, status, message, step } = await ask<Declaration>('readDeclaration', { params: { receipt } });
  const received = dayOf(Date.parse(receivedAt));
  const open = ['received', 'passed-on', 'under-review'].includes(status);
  const late = open && dayOf(serverNow()) > addDays(received, DAYS);
  place.append(
    element(
      'h2',
      [message, `${statuses[status] ?? status}${step === null ? '' : `: ${wordOf(casesCodes.step, step)}`}`],
      late ? 'late' : '',
    ),
    element('p', [`申报日期：${received}`, `Declared ${received}`]),
  );
  if (late)
    place.append(
      element(
        'p',
        [`已超过 ${DAYS} 天，可向镇人民政府反映。`, `More than ${DAYS} days: the town’s government can be asked.`],
        'late',
      ),
    );
});
