import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, type Input as InputOf, mayCall, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { minute } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { NumberInput } from '../../ui/number.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered, Nothing } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';

type Period = Answer<'listErasures'>['periods'][number];
type Erasure = Answer<'listErasures'>['items'][number];

/** How long records are kept, and who was erased afterwards (PIPL article 47): proposed by one officer, approved by another. */
export function Erasures() {
  const found = useQuery(read('listErasures', {}));
  return (
    <Answered to={found}>
      {({ periods, items }) => (
        <>
          <Periods periods={periods} />
          <Erased items={items} />
        </>
      )}
    </Answered>
  );
}

function useDone(close?: () => void): { onSuccess: () => void; onError: (error: Error) => void } {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  return {
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listErasures'] });
      close?.();
    },
    onError: problem,
  };
}

function Periods({ periods }: { periods: readonly Period[] }) {
  const { w, of } = useWords();
  const me = useMe();
  const [proposing, setProposing] = useState(false);
  const approve = useMutation({
    mutationFn: (id: string) => call('approveRetention', { params: { id } }),
    ...useDone(),
  });
  return (
    <Block
      title={w.retention}
      extra={
        mayCall(me, 'proposeRetention') ? (
          <Button size="small" onClick={() => setProposing(true)}>
            {w.proposeRetention}
          </Button>
        ) : null
      }
    >
      {proposing ? <ProposePeriod close={() => setProposing(false)} /> : null}
      {periods.length === 0 ? (
        <Nothing />
      ) : (
        <List<Period>
          copy
          rowKey="id"
          dataSource={periods.toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))}
          columns={[
            { title: w.effectiveFrom, className: 'number', dataIndex: 'effectiveFrom' },
            { title: w.retentionYears, align: 'right', className: 'number', dataIndex: 'years' },
            { title: w.basis, dataIndex: 'basis' },
            { title: w.status, render: (_value, { status }) => of('erasureStatus', status) },
            { title: w.proposedBy, render: (_value, one) => `${one.proposedBy} ${minute(one.proposedAt)}` },
            { title: w.approvedBy, render: (_value, one) => approvedOf(one) },
            {
              title: w.actions,
              className: 'no-print',
              render: (_value, { id, status, proposedBy }) =>
                status === 'proposed' && mayCall(me, 'approveRetention') && proposedBy !== me.sub ? (
                  <Popconfirm
                    title={w.approveRetentionSure}
                    onConfirm={() => approve.mutate(id)}
                    okText={w.confirm}
                    cancelText={w.cancel}
                  >
                    <Button size="small" type="link" loading={approve.isPending}>
                      {w.approve}
                    </Button>
                  </Popconfirm>
                ) : null,
            },
          ]}
        />
      )}
    </Block>
  );
}

function ProposePeriod({ close }: { close: () => void }) {
  const { w } = useWords();
  const [form] = Form.useForm<InputOf<'proposeRetention'>['body']>();
  const propose = useMutation({
    mutationFn: (body: InputOf<'proposeRetention'>['body']) => call('proposeRetention', { body }),
    ...useDone(close),
  });
  const needed = [{ required: true, message: w.needed }];
  return (
    <FormDialog
      title={w.proposeRetention}
      width={420}
      form={form}
      initial={{ effectiveFrom: addDays(dayOf(serverNow()), 1) }}
      send={propose.mutate}
      isSending={propose.isPending}
      refused={propose.error}
      close={close}
      before={<p>{w.retentionAbout}</p>}
    >
      <Form.Item name="years" label={w.retentionYears} rules={needed}>
        <NumberInput min={1} max={100} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="effectiveFrom" label={w.effectiveFrom} rules={needed}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="basis" label={w.basis} rules={[{ required: true, min: 4, message: w.reasonNeeded }]}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

function Erased({ items }: { items: readonly Erasure[] }) {
  const { w, of } = useWords();
  const me = useMe();
  const approve = useMutation({
    mutationFn: (id: string) => call('approveErasure', { params: { id } }),
    ...useDone(),
  });
  const mayApprove = ({ status, proposedBy }: Erasure) =>
    status !== 'erased' && mayCall(me, 'approveErasure') && proposedBy !== me.sub;
  return (
    <Block title={w.erasedPeople}>
      <p className="quiet">{w.erasuresAbout}</p>
      {items.length === 0 ? (
        <Nothing />
      ) : (
        <List<Erasure>
          copy
          tall
          rowKey="id"
          dataSource={items.toSorted((a, b) => b.proposedAt.localeCompare(a.proposedAt))}
          columns={[
            {
              title: w.household,
              className: 'number',
              render: (_value, { household }) => <HouseholdLink id={household}>{household}</HouseholdLink>,
            },
            { title: w.erasureGround, render: (_value, { ground }) => of('erasureGround', ground) },
            { title: w.reason, dataIndex: 'reason' },
            { title: w.status, render: (_value, { status }) => of('erasureStatus', status) },
            { title: w.proposedBy, render: (_value, one) => `${one.proposedBy} ${minute(one.proposedAt)}` },
            { title: w.approvedBy, render: (_value, one) => approvedOf(one) },
            {
              title: w.actions,
              className: 'no-print',
              render: (_value, one) =>
                mayApprove(one) ? (
                  <Popconfirm
                    title={fill(w.approveErasureSure, { household: one.household })}
                    onConfirm={() => approve.mutate(one.id)}
                    okText={w.confirm}
                    cancelText={w.cancel}
                  >
                    <Button size="small" type="link" loading={approve.isPending}>
                      {one.status === 'approved' ? w.goOnErasing : w.approve}
                    </Button>
                  </Popconfirm>
                ) : null,
            },
          ]}
        />
      )}
    </Block>
  );
}

function approvedOf({ approvedBy, approvedAt }: { approvedBy?: string | undefined; approvedAt?: string | undefined }) {
  return approvedBy === undefined ? '—' : `${approvedBy} ${minute(approvedAt ?? '')}`;
}
