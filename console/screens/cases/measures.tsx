import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Tag } from 'antd';
import { useState } from 'react';
import { matches, natureOf } from '../../../functions/domain/assistance/measures.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Block } from '../../ui/page.tsx';
import { HouseholdPhotographs } from '../../ui/photographs.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { PlanMeasure } from './plan-measure.tsx';
import { Referral } from './referral.tsx';
import { useRefreshedCase } from './refreshed-case.ts';

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
              <Referral id={answer.id} measure={measure} may={may} />
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
      {may ? <PlanMeasure answer={answer} /> : null}
    </>
  );
}

/** What comes next of a measure: it begins, it is completed with what proves it, or it is given up for a reason. */
function Step({ id, measure }: { id: string; measure: View['measures'][number] }) {
  const { w, of } = useWords();
  const refresh = useRefreshedCase();
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
  const refresh = useRefreshedCase();
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
