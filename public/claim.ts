import { ask } from './ask.ts';
import { byId, onSend, showReceipt, start, typed } from './page.ts';

start();
const form = byId('claim', HTMLFormElement);
onSend(form, async () => {
  const [name, phone] = [typed('name'), typed('phone')];
  const { receipt } = await ask<{ receipt: string }>('reportOwn', {
    body: {
      idNumber: typed('idNumber'),
      ...(name === '' ? {} : { name }),
      ...(phone === '' ? {} : { phone }),
      line: typed('line'),
      eventOn: typed('eventOn'),
    },
  });
  showReceipt(form, ['已收到报案。受理编号：', 'Your report has been received. Receipt:'], receipt, [
    '请截图或抄下编号。村委会核实后会与您联系，可凭编号和证件号码末四位在“查进度”中查询。',
    'Keep the receipt. The villagers’ committee will be in touch; see under “Status” with it and the last four of the ID number.',
  ]);
});
