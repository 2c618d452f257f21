import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Stage } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { ReportClaim } from '../claims/report-claim.tsx';

/** The household's case and its claims, with the way to them. */
export function Related({ id }: { id: string }) {
  const { w, of } = useWords();
  const me = useMe();
  const region = id.slice(0, 12);
  const cases = useQuery({
    ...read('listCases', { query: { region, household: id } }),
    enabled: mayCall(me, 'listCases'),
  });
  const claims = useQuery({
    ...read('listClaims', { query: { region, household: id } }),
    enabled: mayCall(me, 'listClaims'),
  });
  return (
    <div className="grid">
      <Block title={w.cases}>
        <Parts of={cases}>
          {(one) => (
            <p key={one.id}>
              <Link to="/cases/$id" params={{ id: one.id }}>
                {of('caseType', one.caseType)}
              </Link>{' '}
              <Stage of={one.stage} /> {one.risks.map((risk) => of('risk', risk)).join(w.and)} {one.admittedOn ?? ''}
            </p>
          )}
        </Parts>
      </Block>
      <Block title={w.claims} extra={<ReportClaim household={id} />}>
        <Parts of={claims}>
          {(one) => (
            <p key={one.id}>
              <Link to="/claims/$id" params={{ id: one.id }}>
                {of('line', one.line)} {one.eventOn}
              </Link>{' '}
              {of('claimStage', one.stage)} <Money fen={one.paid?.amount ?? one.approved ?? one.claimed} />
            </p>
          )}
        </Parts>
      </Block>
    </div>
  );
}

/** What was asked for of the household, or why it could not be read; of what the caller may not ask, nothing. */
function Parts<T>({ of, children }: { of: UseQueryResult<{ items: T[] }>; children: (one: T) => ReactNode }) {
  if (of.fetchStatus === 'idle' && of.isPending) return null;
  return (
    <Answered to={of} empty={({ items }) => items.length === 0}>
      {({ items }) => items.map(children)}
    </Answered>
  );
}
