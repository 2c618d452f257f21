import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { claimRejectCode, documentKind, proposedCode } from '../../../functions/contracts/insurance/claim.ts';
import { educationStage, housingDamage } from '../../../functions/contracts/insurance/product.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, type Input as RouteInput, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { yuan } from '../../ui/format.ts';
import { useProblem } from '../../ui/problem.ts';
import { fill, useWords } from '../../words/language.tsx';

type View = Answer<'readClaim'>;
type Step = RouteInput<'takeStep'>['body'];
type Act = Step['step'];

/** Which acts a step of a claim offers to whoever waits there. */
const offered: Readonly<Record<string, readonly Act[]>> = {
  documents: ['withdraw'],
  survey: ['survey', 'request-documents', 'propose-refusal', 'withdraw'],
  approval: ['approve', 'send-back', 'reject'],
  'second-approval': ['approve', 'send-back', 'reject'],
  'payee-approval': ['approve'],
  'refusal-notice': ['notify-refusal'],
};

interface Fields {
  visitedOn?: string;
  kinds?: (typeof documentKind.options)[number][];
  note?: string;
  code?: string;
  reason?: string;
  on?: string;
  grade?: number;
  stage?: (typeof educationStage.options)[number];
  housing?: (typeof housingDamage.options)[number] | 'none';
  housingLoss?: number;
  assetsLoss?: number;
  bills?: { invoice: string; total: number; reimbursed: number; excluded: number }[];
  name?: string;
  bank?: string;
  account?: string;
}

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

function ActForm({ answer, act, close }: { answer: View; act: Act | 'payee'; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const today = dayOf(serverNow());
  const done = (): void => {
    void message.success(w.done);
    void client.invalidateQueries();
    close();
  };
  const take = useMutation({
    mutationFn: async (fields: Fields): Promise<unknown> =>
      act === 'payee'
        ? call('recordPayee', {
            params: { id: answer.id },
            body: {
              kind: 'member',
              person: answer.person,
              name: fields.name ?? '',
              bank: fields.bank ?? '',
              account: fields.account ?? '',
            },
          })
        : call('takeStep', { params: { id: answer.id }, body: stepOf(act, answer, fields) }),
    onSuccess: done,
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  const why = [{ required: true, whitespace: true, min: 4, message: w.reasonNeeded }];
  return (
    <Modal
      open
      width={680}
      title={act === 'payee' ? w.recordPayee : of('claimAct', act)}
      onCancel={close}
      okText={w.confirm}
      cancelText={w.cancel}
      confirmLoading={take.isPending}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        onFinish={take.mutate}
        initialValues={{
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
        {act === 'payee' ? (
          <>
            <Form.Item name="name" label={w.accountHolder} rules={needed}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
            <Form.Item name="bank" label={w.bank} rules={needed}>
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item
              name="account"
              label={w.accountNumber}
              rules={[{ required: true, pattern: /^[\d\s]{10,40}$/, message: w.accountDigits }]}
            >
              <Input maxLength={40} autoComplete="off" inputMode="numeric" />
            </Form.Item>
          </>
        ) : null}
      </Form>
    </Modal>
  );
}

function SurveyFields({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const needed = [{ required: true, message: w.needed }];
  const money = <InputNumber min={0} precision={2} suffix={w.yuan} style={{ width: '100%' }} />;
  return (
    <>
      <Form.Item name="visitedOn" label={w.surveyedOn} rules={needed}>
        <Input type="date" />
      </Form.Item>
      {answer.line === 'accidental-disability' ? (
        <Form.Item name="grade" label={w.grade} rules={needed}>
          <Select options={Array.from({ length: 10 }, (_, n) => ({ value: n + 1, label: String(n + 1) }))} />
        </Form.Item>
      ) : null}
      {answer.line === 'education' ? (
        <Form.Item name="stage" label={w.educationStage} rules={needed}>
          <Select options={educationStage.options.map((value) => ({ value, label: of('educationStage', value) }))} />
        </Form.Item>
      ) : null}
      {answer.line === 'disaster' ? (
        <>
          <Form.Item name="housing" label={w.housingDamage} rules={needed}>
            <Select
              options={[
                { value: 'none', label: w.none },
                ...housingDamage.options.map((value) => ({ value, label: of('housingDamage', value) })),
              ]}
            />
          </Form.Item>
          <Form.Item name="housingLoss" label={w.housingLoss} rules={needed}>
            {money}
          </Form.Item>
          <Form.Item name="assetsLoss" label={w.assetsLoss} rules={needed}>
            {money}
          </Form.Item>
        </>
      ) : null}
      {answer.line === 'illness' || answer.line === 'accident-medical' ? (
        <Form.List name="bills">
          {(fields) =>
            fields.map(({ key, name }) => (
              <div key={key} className="decide-fields">
                <Form.Item name={[name, 'invoice']} label={of('document', 'invoice')} rules={needed}>
                  <Input />
                </Form.Item>
                <Form.Item name={[name, 'total']} label={w.total} rules={needed}>
                  {money}
                </Form.Item>
                <Form.Item name={[name, 'reimbursed']} label={w.reimbursed} rules={needed}>
                  {money}
                </Form.Item>
                <Form.Item name={[name, 'excluded']} label={w.excluded} rules={needed}>
                  {money}
                </Form.Item>
              </div>
            ))
          }
        </Form.List>
      ) : null}
      <Form.Item name="note" label={w.note}>
        <Input maxLength={500} />
      </Form.Item>
    </>
  );
}

/** An approval is of an amount: the adjudicated one, and of a payee the one that was approved. */
function amountOf({ waiting, approved, adjudication }: View): number {
  return (waiting?.step === 'payee-approval' ? approved?.amount : adjudication?.amount) ?? 0;
}

function fen(amount: number | undefined): number {
  return Math.round((amount ?? 0) * 100);
}

function stepOf(act: Act, answer: View, fields: Fields): Step {
  const { turn } = answer;
  const reason = fields.reason ?? '';
  const note = fields.note === undefined || fields.note === '' ? {} : { note: fields.note };
  switch (act) {
    case 'request-documents':
      return { step: act, turn, kinds: fields.kinds ?? [], ...note };
    case 'survey':
      return { step: act, turn, visitedOn: fields.visitedOn ?? '', facts: factsOf(answer.line, fields), ...note };
    case 'propose-refusal':
      return { step: act, turn, code: proposedCode.parse(fields.code), reason };
    case 'approve':
      return { step: act, turn, amount: amountOf(answer) };
    case 'send-back':
      return { step: act, turn, reason };
    case 'reject':
      return { step: act, turn, code: claimRejectCode.parse(fields.code), reason };
    case 'notify-refusal':
      return { step: act, turn, on: fields.on ?? '' };
    case 'withdraw':
      return { step: act, turn, reason };
  }
}

type Facts = Extract<Step, { step: 'survey' }>['facts'];

function factsOf(line: View['line'], fields: Fields): Facts {
  switch (line) {
    case 'accidental-death':
      return { line };
    case 'accidental-disability':
      return { line, grade: fields.grade ?? 10 };
    case 'illness':
    case 'accident-medical':
      return {
        line,
        bills: (fields.bills ?? []).map(({ invoice, total, reimbursed, excluded }) => ({
          invoice,
          total: fen(total),
          reimbursed: fen(reimbursed),
          excluded: fen(excluded),
        })),
      };
    case 'education':
      return { line, stage: fields.stage ?? 'compulsory' };
    case 'disaster':
      return {
        line,
        housing: fields.housing === undefined || fields.housing === 'none' ? null : fields.housing,
        housingLoss: fen(fields.housingLoss),
        assetsLoss: fen(fields.assetsLoss),
      };
  }
}
