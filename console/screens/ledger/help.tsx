import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Due } from '../../ui/marks.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { AskHelp } from './ask-help.tsx';

type Outcome = 'post' | 'training' | 'referral' | 'refused';

/** What people asked for, and what became of it. */
export function Help() {
  const { w, of } = useWords();
  const me = useMe();
  const region = useRegion();
  const help = useQuery(readAll('listHelp', { query: { region, limit: 200 } }));
  const [answering, setAnswering] = useState<string>();
  const [asking, setAsking] = useState(false);
  return (
    <div className="block">
      {mayCall(me, 'askHelp') ? (
        <p className="page-actions no-print">
          <Button size="small" type="primary" onClick={() => setAsking(true)}>
            {w.askHelp}
          </Button>
        </p>
      ) : null}
      {asking ? <AskHelp close={() => setAsking(false)} /> : null}
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
                render: (_value, { household }) => <HouseholdLink id={household}>{household}</HouseholdLink>,
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
      {answering === undefined ? null : <AnswerHelp id={answering} close={() => setAnswering(undefined)} />}
    </div>
  );
}

/** What became of one request. */
function AnswerHelp({ id, close }: { id: string; close: () => void }) {
  const { w, of } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>('post');
  const [note, setNote] = useState('');
  const [to, setTo] = useState('');
  const end = useMutation({
    mutationFn: () => {
      const answered = { on: dayOf(serverNow()), note };
      return call('answerHelp', {
        params: { id },
        body: { outcome: outcome === 'referral' ? { outcome, to, ...answered } : { outcome, ...answered } },
      });
    },
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listHelp'] });
      close();
    },
    onError: problem,
  });
  return (
    <Modal
      open
      title={w.helpOutcome}
      onCancel={close}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: note.trim().length < 4 || (outcome === 'referral' && to.trim() === '') }}
      confirmLoading={end.isPending}
      onOk={() => end.mutate()}
    >
      <Select
        aria-label={w.helpOutcome}
        value={outcome}
        style={{ width: '100%', marginBottom: 8 }}
        onChange={setOutcome}
        options={(['post', 'training', 'referral', 'refused'] as const).map((value) => ({
          value,
          label: of('helpOutcome', value),
        }))}
      />
      {outcome === 'referral' ? (
        <Input
          aria-label={w.referredTo}
          placeholder={w.referredTo}
          maxLength={60}
          value={to}
          style={{ marginBottom: 8 }}
          onChange={({ target }) => setTo(target.value)}
        />
      ) : null}
      <Input.TextArea
        aria-label={w.reason}
        rows={2}
        maxLength={500}
        placeholder={w.reasonNeeded}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
    </Modal>
  );
}
