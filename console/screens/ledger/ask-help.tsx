import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Segmented, Select } from 'antd';
import { newHelpRequest } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { call, type Input as InputOf, serverNow } from '../../api/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import { Found, useFound } from '../households/found.tsx';

type Fields = InputOf<'askHelp'>['body'];

/** Somebody of a household asked for work, training or help with a start-up: at the counter, or online. */
export function AskHelp({ close }: { close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const today = dayOf(serverNow());
  const id = Form.useWatch('household', form) ?? '';
  // Who asks is one of the household, found by its number.
  const household = useFound(id);
  const ask = useMutation({
    mutationFn: (body: Fields) => call('askHelp', { body }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listHelp'] });
      close();
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  const members = household.data?.members ?? [];
  return (
    <FormDialog
      title={w.askHelp}
      width={480}
      form={form}
      initial={{ askedOn: today, channel: 'counter' }}
      send={ask.mutate}
      isSending={ask.isPending}
      refused={ask.error}
      close={close}
    >
      <Form.Item
        name="household"
        label={w.household}
        normalize={(value: string) => value.trim().toUpperCase()}
        rules={needed}
      >
        <Input
          placeholder={w.householdInFull}
          maxLength={25}
          autoComplete="off"
          onChange={() => form.resetFields(['person'])}
        />
      </Form.Item>
      {household.isError ? <Found household={household} /> : null}
      <Form.Item name="person" label={w.name} rules={needed}>
        <Select
          disabled={members.length === 0}
          options={members.map(({ person, name }) => ({ value: person, label: name }))}
        />
      </Form.Item>
      <Form.Item name="wants" label={w.wants} rules={needed}>
        <Select
          options={newHelpRequest.shape.wants.options.map((value) => ({ value, label: of('helpWants', value) }))}
        />
      </Form.Item>
      <Form.Item name="words" label={w.content} rules={[{ required: true, min: 2, message: w.needed }]}>
        <Input.TextArea rows={2} maxLength={300} />
      </Form.Item>
      <Form.Item name="askedOn" label={w.askedOn} rules={needed}>
        <Input type="date" max={today} />
      </Form.Item>
      <Form.Item name="channel" label={w.channel} rules={needed}>
        <Segmented
          options={newHelpRequest.shape.channel.options.map((value) => ({ value, label: of('helpChannel', value) }))}
        />
      </Form.Item>
    </FormDialog>
  );
}
