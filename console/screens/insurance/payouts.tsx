import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, App, Button, Upload } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, fetchFile, mayCall, read, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { save } from '../../ui/download.ts';
import { Money } from '../../ui/figures.tsx';
import { Block, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';

/** A batch takes so many claims. */
const MOST = 25;

/** Payments: what is ready to be instructed, the batches with their differences, and what the bank says of them. */
export function Payouts() {
  const { w } = useWords();
  const me = useMe();
  const batches = useQuery(read('listBatches', { query: { limit: 50 } }));
  return (
    <Page title={w.payouts}>
      {mayCall(me, 'createBatch') && mayCall(me, 'listClaims') ? <Ready /> : null}
      {mayCall(me, 'confirmPayouts') ? <Confirmations /> : null}
      <Answered to={batches} empty={({ items }) => items.length === 0}>
        {({ items }) => items.map((batch) => <Batch key={batch.id} batch={batch} />)}
      </Answered>
    </Page>
  );
}

type Line = Answer<'listClaims'>['items'][number];

function Ready() {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const claims = useQuery(readAll('listClaims', { query: { region: me.region, limit: 200 } }));
  const ready: Line[] = (claims.data?.items ?? []).filter(({ waiting }) => waiting?.step === 'payment');
  const [chosen, setChosen] = useState<readonly string[]>();
  const ids = (chosen ?? ready.map(({ id }) => id)).slice(0, MOST);
  const inBatch = ready.filter(({ id }) => ids.includes(id));
  const sum = inBatch.reduce((total, { approved }) => total + (approved ?? 0), 0);
  const [first] = inBatch;
  const create = useMutation({
    mutationFn: () =>
      call('createBatch', {
        body: {
          policy: first?.policy ?? '',
          executionOn: dayOf(serverNow()),
          claims: inBatch.map(({ id }) => id),
          count: inBatch.length,
          sum,
        },
      }),
    onSuccess: () => {
      void message.success(w.done);
      setChosen(undefined);
      void client.invalidateQueries();
    },
    onError: problem,
  });
  return (
    <Block
      title={w.readyToPay}
      extra={
        <Button
          type="primary"
          size="small"
          disabled={inBatch.length === 0}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {fill(w.makeBatch, { n: inBatch.length })} <Money fen={sum} />
        </Button>
      }
    >
      {ready.length === 0 ? (
        <Nothing />
      ) : (
        <List<Line>
          rowKey="id"
          dataSource={ready}
          rowSelection={{ selectedRowKeys: [...ids], onChange: (keys) => setChosen(keys.map(String)) }}
          columns={[
            {
              title: w.insuredLine,
              render: (_value, { id, line }) => (
                <Link to="/claims/$id" params={{ id }}>
                  {of('line', line)}
                </Link>
              ),
            },
            { title: w.household, dataIndex: 'household', className: 'number' },
            { title: w.approved, align: 'right', render: (_value, { approved }) => <Money fen={approved} /> },
          ]}
        />
      )}
    </Block>
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
    onSuccess: () => {
      void message.success(w.done);
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
            <Button size="small" loading={confirm.isPending} onClick={() => confirm.mutate(open)}>
              {w.confirmSettled}
            </Button>
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
  const { w, of, language } = useWords();
  const problem = useProblem();
  const client = useQueryClient();
  const upload = useMutation({
    mutationFn: async (file: File) => call('confirmPayouts', { body: { pain002: await file.text() } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['listBatches'] }),
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
      {upload.data === undefined ? null : (
        <List
          rowKey="row"
          dataSource={upload.data.items}
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
      )}
    </Block>
  );
}
