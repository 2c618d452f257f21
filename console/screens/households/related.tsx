import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Stage } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { Nothing } from '../../ui/states.tsx';
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
        {cases.data?.items.map((one) => (
          <p key={one.id}>
            <Link to="/cases/$id" params={{ id: one.id }}>
              {of('caseType', one.caseType)}
            </Link>{' '}
            <Stage of={one.stage} /> {one.risks.map((risk) => of('risk', risk)).join(w.and)} {one.admittedOn ?? ''}
          </p>
        ))}
        {cases.data?.items.length === 0 ? <Nothing /> : null}
      </Block>
      <Block title={w.claims} extra={<ReportClaim household={id} />}>
        {claims.data?.items.map((one) => (
          <p key={one.id}>
            <Link to="/claims/$id" params={{ id: one.id }}>
              {of('line', one.line)} {one.eventOn}
            </Link>{' '}
            {of('claimStage', one.stage)} <Money fen={one.paid?.amount ?? one.approved ?? one.claimed} />
          </p>
        ))}
        {claims.data?.items.length === 0 ? <Nothing /> : null}
      </Block>
    </div>
  );
}
