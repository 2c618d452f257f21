import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useWords } from '../words/language.tsx';
import { useProblem } from './problem.ts';

/** An act that asks for nothing but a reason. What is on the screens is read anew when it is done. */
export function ReasonDialog({
  title,
  about,
  act,
  close,
}: {
  title: string;
  about?: string;
  act: (reason: string) => Promise<unknown>;
  close: () => void;
}) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const done = useMutation({
    mutationFn: () => act(reason),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries();
      close();
    },
    onError: problem,
  });
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: reason.trim().length < 4 }}
      confirmLoading={done.isPending}
      onOk={() => done.mutate()}
    >
      {about === undefined ? null : <p>{about}</p>}
      <Input.TextArea
        autoFocus
        aria-label={w.reason}
        rows={2}
        maxLength={500}
        placeholder={w.reasonNeeded}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </Modal>
  );
}
