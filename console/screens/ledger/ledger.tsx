import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Input, Modal, Select, Tabs } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { entryKinds } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { isoDate } from '../../../functions/contracts/values.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, read, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Due } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { NewEntry } from './new-entry.tsx';

const kinds = [...entryKinds, 'reversal'] as const;
const view = z.object({
  tab: z.enum(['funds', 'help']).optional(),
  kind: z.enum(kinds).optional(),
  from: isoDate.optional(),
  to: isoDate.optional(),
});

/** Every act of help, the funds it came from, and the requests that wait. */
export function Ledger() {
  const { w } = useWords();
  const me = useMe();
  const [{ tab }, setView] = useView(view);
  return (
    <Page title={w.ledger}>
      <Tabs
        activeKey={tab ?? 'entries'}
        onChange={(key) => setView({ tab: key === 'entries' ? undefined : key })}
        items={[
          { key: 'entries', label: w.ledger, children: <Entries /> },
          ...(mayCall(me, 'readFunds') ? [{ key: 'funds', label: w.funds, children: <Funds /> }] : []),
          { key: 'help', label: w.helpRequests, children: <Help /> },
        ]}
      />
    </Page>
  );
}

/** What the list shows of an entry, whatever its kind. */
const line = z.looseObject({
  id: z.string(),
  kind: z.string(),
  occurredOn: z.string(),
  region: z.string(),
  household: z.string().optional(),
  amount: z.number().optional(),
  funder: z.string().optional(),
  people: z.number().optional(),
  quantity: z.number().optional(),
  personTimes: z.number().optional(),
  note: z.string().optional(),
  reason: z.string().optional(),
});
type Line = z.infer<typeof line>;
const saying = [
  'employer',
  'trade',
  'course',
  'duty',
  'project',
  'borrower',
  'what',
  'purpose',
  'giver',
  'company',
  'team',
  'fund',
];

function Entries() {
  const { w, of } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const [{ kind, from, to }, setView] = useView(view);
  const [reversing, setReversing] = useState<Line>();
  const filters = {
    ...(kind === undefined ? {} : { kind }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  const pages = useInfiniteQuery({
    queryKey: ['listEntries', region, filters],
    queryFn: ({ pageParam, signal }) =>
      call(
        'listEntries',
        { query: { region, ...filters, limit: 200, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const first = pages.data?.pages[0];
  const items = pages.data?.pages.flatMap((page) => page.items.flatMap((one) => line.safeParse(one).data ?? [])) ?? [];
  return (
    <div className="block">
      <div className="filters">
        <Select
          size="small"
          aria-label={w.type}
          value={kind ?? 'all'}
          style={{ minWidth: 180 }}
          options={[
            { value: 'all', label: w.allOf },
            ...kinds.map((value) => ({ value, label: of('entryKind', value) })),
          ]}
          onChange={(value) => setView({ kind: value === 'all' ? undefined : value })}
        />
        <label className="quiet">
          {w.from} <input type="date" value={from ?? ''} onChange={({ target }) => setView({ from: target.value })} />
        </label>
        <label className="quiet">
          {w.to} <input type="date" value={to ?? ''} onChange={({ target }) => setView({ to: target.value })} />
        </label>
        <NewEntry />
        {first === undefined ? null : (
          <span>
            {w.total} {first.total} {w.entriesUnit} · <Money fen={first.amount} />
          </span>
        )}
      </div>
      <Answered to={pages} empty={() => items.length === 0}>
        {() => (
          <List<Line>
            copy
            tall
            rowKey="id"
            dataSource={items}
            columns={[
              { title: w.on, width: 100, className: 'number', dataIndex: 'occurredOn' },
              { title: w.type, width: 170, render: (_value, one) => of('entryKind', one.kind) },
              { title: w.region, width: 190, render: (_value, one) => name(one.region, true) },
              {
                title: w.household,
                width: 100,
                render: (_value, { household }) =>
                  household === undefined ? (
                    ''
                  ) : (
                    <Link to="/households/$id" params={{ id: household }}>
                      {household.slice(13)}
                    </Link>
                  ),
              },
              {
                title: w.content,
                width: 200,
                render: (_value, one) =>
                  saying.flatMap((key) => (typeof one[key] === 'string' ? [String(one[key])] : [])).join(' · ') ||
                  one.reason ||
                  one.note,
              },
              {
                title: w.quantity,
                width: 80,
                align: 'right',
                className: 'number',
                render: (_value, { people, quantity, personTimes }) => people ?? quantity ?? personTimes ?? '',
              },
              {
                title: w.amount,
                width: 140,
                align: 'right',
                render: (_value, { amount }) => (amount === undefined ? '' : <Money fen={amount} />),
              },
              {
                title: w.actions,
                width: 80,
                className: 'no-print after-number',
                render: (_value, one) =>
                  mayCall(me, 'reverseEntry') && one.kind !== 'reversal' ? (
                    <Button size="small" type="link" onClick={() => setReversing(one)}>
                      {w.reverse}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Answered>
      {pages.hasNextPage ? (
        <Button size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {w.more}
        </Button>
      ) : null}
      {reversing === undefined ? null : <Reverse entry={reversing} close={() => setReversing(undefined)} />}
    </div>
  );
}

function Reverse({ entry, close }: { entry: Line; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const reverse = useMutation({
    mutationFn: () =>
      call('reverseEntry', {
        params: { id: entry.id },
        body: { region: entry.region, occurredOn: entry.occurredOn, on: dayOf(serverNow()), reason },
      }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listEntries'] });
      close();
    },
    onError: problem,
  });
  return (
    <Modal
      open
      title={`${w.reverse}：${of('entryKind', entry.kind)} ${entry.occurredOn}`}
      onCancel={close}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: reason.trim().length < 4 }}
      confirmLoading={reverse.isPending}
      onOk={() => reverse.mutate()}
    >
      <Input.TextArea
        autoFocus
        aria-label={w.reason}
        rows={2}
        maxLength={500}
        placeholder={w.reasonNeeded}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </Modal>
  );
}

function Funds() {
  const { w } = useWords();
  const funds = useQuery(read('readFunds', {}));
  return (
    <div className="block">
      <Answered to={funds} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List
            copy
            rowKey="fund"
            dataSource={items}
            columns={[
              { title: w.fund, dataIndex: 'fund' },
              { title: w.received, align: 'right', render: (_value, { received }) => <Money fen={received} /> },
              { title: w.spent, align: 'right', render: (_value, { spent }) => <Money fen={spent} /> },
              { title: w.balance, align: 'right', render: (_value, { balance }) => <Money fen={balance} /> },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}

type Outcome = 'post' | 'training' | 'refused';

function Help() {
  const { w, of } = useWords();
  const me = useMe();
  const region = useRegion();
  const problem = useProblem();
  const client = useQueryClient();
  const help = useQuery(readAll('listHelp', { query: { region, limit: 200 } }));
  const [answering, setAnswering] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>('post');
  const [note, setNote] = useState('');
  const end = useMutation({
    mutationFn: () =>
      call('answerHelp', {
        params: { id: answering ?? '' },
        body: { outcome: { outcome, on: dayOf(serverNow()), note } },
      }),
    onSuccess: () => {
      setAnswering(undefined);
      setNote('');
      void client.invalidateQueries({ queryKey: ['listHelp'] });
    },
    onError: problem,
  });
  return (
    <div className="block">
      <Answered to={help} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List<Answer<'listHelp'>['items'][number]>
            copy
            rowKey="id"
            dataSource={items}
            columns={[
              { title: w.askedOn, className: 'number', dataIndex: 'askedOn' },
              {
                title: w.household,
                render: (_value, { household }) => (
                  <Link to="/households/$id" params={{ id: household }}>
                    {household}
                  </Link>
                ),
              },
              { title: w.wants, render: (_value, { wants }) => of('helpWants', wants) },
              { title: w.content, dataIndex: 'words' },
              { title: w.due, render: (_value, { dueOn, overdue }) => <Due at={dueOn} overdue={overdue} /> },
              {
                title: w.actions,
                render: (_value, { id }) =>
                  mayCall(me, 'answerHelp') ? (
                    <Button size="small" type="link" onClick={() => setAnswering(id)}>
                      {w.answer}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Answered>
      <Modal
        open={answering !== undefined}
        title={w.helpOutcome}
        onCancel={() => setAnswering(undefined)}
        okText={w.confirm}
        cancelText={w.cancel}
        okButtonProps={{ disabled: note.trim().length < 4 }}
        confirmLoading={end.isPending}
        onOk={() => end.mutate()}
      >
        <Select
          aria-label={w.helpOutcome}
          value={outcome}
          style={{ width: '100%', marginBottom: 8 }}
          onChange={setOutcome}
          options={(['post', 'training', 'refused'] as const).map((value) => ({
            value,
            label: of('helpOutcome', value),
          }))}
        />
        <Input.TextArea
          aria-label={w.reason}
          rows={2}
          maxLength={500}
          placeholder={w.reasonNeeded}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </Modal>
    </div>
  );
}
