import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import {
  DEFAULT_DISAGREEMENT_PERCENT,
  DEFAULT_SAMPLE_PERMILLE,
} from '../../../functions/contracts/screening/criteria.ts';
import { type Answer, call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { minute } from '../../ui/format.ts';
import { Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { useLineRegion } from './line-region.ts';
import { Propose } from './propose.tsx';
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
      {all.data !== undefined && (mayCall(me, 'proposeCriteria') || mayCall(me, 'rehearseCriteria')) ? (
        // Begins anew with what came into force meanwhile.
        <Propose
          key={base?.id ?? 'first'}
          base={base === undefined ? undefined : termsOf(base)}
          rehearse={setRehearsing}
        />
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
  const lineRegion = useLineRegion();
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
          [w.samplePermille, `${one.samplePermille ?? DEFAULT_SAMPLE_PERMILLE}‰`],
          [w.sampleDisagreement, `${one.sampleDisagreementPercent ?? DEFAULT_DISAGREEMENT_PERCENT}%`],
          [w.proposedBy, `${one.proposedBy} ${minute(one.proposedAt)}`],
          [w.approvedBy, one.approvedBy === undefined ? '—' : `${one.approvedBy} ${minute(one.approvedAt ?? '')}`],
        ]}
      />
      <table className="plain">
        <tbody>
          {one.lines.map((line) => (
            <tr key={`${line.year}/${line.region}`}>
              <td className="number">{line.year}</td>
              <td>{lineRegion(line.region)}</td>
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
