import { useMutation } from '@tanstack/react-query';
import { Alert, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';

/** A number in full is a separate act with a reason, and is logged; what was shown is forgotten with the dialog. */
export function Reveal({ id, asked, close }: { id: string; asked: string; close: () => void }) {
  const { w } = useWords();
  const problem = useProblem();
  const [reason, setReason] = useState('');
  const show = useMutation({
    mutationFn: () =>
      call('revealHousehold', {
        params: { id },
        body: asked === 'phone' ? { field: 'phone', reason } : { field: 'idNumber', person: asked, reason },
      }),
    onError: problem,
    gcTime: 0,
  });
  return (
    <Modal
      open
      title={asked === 'phone' ? w.revealPhone : w.revealNumber}
      okText={show.data === undefined ? w.reveal : w.close}
      cancelText={w.cancel}
      confirmLoading={show.isPending}
      okButtonProps={{ disabled: reason.trim().length < 4 }}
      onOk={() => (show.data === undefined ? show.mutate() : close())}
      onCancel={close}
    >
      <Alert type="warning" showIcon title={w.revealNote} style={{ marginBottom: 12 }} />
      <Input.TextArea
        aria-label={w.reason}
        autoFocus
        rows={2}
        maxLength={200}
        placeholder={w.reasonNeeded}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      {show.data === undefined ? null : (
        <Typography.Title level={4} copyable style={{ marginTop: 12 }}>
          {show.data.value}
        </Typography.Title>
      )}
    </Modal>
  );
}
