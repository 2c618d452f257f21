import { Form, Input } from 'antd';
import { YuanInput } from '../../ui/number.tsx';
import { useWords } from '../../words/language.tsx';
import { FoundFields } from './found-fields.tsx';
import type { View } from './step.ts';

/** What was found, by the line of the claim. */
export function SurveyFields({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const needed = [{ required: true, message: w.needed }];
  const money = <YuanInput />;
  return (
    <>
      <Form.Item name="visitedOn" label={w.surveyedOn} rules={needed}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="report" label={w.surveyReport}>
        <Input maxLength={200} />
      </Form.Item>
      <FoundFields line={answer.line} />
      {answer.line === 'illness' || answer.line === 'accident-medical' ? (
        <Form.List name="bills">
          {(fields) =>
            fields.map(({ key, name }) => (
              <div key={key} className="decide-fields">
                <Form.Item name={[name, 'invoice']} label={of('document', 'invoice')} rules={needed}>
                  <Input />
                </Form.Item>
                <Form.Item name={[name, 'total']} label={w.total} rules={needed}>
                  {money}
                </Form.Item>
                <Form.Item name={[name, 'reimbursed']} label={w.reimbursed} rules={needed}>
                  {money}
                </Form.Item>
                <Form.Item name={[name, 'excluded']} label={w.excluded} rules={needed}>
                  {money}
                </Form.Item>
              </div>
            ))
          }
        </Form.List>
      ) : null}
      <Form.Item name="note" label={w.note}>
        <Input maxLength={500} />
      </Form.Item>
    </>
  );
}
