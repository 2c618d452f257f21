import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Input, Modal, Tabs } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { isoDate } from '../../../functions/contracts/values.ts';
import { addMonths, dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, read, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count } from '../../ui/figures.tsx';
import { minute } from '../../ui/format.ts';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Declarations } from './declarations.tsx';
import { Events, remembersEvents } from './events.tsx';
import { Posters } from './posters.tsx';

const view = z.object({
  tab: z.enum(['declarations', 'unmatched', 'reveals', 'divisions', 'posters', 'events']).optional(),
  from: isoDate.optional(),
  to: isoDate.optional(),
});

/** Alerts and what came of them, clues nobody could match, who looked at full numbers, the divisions. */
export function Administration() {
  const { w } = useWords();
  const me = useMe();
  const [{ tab }, setView] = useView(view);
  return (
    <Page title={w.administration}>
      <Tabs
        activeKey={tab ?? 'alerts'}
        onChange={(key) => setView({ tab: key === 'alerts' ? undefined : key })}
        items={[
          { key: 'alerts', label: w.alerts, children: <Alerts /> },
          ...(mayCall(me, 'listDeclarations')
            ? [{ key: 'declarations', label: w.declarations, children: <Declarations /> }]
            : []),
          ...(mayCall(me, 'listUnmatched') ? [{ key: 'unmatched', label: w.unmatched, children: <Unmatched /> }] : []),
          ...(mayCall(me, 'listReveals') ? [{ key: 'reveals', label: w.reveals, children: <Reveals /> }] : []),
          { key: 'divisions', label: w.divisions, children: <Divisions /> },
          { key: 'posters', label: w.posters, children: <Posters /> },
          ...(remembersEvents ? [{ key: 'events', label: w.events, children: <Events /> }] : []),
        ]}
      />
    </Page>
  );
}

function Alerts() {
  const { w, of } = useWords();
  const region = useRegion();
  const today = dayOf(serverNow());
  const [{ from = addMonths(today, -12), to = today }, setView] = useView(view);
  const alerts = useQuery(read('readAlerts', { query: { region, from, to } }));
  return (
    <Block
      title={w.alertsYield}
      extra={
        <span className="quiet">
          <input
            aria-label={w.from}
            type="date"
            value={from}
            onChange={({ target }) => setView({ from: target.value })}
          />{' '}
          – <input aria-label={w.to} type="date" value={to} onChange={({ target }) => setView({ to: target.value })} />
        </span>
      }
    >
      <Answered to={alerts}>
        {(answer) => (
          <>
            <Facts
              items={[
                [w.alerts, <Count key="a" n={answer.alerts} unit={w.entriesUnit} />],
                [w.matched, <Count key="m" n={answer.matched} unit={w.entriesUnit} />],
                [w.unmatched, <Count key="u" n={answer.unmatched} unit={w.entriesUnit} />],
                [w.becameCases, <Count key="c" n={answer.admitted} unit={w.householdsUnit} />],
                [w.share, answer.sharePercent === null ? '—' : `${answer.sharePercent}%`],
              ]}
            />
            <table className="plain">
              <thead>
                <tr>
                  <th>{w.type}</th>
                  <th className="right">{w.alerts}</th>
                  <th className="right">{w.becameCases}</th>
                </tr>
              </thead>
              <tbody>
                {Object.entries(answer.byKind).map(([kind, { alerts: n, admitted }]) => (
                  <tr key={kind}>
                    <td>{of('alertKind', kind)}</td>
                    <td className="right">
                      <Count n={n} unit={w.entriesUnit} />
                    </td>
                    <td className="right">
                      <Count n={admitted} unit={w.householdsUnit} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Answered>
    </Block>
  );
}

type Clue = Answer<'listUnmatched'>['items'][number];

function Unmatched() {
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const clues = useQuery(readAll('listUnmatched', { query: { region, limit: 200 } }));
  const [open, setOpen] = useState<Clue>();
  const [household, setHousehold] = useState('');
  const [reason, setReason] = useState('');
  const resolve = useMutation({
    mutationFn: () =>
      call('resolveClue', {
        params: { id: open?.id ?? '' },
        body: household === '' ? { dismissed: reason } : { household },
      }),
    onSuccess: () => {
      void message.success(w.done);
      setOpen(undefined);
      setHousehold('');
      setReason('');
      void client.invalidateQueries({ queryKey: ['listUnmatched'] });
    },
    onError: problem,
  });
  return (
    <div className="block">
      <Answered to={clues} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List<Clue>
            copy
            rowKey="id"
            dataSource={items}
            columns={[
              { title: w.at, className: 'number', render: (_value, { at }) => minute(at) },
              { title: w.source, render: (_value, { source }) => of('clueSource', source) },
              { title: w.content, render: (_value, { about }) => of('alertKind', about) },
              { title: w.village, render: (_value, { village }) => (village === null ? '—' : name(village, true)) },
              { title: w.name, render: (_value, one) => one.name ?? '—' },
              { title: w.idNumber, className: 'number', dataIndex: 'idNumber' },
              { title: w.phone, className: 'number', render: (_value, { phone }) => phone ?? '—' },
              {
                title: w.actions,
                render: (_value, one) => (
                  <Button size="small" type="link" onClick={() => setOpen(one)}>
                    {w.resolve}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Answered>
      <Modal
        open={open !== undefined}
        title={w.resolve}
        onCancel={() => setOpen(undefined)}
        okText={w.confirm}
        cancelText={w.cancel}
        okButtonProps={{ disabled: household.trim() === '' && reason.trim().length < 4 }}
        confirmLoading={resolve.isPending}
        onOk={() => resolve.mutate()}
      >
        <Input
          aria-label={w.household}
          placeholder={w.matchHousehold}
          value={household}
          onChange={({ target }) => setHousehold(target.value.trim())}
          style={{ marginBottom: 8 }}
        />
        <Input.TextArea
          aria-label={w.reason}
          disabled={household !== ''}
          placeholder={w.orDismiss}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </Modal>
    </div>
  );
}

/** Which number was shown, or that an erasure was proposed or approved. */
function lookedAt(field: string, w: ReturnType<typeof useWords>['w']): string {
  if (field === 'erasure-proposed') return w.erasureProposed;
  if (field === 'erasure-approved') return w.erasureApproved;
  return field === 'phone' ? w.phone : w.idNumber;
}

function Reveals() {
  const { w } = useWords();
  const region = useRegion();
  const reveals = useQuery(readAll('listReveals', { query: { region, limit: 200 } }));
  return (
    <div className="block">
      <Answered to={reveals} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List<Answer<'listReveals'>['items'][number]>
            copy
            tall
            rowKey={({ at, subject, by, field }) => `${at}/${subject}/${by}/${field}`}
            dataSource={items}
            columns={[
              { title: w.at, width: 140, className: 'number', render: (_value, { at }) => minute(at) },
              { title: w.by, width: 140, dataIndex: 'by' },
              {
                title: w.household,
                width: 180,
                // A household is opened; a clue or a batch of payments is only named.
                render: (_value, { subject }) =>
                  /^\d/.test(subject) ? (
                    <Link to="/households/$id" params={{ id: subject }}>
                      {subject}
                    </Link>
                  ) : (
                    subject
                  ),
              },
              {
                title: w.content,
                width: 110,
                render: (_value, { field }) => lookedAt(field, w),
              },
              { title: w.reason, width: 320, dataIndex: 'reason' },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}

function Divisions() {
  const { w } = useWords();
  const divisions = useQuery(read('readDivisions', {}));
  return (
    <div className="block">
      <Answered to={divisions}>
        {({ towns }) => (
          <List
            copy
            rowKey="code"
            dataSource={towns}
            expandable={{
              expandedRowRender: ({ villages }) => (
                <div className="chips">
                  {villages.map(({ code, name }) => (
                    <span key={code}>
                      {name} <span className="quiet number">{code}</span>
                    </span>
                  ))}
                </div>
              ),
            }}
            columns={[
              { title: w.number, className: 'number', dataIndex: 'code' },
              { title: w.town, dataIndex: 'name' },
              {
                title: w.village,
                align: 'right',
                className: 'number',
                render: (_value, { villages }) => villages.length,
              },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}
