import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { lineId } from '../../../functions/contracts/insurance/product.ts';
import { isoDate } from '../../../functions/contracts/values.ts';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { call, mayCall, type Input as RouteInput, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { fenOf } from '../../ui/format.ts';
import { YuanInput } from '../../ui/number.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';

interface Fields {
  person: string;
  line: RouteInput<'reportClaim'>['body']['line'];
  eventOn: string;
  claimed?: number | null;
  invoices?: { number: string; total: number }[];
}

/** A claim the village reports for a household; the new claim is opened, so that its papers follow at once. */
export function ReportClaim({ household }: { household: string }) {
  const { w } = useWords();
  const me = useMe();
  const [open, setOpen] = useState(false);
  if (!mayCall(me, 'reportClaim')) return null;
  return (
    <>
      <Button size="small" className="no-print" onClick={() => setOpen(true)}>
        {w.reportClaim}
      </Button>
      {open ? <ReportForm household={household} close={() => setOpen(false)} /> : null}
    </>
  );
}

function ReportForm({ household, close }: { household: string; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const today = dayOf(serverNow());
  const eventOn = isoDate.safeParse(Form.useWatch('eventOn', form)).data ?? today;
  const report = useMutation({
    mutationFn: ({ person, line, eventOn: on, claimed, invoices = [] }: Fields) =>
      call('reportClaim', {
        body: {
          household,
          person,
          line,
          eventOn: on,
          ...(claimed === undefined || claimed === null ? {} : { claimed: fenOf(claimed) }),
          invoices: invoices.map(({ number, total }) => ({ number, total: fenOf(total) })),
        },
      }),
    onSuccess: ({ id }) => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listClaims'] });
      close();
      void navigate({ to: '/claims/$id', params: { id } });
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  return (
    <FormDialog
      title={`${w.reportClaim} ${household}`}
      form={form}
      initial={{ eventOn: today }}
      send={report.mutate}
      isSending={report.isPending}
      refused={report.error}
      close={close}
    >
      <div className="decide-fields">
        <Form.Item name="eventOn" label={w.eventOn} rules={needed}>
          <Input type="date" max={today} />
        </Form.Item>
        <Form.Item name="person" label={w.insuredPerson} rules={needed}>
          <Select options={useMembersAt(household, eventOn)} style={{ minWidth: 180 }} />
        </Form.Item>
        <Form.Item name="line" label={w.insuredLine} rules={needed}>
          <Select options={lineId.options.map((value) => ({ value, label: of('line', value) }))} />
        </Form.Item>
        <Form.Item name="claimed" label={w.claimedYuan}>
          <YuanInput />
        </Form.Item>
      </div>
      <Form.List name="invoices">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="decide-fields">
                <Form.Item
                  name={[name, 'number']}
                  label={w.invoiceNumber}
                  normalize={(typed: string) => typed.trim().toUpperCase()}
                  rules={[{ required: true, pattern: /^[0-9A-Z-]{4,40}$/, message: w.needed }]}
                >
                  <Input maxLength={40} />
                </Form.Item>
                <Form.Item name={[name, 'total']} label={w.invoiceTotal} rules={needed}>
                  <YuanInput min={0.01} />
                </Form.Item>
                <Form.Item label=" ">
                  <Button onClick={() => remove(name)}>{w.removeOne}</Button>
                </Form.Item>
              </div>
            ))}
            <Button size="small" onClick={() => add()}>
              {w.addInvoice}
            </Button>
          </>
        )}
      </Form.List>
    </FormDialog>
  );
}

/** Who lives there now, and who did on the eve of the event: somebody who died of it is on the register no more. */
function useMembersAt(household: string, eventOn: string): { value: string; label: string }[] {
  const now = useQuery(read('readHousehold', { params: { id: household } }));
  const then = useQuery({
    ...read('readHousehold', { params: { id: household }, query: { asOf: addDays(eventOn, -1) } }),
    retry: false,
  });
  const all = new Map(
    [...(now.data?.members ?? []), ...(then.data?.members ?? [])].map((one) => [one.person, one.name]),
  );
  return [...all].map(([value, label]) => ({ value, label }));
}
