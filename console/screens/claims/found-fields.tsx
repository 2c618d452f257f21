import { Form, Select } from 'antd';
import { educationStage, housingDamage, type LineId } from '../../../functions/contracts/insurance/product.ts';
import { YuanInput } from '../../ui/number.tsx';
import { useWords } from '../../words/language.tsx';

/** What is found of a loss that no bill tells, by the line: asked of whoever surveys a claim, and of whoever tries the arithmetic. */
export function FoundFields({ line }: { line: LineId }) {
  const { w, of } = useWords();
  const needed = [{ required: true, message: w.needed }];
  switch (line) {
    case 'accidental-disability':
      return (
        <Form.Item name="grade" label={w.grade} rules={needed}>
          <Select options={Array.from({ length: 10 }, (_, n) => ({ value: n + 1, label: String(n + 1) }))} />
        </Form.Item>
      );
    case 'education':
      return (
        <Form.Item name="stage" label={w.educationStage} rules={needed}>
          <Select options={educationStage.options.map((value) => ({ value, label: of('educationStage', value) }))} />
        </Form.Item>
      );
    case 'disaster':
      return (
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
            <YuanInput />
          </Form.Item>
          <Form.Item name="assetsLoss" label={w.assetsLoss} rules={needed}>
            <YuanInput />
          </Form.Item>
        </>
      );
    default:
      return null;
  }
}
