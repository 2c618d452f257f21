import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Segmented, Select, Tag } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import * as z from 'zod';
import { decisionProcedure } from '../../../functions/contracts/decision.ts';
import { mayCall, read, readAll } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { useKeys } from '../../ui/keys.ts';
import { Due } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import { useView } from '../../ui/view.ts';
import { fill, useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';
import { Detail } from './detail.tsx';
import { KeysHelp } from './keys-help.tsx';
import { type Outcome, Outcomes } from './outcomes.tsx';
import { type Decided, sendVerdicts } from './send.ts';
import { approvableTogether, type Drafts, type Mode } from './verdict.ts';

const view = z.object({
  procedure: decisionProcedure.optional(),
  overdue: z.enum(['true']).optional(),
  item: z.string().optional(),
});

/** How often it is asked whether more has come in. */
const ASKED_AGAIN_MS = 60_000;

/** What waits for me, oldest first, everything needed to decide beside it; the keyboard is enough from start to end. */
export function Inbox() {
  const { w, of, language } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const [{ procedure, overdue, item: chosen }, setView] = useView(view);
  const query = {
    region,
    ...(procedure === undefined ? {} : { procedure }),
    ...(overdue === undefined ? {} : { overdue }),
    limit: 200,
  };
  const pending = useQuery(readAll('listDecisions', { query }));
  // What has come in is said, and shown when it is asked for: nothing moves under the hands of who is reading.
  const waiting = useQuery({
    ...read('listDecisions', { query: { ...query, limit: 1 } }),
    refetchInterval: ASKED_AGAIN_MS,
  });
  const [decided, setDecided] = useState<readonly Outcome[]>([]);
  const gone = useMemo(() => new Set(decided.filter(({ stays }) => !stays).map(({ id }) => id)), [decided]);
  const items = useMemo(() => (pending.data?.items ?? []).filter(({ id }) => !gone.has(id)), [pending.data, gone]);
  const known = (pending.data?.total ?? 0) - ((pending.data?.items.length ?? 0) - items.length);
  const came = waiting.isFetching ? 0 : (waiting.data?.total ?? 0) - known;
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [mode, setMode] = useState<Mode>('look');
  const { current: drafts } = useRef<Drafts>(new Map());
  useUnsaved(() => drafts.size > 0);
  const turns = useRef(0);
  const nextTurn = (): number => {
    turns.current += 1;
    return turns.current;
  };
  const [help, setHelp] = useState(false);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const mayDecide = mayCall(me, 'decide');
  const place = Math.max(
    0,
    items.findIndex(({ id }) => id === chosen),
  );
  const current = items[place];
  const several = items.filter(({ id }) => marked.has(id));
  // What a verdict is for is what is shown: of several that are marked the one looked at, if it is one of them, else the first.
  const shown = several.length > 1 && !several.some((one) => one === current) ? several[0] : current;
  const together = several.length > 1 ? several : shown === undefined ? [] : [shown];

  const move = (step: number): void => {
    setMode('look');
    setView({ item: items[Math.min(items.length - 1, Math.max(0, place + step))]?.id });
  };
  const mark = (): void => {
    if (current === undefined) return;
    const next = new Set(marked);
    // A claim is decided on its own screen.
    if (!next.delete(current.id) && current.procedure !== 'settlement') next.add(current.id);
    setMarked(next);
    move(1);
  };

  const decide = async (verdicts: readonly Decided[]): Promise<void> => {
    setBusy(true);
    try {
      const told = await sendVerdicts(verdicts, (refusal) =>
        refusal === undefined ? w.errorNetwork : problemSentence(refusal, language),
      );
      const outcomes = told.map((each): Outcome => ({ ...each, turn: nextTurn() }));
      for (const { id } of outcomes.filter(({ stays }) => !stays))
        for (const draft of drafts.keys()) if (draft.split(' ').includes(id)) drafts.delete(draft);
      setDecided((before) => [...outcomes.toReversed(), ...before]);
      if (outcomes.every(({ stays }) => stays)) return;
      const next =
        items.slice(place + 1).find(({ id }) => !verdicts.some(({ item }) => item.id === id)) ??
        items.find(({ id }) => !verdicts.some(({ item }) => item.id === id));
      setMarked(new Set());
      setMode('look');
      setView({ item: next?.id });
      void client.invalidateQueries({
        // The list stays as it is looked at, without what is decided.
        predicate: ({ queryKey: [what, , how] }) =>
          what !== 'readDivisions' && !(what === 'listDecisions' && how === 'all'),
      });
    } finally {
      setBusy(false);
    }
  };

  const approvable = several.length < 2 || approvableTogether(several);
  const begin = (next: Mode) => (): void => {
    if (mayDecide && shown !== undefined && shown.procedure !== 'settlement' && (next !== 'approve' || approvable))
      setMode(next);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    x: mark,
    a: begin('approve'),
    b: begin('send-back'),
    r: begin('reject'),
    Escape: () => (help ? setHelp(false) : setMode('look')),
    '?': () => setHelp(true),
  });

  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (current !== undefined)
      list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  return (
    <Page
      title={w.inbox}
      about={
        pending.data === undefined
          ? undefined
          : fill(w.inboxAbout, { n: items.length, late: items.filter((each) => each.overdue).length })
      }
      actions={
        <>
          <Segmented
            size="small"
            value={overdue ?? 'all'}
            options={[
              { value: 'all', label: w.allOf },
              { value: 'true', label: w.onlyOverdue },
            ]}
            onChange={(value) => setView({ overdue: value === 'all' ? undefined : value, item: undefined })}
          />
          <Select
            size="small"
            aria-label={w.filter}
            value={procedure ?? 'all'}
            style={{ width: 120 }}
            options={[
              { value: 'all', label: w.allOf },
              ...decisionProcedure.options.map((value) => ({ value, label: of('procedure', value) })),
            ]}
            onChange={(value) => setView({ procedure: value === 'all' ? undefined : value, item: undefined })}
          />
          <Button size="small" className="keys-button" onClick={() => setHelp(true)}>
            {w.keys} <kbd>?</kbd>
          </Button>
        </>
      }
    >
      {mayDecide ? null : <Alert type="info" showIcon title={w.inboxReadOnly} style={{ marginBottom: 10 }} />}
      {/* Above the list, which may be empty. */}
      {pending.data === undefined || came <= 0 ? null : (
        <Button block size="small" loading={pending.isFetching} onClick={() => void pending.refetch()}>
          {fill(w.moreCameIn, { n: came })}
        </Button>
      )}
      <Answered to={pending} empty={() => items.length === 0 && decided.length === 0}>
        {() => (
          <div className="inbox">
            <div className="inbox-side">
              <ol ref={list} className="inbox-list" aria-label={w.inbox}>
                {items.map((item) => (
                  <li key={item.id} aria-current={item.id === current?.id}>
                    <button
                      type="button"
                      tabIndex={-1}
                      onClick={() => {
                        setMode('look');
                        setView({ item: item.id });
                      }}
                    >
                      <span className="inbox-mark">{marked.has(item.id) ? '☑' : ''}</span>
                      <span className="inbox-what">
                        <b>{of('step', item.step)}</b>
                        {item.escalatedAt === null ? null : <Tag color="orange">{w.escalated}</Tag>}
                        <span className="quiet">{of('procedure', item.procedure)}</span>
                      </span>
                      <span className="inbox-where">
                        {name(item.household.slice(0, 12), true)}{' '}
                        <span className="number">{item.household.slice(13)}</span>
                      </span>
                      <span className="inbox-due">
                        <Due at={item.dueAt} overdue={item.overdue} />
                      </span>
                    </button>
                  </li>
                ))}
              </ol>
              <Outcomes all={decided} />
            </div>
            <div className="inbox-detail">
              {shown === undefined ? (
                <Nothing text={w.inboxEmpty} />
              ) : (
                <Detail
                  key={several.length > 1 ? 'several' : shown.id}
                  item={shown}
                  together={together}
                  approvable={approvable}
                  mode={mode}
                  setMode={setMode}
                  mayDecide={mayDecide}
                  busy={busy}
                  decide={decide}
                  drafts={drafts}
                />
              )}
            </div>
          </div>
        )}
      </Answered>
      <KeysHelp open={help} close={() => setHelp(false)} />
    </Page>
  );
}
