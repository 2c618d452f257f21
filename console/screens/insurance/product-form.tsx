import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { Fragment, useState } from 'react';
import {
  claimClock,
  type LineId,
  lineId,
  type ProductTerms,
  productTerms,
} from '../../../functions/contracts/insurance/product.ts';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { call, serverNow } from '../../api/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NumberInput } from '../../ui/number.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';
import { type Field, fieldsOf, withValues } from './terms-fields.ts';
import { missingLines, stagesOf, withLine, withoutLine, withStage, withTiers } from './terms-shape.ts';

type Clock = keyof ProductTerms['clocks'];

interface Fields {
  name: string;
  effectiveFrom: string;
  source: string;
  status: ProductTerms['status'];
  partialOnLimit: boolean;
  values: Record<string, number>;
  kinds: Record<Clock, ProductTerms['clocks'][Clock]['kind']>;
}

/** New terms begin with the newest ones; somebody else approves them, and they are never changed once used. */
export function ProductForm({ base, close }: { base: ProductTerms; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  // Which lines and tiers there are; the numbers in them are the form's.
  const [terms, setTerms] = useState(base);
  const propose = useMutation({
    mutationFn: ({ values, kinds, ...head }: Fields) =>
      call('proposeProduct', { body: { ...withKinds(withValues(terms, values), kinds), ...head } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listProducts'] });
      close();
    },
    onError: problem,
  });
  const label = useLabel();
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
        partialOnLimit: base.partialOnLimit,
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
        <Form.Item name="partialOnLimit" label={w.onLimit} rules={needed}>
          <Select
            options={[
              { value: false, label: w.refusedOnLimit },
              { value: true, label: w.partialOnLimit },
            ]}
          />
        </Form.Item>
      </div>
      {groupsOf(fieldsOf(terms)).map(([group, inside]) => (
        <fieldset key={group} className="terms-group">
          <legend>{group === '' ? w.general : group === 'clocks' ? w.clocks : of('line', group)}</legend>
          <div className="decide-fields">
            {inside.map((field) => (
              <Fragment key={field.key}>
                <NumberField field={field} label={label(field.path)} />
                {group === 'clocks' ? <KindField clock={String(field.path[1])} base={base} /> : null}
              </Fragment>
            ))}
          </div>
          <LineActs terms={terms} group={group} change={setTerms} />
        </fieldset>
      ))}
      {missingLines(terms).map((line) => (
        <Button key={line} size="small" onClick={() => setTerms(withLine(terms, line))} style={{ marginRight: 8 }}>
          {`${w.addOne} ${of('line', line)}`}
        </Button>
      ))}
    </FormDialog>
  );
}

function NumberField({ field: { key, value, unit }, label }: { field: Field; label: string }) {
  const { w } = useWords();
  return (
    <Form.Item
      name={['values', key]}
      label={label}
      initialValue={value}
      rules={[{ required: true, message: w.needed }]}
    >
      <NumberInput
        min={0}
        {...(unit === 'percent' ? { max: 100 } : {})}
        precision={unit === 'yuan' ? 2 : 0}
        suffix={unit === 'yuan' ? w.yuan : unit === 'percent' ? '%' : w.daysUnit}
        style={{ width: '100%' }}
      />
    </Form.Item>
  );
}

/** Which days a clock counts. */
function KindField({ clock, base }: { clock: string; base: ProductTerms }) {
  const { w, of } = useWords();
  const kind = Object.entries(base.clocks).find(([id]) => id === clock)?.[1].kind;
  return (
    <Form.Item name={['kinds', clock]} label={`${of('termsField', clock)} · ${w.countedIn}`} initialValue={kind}>
      <Select options={claimClock.shape.kind.options.map((value) => ({ value, label: of('clockKind', value) }))} />
    </Form.Item>
  );
}

/** What can be done with a whole line: another tier, one fewer, the line left out. */
function LineActs({
  terms,
  group,
  change,
}: {
  terms: ProductTerms;
  group: string;
  change: (terms: ProductTerms) => void;
}) {
  const { w, of } = useWords();
  const id: LineId | undefined = lineId.options.find((each) => each === group);
  if (id === undefined) return null;
  const line = terms.lines[id];
  const acts: [string, ProductTerms][] = [
    ...(line !== undefined && 'tiers' in line
      ? ([
          [w.addTier, withTiers(terms, id, 'more')],
          [w.removeTier, withTiers(terms, id, 'fewer')],
        ] satisfies [string, ProductTerms][])
      : []),
    ...(id === 'education'
      ? stagesOf(terms).map(({ stage, isPaid }): [string, ProductTerms] => [
          `${isPaid ? w.removeOne : w.addOne} ${of('educationStage', stage)}`,
          withStage(terms, stage),
        ])
      : []),
    [`${w.removeOne} ${of('line', id)}`, withoutLine(terms, id)],
  ];
  return (
    <div className="decide-acts" style={{ marginBottom: 8 }}>
      {acts.map(([label, next]) => (
        <Button key={label} size="small" disabled={next === terms} onClick={() => change(next)}>
          {label}
        </Button>
      ))}
    </div>
  );
}

function withKinds(terms: ProductTerms, kinds: Fields['kinds']): ProductTerms {
  const { survey, decision, documents, refusalNotice, payment } = terms.clocks;
  return {
    ...terms,
    clocks: {
      survey: { ...survey, kind: kinds.survey },
      decision: { ...decision, kind: kinds.decision },
      documents: { ...documents, kind: kinds.documents },
      refusalNotice: { ...refusalNotice, kind: kinds.refusalNotice },
      payment: { ...payment, kind: kinds.payment },
    },
  };
}

/** Fields by the line they belong to; the clocks apart, and what holds for all lines last. */
function groupsOf(fields: readonly Field[]): [string, Field[]][] {
  return [
    ...Map.groupBy(fields, ({ path }) =>
      path[0] === 'lines' ? String(path[1]) : path[0] === 'clocks' ? 'clocks' : '',
    ),
  ];
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
