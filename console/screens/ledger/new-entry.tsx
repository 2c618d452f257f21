import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { type EntryKind, entryKinds } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { householdId, villageOf } from '../../../functions/contracts/values.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { call, mayCall, Refused, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NumberInput, YuanInput } from '../../ui/number.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion } from '../../ui/region.tsx';
import { useWords } from '../../words/language.tsx';
import { type EntryField, fieldsOf, refKinds, rowOf } from './entry.ts';

type Values = Readonly<Record<string, unknown>>;

/** One entry by hand; many come with a workbook. */
export function NewEntry() {
  const { w } = useWords();
  const me = useMe();
  const [open, setOpen] = useState(false);
  if (!mayCall(me, 'recordEntries')) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {w.newEntry}
      </Button>
      {open ? <EntryForm close={() => setOpen(false)} /> : null}
    </>
  );
}

function EntryForm({ close }: { close: () => void }) {
  const { w, of } = useWords();
  const region = useRegion();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm();
  const [kind, setKind] = useState<EntryKind>('placement');
  const record = useMutation({
    mutationFn: async (values: Values) => {
      const { items } = await call('recordEntries', { body: { rows: [rowOf(kind, values, region)] } });
      const why = items[0]?.problem;
      // A row's refusal is told like a refusal of the whole request: there is only this row.
      if (why !== undefined) throw new Refused(400, why);
      return items[0]?.outcome;
    },
    onSuccess: (outcome) => {
      // Nothing was written: whoever means a second one like it gives it a number.
      if (outcome === 'unchanged') return void message.warning(w.entryKnown, 8);
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listEntries'] });
      void client.invalidateQueries({ queryKey: ['readFunds'] });
      close();
    },
    onError: problem,
  });
  return (
    <FormDialog
      title={w.newEntry}
      form={form}
      initial={{ occurredOn: dayOf(serverNow()) }}
      send={(values: Values) => record.mutate(values)}
      isSending={record.isPending}
      refused={record.error}
      close={close}
      columns
    >
      <Form.Item label={w.type}>
        <Select
          aria-label={w.type}
          showSearch={{ optionFilterProp: 'label' }}
          value={kind}
          style={{ minWidth: 200 }}
          onChange={setKind}
          options={entryKinds.map((value) => ({ value, label: of('entryKind', value) }))}
        />
      </Form.Item>
      <Form.Item name="occurredOn" label={w.on} rules={[{ required: true, message: w.needed }]}>
        <Input type="date" />
      </Form.Item>
      {fieldsOf(kind).map((field) => (
        <Field key={`${kind}/${field.name}`} field={field} />
      ))}
      <Form.Item name="funder" label={w.funder}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="serial" label={w.serial}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input maxLength={300} />
      </Form.Item>
    </FormDialog>
  );
}

function Field({ field: { name, widget, optional } }: { field: EntryField }) {
  const { w, of } = useWords();
  // Whoever and whatever was chosen belongs to the household it was chosen of.
  const form = Form.useFormInstance();
  const rules = optional ? [] : [{ required: true, message: w.needed }];
  const label = of('entryField', name);
  switch (widget) {
    case 'household':
      return (
        <Form.Item
          name={name}
          label={label}
          normalize={(typed: string) => typed.trim().toUpperCase()}
          rules={[...rules, { pattern: /^\d{12}-[0-9A-Z]{1,12}$/, message: w.householdInFull }]}
        >
          <Input
            maxLength={25}
            autoComplete="off"
            placeholder={w.householdInFull}
            onChange={() => form.resetFields(['person', ...Object.keys(refKinds)])}
          />
        </Form.Item>
      );
    case 'person':
      return <PersonField name={name} label={label} />;
    case 'ref':
      return <RefField name={name} label={label} />;
    case 'money':
      return (
        <Form.Item name={name} label={label} rules={rules}>
          <YuanInput min={0.01} />
        </Form.Item>
      );
    case 'count':
      return (
        <Form.Item name={name} label={label} rules={rules}>
          <NumberInput min={1} max={10_000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      );
    case 'month':
      return (
        <Form.Item name={name} label={label} rules={rules}>
          <Input type="month" />
        </Form.Item>
      );
    case 'accepted':
      return (
        <Form.Item name={name} label={label} valuePropName="checked" initialValue>
          <Checkbox>{label}</Checkbox>
        </Form.Item>
      );
    case 'giverKind':
      return (
        <Form.Item name={name} label={label} rules={rules}>
          <Select
            options={(['union', 'enterprise', 'association', 'individual', 'government'] as const).map((value) => ({
              value,
              label: of('giverKind', value),
            }))}
          />
        </Form.Item>
      );
    case 'text':
      return (
        <Form.Item name={name} label={label} rules={[...rules, { whitespace: true, message: w.needed }]}>
          <Input maxLength={60} />
        </Form.Item>
      );
  }
}

/** The household typed so far, once its number is whole. */
function useTyped(): string | undefined {
  return householdId.safeParse(Form.useWatch('household')).data;
}

function PersonField({ name, label }: { name: string; label: string }) {
  const { w } = useWords();
  const household = useTyped();
  const found = useQuery({
    ...read('readHousehold', { params: { id: household ?? '' } }),
    enabled: household !== undefined,
  });
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: w.needed }]}>
      <Select
        options={(household === undefined ? [] : (found.data?.members ?? [])).map((one) => ({
          value: one.person,
          label: one.name,
        }))}
      />
    </Form.Item>
  );
}

/** What is shown of an entry that is gone on from. */
const line = z.looseObject({
  id: z.string(),
  kind: z.string(),
  occurredOn: z.string(),
  household: z.string().optional(),
});

/** An entry goes on from another of the same household: a post's subsidy, an award's payment, an animal's young. */
function RefField({ name, label }: { name: string; label: string }) {
  const { w, of } = useWords();
  const household = useTyped();
  const kind = refKinds[name];
  const found = useQuery({
    ...read('listEntries', {
      query: {
        region: household === undefined ? '' : villageOf(household),
        ...(kind === undefined ? {} : { kind }),
        limit: 200,
      },
    }),
    enabled: household !== undefined,
  });
  const own = (found.data?.items ?? [])
    .flatMap((one) => line.safeParse(one).data ?? [])
    .filter((one) => one.household === household);
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: w.needed }]}>
      <Select
        options={own.map((one) => ({ value: one.id, label: `${one.occurredOn} ${of('entryKind', one.kind)}` }))}
      />
    </Form.Item>
  );
}
