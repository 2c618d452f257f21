import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { measureKind } from '../../../functions/contracts/assistance/measure.ts';
import { natureOf } from '../../../functions/domain/assistance/measures.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, serverNow } from '../../api/client.ts';
import { fenOf } from '../../ui/format.ts';
import { YuanInput } from '../../ui/number.tsx';
import { OfficialFields } from '../../ui/official-fields.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useUnsaved } from '../../ui/unsaved.ts';
import { useWords } from '../../words/language.tsx';
import { useRefreshedCase } from './refreshed-case.ts';

type View = Answer<'readCase'>;

interface Fields {
  kind: (typeof measureKind.options)[number];
  name: string;
  unit: string;
  account: string;
  amount?: number;
  funder?: string;
  referredTo?: string;
}

/** A measure that comes next. Of a safeguard another authority grants, whom it was asked of is kept, and followed until it is granted or refused. */
export function PlanMeasure({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const refresh = useRefreshedCase();
  const problem = useProblem();
  const [form] = Form.useForm<Fields>();
  useUnsaved(() => form.isFieldsTouched(['kind', 'amount', 'funder', 'referredTo']));
  const kind = Form.useWatch('kind', form);
  const helper = answer.episodes.at(-1)?.helper;
  // One measure for what was filled in once, however often it is sent: an answer may be lost. Filled in otherwise it is another.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const another = (): void => setKey(crypto.randomUUID());
  const plan = useMutation({
    mutationFn: ({ amount, referredTo, funder, kind: planned, ...responsible }: Fields) => {
      const plannedOn = dayOf(serverNow());
      return call('planMeasure', {
        params: { id: answer.id },
        body: {
          key,
          kind: planned,
          plannedOn,
          responsible,
          ...(isGiven(funder) ? { funder } : {}),
          ...(amount == null ? {} : { amount: fenOf(amount) }),
          ...(isGiven(referredTo) ? { referral: { to: referredTo, on: plannedOn } } : {}),
        },
      });
    },
    onSuccess: () => {
      form.resetFields(['kind', 'amount', 'funder', 'referredTo']);
      another();
      refresh();
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  return (
    <Block title={w.planMeasure}>
      <Form
        form={form}
        // Its fields have ids of their own: a dialog above it has some of the same names.
        name="plan"
        layout="vertical"
        size="small"
        requiredMark={false}
        className="decide-fields"
        initialValues={{ name: helper?.name, unit: helper?.unit, account: helper?.account }}
        onFinish={plan.mutate}
        onValuesChange={another}
      >
        <Form.Item name="kind" label={w.type} rules={needed}>
          <Select options={measureKind.options.map((value) => ({ value, label: of('measure', value) }))} />
        </Form.Item>
        <OfficialFields label={w.helper} />
        <Form.Item name="amount" label={w.amount}>
          <YuanInput />
        </Form.Item>
        <Form.Item name="funder" label={w.funder}>
          <Input maxLength={60} />
        </Form.Item>
        {kind !== undefined && natureOf(kind) === 'safeguard' ? (
          <Form.Item name="referredTo" label={w.referredTo}>
            <Input maxLength={60} placeholder={w.referredToExample} />
          </Form.Item>
        ) : null}
        <Form.Item label=" ">
          <Button htmlType="submit" type="primary" loading={plan.isPending}>
            {w.planMeasure}
          </Button>
        </Form.Item>
      </Form>
    </Block>
  );
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}
