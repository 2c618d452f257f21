import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import type { Verdict } from '../../../functions/contracts/cases/case.ts';
import { read } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { minute, roundName } from '../../ui/format.ts';
import { ClassMark, Due, Illustrative } from '../../ui/marks.tsx';
import { Facts } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Signals } from '../../ui/signals.tsx';
import { Answered } from '../../ui/states.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { MemberTable } from '../households/members.tsx';
import { DecideForm } from './decide-form.tsx';
import { Earlier } from './earlier.tsx';
import type { Item, Mode } from './verdict.ts';

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
}

/** Everything needed to decide one step, on one screen. */
export function Detail(props: Props) {
  const { item, together, approvable, mode, setMode, mayDecide } = props;
  const { w, of, language } = useWords();
  const name = useRegionNames();
  const household = useQuery(read('readHousehold', { params: { id: item.household } }));
  const history = useQuery(read('householdHistory', { params: { id: item.household } }));
  const isClaim = item.procedure === 'settlement';
  const found = useQuery({ ...read('readCase', { params: { id: item.subject } }), enabled: !isClaim });
  const newest = history.data?.rounds.at(-1);
  return (
    <article>
      <div className="detail-head">
        <div>
          <h2>
            {of('procedure', item.procedure)} · {of('step', item.step)}
          </h2>
          <div>
            <Link to="/households/$id" params={{ id: item.household }}>
              {name(item.household.slice(0, 12), true)} {item.household.slice(13)}
            </Link>{' '}
            <Due at={item.dueAt} overdue={item.overdue} />
          </div>
        </div>
        {isClaim || !mayDecide ? null : (
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
      {mode === 'look' || isClaim ? null : (
        <DecideForm
          key={`${item.id}/${mode}`}
          {...props}
          mode={mode}
          household={household.data}
          found={found.data}
          signals={newest?.signals.map(({ id }) => id) ?? []}
        />
      )}
      <Answered to={history}>
        {() =>
          newest === undefined ? null : (
            <section className="detail-part">
              <h3>
                {roundName(newest.round, language)} <ClassMark of={newest.class} /> {w.perCapita}{' '}
                <Money fen={newest.perCapita} /> <Illustrative />
              </h3>
              <Signals signals={newest.signals} />
            </section>
          )
        }
      </Answered>
      {isClaim ? null : (
        <Answered to={found}>
          {(answer) => (
            <section className="detail-part">
              <Facts
                items={[
                  [w.type, of('caseType', answer.caseType)],
                  [w.risks, answer.risks.length === 0 ? '—' : answer.risks.map((risk) => of('risk', risk)).join(w.and)],
                  [w.startedAt, minute(answer.startedAt)],
                  [
                    w.clues,
                    answer.episodes
                      .at(-1)
                      ?.clues.map(({ source }) => of('clueSource', source))
                      .join(w.and) ?? '—',
                  ],
                ]}
              />
              <Earlier timeline={answer.timeline} />
            </section>
          )}
        </Answered>
      )}
      <Answered to={household}>
        {(answer) => (
          <section className="detail-part">
            <h3>{fill(w.membersOf, { n: answer.members.length })}</h3>
            <MemberTable household={answer} />
          </section>
        )}
      </Answered>
    </article>
  );
}
