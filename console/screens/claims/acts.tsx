import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { claimRejectCode, documentKind, proposedCode } from '../../../functions/contracts/insurance/claim.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { yuan } from '../../ui/format.ts';
import { useProblem } from '../../ui/problem.ts';
import { fill, useWords } from '../../words/language.tsx';
import { type PayeeFields, PayeeInputs, payeeOf, usePayees } from './payee-fields.tsx';
import { type Act, amountOf, type Fields, stepOf, type View } from './step.ts';
import { SurveyFields } from './survey-fields.tsx';

/** Which acts a step of a claim offers to whoever waits there. */
const offered: Readonly<Record<string, readonly Act[]>> = {
  documents: ['withdraw'],
  survey: ['survey', 'request-documents', 'propose-refusal', 'withdraw'],
  approval: ['approve', 'send-back', 'reject'],
  'second-approval': ['approve', 'send-back', 'reject'],
  'payee-approval': ['approve'],
  'refusal-notice': ['notify-refusal'],
};

/** What the caller can do with the claim at the step it waits at, each with what it must come with. */
export function Acts({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const me = useMe();
  const [open, setOpen] = useState<Act | 'payee'>();
  const mine = answer.waiting?.roles.includes(me.role) === true;
  const acts = mine && mayCall(me, 'takeStep') ? (offered[answer.waiting?.step ?? ''] ?? []) : [];
  const payee =
    mayCall(me, 'recordPayee') && !['rejected', 'withdrawn', 'closed', 'paid', 'appealed'].includes(answer.stage);
  if (acts.length === 0 && !payee) return null;
  return (
    <div className="filters no-print">
      {acts.map((act, place) => (
        <Button
          key={act}
          size="small"
          type={place === 0 ? 'primary' : 'default'}
          disabled={act === 'approve' && answer.refusal !== null}
          onClick={() => setOpen(act)}
        >
          {of('claimAct', act)}
        </Button>
      ))}
      {payee ? (
        <Button size="small" onClick={() => setOpen('payee')}>
          {w.recordPayee}
        </Button>
      ) : null}
      {open === undefined ? null : <ActForm answer={answer} act={open} close={() => setOpen(undefined)} />}
    </div>
  );
}

function ActForm({ answer: shown, act, close }: { answer: View; act: Act | 'payee'; close: () => void }) {
  // An act is of the turn and the amount it was opened with, though the claim is read anew meanwhile: what somebody else did in between refuses it.
  const [answer] = useState(shown);
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields & PayeeFields>();
  const payees = usePayees(answer, act === 'payee');
  const today = dayOf(serverNow());
  const done = (): void => {
    void message.success(w.done);
    void client.invalidateQueries();
    close();
  };
  const take = useMutation({
    mutationFn: async (fields: Fields & PayeeFields): Promise<unknown> =>
      act === 'payee'
        ? call('recordPayee', {
            params: { id: answer.id },
            body: payeeOf(fields, answer.person, payees.data ?? []),
          })
        : call('takeStep', { params: { id: answer.id }, body: stepOf(act, answer, fields) }),
    onSuccess: done,
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  const why = [{ required: true, whitespace: true, min: 4, message: w.reasonNeeded }];
  return (
    <FormDialog
      title={act === 'payee' ? w.recordPayee : of('claimAct', act)}
      width={680}
      form={form}
      initial={{
        visitedOn: today,
        on: today,
        housing: 'none',
        housingLoss: 0,
        assetsLoss: 0,
        bills: answer.invoices.map(({ number, total }) => ({
          invoice: number,
          total: total / 100,
          reimbursed: 0,
          excluded: 0,
        })),
      }}
      send={take.mutate}
      isSending={take.isPending}
      refused={take.error}
      close={close}
    >
      {act === 'approve' ? <p>{fill(w.approveAmount, { amount: yuan(amountOf(answer)) })}</p> : null}
      {act === 'request-documents' ? (
        <>
          <p>{w.requestOnce}</p>
          <Form.Item name="kinds" label={w.papers} initialValue={answer.missing.flatMap(({ anyOf }) => anyOf)}>
            <Select
              mode="multiple"
              options={documentKind.options.map((value) => ({ value, label: of('document', value) }))}
            />
          </Form.Item>
          <Form.Item name="note" label={w.note}>
            <Input maxLength={500} />
          </Form.Item>
        </>
      ) : null}
      {act === 'survey' ? <SurveyFields answer={answer} /> : null}
      {act === 'propose-refusal' || act === 'reject' ? (
        <Form.Item
          name="code"
          label={w.rejectCode}
          rules={needed}
          initialValue={answer.refusal?.code ?? 'investigation-negative'}
        >
          <Select
            options={(act === 'reject' ? claimRejectCode.options : proposedCode.options).map((value) => ({
              value,
              label: of('claimReject', value),
            }))}
          />
        </Form.Item>
      ) : null}
      {['propose-refusal', 'reject', 'send-back', 'withdraw'].includes(act) ? (
        <Form.Item name="reason" label={w.reason} rules={why}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      ) : null}
      {act === 'notify-refusal' ? (
        <Form.Item name="on" label={w.on} rules={needed}>
          <Input type="date" />
        </Form.Item>
      ) : null}
      {act === 'payee' ? <PayeeInputs answer={answer} payees={payees} /> : null}
    </FormDialog>
  );
}
