import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button, Popconfirm, Segmented, Tabs } from 'antd';
import { useState } from 'react';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { ladderInForce, ladders } from '../../../functions/domain/cases/ladder.ts';
import { type Answer, call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { GateList } from '../../ui/gates.tsx';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Due, Illustrative, Stage } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { warningSentence } from '../../words/english-faults.ts';
import { useWords } from '../../words/language.tsx';
import { decidedSteps, Earlier } from '../inbox/earlier.tsx';
import { Helper } from './helper.tsx';
import { Measures } from './measures.tsx';
import { Notices } from './notices.tsx';
import { Risks } from './risks.tsx';

type View = Answer<'readCase'>;

/** One monitored household's case: its ladder with clocks, measures over time, gates of the closure, notices. */
export function CaseScreen() {
  const { id } = useParams({ from: '/cases/$id' });
  const { w, of, language } = useWords();
  const name = useRegionNames();
  const found = useQuery(read('readCase', { params: { id } }));
  return (
    <Answered to={found}>
      {(answer) => (
        <Page
          title={
            <>
              {name(answer.household.slice(0, 12), true)} {answer.household.slice(13)} <Stage of={answer.stage} />
            </>
          }
          about={<HouseholdLink id={answer.household}>{w.openHousehold}</HouseholdLink>}
        >
          <Block title={of('caseType', answer.caseType)}>
            <Facts
              items={[
                [w.people, `${answer.people} ${w.peopleUnit}`],
                [w.risks, answer.risks.map((one) => of('risk', one)).join(w.and) || '—'],
                [w.admittedOn, answer.admittedOn ?? '—'],
                [w.helper, <Helper key="h" answer={answer} />],
                [w.episode, `${answer.episode} / ${answer.episodes.length}`],
                [
                  w.clues,
                  answer.episodes
                    .at(-1)
                    ?.clues.map(({ source }) => of('clueSource', source))
                    .join(w.and) || '—',
                ],
                ...(answer.closed === null
                  ? []
                  : [[w.closedOn, `${answer.closed.on} ${of('closureMethod', answer.closed.method)}`] as const]),
              ]}
            />
            {answer.warnings.map((warning) => (
              <p key={warning.message} className="due near">
                {warningSentence(warning, language)}
              </p>
            ))}
          </Block>
          {answer.review === null ? null : <Ladder answer={answer} review={answer.review} />}
          <Tabs
            items={[
              { key: 'measures', label: w.measures, children: <Measures answer={answer} /> },
              { key: 'risks', label: w.risks, children: <Risks answer={answer} /> },
              { key: 'gates', label: w.closureGates, children: <Gates answer={answer} /> },
              {
                key: 'steps',
                label: w.stepsDecided,
                children: (
                  <div className="block">
                    <Earlier steps={decidedSteps(answer.timeline)} />
                  </div>
                ),
              },
              { key: 'notices', label: w.notices, children: <Notices answer={answer} /> },
              { key: 'timeline', label: w.timeline, children: <Events answer={answer} /> },
            ]}
          />
        </Page>
      )}
    </Answered>
  );
}

/** The steps in their strict order: which are decided, where it stands and how long, what is to come. */
function Ladder({ answer, review }: { answer: View; review: NonNullable<View['review']> }) {
  const { w, of } = useWords();
  const begun = answer.timeline.findLast(({ kind }) => kind === 'review-started')?.at ?? answer.startedAt;
  const { steps } = ladderInForce(ladders, review.procedure, dayOf(Date.parse(begun)));
  const place = steps.findIndex(({ id }) => id === review.step);
  return (
    <Block
      title={of('procedure', review.procedure)}
      extra={
        <span>
          {w.wholeProcedure} <Due at={review.totalDueAt} overdue={review.mark === 'orange'} />
        </span>
      }
    >
      <ol className="ladder">
        {steps.map((step, n) => (
          <li key={step.id} className={n < place ? 'done' : n === place ? 'now' : ''}>
            <span aria-hidden="true">{n < place ? '✓' : n + 1}</span>
            <b>{of('step', step.id)}</b>
            {n === place && review.stepDueAt !== null ? (
              <Due at={review.stepDueAt} />
            ) : (
              <span className="quiet">
                {step.kind === 'notice' ? `${step.days} ${w.daysUnit}` : `≤ ${step.clock.days} ${w.daysUnit}`}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Block>
  );
}

function Gates({ answer }: { answer: View }) {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [method, setMethod] = useState<'assisted' | 'natural'>('assisted');
  const check = useQuery(read('checkClosure', { params: { id: answer.id }, query: { method } }));
  const close = useMutation({
    mutationFn: () => call('closeCase', { params: { id: answer.id }, body: { method } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries();
    },
    onError: problem,
  });
  return (
    <Block
      title={
        <>
          {w.closureGates} <Illustrative />
        </>
      }
      extra={
        <span className="page-actions">
          <Segmented
            size="small"
            value={method}
            onChange={setMethod}
            options={(['assisted', 'natural'] as const).map((value) => ({ value, label: of('closureMethod', value) }))}
          />
          {mayCall(me, 'closeCase') && answer.stage === 'open' ? (
            <Popconfirm
              title={w.startClosureSure}
              onConfirm={() => close.mutate()}
              okText={w.confirm}
              cancelText={w.cancel}
            >
              <Button size="small" type="primary" disabled={check.data?.holds !== true} loading={close.isPending}>
                {w.startClosure}
              </Button>
            </Popconfirm>
          ) : null}
        </span>
      }
    >
      <Answered to={check}>{({ gates }) => <GateList gates={gates} />}</Answered>
    </Block>
  );
}

function Events({ answer }: { answer: View }) {
  const { of } = useWords();
  return (
    <div className="block">
      <Timeline links={answer.timeline} word={(kind) => of('caseEvent', kind)} />
    </div>
  );
}
