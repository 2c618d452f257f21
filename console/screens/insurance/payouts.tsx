import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, App, Button, Popconfirm, Upload } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, fetchFile, mayCall, serverNow, usePages } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { save } from '../../ui/download.ts';
import { Money } from '../../ui/figures.tsx';
import { yuan } from '../../ui/format.ts';
import { Block, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';
import { Ready } from './ready.tsx';

/** Payments: what is ready to be instructed, the batches with their differences, and what the bank says of them. */
export function Payouts() {
  const { w } = useWords();
  const me = useMe();
  const { pages, items } = usePages('listBatches', { query: { limit: 50 } });
  return (
    <Page title={w.payouts}>
      {mayCall(me, 'createBatch') && mayCall(me, 'listClaims') ? <Ready /> : null}
      {mayCall(me, 'confirmPayouts') ? <Confirmations /> : null}
      <Answered to={pages} empty={() => items.length === 0}>
        {() => items.map((batch) => <Batch key={batch.id} batch={batch} />)}
      </Answered>
      <More of={pages} />
    </Page>
  );
}

function Batch({ batch }: { batch: Answer<'listBatches'>['items'][number] }) {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [disputed, setDisputed] = useState<string>();
  const [taking, setTaking] = useState(false);
  const file = useMutation({
    mutationFn: () => fetchFile('readBatch', { params: { id: batch.id }, query: { format: 'pain.001' } }),
    onSuccess: ({ blob }) => save(blob, `${batch.id}.pain.001.xml`),
    onError: problem,
  });
  const confirm = useMutation({
    mutationFn: (payouts: Answer<'listBatches'>['items'][number]['payouts']) =>
      call('confirmPayouts', {
        body: {
          items: payouts.map(({ endToEndId, amount }) => ({
            endToEndId,
            amount,
            status: 'settled',
            on: dayOf(serverNow()),
          })),
        },
      }),
    // Each payment has its own outcome: one that was refused or contradicts the bank's earlier word is shown, not called done.
    onSuccess: ({ items }) => {
      if (items.every(({ problem: why }) => why === undefined)) void message.success(w.done);
      void client.invalidateQueries();
    },
    onError: problem,
  });
  const open = batch.payouts.filter(({ status }) => status === 'instructed' || status === 'accepted');
  return (
    <Block
      title={
        <>
          {batch.executionOn} · {batch.count} {w.claimsUnit} · <Money fen={batch.sum} />{' '}
          <span className={batch.state === 'reconciled' ? 'stage open' : 'stage admission'}>
            {of('payoutStatus', batch.state)}
          </span>
        </>
      }
      extra={
        <span className="page-actions">
          {mayCall(me, 'confirmPayouts') && open.length > 0 ? (
            <Popconfirm
              title={fill(w.confirmSettledSure, {
                n: open.length,
                amount: yuan(open.reduce((sum, { amount }) => sum + amount, 0)),
              })}
              okText={w.confirm}
              cancelText={w.cancel}
              onConfirm={() => confirm.mutate(open)}
            >
              <Button size="small" loading={confirm.isPending}>
                {w.confirmSettled}
              </Button>
            </Popconfirm>
          ) : null}
          {me.role === 'bank' || mayCall(me, 'takeFile') ? (
            <Button
              size="small"
              loading={file.isPending}
              onClick={() => (me.role === 'bank' ? file.mutate() : setTaking(true))}
            >
              pain.001
            </Button>
          ) : null}
        </span>
      }
    >
      {batch.differences.map(({ endToEndId, why, amount }) => (
        <Alert
          key={endToEndId + why}
          type="warning"
          showIcon
          style={{ marginBottom: 6 }}
          title={
            <>
              {endToEndId} · {of('payoutStatus', why)} · <Money fen={amount} />
            </>
          }
          action={
            why === 'disputed' && mayCall(me, 'resolveDispute') ? (
              <Button size="small" onClick={() => setDisputed(endToEndId)}>
                {w.resolveDispute}
              </Button>
            ) : undefined
          }
        />
      ))}
      {confirm.data?.items.some(({ problem: why }) => why !== undefined) ? (
        <Confirmed items={confirm.data.items.filter(({ problem: why }) => why !== undefined)} />
      ) : null}
      {taking ? (
        <ReasonDialog
          title={w.takeFile}
          about={w.takeFileNote}
          act={async (reason) => {
            const { blob } = await fetchFile('takeFile', { params: { id: batch.id }, body: { reason } });
            save(blob, `${batch.id}.pain.001.xml`);
          }}
          close={() => setTaking(false)}
        />
      ) : null}
      {disputed === undefined ? null : (
        <ReasonDialog
          title={`${w.resolveDispute} ${disputed}`}
          about={w.resolveDisputeNote}
          act={(reason) => call('resolveDispute', { params: { endToEndId: disputed }, body: { reason } })}
          close={() => setDisputed(undefined)}
        />
      )}
      <List
        copy
        rowKey="endToEndId"
        dataSource={batch.payouts}
        columns={[
          { title: w.endToEnd, dataIndex: 'endToEndId', className: 'number' },
          {
            title: w.claim,
            render: (_value, { claim }) =>
              mayCall(me, 'readClaim') ? (
                <Link to="/claims/$id" params={{ id: claim }}>
                  {claim}
                </Link>
              ) : (
                claim
              ),
          },
          { title: w.amount, align: 'right', render: (_value, { amount }) => <Money fen={amount} /> },
          { title: w.accountNumber, className: 'number', dataIndex: 'account' },
          { title: w.status, render: (_value, { status }) => of('payoutStatus', status) },
        ]}
      />
    </Block>
  );
}

/** A pain.002 report as the bank sends it; each payment has its outcome. */
function Confirmations() {
  const { w } = useWords();
  const problem = useProblem();
  const client = useQueryClient();
  const upload = useMutation({
    mutationFn: async (file: File) => call('confirmPayouts', { body: { pain002: await file.text() } }),
    onSuccess: () => void client.invalidateQueries(),
    onError: problem,
  });
  return (
    <Block title="pain.002">
      <Upload.Dragger
        accept=".xml"
        showUploadList={false}
        beforeUpload={(file) => {
          upload.mutate(file);
          return false;
        }}
      >
        {w.dropPain002}
      </Upload.Dragger>
      {upload.data === undefined ? null : <Confirmed items={upload.data.items} />}
    </Block>
  );
}

/** What became of each payment that was told. */
function Confirmed({ items }: { items: Answer<'confirmPayouts'>['items'] }) {
  const { w, of, language } = useWords();
  return (
    <List
      rowKey="row"
      dataSource={items}
      columns={[
        { title: w.endToEnd, render: (_value, { endToEndId }) => endToEndId ?? '—', className: 'number' },
        { title: w.status, render: (_value, { outcome }) => of('payoutStatus', outcome) },
        {
          title: w.reason,
          render: (_value, { problem: why }) =>
            why === undefined ? '' : problemSentence({ ...why, errors: [] }, language),
        },
      ]}
    />
  );
}
