import { riskNames } from '../functions/domain/cases/case-labels.ts';
import { ask } from './ask.ts';
import { byId, chosen, element, onSend, options, showReceipt, start, typed } from './page.ts';
import { chooseVillage } from './villages.ts';

start();
options(byId('trouble', HTMLSelectElement), Object.entries(riskNames));
const form = byId('declare', HTMLFormElement);
chooseVillage(() => undefined).catch((error: unknown) =>
  form.prepend(element('p', error instanceof Error ? error.message : '', 'told')),
);
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
  showReceipt(
    form,
    '已收到申报。受理编号：',
    receipt,
    '请截图或抄下编号，可凭编号在“查进度”中查询。工作人员会上门核实。',
  );
});
