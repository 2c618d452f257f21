import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { type Answer, call, readAll } from '../../api/client.ts';
import { minute } from '../../ui/format.ts';
import { useProblem } from '../../ui/problem.ts';
import { useRegion } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { Found, useFound } from '../households/found.tsx';

type Report = Answer<'listReports'>['items'][number];

/** What people without login reported and nobody has looked into: each becomes a claim, or is none, with a reason. */
export function Reports() {
  const { w, of } = useWords();
  const region = useRegion();
  const reports = useQuery(readAll('listReports', { query: { region, limit: 200 } }));
  const [open, setOpen] = useState<Report>();
  return (
    <div className="block">
      <Answered to={reports} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List<Report>
            copy
            rowKey="receipt"
            dataSource={items}
            columns={[
              { title: w.reportedAt, className: 'number', render: (_value, { reportedAt }) => minute(reportedAt) },
              { title: w.receipt, className: 'number', dataIndex: 'receipt' },
              { title: w.insuredLine, render: (_value, { line }) => of('line', line) },
              { title: w.eventOn, className: 'number', dataIndex: 'eventOn' },
              { title: w.name, render: (_value, { name }) => name ?? '—' },
              { title: w.idNumber, className: 'number', dataIndex: 'idNumber' },
              { title: w.phone, className: 'number', render: (_value, { phone }) => phone ?? '—' },
              { title: w.household, className: 'number', render: (_value, { household }) => household ?? '—' },
              { title: w.verifiedOnFile, render: (_value, { verified }) => (verified ? '✓' : '') },
              {
                title: w.actions,
                render: (_value, one) => (
                  <Button size="small" type="link" onClick={() => setOpen(one)}>
                    {w.conclude}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Answered>
      {open === undefined ? null : <Conclude report={open} close={() => setOpen(undefined)} />}
    </div>
  );
}

function Conclude({ report, close }: { report: Report; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [household, setHousehold] = useState(report.household ?? '');
  const [person, setPerson] = useState(report.person ?? undefined);
  const [inHands, setInHands] = useState(false);
  const [reason, setReason] = useState('');
  // So that the person is chosen by name.
  const found = useFound(household);
  const end = useMutation({
    mutationFn: () =>
      call('concludeReport', {
        params: { receipt: report.receipt },
        body: reason.trim() === '' ? { household, person: person ?? '', handedOver: inHands } : { dismissed: reason },
      }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries();
      close();
    },
    onError: problem,
  });
  const ready = reason.trim() === '' ? found.data !== undefined && person !== undefined : reason.trim().length >= 4;
  return (
    <Modal
      open
      title={`${w.conclude}${w.colon}${of('line', report.line)} ${report.eventOn}`}
      onCancel={close}
      okText={reason.trim() === '' ? w.becomesClaim : w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={end.isPending}
      onOk={() => end.mutate()}
    >
      <div className="stack">
        <Input
          aria-label={w.household}
          placeholder={w.matchHousehold}
          value={household}
          onChange={({ target }) => {
            setHousehold(target.value.trim().toUpperCase());
            // Somebody of another household is nobody of this one.
            setPerson(undefined);
          }}
        />
        <Found household={found} />
        <Select
          aria-label={w.insuredPerson}
          placeholder={w.insuredPerson}
          value={person}
          onChange={setPerson}
          options={(found.data?.members ?? []).map((one) => ({
            value: one.person,
            label: `${one.name} ${one.idNumber}`,
          }))}
        />
        <Checkbox checked={inHands} onChange={({ target }) => setInHands(target.checked)}>
          {w.receiptInHands}
        </Checkbox>
        <Input.TextArea
          aria-label={w.reason}
          placeholder={w.orNoClaim}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
    </Modal>
  );
}
