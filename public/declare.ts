import { casesCodes } from '../console/words/codes/cases.ts';
import { ask, troubleOf } from './ask.ts';
import { byId, chosen, element, onSend, options, showReceipt, start, typed } from './page.ts';
import { chooseVillage } from './villages.ts';

start();
options(byId('trouble', HTMLSelectElement), Object.entries(casesCodes.risk));
const form = byId('declare', HTMLFormElement);
chooseVillage(() => undefined).catch((error: unknown) => form.prepend(element('p', troubleOf(error), 'told')));
onSend(form, async () => {
  const { receipt } = await ask<{ receipt: string }>('declare', {
    body: {
      name: typed('name'),
      idNumber: typed('idNumber'),
      phone: typed('phone'),
      village: typed('village'),
      trouble: typed('trouble'),
      declaredBy: chosen('declaredBy'),
    },
  });
  showReceipt(form, ['已收到申报。受理编号：', 'Your declaration has been received. Receipt:'], receipt, [
    '请截图或抄下编号，可凭编号在“查进度”中查询。工作人员会上门核实。',
    'Keep the receipt: “Status” tells where it stands. Somebody will visit you.',
  ]);
});
