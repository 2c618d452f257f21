import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, InputNumber, Popconfirm } from 'antd';
import { useState } from 'react';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, read, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { minute } from '../../ui/format.ts';
import { Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Rehearsal, type Terms } from './rehearsal.tsx';

type One = Answer<'listCriteria'>['items'][number];

/** The numbers triage judges by: proposed by one, rehearsed on a sealed round, approved by another. */
export function Criteria() {
  const { w } = useWords();
  const me = useMe();
  const all = useQuery(read('listCriteria', {}));
  const [rehearsing, setRehearsing] = useState<Terms>();
  const items = all.data?.items.toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom)) ?? [];
  const base = items.find(({ status }) => status === 'approved') ?? items[0];
  return (
    <Page title={w.criteria}>
      {rehearsing === undefined ? null : <Rehearsal terms={rehearsing} close={() => setRehearsing(undefined)} />}
      <Answered to={all} empty={() => items.length === 0}>
        {() => items.map((one) => <Card key={one.id} one={one} rehearse={() => setRehearsing(termsOf(one))} />)}
      </Answered>
      {all.data !== undefined && items.length === 0 ? <Nothing /> : null}
      {base !== undefined && (mayCall(me, 'proposeCriteria') || mayCall(me, 'rehearseCriteria')) ? (
        <Propose base={termsOf(base)} rehearse={setRehearsing} />
      ) : null}
    </Page>
  );
}

/** What was proposed, without when and by whom. */
function termsOf({
  id: _id,
  status: _status,
  proposedBy: _by,
  proposedAt: _at,
  approvedBy: _approvedBy,
  approvedAt: _approvedAt,
  ...terms
}: One): Terms {
  return terms;
}

function Card({ one, rehearse }: { one: One; rehearse: () => void }) {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const approve = useMutation({
    mutationFn: () => call('approveCriteria', { params: { id: one.id }, body: {} }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listCriteria'] });
    },
    onError: problem,
  });
  return (
    <Block
      title={
        <>
          {w.effectiveFrom} {one.effectiveFrom}{' '}
          <span className={one.status === 'approved' ? 'stage open' : 'stage admission'}>
            {of('criteriaStatus', one.status)}
          </span>
        </>
      }
      extra={
        <span className="page-actions">
          {mayCall(me, 'rehearseCriteria') ? (
            <Button size="small" onClick={rehearse}>
              {w.rehearse}
            </Button>
          ) : null}
          {one.status === 'proposed' && mayCall(me, 'approveCriteria') && one.proposedBy !== me.sub ? (
            <Popconfirm
              title={w.approveCriteriaSure}
              onConfirm={() => approve.mutate()}
              okText={w.confirm}
              cancelText={w.cancel}
            >
              <Button size="small" type="primary" loading={approve.isPending}>
                {w.approve}
              </Button>
            </Popconfirm>
          ) : null}
        </span>
      }
    >
      <Facts
        items={[
          [w.nearLine, `${one.nearLinePercent}%`],
          [w.collapse, `${one.collapsePercent}%`],
          [w.rigid, `${one.rigidSpendingPercent}%`],
          [w.chronicBurden, <Money key="c" fen={one.chronicBurden} />],
          [w.proposedBy, `${one.proposedBy} ${minute(one.proposedAt)}`],
          [w.approvedBy, one.approvedBy === undefined ? '—' : `${one.approvedBy} ${minute(one.approvedAt ?? '')}`],
        ]}
      />
      <table className="plain">
        <tbody>
          {one.lines.map((line) => (
            <tr key={`${line.year}/${line.region}`}>
              <td className="number">{line.year}</td>
              <td className="number">{line.region}</td>
              <td className="right">
                <Money fen={line.line} /> {line.status === 'illustrative' ? <Illustrative /> : null}
              </td>
              <td className="quiet">{line.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

interface Fields {
  effectiveFrom: string;
  nearLinePercent: number;
  collapsePercent: number;
  rigidSpendingPercent: number;
  chronicBurden: number;
  lines: { line: number }[];
}

/** Begins with the numbers in force; every change can be rehearsed before anybody is asked to approve it. */
function Propose({ base, rehearse }: { base: Terms; rehearse: (terms: Terms) => void }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const propose = useMutation({
    mutationFn: (terms: Terms) => call('proposeCriteria', { body: terms }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listCriteria'] });
    },
    onError: problem,
  });
  const filled = (fields: Fields): Terms => ({
    ...base,
    effectiveFrom: fields.effectiveFrom,
    nearLinePercent: fields.nearLinePercent,
    collapsePercent: fields.collapsePercent,
    rigidSpendingPercent: fields.rigidSpendingPercent,
    chronicBurden: Math.round(fields.chronicBurden * 100),
    lines: base.lines.map((line, place) => ({
      ...line,
      line: Math.round((fields.lines[place]?.line ?? line.line / 100) * 100),
    })),
  });
  const withFields = (act: (terms: Terms) => void) => () => {
    form.validateFields().then(
      (fields) => act(filled(fields)),
      () => undefined,
    );
  };
  const needed = [{ required: true, message: w.needed }];
  const tomorrow = addDays(dayOf(serverNow()), 1);
  return (
    <Block title={w.proposeCriteria}>
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        className="decide-fields"
        initialValues={{
          effectiveFrom: tomorrow > base.effectiveFrom ? tomorrow : addDays(base.effectiveFrom, 1),
          nearLinePercent: base.nearLinePercent,
          collapsePercent: base.collapsePercent,
          rigidSpendingPercent: base.rigidSpendingPercent,
          chronicBurden: base.chronicBurden / 100,
          lines: base.lines.map(({ line }) => ({ line: line / 100 })),
        }}
      >
        <Form.Item name="effectiveFrom" label={w.effectiveFrom} rules={needed}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="nearLinePercent" label={w.nearLine} rules={needed}>
          <InputNumber min={100} max={1000} precision={0} suffix="%" style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="collapsePercent" label={w.collapse} rules={needed}>
          <InputNumber min={1} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="rigidSpendingPercent" label={w.rigid} rules={needed}>
          <InputNumber min={1} max={100} precision={0} suffix="%" style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="chronicBurden" label={w.chronicBurden} rules={needed}>
          <InputNumber min={0} precision={2} suffix={w.yuan} style={{ width: '100%' }} />
        </Form.Item>
        {base.lines.map((line, place) => (
          <Form.Item
            key={`${line.year}/${line.region}`}
            name={['lines', place, 'line']}
            label={
              <>
                {`${w.line} ${line.year}`} <Illustrative />
              </>
            }
            rules={needed}
          >
            <InputNumber min={0.01} precision={2} suffix={w.yuan} style={{ width: '100%' }} />
          </Form.Item>
        ))}
      </Form>
      <div className="decide-acts">
        {mayCall(me, 'rehearseCriteria') ? (
          <Button size="small" onClick={withFields(rehearse)}>
            {w.rehearse}
          </Button>
        ) : null}
        {mayCall(me, 'proposeCriteria') ? (
          <Button
            size="small"
            type="primary"
            loading={propose.isPending}
            onClick={withFields((terms) => propose.mutate(terms))}
          >
            {w.propose}
          </Button>
        ) : null}
      </div>
    </Block>
  );
}
