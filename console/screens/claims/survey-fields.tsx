import { Form, Input, Select } from 'antd';
import { educationStage, housingDamage } from '../../../functions/contracts/insurance/product.ts';
import { YuanInput } from '../../ui/number.tsx';
import { useWords } from '../../words/language.tsx';
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
      {answer.line === 'accidental-disability' ? (
        <Form.Item name="grade" label={w.grade} rules={needed}>
          <Select options={Array.from({ length: 10 }, (_, n) => ({ value: n + 1, label: String(n + 1) }))} />
        </Form.Item>
      ) : null}
      {answer.line === 'education' ? (
        <Form.Item name="stage" label={w.educationStage} rules={needed}>
          <Select options={educationStage.options.map((value) => ({ value, label: of('educationStage', value) }))} />
        </Form.Item>
      ) : null}
      {answer.line === 'disaster' ? (
        <>
          <Form.Item name="housing" label={w.housingDamage} rules={needed}>
            <Select
              options={[
                { value: 'none', label: w.none },
                ...housingDamage.options.map((value) => ({ value, label: of('housingDamage', value) })),
              ]}
            />
          </Form.Item>
          <Form.Item name="housingLoss" label={w.housingLoss} rules={needed}>
            {money}
          </Form.Item>
          <Form.Item name="assetsLoss" label={w.assetsLoss} rules={needed}>
            {money}
          </Form.Item>
        </>
      ) : null}
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
