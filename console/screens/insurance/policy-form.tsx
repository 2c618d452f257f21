import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { call, serverNow } from '../../api/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { fenOf } from '../../ui/format.ts';
import { NumberInput, YuanInput } from '../../ui/number.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import type { Product } from './terms.tsx';

interface Fields {
  number: string;
  year: number;
  insurer: string;
  from: string;
  to: string;
  premium: number;
  limit: number;
  product: string;
}

/** A year's group policy, by approved terms. */
export function PolicyForm({ products, close }: { products: readonly Product[]; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const create = useMutation({
    mutationFn: ({ premium, limit, ...fields }: Fields) =>
      call('createPolicy', {
        body: { ...fields, premium: fenOf(premium), limit: fenOf(limit) },
      }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listPolicies'] });
      close();
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  const money = <YuanInput />;
  const year = dayOf(serverNow()).slice(0, 4);
  const approved = products.filter(({ state }) => state === 'approved');
  return (
    <FormDialog
      title={w.createPolicy}
      form={form}
      initial={{
        year: Number(year),
        from: `${year}-01-01`,
        to: `${year}-12-31`,
        // Only where there is no choice: somebody must mean the terms they insure a district by.
        product: approved.length === 1 ? approved[0]?.id : undefined,
      }}
      send={create.mutate}
      isSending={create.isPending}
      refused={create.error}
      close={close}
      before={approved.length === 0 ? <p>{w.noApprovedProduct}</p> : null}
      columns
    >
      <Form.Item name="product" label={w.terms} rules={needed}>
        <Select
          options={approved.map(({ id, name, effectiveFrom }) => ({ value: id, label: `${name} ${effectiveFrom}` }))}
        />
      </Form.Item>
      <Form.Item
        name="number"
        label={w.policyNumber}
        normalize={(text: string) => text.toUpperCase()}
        rules={[{ required: true, pattern: /^[0-9A-Z-]{4,40}$/, message: w.policyNumberForm }]}
      >
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="insurer" label={w.insurer} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="year" label={w.year} rules={needed}>
        <NumberInput min={2020} max={2100} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="from" label={w.from} rules={needed}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="to" label={w.to} rules={needed}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="premium" label={w.premium} rules={needed}>
        {money}
      </Form.Item>
      <Form.Item name="limit" label={w.limit} rules={needed}>
        {money}
      </Form.Item>
    </FormDialog>
  );
}
