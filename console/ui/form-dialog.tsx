import { Form, type FormInstance, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../words/language.tsx';

/** A dialog that is one form: sent by its button, checked before, closed by whoever opened it when it has been taken. */
export function FormDialog<Values extends object>({
  title,
  width = 640,
  form,
  initial,
  send,
  isSending,
  ok,
  close,
  before,
  columns = false,
  children,
}: {
  title: ReactNode;
  width?: number;
  form: FormInstance<Values>;
  initial?: object;
  send: (values: Values) => void;
  isSending: boolean;
  /** What the button says; otherwise that it confirms. */
  ok?: string;
  close: () => void;
  /** Above the form. */
  before?: ReactNode;
  /** Whether the whole form stands in columns. */
  columns?: boolean;
  children: ReactNode;
}) {
  const { w } = useWords();
  return (
    <Modal
      open
      width={width}
      title={title}
      onCancel={close}
      okText={ok ?? w.confirm}
      cancelText={w.cancel}
      confirmLoading={isSending}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      {before}
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        {...(columns ? { className: 'decide-fields' } : {})}
        {...(initial === undefined ? {} : { initialValues: initial })}
        onFinish={send}
      >
        {children}
      </Form>
    </Modal>
  );
}
