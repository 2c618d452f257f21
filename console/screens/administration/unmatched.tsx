import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { type Answer, call, mayCall, readAll } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { Found, useFound } from '../households/found.tsx';
import { Reasoned } from '../households/reasoned.tsx';

type Clue = Answer<'listUnmatched'>['items'][number];

/** Clues that matched nobody: an official looks at the number if need be, finds the household, or says why nothing follows. */
export function Unmatched() {
  const me = useMe();
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const clues = useQuery(readAll('listUnmatched', { query: { region, limit: 200 } }));
  const [open, setOpen] = useState<Clue>();
  const [asked, setAsked] = useState<{ id: string; field: 'idNumber' | 'phone' }>();
  const shows = (id: string, field: 'idNumber' | 'phone') =>
    mayCall(me, 'revealClue') ? (
      <Button className="no-print" size="small" type="link" onClick={() => setAsked({ id, field })}>
        {w.reveal}
      </Button>
    ) : null;
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
              {
                title: w.idNumber,
                className: 'number',
                render: (_value, { id, idNumber }) => (
                  <>
                    {idNumber} {shows(id, 'idNumber')}
                  </>
                ),
              },
              {
                title: w.phone,
                className: 'number',
                render: (_value, { id, phone }) => (
                  <>
                    {phone ?? '—'} {phone === null ? null : shows(id, 'phone')}
                  </>
                ),
              },
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
      {asked === undefined ? null : <RevealClue {...asked} close={() => setAsked(undefined)} />}
      {open === undefined ? null : <Resolve clue={open} close={() => setOpen(undefined)} />}
    </div>
  );
}

/** One clue finds its household, which is shown before it is chosen, or is dismissed for a reason. */
function Resolve({ clue, close }: { clue: Clue; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [household, setHousehold] = useState('');
  const [reason, setReason] = useState('');
  const found = useFound(household);
  const resolve = useMutation({
    mutationFn: () =>
      call('resolveClue', {
        params: { id: clue.id },
        body: household === '' ? { dismissed: reason } : { household },
      }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listUnmatched'] });
      close();
    },
    onError: problem,
  });
  return (
    <Modal
      open
      title={w.resolve}
      onCancel={close}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: household === '' ? reason.trim().length < 4 : found.data === undefined }}
      confirmLoading={resolve.isPending}
      onOk={() => resolve.mutate()}
    >
      <div className="stack">
        <Input
          aria-label={w.household}
          placeholder={w.matchHousehold}
          value={household}
          onChange={({ target }) => setHousehold(target.value.trim().toUpperCase())}
        />
        <Found household={found} />
        <Input.TextArea
          aria-label={w.reason}
          disabled={household !== ''}
          placeholder={w.orDismiss}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
    </Modal>
  );
}

/** A number in full; what was shown is forgotten with the dialog. */
function RevealClue({ id, field, close }: { id: string; field: 'idNumber' | 'phone'; close: () => void }) {
  const { w } = useWords();
  const problem = useProblem();
  const show = useMutation({
    mutationFn: (reason: string) => call('revealClue', { params: { id }, body: { field, reason } }),
    onError: problem,
    gcTime: 0,
  });
  return (
    <Reasoned
      title={field === 'phone' ? w.revealPhone : w.revealNumber}
      okText={w.reveal}
      done={show.data !== undefined}
      pending={show.isPending}
      act={(reason) => show.mutate(reason)}
      close={close}
    >
      {show.data === undefined ? null : (
        <Typography.Title level={4} copyable style={{ marginTop: 12 }}>
          {show.data.value}
        </Typography.Title>
      )}
    </Reasoned>
  );
}
