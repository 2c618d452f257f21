import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, InputNumber, Select, Tag } from 'antd';
import { measureKind } from '../../../functions/contracts/assistance/measure.ts';
import { matches, natureOf } from '../../../functions/domain/assistance/measures.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';

type View = Answer<'readCase'>;

/** The measures as a plan over time, which risks each answers, and the next one to be planned. */
export function Measures({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const me = useMe();
  const days = answer.measures.flatMap(({ plannedOn, endedOn }) => [plannedOn, endedOn ?? dayOf(serverNow())]);
  const from = Date.parse(days.toSorted()[0] ?? dayOf(serverNow()));
  const to = Math.max(Date.parse(dayOf(serverNow())), ...days.map((day) => Date.parse(day)));
  const at = (day: string): number => (to === from ? 0 : ((Date.parse(day) - from) / (to - from)) * 100);
  const may = mayCall(me, 'planMeasure') && answer.stage === 'open';
  return (
    <>
      <Block title={w.measures}>
        {answer.measures.length === 0 ? <Nothing /> : null}
        <ul className="plan">
          {answer.measures.map((measure) => (
            <li key={measure.id}>
              <div>
                <b>{of('measure', measure.kind)}</b> <Tag>{of('measureStatus', measure.status)}</Tag>{' '}
                <span className="quiet">
                  {natureOf(measure.kind) === 'development' ? w.development : w.safeguard} · {measure.responsible.name}
                  {measure.funder === undefined ? '' : ` · ${measure.funder}`}
                </span>{' '}
                {measure.amount === undefined ? null : <Money fen={measure.amount} />}
              </div>
              <div className="plan-line" title={`${measure.plannedOn} – ${measure.endedOn ?? ''}`}>
                <i
                  className={measure.status}
                  style={{
                    left: `${at(measure.plannedOn)}%`,
                    width: `${Math.max(1.5, at(measure.endedOn ?? dayOf(serverNow())) - at(measure.plannedOn))}%`,
                  }}
                />
              </div>
              <div className="quiet number">
                {measure.plannedOn} {measure.startedOn === undefined ? '' : `→ ${measure.startedOn}`}{' '}
                {measure.endedOn === undefined ? '' : `→ ${measure.endedOn}`}
                {' · '}
                {answer.risks
                  .filter((risk) => matches(risk, measure.kind))
                  .map((risk) => of('risk', risk))
                  .join(w.and) || w.answersNoRisk}
              </div>
              {may ? <Step id={answer.id} measure={measure} /> : null}
            </li>
          ))}
        </ul>
      </Block>
      {answer.suggestions.length === 0 ? null : (
        <Block title={w.suggestions}>
          {answer.suggestions.map(({ kind, risks, referral }) => (
            <p key={kind}>
              <b>{of('measure', kind)}</b>{' '}
              <span className="quiet">
                {risks.length === 0 ? w.byLabour : risks.map((risk) => of('risk', risk)).join(w.and)}
              </span>{' '}
              {referral ? <Tag>{w.referral}</Tag> : null}
            </p>
          ))}
        </Block>
      )}
      {may ? <PlanForm answer={answer} /> : null}
    </>
  );
}

function useRefresh(): () => void {
  const { w } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  return () => {
    void message.success(w.done);
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'readCase' || queryKey[0] === 'checkClosure',
    });
  };
}

function Step({ id, measure }: { id: string; measure: View['measures'][number] }) {
  const { w } = useWords();
  const refresh = useRefresh();
  const problem = useProblem();
  const on = dayOf(serverNow());
  const change = useMutation({
    mutationFn: (to: 'under-way' | 'completed') =>
      call('changeMeasure', {
        params: { id, measure: measure.id },
        body: {
          change:
            to === 'under-way' ? { to, on } : { to, on, evidence: [`${measure.id.replace(/^measure-/, '')}/${on}`] },
        },
      }),
    onSuccess: refresh,
    onError: problem,
  });
  if (measure.status === 'planned')
    return (
      <Button size="small" loading={change.isPending} onClick={() => change.mutate('under-way')}>
        {w.startMeasure}
      </Button>
    );
  if (measure.status !== 'under-way') return null;
  return (
    <Button size="small" loading={change.isPending} onClick={() => change.mutate('completed')}>
      {w.completeMeasure}
    </Button>
  );
}

interface Fields {
  kind: (typeof measureKind.options)[number];
  name: string;
  unit: string;
  account: string;
  amount?: number;
}

function PlanForm({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const refresh = useRefresh();
  const problem = useProblem();
  const [form] = Form.useForm<Fields>();
  const helper = answer.episodes.at(-1)?.helper;
  const plan = useMutation({
    mutationFn: ({ kind, name, unit, account, amount }: Fields) =>
      call('planMeasure', {
        params: { id: answer.id },
        body: {
          key: crypto.randomUUID(),
          kind,
          plannedOn: dayOf(serverNow()),
          responsible: { name, unit, account },
          ...(amount == null ? {} : { amount: Math.round(amount * 100) }),
        },
      }),
    onSuccess: () => {
      form.resetFields(['kind', 'amount']);
      refresh();
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  return (
    <Block title={w.planMeasure}>
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        className="decide-fields"
        initialValues={{ name: helper?.name, unit: helper?.unit, account: helper?.account }}
        onFinish={plan.mutate}
      >
        <Form.Item name="kind" label={w.type} rules={needed}>
          <Select options={measureKind.options.map((value) => ({ value, label: of('measure', value) }))} />
        </Form.Item>
        <Form.Item name="name" label={w.helper} rules={needed}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="unit" label={w.unitOf} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="account" label={w.accountOf} rules={needed}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="amount" label={w.amount}>
          <InputNumber min={0} precision={2} suffix={w.yuan} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item label=" ">
          <Button htmlType="submit" type="primary" loading={plan.isPending}>
            {w.planMeasure}
          </Button>
        </Form.Item>
      </Form>
    </Block>
  );
}
