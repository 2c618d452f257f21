import { Button, Modal, Select } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { entryKinds } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { isoDate } from '../../../functions/contracts/values.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { call, mayCall, serverNow, usePages } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { EntryPhotographs } from '../../ui/photographs.tsx';
import { ReasonDialog } from '../../ui/reason.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { NewEntry } from './new-entry.tsx';

const kinds = [...entryKinds, 'reversal'] as const;
const view = z.object({ kind: z.enum(kinds).optional(), from: isoDate.optional(), to: isoDate.optional() });

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
  evidence: z.array(z.string()).optional(),
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

/** Every act of help of a region: what it was, when, for whom, how much. */
export function Entries() {
  const { w, of } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const [{ kind, from, to }, setView] = useView(view);
  const [reversing, setReversing] = useState<Line>();
  const [looking, setLooking] = useState<Line>();
  const { pages, first, items: entries } = usePages('listEntries', { query: { region, kind, from, to, limit: 200 } });
  const items = entries.flatMap((one) => line.safeParse(one).data ?? []);
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
                render: (_value, { household }) => (household === undefined ? '' : <HouseholdLink id={household} />),
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
                width: 130,
                className: 'no-print',
                render: (_value, one) =>
                  one.kind === 'reversal' ? null : (
                    <>
                      <Button size="small" type="link" onClick={() => setLooking(one)}>
                        {w.evidence}
                      </Button>
                      {mayCall(me, 'reverseEntry') ? (
                        <Button size="small" type="link" onClick={() => setReversing(one)}>
                          {w.reverse}
                        </Button>
                      ) : null}
                    </>
                  ),
              },
            ]}
          />
        )}
      </Answered>
      <More of={pages} />
      {looking === undefined ? null : <Evidence entry={looking} close={() => setLooking(undefined)} />}
      {reversing === undefined ? null : <Reverse entry={reversing} close={() => setReversing(undefined)} />}
    </div>
  );
}

/** What proves an entry: the numbers of its papers, and photographs. */
function Evidence({ entry, close }: { entry: Line; close: () => void }) {
  const { w, of } = useWords();
  const { id, region, occurredOn, kind, evidence = [] } = entry;
  return (
    <Modal open footer={null} title={`${of('entryKind', kind)} ${occurredOn}`} onCancel={close} destroyOnHidden>
      <p>
        {w.evidence}
        {w.colon}
        {evidence.join(w.and) || '—'}
      </p>
      <EntryPhotographs of={{ kind: 'entry', region, occurredOn, entry: id }} />
    </Modal>
  );
}

function Reverse({ entry, close }: { entry: Line; close: () => void }) {
  const { w, of } = useWords();
  const { id, region, occurredOn, kind } = entry;
  return (
    <ReasonDialog
      title={`${w.reverse}${w.colon}${of('entryKind', kind)} ${occurredOn}`}
      act={(reason) =>
        call('reverseEntry', { params: { id }, body: { region, occurredOn, on: dayOf(serverNow()), reason } })
      }
      close={close}
    />
  );
}
