import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import type { ProductTerms } from '../../../functions/contracts/insurance/product.ts';
import { productTerms } from '../../../functions/contracts/insurance/product.ts';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { call, serverNow } from '../../api/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NumberInput } from '../../ui/number.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import { type Field, fieldsOf, withValues } from './terms-fields.ts';

interface Fields {
  name: string;
  effectiveFrom: string;
  source: string;
  status: ProductTerms['status'];
  values: number[];
}

/** New terms begin with the newest ones; somebody else approves them, and they are never changed once used. */
export function ProductForm({ base, close }: { base: ProductTerms; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const propose = useMutation({
    mutationFn: ({ values, ...head }: Fields) =>
      call('proposeProduct', { body: { ...withValues(base, values), ...head } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listProducts'] });
      close();
    },
    onError: problem,
  });
  const label = useLabel();
  const fields = fieldsOf(base);
  const needed = [{ required: true, message: w.needed }];
  const tomorrow = addDays(dayOf(serverNow()), 1);
  return (
    <FormDialog
      title={w.proposeProduct}
      width={860}
      form={form}
      initial={{
        name: base.name,
        effectiveFrom: tomorrow,
        source: base.source,
        status: base.status,
        values: fields.map(({ value }) => value),
      }}
      send={propose.mutate}
      isSending={propose.isPending}
      refused={propose.error}
      ok={w.propose}
      close={close}
    >
      <div className="decide-fields">
        <Form.Item name="name" label={w.productName} rules={needed}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="effectiveFrom" label={w.effectiveFrom} rules={needed}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="source" label={w.source} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="status" label={w.status} rules={needed}>
          <Select
            options={productTerms.shape.status.options.map((value) => ({ value, label: of('termsStatus', value) }))}
          />
        </Form.Item>
      </div>
      {groupsOf(fields).map(([group, inside]) => (
        <fieldset key={group} className="terms-group">
          <legend>{group === '' ? w.general : group === 'clocks' ? w.clocks : of('line', group)}</legend>
          <div className="decide-fields">
            {inside.map(({ path, unit, place }) => (
              <Form.Item key={place} name={['values', place]} label={label(path)} rules={needed}>
                <NumberInput
                  min={0}
                  {...(unit === 'percent' ? { max: 100 } : {})}
                  precision={unit === 'yuan' ? 2 : 0}
                  suffix={unit === 'yuan' ? w.yuan : unit === 'percent' ? '%' : w.daysUnit}
                  style={{ width: '100%' }}
                />
              </Form.Item>
            ))}
          </div>
        </fieldset>
      ))}
    </FormDialog>
  );
}

type Placed = Field & { place: number };

/** Fields by the line they belong to; the clocks apart, and what holds for all lines last. */
function groupsOf(fields: readonly Field[]): [string, Placed[]][] {
  const groups = new Map<string, Placed[]>();
  for (const [place, field] of fields.entries()) {
    const group = field.path[0] === 'lines' ? String(field.path[1]) : field.path[0] === 'clocks' ? 'clocks' : '';
    groups.set(group, [...(groups.get(group) ?? []), { ...field, place }]);
  }
  return [...groups];
}

/** What a number of the terms is called, by where it stands. */
function useLabel(): (path: Field['path']) => string {
  const { of } = useWords();
  return (path) => {
    const [last, before] = [path.at(-1), path.at(-2)];
    if (path[0] === 'clocks') return of('termsField', String(before));
    if (before === 'housing') return of('housingDamage', String(last));
    if (before === 'amounts') return of('educationStage', String(last));
    if (before === 'shares') return `${of('termsField', 'grade')} ${Number(last) + 1}`;
    if (typeof before === 'number') return `${of('termsField', String(last))} ${before + 1}`;
    return of('termsField', String(last));
  };
}
