import { Alert, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../words/language.tsx';

/** A look at whole numbers is a separate act with a reason, and is listed; this asks for it. */
export function Reasoned({
  title,
  okText,
  done,
  pending,
  act,
  close,
  children,
}: {
  title: string;
  okText: string;
  /** It was done: the button closes. */
  done: boolean;
  pending: boolean;
  act: (reason: string) => void;
  close: () => void;
  children?: ReactNode;
}) {
  const { w } = useWords();
  const [reason, setReason] = useState('');
  return (
    <Modal
      open
      title={title}
      okText={done ? w.close : okText}
      cancelText={w.cancel}
      confirmLoading={pending}
      okButtonProps={{ disabled: reason.trim().length < 4 }}
      onOk={() => (done ? close() : act(reason.trim()))}
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
      {children}
    </Modal>
  );
}
