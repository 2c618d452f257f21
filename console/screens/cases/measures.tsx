import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select, Tag } from 'antd';
import { useState } from 'react';
import { measureKind } from '../../../functions/contracts/assistance/measure.ts';
import { matches, natureOf } from '../../../functions/domain/assistance/measures.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { YuanInput } from '../../ui/number.tsx';
import { Block } from '../../ui/page.tsx';
import { HouseholdPhotographs } from '../../ui/photographs.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
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
              {measure.evidence.length === 0 ? null : (
                <div className="quiet">
                  {w.evidence}
                  {w.colon}
                  {measure.evidence.join(w.and)}
                </div>
              )}
              {measure.abandonedBecause === undefined ? null : (
                <div className="quiet">
                  {w.reason}
                  {w.colon}
                  {measure.abandonedBecause}
                </div>
              )}
              <div className="measure-acts">
                {may ? <Step id={answer.id} measure={measure} /> : null}
                <HouseholdPhotographs
                  household={answer.household}
                  of={{ kind: 'measure', case: answer.id, measure: measure.id }}
                />
              </div>
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

/** What comes next of a measure: it begins, it is completed with what proves it, or it is given up for a reason. */
function Step({ id, measure }: { id: string; measure: View['measures'][number] }) {
  const { w, of } = useWords();
  const refresh = useRefresh();
  const problem = useProblem();
  const [asked, setAsked] = useState<'complete' | 'abandon'>();
  const params = { id, measure: measure.id };
  const on = dayOf(serverNow());
  const begin = useMutation({
    mutationFn: () => call('changeMeasure', { params, body: { change: { to: 'under-way', on } } }),
    onSuccess: refresh,
    onError: problem,
  });
  if (measure.status !== 'planned' && measure.status !== 'under-way') return null;
  return (
    <div className="page-actions no-print">
      {measure.status === 'planned' ? (
        <Button size="small" loading={begin.isPending} onClick={() => begin.mutate()}>
          {w.startMeasure}
        </Button>
      ) : (
        <Button size="small" onClick={() => setAsked('complete')}>
          {w.completeMeasure}
        </Button>
      )}
      <Button size="small" type="text" onClick={() => setAsked('abandon')}>
        {w.abandonMeasure}
      </Button>
      {asked === 'complete' ? <Complete id={id} measure={measure} close={() => setAsked(undefined)} /> : null}
      {asked === 'abandon' ? (
        <ReasonDialog
          title={`${w.abandonMeasure}${w.colon}${of('measure', measure.kind)}`}
          act={(reason) => call('changeMeasure', { params, body: { change: { to: 'abandoned', on, reason } } })}
          close={() => setAsked(undefined)}
        />
      ) : null}
    </div>
  );
}

interface Completed {
  on: string;
  evidence: string;
}

/** A measure is completed with what proves it: the numbers of papers, one a line; photographs stand beside the measure. */
function Complete(props: { id: string; measure: View['measures'][number]; close: () => void }) {
  const { id, measure, close } = props;
  const { w, of } = useWords();
  const refresh = useRefresh();
  const problem = useProblem();
  const [form] = Form.useForm<Completed>();
  const today = dayOf(serverNow());
  const complete = useMutation({
    mutationFn: ({ on, evidence }: Completed) => {
      const papers = evidence.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
      return call('changeMeasure', {
        params: { id, measure: measure.id },
        body: { change: { to: 'completed', on, evidence: papers } },
      });
    },
    onSuccess: () => {
      refresh();
      close();
    },
    onError: problem,
  });
  return (
    <FormDialog
      title={`${w.completeMeasure}${w.colon}${of('measure', measure.kind)}`}
      width={420}
      form={form}
      initial={{ on: today }}
      send={complete.mutate}
      isSending={complete.isPending}
      refused={complete.error}
      close={close}
    >
      <Form.Item name="on" label={w.on} rules={[{ required: true, message: w.needed }]}>
        <Input type="date" min={measure.startedOn ?? measure.plannedOn} max={today} />
      </Form.Item>
      <Form.Item
        name="evidence"
        label={w.evidenceLines}
        rules={[{ required: true, whitespace: true, message: w.needed }]}
      >
        <Input.TextArea rows={2} maxLength={400} />
      </Form.Item>
    </FormDialog>
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
  // One measure for what was filled in once, however often it is sent: an answer may be lost. Filled in otherwise it is another.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const another = (): void => setKey(crypto.randomUUID());
  const plan = useMutation({
    mutationFn: ({ kind, name, unit, account, amount }: Fields) =>
      call('planMeasure', {
        params: { id: answer.id },
        body: {
          key,
          kind,
          plannedOn: dayOf(serverNow()),
          responsible: { name, unit, account },
          ...(amount == null ? {} : { amount: Math.round(amount * 100) }),
        },
      }),
    onSuccess: () => {
      form.resetFields(['kind', 'amount']);
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
          <YuanInput />
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
