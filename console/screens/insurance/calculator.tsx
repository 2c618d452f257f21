import { useMutation } from '@tanstack/react-query';
import { Button, Form, Select } from 'antd';
import { lineId } from '../../../functions/contracts/insurance/product.ts';
import { call } from '../../api/client.ts';
import { Arithmetic } from '../../ui/arithmetic.tsx';
import { fenOf } from '../../ui/format.ts';
import { Illustrative } from '../../ui/marks.tsx';
import { YuanInput } from '../../ui/number.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import { FoundFields } from '../claims/found-fields.tsx';
import { type Fields, factsOf } from '../claims/step.ts';
import type { Product } from './terms.tsx';

interface Trial extends Pick<Fields, 'grade' | 'stage' | 'housing' | 'housingLoss' | 'assetsLoss'> {
  line: (typeof lineId.options)[number];
  total?: number;
  reimbursed?: number;
  excluded?: number;
  before?: number;
}

/** Anybody can check the arithmetic: nothing is stored. */
export function Calculator({ product }: { product: Product }) {
  const { w, of } = useWords();
  const problem = useProblem();
  const [form] = Form.useForm<Trial>();
  const line = Form.useWatch('line', form) ?? 'illness';
  const trial = useMutation({
    mutationFn: ({ line: of, total = 0, reimbursed = 0, excluded = 0, before = 0, ...found }: Trial) => {
      const bills = [{ invoice: 'TRIAL-1', total, reimbursed, excluded }];
      return call('tryProduct', {
        params: { id: product.id },
        body: {
          facts: factsOf(of, { ...found, bills }),
          standing: { accepted: fenOf(before), approved: 0, household: 0, limitLeft: 1_000_000_000 },
        },
      });
    },
    onError: problem,
  });
  const money = <YuanInput />;
  const needed = [{ required: true, message: w.needed }];
  const isCost = line === 'illness' || line === 'accident-medical';
  return (
    <Block
      title={
        <>
          {w.calculator} <Illustrative />
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        size="small"
        initialValues={{ line: 'illness', reimbursed: 0, excluded: 0, before: 0 }}
        onFinish={trial.mutate}
        // A result is of the numbers it was made of.
        onValuesChange={() => trial.reset()}
        className="decide-fields"
      >
        <Form.Item name="line" label={w.insuredLine}>
          <Select options={lineId.options.map((value) => ({ value, label: of('line', value) }))} />
        </Form.Item>
        {isCost ? (
          <>
            <Form.Item name="total" label={w.total} rules={needed}>
              {money}
            </Form.Item>
            <Form.Item name="reimbursed" label={w.reimbursed}>
              {money}
            </Form.Item>
            <Form.Item name="excluded" label={w.excluded}>
              {money}
            </Form.Item>
            <Form.Item name="before" label={w.acceptedBefore}>
              {money}
            </Form.Item>
          </>
        ) : null}
        <FoundFields line={line} />
        <Form.Item label=" ">
          <Button htmlType="submit" type="primary" loading={trial.isPending}>
            {w.calculate}
          </Button>
        </Form.Item>
      </Form>
      {trial.data === undefined ? null : <Arithmetic steps={trial.data.steps} amount={trial.data.amount} />}
    </Block>
  );
}
