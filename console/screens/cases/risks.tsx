import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { riskCode } from '../../../functions/contracts/cases/case.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { Nothing } from '../../ui/states.tsx';
import { fill, useWords } from '../../words/language.tsx';

type View = Answer<'readCase'>;
type Recorded = View['episodes'][number]['risks'][number];

/** The risks of the running episode: which were met or have gone, and how one that has gone, or has come up since, is recorded. The closure's gate asks for each. */
export function Risks({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const [gone, setGone] = useState<Recorded['code']>();
  const risks = answer.episodes.at(-1)?.risks ?? [];
  const may = mayCall(me, 'recordRisk') && answer.stage === 'open';
  return (
    <Block
      title={w.risks}
      extra={
        may ? (
          <Button size="small" onClick={() => setAdding(true)}>
            {w.addRisk}
          </Button>
        ) : null
      }
    >
      {risks.length === 0 ? <Nothing /> : null}
      {risks.map((risk) => (
        <p key={risk.code}>
          <b>{of('risk', risk.code)}</b>{' '}
          {risk.gone === undefined ? (
            may ? (
              <Button size="small" type="link" onClick={() => setGone(risk.code)}>
                {w.riskGone}
              </Button>
            ) : null
          ) : (
            <span className="quiet">
              {fill(w.riskGoneOn, { on: risk.gone.on })} · {risk.gone.by} · {risk.gone.reason}
            </span>
          )}
        </p>
      ))}
      {adding ? (
        <AddRisk
          id={answer.id}
          open={risks.flatMap(({ code, gone: since }) => (since === undefined ? [code] : []))}
          close={() => setAdding(false)}
        />
      ) : null}
      {gone === undefined ? null : (
        <ReasonDialog
          title={`${w.riskGone}${w.colon}${of('risk', gone)}`}
          about={w.riskGoneNote}
          act={(reason) =>
            call('recordRisk', { params: { id: answer.id }, body: { gone, on: dayOf(serverNow()), reason } })
          }
          close={() => setGone(undefined)}
        />
      )}
    </Block>
  );
}

/** A risk that was not known at admission. */
function AddRisk({ id, open, close }: { id: string; open: readonly Recorded['code'][]; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<{ add: Recorded['code']; reason: string }>();
  const add = useMutation({
    mutationFn: (body: { add: Recorded['code']; reason: string }) => call('recordRisk', { params: { id }, body }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries();
      close();
    },
    onError: problem,
  });
  return (
    <FormDialog
      title={w.addRisk}
      width={420}
      form={form}
      send={add.mutate}
      isSending={add.isPending}
      refused={add.error}
      close={close}
    >
      <Form.Item name="add" label={w.risks} rules={[{ required: true, message: w.needed }]}>
        <Select
          options={riskCode.options
            .filter((code) => !open.includes(code))
            .map((value) => ({ value, label: of('risk', value) }))}
        />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, min: 4, message: w.reasonNeeded }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
