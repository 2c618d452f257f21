import { Form, Input } from 'antd';
import { useWords } from '../words/language.tsx';

/** Who answers for something: name, unit and account, as the contract's `official` has them. */
export function OfficialFields({ label }: { label: string }) {
  const { w } = useWords();
  const text = [{ required: true, whitespace: true, message: w.needed }];
  return (
    <>
      <Form.Item name="name" label={label} rules={text}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="unit" label={w.unitOf} rules={text}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="account" label={w.accountOf} rules={text}>
        <Input maxLength={64} />
      </Form.Item>
    </>
  );
}
