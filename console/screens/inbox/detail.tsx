import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import type { Verdict } from '../../../functions/contracts/cases/case.ts';
import { type Answer, read } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { minute, roundName } from '../../ui/format.ts';
import { GateList } from '../../ui/gates.tsx';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark, Due, Illustrative } from '../../ui/marks.tsx';
import { Facts as Named } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Signals } from '../../ui/signals.tsx';
import { Answered } from '../../ui/states.tsx';
import { fill, useWords, type Words } from '../../words/language.tsx';
import { MemberTable } from '../households/members.tsx';
import { DecideForm } from './decide-form.tsx';
import { Earlier } from './earlier.tsx';
import type { Drafts, Item, Mode } from './verdict.ts';

/** How long two officers may look at the same before the second is told. */
const LOOKED_AT_AGAIN_MS = 15_000;

interface Props {
  item: Item;
  /** What the next verdict is for: the item, or all that are marked. */
  together: readonly Item[];
  approvable: boolean;
  mode: Mode;
  setMode: (mode: Mode) => void;
  mayDecide: boolean;
  busy: boolean;
  decide: (verdicts: readonly { item: Item; verdict: Verdict }[]) => Promise<void>;
  drafts: Drafts;
}

/** Everything needed to decide one step, on one screen. */
export function Detail(props: Props) {
  const { item, together, approvable, mode, setMode, mayDecide } = props;
  const { w, of } = useWords();
  const name = useRegionNames();
  const isClaim = item.procedure === 'settlement';
  // Asked for again while somebody looks at it: another may be deciding it in this minute.
  const asked = useQuery({ ...read('readDecision', { params: { id: item.id } }), refetchInterval: LOOKED_AT_AGAIN_MS });
  const gone = asked.data?.answer ?? null;
  return (
    <article>
      <div className="detail-head">
        <div>
          <h2>
            {of('procedure', item.procedure)} · {of('step', item.step)}
          </h2>
          <div>
            <HouseholdLink id={item.household}>
              {name(item.household.slice(0, 12), true)} {item.household.slice(13)}
            </HouseholdLink>{' '}
            <Due at={item.dueAt} overdue={item.overdue} />
          </div>
        </div>
        {isClaim || !mayDecide || gone !== null ? null : (
          <div className="detail-acts">
            <Button type="primary" disabled={!approvable} onClick={() => setMode('approve')}>
              {w.approve} <kbd>A</kbd>
            </Button>
            <Button onClick={() => setMode('send-back')}>
              {w.sendBack} <kbd>B</kbd>
            </Button>
            <Button onClick={() => setMode('reject')}>
              {w.reject} <kbd>R</kbd>
            </Button>
          </div>
        )}
      </div>
      {together.length > 1 ? (
        <Alert
          type="info"
          showIcon
          title={fill(approvable ? w.severalChosen : w.severalDiffer, { n: together.length })}
        />
      ) : null}
      {gone === null ? null : (
        <Alert
          type="info"
          showIcon
          title={fill(w.decidedMeanwhile, { by: gone.by, at: minute(gone.at), what: wordOf(gone.verdict, w) })}
        />
      )}
      {mode === 'look' || isClaim || gone !== null ? null : (
        <DecideForm key={`${item.id}/${mode}`} {...props} mode={mode} asked={asked.data} />
      )}
      <Answered to={asked}>{(answer) => <Facts answer={answer} />}</Answered>
    </article>
  );
}

/** What was answered; of a claim's step, the code. */
function wordOf(verdict: string, w: Words): string {
  const words: Readonly<Record<string, string>> = { approve: w.approve, 'send-back': w.sendBack, reject: w.reject };
  return words[verdict] ?? verdict;
}

/** What a step is decided by: how the household stands, what was decided and said before, who lives there. */
function Facts({ answer }: { answer: Answer<'readDecision'> }) {
  const { w, of, language } = useWords();
  const { newest, case: found, claim, registered } = answer;
  return (
    <>
      {newest === null ? null : (
        <section className="detail-part">
          <h3>
            {roundName(newest.round, language)} <ClassMark of={newest.class} /> {w.perCapita}{' '}
            <Money fen={newest.perCapita} /> <Illustrative />
          </h3>
          <Signals signals={newest.signals} />
        </section>
      )}
      {claim === null ? null : (
        <section className="detail-part">
          <Named
            items={[
              [w.type, of('line', claim.line)],
              [w.stage, of('claimStage', claim.stage)],
              [w.eventOn, claim.eventOn],
              [w.claimed, <Money key="claimed" fen={claim.claimed} />],
            ]}
          />
          <Link to="/claims/$id" params={{ id: answer.subject }}>
            {w.openClaim}
          </Link>
        </section>
      )}
      {found === null ? null : (
        <section className="detail-part">
          <Named
            items={[
              [w.type, of('caseType', found.caseType)],
              [w.risks, found.risks.length === 0 ? '—' : found.risks.map((risk) => of('risk', risk)).join(w.and)],
              [w.startedAt, minute(found.startedAt)],
              [w.clues, found.clues.map((source) => of('clueSource', source)).join(w.and) || '—'],
            ]}
          />
          <GateList gates={found.gates} />
          <Earlier steps={found.earlier} />
          {found.objections.length === 0 ? null : (
            <table className="plain">
              <tbody>
                {found.objections.map(({ text, answer: said }) => (
                  <tr key={text}>
                    <td>{w.objections}</td>
                    <td>{text}</td>
                    <td>{said ?? w.notAnswered}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      )}
      {registered === null ? null : (
        <section className="detail-part">
          <h3>{fill(w.membersOf, { n: registered.members.length })}</h3>
          <MemberTable household={registered} />
        </section>
      )}
    </>
  );
}
