import { useMutation } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, serverNow } from '../../api/client.ts';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { useWords } from '../../words/language.tsx';
import { useRefreshedCase } from './refreshed-case.ts';

/** Whom a safeguard was asked of, and what came of it: granted, or refused for a reason. */
export function Referral({
  id,
  measure: { id: measure, referral },
  may,
}: {
  id: string;
  measure: Answer<'readCase'>['measures'][number];
  may: boolean;
}) {
  const { w } = useWords();
  const refresh = useRefreshedCase();
  const problem = useProblem();
  const [refusing, setRefusing] = useState(false);
  const params = { id, measure };
  const on = dayOf(serverNow());
  const grant = useMutation({
    mutationFn: () => call('changeMeasure', { params, body: { referral: { outcome: 'granted', on } } }),
    onSuccess: refresh,
    onError: problem,
  });
  if (referral === undefined) return null;
  const { to, on: askedOn, outcome } = referral;
  return (
    <div className="quiet">
      {w.referral}
      {w.colon}
      {to} <span className="number">{askedOn}</span>{' '}
      {outcome === undefined ? (
        <>
          {w.referralOpen}
          {may ? (
            <span className="page-actions no-print" style={{ display: 'inline-flex', marginLeft: 8 }}>
              <Popconfirm
                title={w.referralGrantedSure}
                onConfirm={() => grant.mutate()}
                okText={w.confirm}
                cancelText={w.cancel}
              >
                <Button size="small" loading={grant.isPending}>
                  {w.referralGranted}
                </Button>
              </Popconfirm>
              <Button size="small" onClick={() => setRefusing(true)}>
                {w.referralRefused}
              </Button>
            </span>
          ) : null}
        </>
      ) : (
        <>
          {outcome.outcome === 'granted' ? w.referralGranted : `${w.referralRefused}${w.colon}${outcome.reason}`}{' '}
          <span className="number">{outcome.on}</span>
        </>
      )}
      {refusing ? (
        <ReasonDialog
          title={`${w.referralRefused}${w.colon}${to}`}
          act={(reason) => call('changeMeasure', { params, body: { referral: { outcome: 'refused', on, reason } } })}
          close={() => setRefusing(false)}
        />
      ) : null}
    </div>
  );
}
