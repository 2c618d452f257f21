import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { type Answer, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Arithmetic } from '../../ui/arithmetic.tsx';
import { Money } from '../../ui/figures.tsx';
import { minute } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Due, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { coverSentence } from '../../words/cover.ts';
import { useWords } from '../../words/language.tsx';
import { Acts } from './acts.tsx';
import { Appeal } from './appeal.tsx';
import { Paper } from './paper.tsx';
import { UploadPaper } from './upload.tsx';

type View = Answer<'readClaim'>;

/** One claim: where it stands, its papers, the arithmetic line by line, and what the caller may do now. */
export function ClaimScreen() {
  const { id } = useParams({ from: '/claims/$id' });
  const { w, of } = useWords();
  const me = useMe();
  const name = useRegionNames();
  const claim = useQuery(read('readClaim', { params: { id } }));
  return (
    <Answered to={claim}>
      {(answer) => (
        <Page
          title={
            <>
              {of('line', answer.line)} · {of('claimStage', answer.stage)}
            </>
          }
          about={
            <>
              {name(answer.household.slice(0, 12), true)}{' '}
              {mayCall(me, 'readHousehold') ? <HouseholdLink id={answer.household} /> : answer.household.slice(13)} ·{' '}
              {w.receipt} {answer.receipt}
            </>
          }
        >
          <Acts answer={answer} />
          <Appeal answer={answer} />
          <Appealed answer={answer} />
          <div className="grid">
            <Block title={w.claim}>
              <Facts
                items={[
                  [w.eventOn, answer.eventOn],
                  [w.reportedAt, minute(answer.reportedAt)],
                  [
                    w.waitingFor,
                    answer.waiting === null ? (
                      '—'
                    ) : (
                      <span key="w">
                        {of('step', answer.waiting.step)}{' '}
                        <Due at={answer.waiting.dueAt} overdue={answer.waiting.overdue} />
                      </span>
                    ),
                  ],
                  [w.claimed, <Money key="c" fen={answer.claimed} />],
                  [w.adjudicated, <Money key="j" fen={answer.adjudication?.amount} />],
                  [w.approved, <Money key="a" fen={answer.approved?.amount} />],
                  [
                    w.paid,
                    <span key="p">
                      <Money fen={answer.paid?.amount} /> {answer.paid?.on ?? ''}
                    </span>,
                  ],
                  [
                    w.payee,
                    answer.payee === null ? '—' : `${answer.payee.name} · ${answer.payee.bank} ${answer.payee.account}`,
                  ],
                  [w.approvals, answer.approvals.map(({ by, at }) => `${by} ${minute(at)}`).join(w.semicolon) || '—'],
                ]}
              />
              {answer.rejected === null ? null : (
                <Alert
                  type="warning"
                  title={of('claimReject', answer.rejected.code)}
                  description={answer.rejected.reason}
                />
              )}
              {answer.refusal === null || answer.rejected !== null ? null : (
                <Alert
                  type="warning"
                  title={`${w.refusalProposed}${w.colon}${of('claimReject', answer.refusal.code)}`}
                  description={answer.refusal.reason}
                />
              )}
            </Block>
            <Papers answer={answer} />
          </div>
          <WhatIsDue answer={answer} />
          <Block title={w.timeline}>
            <Timeline links={answer.timeline} word={(kind) => of('claimEvent', kind)} />
          </Block>
        </Page>
      )}
    </Answered>
  );
}

/** A claim and its appeal name each other. */
function Appealed({ answer }: { answer: View }) {
  const { w } = useWords();
  const ways = [
    [w.appealOf, answer.appealOf],
    [w.appealedBy, answer.appealedBy],
  ] as const;
  return ways.map(([label, id]) =>
    id === null ? null : (
      <p key={label}>
        <Link to="/claims/$id" params={{ id }}>
          {label}
        </Link>
      </p>
    ),
  );
}

function Papers({ answer }: { answer: View }) {
  const { w, of, language } = useWords();
  const [open, setOpen] = useState<string>();
  return (
    <Block title={w.papers}>
      <UploadPaper answer={answer} />
      {answer.missing.map(({ anyOf, count }) => (
        <p key={anyOf.join()} className="due near">
          {w.missing}
          {w.colon}
          {anyOf.map((kind) => of('document', kind)).join(w.and)}
          {anyOf.length > count ? ` (${w.anyN} ${count})` : ''}
        </p>
      ))}
      <table className="plain">
        <tbody>
          {answer.documents.map((one) => (
            <tr key={one.id}>
              <td>
                <Button size="small" type="link" onClick={() => setOpen(one.id)}>
                  {of('document', one.kind)}
                </Button>
              </td>
              <td className="right number">{Math.ceil(one.bytes / 1024)} KB</td>
              <td className="number">{minute(one.receivedAt)}</td>
              <td>{one.by}</td>
            </tr>
          ))}
          {answer.invoices.map(({ number, total }) => (
            <tr key={number}>
              <td>{of('document', 'invoice')}</td>
              <td className="right">
                <Money fen={total} />
              </td>
              <td className="number">{number}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      {open === undefined ? null : <Paper claim={answer.id} document={open} />}
      {answer.documents.length === 0 && answer.invoices.length === 0 ? <Nothing /> : null}
      {answer.cover.length === 0 ? null : (
        <ul className="gates">
          {answer.cover.map((check) => (
            <li key={check.check} className={check.holds ? 'holds' : 'fails'}>
              <span className="gate-mark">{check.holds ? '✓' : '✕'}</span>
              <b>{of('cover', check.check)}</b>
              <span className="quiet number">{coverSentence(check, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </Block>
  );
}

function WhatIsDue({ answer }: { answer: View }) {
  const { w } = useWords();
  const { adjudication } = answer;
  if (adjudication === null) return null;
  return (
    <Block
      title={
        <>
          {w.arithmetic} <Illustrative />
        </>
      }
    >
      <Arithmetic steps={adjudication.steps} amount={adjudication.amount} />
    </Block>
  );
}
