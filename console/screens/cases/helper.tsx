import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { type Answer, call, mayCall } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { OfficialFields } from '../../ui/official-fields.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';

type View = Answer<'readCase'>;

/** Who helps the household (帮扶责任人), and how another takes over. */
export function Helper({ answer }: { answer: View }) {
  const { w } = useWords();
  const me = useMe();
  const [changing, setChanging] = useState(false);
  const helper = answer.episodes.at(-1)?.helper;
  return (
    <>
      {helper === undefined ? '—' : `${helper.name} · ${helper.unit}`}{' '}
      {mayCall(me, 'assignHelper') && answer.stage === 'open' ? (
        <Button className="no-print" size="small" type="link" onClick={() => setChanging(true)}>
          {w.changeHelper}
        </Button>
      ) : null}
      {changing ? <ChangeHelper id={answer.id} close={() => setChanging(false)} /> : null}
    </>
  );
}

interface Fields {
  name: string;
  unit: string;
  account: string;
  reason: string;
}

function ChangeHelper({ id, close }: { id: string; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const change = useMutation({
    mutationFn: ({ reason, ...helper }: Fields) => call('assignHelper', { params: { id }, body: { helper, reason } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries();
      close();
    },
    onError: problem,
  });
  return (
    <FormDialog
      title={w.changeHelper}
      width={420}
      form={form}
      send={change.mutate}
      isSending={change.isPending}
      refused={change.error}
      close={close}
    >
      <OfficialFields label={w.helper} />
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, min: 4, message: w.reasonNeeded }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
