import { useMutation } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import { erasureGround } from '../../../functions/contracts/registry/erasure.ts';
import { call, type Input as InputOf } from '../../api/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useProblem } from '../../ui/problem.ts';
import { fill, useWords } from '../../words/language.tsx';

type Fields = Pick<InputOf<'proposeErasure'>['body'], 'ground' | 'reason'>;

/** Asks that everything about somebody who lives here no more be erased; another officer approves it under Administration. */
export function ProposeErasure({
  household,
  person,
  name,
  close,
}: {
  household: string;
  person: string;
  name: string;
  close: () => void;
}) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const [form] = Form.useForm<Fields>();
  const propose = useMutation({
    mutationFn: (fields: Fields) => call('proposeErasure', { body: { household, person, ...fields } }),
    onSuccess: () => {
      void message.success(w.erasureWaits);
      close();
    },
    onError: problem,
  });
  return (
    <FormDialog
      title={fill(w.proposeErasureOf, { name })}
      width={480}
      form={form}
      send={propose.mutate}
      isSending={propose.isPending}
      refused={propose.error}
      close={close}
    >
      <Form.Item name="ground" label={w.erasureGround} rules={[{ required: true, message: w.needed }]}>
        <Select options={erasureGround.options.map((value) => ({ value, label: of('erasureGround', value) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={w.reason}
        extra={w.erasureReasonNote}
        rules={[{ required: true, min: 4, message: w.reasonNeeded }]}
      >
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}
