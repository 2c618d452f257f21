import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import {
  DEFAULT_DISAGREEMENT_PERCENT,
  DEFAULT_SAMPLE_PERMILLE,
} from '../../../functions/contracts/screening/criteria.ts';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { fenOf } from '../../ui/format.ts';
import { NumberInput, YuanInput } from '../../ui/number.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useUnsaved } from '../../ui/unsaved.ts';
import { useWords } from '../../words/language.tsx';
import { LineFields } from './line-fields.tsx';
import type { Terms } from './rehearsal.tsx';

/**
 * Begins with the numbers in force, or, in a district that has none yet, with empty fields and one line of this year. Every change can be rehearsed
 * before anybody is asked to approve it.
 */
export function Propose({ base, rehearse }: { base: Terms | undefined; rehearse: (terms: Terms) => void }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Terms>();
  const propose = useMutation({
    mutationFn: (terms: Terms) => call('proposeCriteria', { body: terms }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listCriteria'] });
    },
    onError: problem,
  });
  useUnsaved(() => form.isFieldsTouched() && !propose.isSuccess);
  const withFields = (act: (terms: Terms) => void) => () => {
    form.validateFields().then(
      (fields) => act(termsOf(fields)),
      () => undefined,
    );
  };
  const needed = [{ required: true, message: w.needed }];
  return (
    <Block title={w.proposeCriteria}>
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        initialValues={fieldsOf(base, me.region)}
        onValuesChange={() => propose.reset()}
      >
        <div className="decide-fields">
          <Form.Item name="effectiveFrom" label={w.effectiveFrom} rules={needed}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="nearLinePercent" label={w.nearLine} rules={needed}>
            <NumberInput min={100} max={1000} precision={0} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="collapsePercent" label={w.collapse} rules={needed}>
            <NumberInput min={1} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="rigidSpendingPercent" label={w.rigid} rules={needed}>
            <NumberInput min={1} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="chronicBurden" label={w.chronicBurden} rules={needed}>
            <YuanInput />
          </Form.Item>
          <Form.Item name="samplePermille" label={w.samplePermille} rules={needed}>
            <NumberInput min={1} max={1000} precision={0} suffix="‰" style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="sampleDisagreementPercent" label={w.sampleDisagreement} rules={needed}>
            <NumberInput min={0} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
        </div>
        <LineFields form={form} />
      </Form>
      <div className="decide-acts">
        {mayCall(me, 'rehearseCriteria') ? (
          <Button size="small" onClick={withFields(rehearse)}>
            {w.rehearse}
          </Button>
        ) : null}
        {mayCall(me, 'proposeCriteria') ? (
          <Button
            size="small"
            type="primary"
            loading={propose.isPending}
            onClick={withFields((terms) => propose.mutate(terms))}
          >
            {w.propose}
          </Button>
        ) : null}
      </div>
    </Block>
  );
}

/** @param district its first two digits are the province's, which publishes the line */
function fieldsOf(base: Terms | undefined, district: string) {
  const today = dayOf(serverNow());
  const year = today.slice(0, 4);
  const sample = { samplePermille: DEFAULT_SAMPLE_PERMILLE, sampleDisagreementPercent: DEFAULT_DISAGREEMENT_PERCENT };
  // The first criteria hold for the whole year: visits of the round that is opened next may be dated before today.
  if (base === undefined)
    return {
      ...sample,
      effectiveFrom: `${year}-01-01`,
      lines: [{ year: Number(year), region: district.slice(0, 2), status: 'official' }],
    };
  const tomorrow = addDays(today, 1);
  return {
    ...sample,
    ...base,
    effectiveFrom: tomorrow > base.effectiveFrom ? tomorrow : addDays(base.effectiveFrom, 1),
    chronicBurden: base.chronicBurden / 100,
    lines: base.lines.map((line) => ({ ...line, line: line.line / 100 })),
  };
}

/** What is typed is money in yuan. */
function termsOf({ chronicBurden, lines, ...fields }: Terms): Terms {
  return {
    ...fields,
    chronicBurden: fenOf(chronicBurden),
    lines: lines.map((line) => ({ ...line, line: fenOf(line.line) })),
  };
}
