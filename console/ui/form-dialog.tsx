import { Form, type FormInstance, Modal } from 'antd';
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { Refused } from '../api/client.ts';
import { faultSentence } from '../words/english-faults.ts';
import { useWords } from '../words/language.tsx';
import { fieldAt } from './field-at.ts';
import { useUnsaved } from './unsaved.ts';

/** A dialog that is one form: sent by its button, checked before, closed by whoever opened it when it has been taken. What was refused stands at its field. */
export function FormDialog<Values extends object>({
  title,
  width = 640,
  form,
  initial,
  send,
  isSending,
  refused,
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
  /** Why it was not taken the last time. */
  refused: unknown;
  /** What the button says; otherwise that it confirms. */
  ok?: string;
  close: () => void;
  /** Above the form. */
  before?: ReactNode;
  /** Whether the whole form stands in columns. */
  columns?: boolean;
  children: ReactNode;
}) {
  const { w, language } = useWords();
  // Whoever opened it may go elsewhere with what has been taken.
  const sent = useRef(false);
  useUnsaved(() => form.isFieldsTouched() && !sent.current);
  const mark = useEffectEvent((errors: Refused['errors']) => {
    const names = form.getFieldsError().map(({ name }) => name);
    const marked = errors.flatMap((error) => {
      const name = fieldAt(error.pointer, names);
      return name === undefined ? [] : [{ name, errors: [faultSentence(error, language)] }];
    });
    if (marked.length === 0) return;
    // The names are those of the form's own fields, of whatever form this is.
    const untyped: FormInstance = form;
    untyped.setFields(marked);
    untyped.scrollToField(marked[0]?.name ?? [], { focus: true });
  });
  useEffect(() => {
    if (refused !== null) sent.current = false;
    if (refused instanceof Refused) mark(refused.errors);
  }, [refused]);
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
        onFinish={(values) => {
          if (isSending) return;
          sent.current = true;
          send(values);
        }}
      >
        {children}
      </Form>
    </Modal>
  );
}
