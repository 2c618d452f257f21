import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Tabs } from 'antd';
import * as z from 'zod';
import { isoDate } from '../../../functions/contracts/values.ts';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark, Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Signals } from '../../ui/signals.tsx';
import { Answered } from '../../ui/states.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Changes } from './changes.tsx';
import { Income } from './income.tsx';
import { MemberTable } from './members.tsx';
import { Related } from './related.tsx';
import { Story } from './story.tsx';
import { Visits } from './visits.tsx';

const tabs = ['now', 'story', 'visits', 'changes'] as const;
const view = z.object({ tab: z.enum(tabs).optional(), asOf: isoDate.optional() });

/** One household: who they are, how they stand, and everything that happened. */
export function HouseholdScreen() {
  const { id } = useParams({ from: '/households/$id' });
  const { w, of, language } = useWords();
  const me = useMe();
  const name = useRegionNames();
  const [{ tab = 'now', asOf }, setView] = useView(view);
  const household = useQuery(
    read('readHousehold', { params: { id }, ...(asOf === undefined ? {} : { query: { asOf } }) }),
  );
  const history = useQuery(read('householdHistory', { params: { id } }));
  const visits = useQuery(read('householdVisits', { params: { id } }));
  const newest = history.data?.rounds.at(-1);
  const head = household.data?.members.find(({ relation }) => relation === 'head');
  return (
    <Page title={`${head?.name ?? ''} ${id.slice(13)}`} about={`${name(id.slice(0, 12), true)} · ${id}`}>
      <Answered to={household}>
        {(answer) => (
          <>
            <Block
              title={
                <>
                  {of('origin', answer.origin)} · {of('householdStatus', answer.status)}
                </>
              }
              extra={
                <label className="quiet no-print">
                  {w.asOf}{' '}
                  <input type="date" value={asOf ?? ''} onChange={({ target }) => setView({ asOf: target.value })} />
                </label>
              }
            >
              <Facts
                items={[
                  [w.registeredOn, answer.registeredOn],
                  [w.address, answer.address ?? '—'],
                  [w.phone, answer.phone ?? '—'],
                  ...(answer.predecessor === undefined
                    ? []
                    : [
                        [
                          w.predecessor,
                          <HouseholdLink key="p" id={answer.predecessor}>
                            {answer.predecessor}
                          </HouseholdLink>,
                        ] as const,
                      ]),
                  ...(answer.successor === undefined
                    ? []
                    : [
                        [
                          w.successor,
                          <HouseholdLink key="s" id={answer.successor}>
                            {answer.successor}
                          </HouseholdLink>,
                        ] as const,
                      ]),
                  ...(answer.cancelledOn === undefined ? [] : [[w.cancelledOn, answer.cancelledOn] as const]),
                ]}
              />
              <MemberTable
                household={answer}
                reveal={mayCall(me, 'revealHousehold')}
                copy={mayCall(me, 'exportPerson')}
                // Whoever lives here today cannot be erased: asked for where they are seen who do no more.
                erase={mayCall(me, 'proposeErasure') && (asOf !== undefined || answer.status === 'cancelled')}
              />
            </Block>
            <Tabs
              activeKey={tab}
              onChange={(key) => setView({ tab: key === 'now' ? undefined : key })}
              items={[
                {
                  key: 'now',
                  label: w.standing,
                  children: (
                    <>
                      <Answered to={history} empty={() => newest === undefined}>
                        {() =>
                          newest === undefined ? null : (
                            <Block
                              title={
                                <>
                                  {roundName(newest.round, language)}{' '}
                                  {newest.missed === null ? (
                                    <ClassMark of={newest.class} />
                                  ) : (
                                    of('missed', newest.missed)
                                  )}
                                </>
                              }
                              extra={
                                <span>
                                  {w.perCapita} <Money fen={newest.perCapita} /> <Illustrative />
                                </span>
                              }
                            >
                              <Signals signals={newest.signals} />
                            </Block>
                          )
                        }
                      </Answered>
                      <Answered to={visits} empty={({ items }) => items.length === 0}>
                        {({ items }) => <Income visits={items} />}
                      </Answered>
                      <Related id={id} />
                    </>
                  ),
                },
                {
                  key: 'story',
                  label: w.story,
                  children: <Answered to={history}>{({ story }) => <Story story={story} />}</Answered>,
                },
                {
                  key: 'visits',
                  label: w.visits,
                  children: (
                    <Answered to={visits} empty={({ items }) => items.length === 0}>
                      {({ items }) => <Visits visits={items} household={answer} />}
                    </Answered>
                  ),
                },
                {
                  key: 'changes',
                  label: w.changes,
                  children: (
                    <Answered to={history}>
                      {({ changes }) => <Changes household={answer} asOf={asOf} changes={changes} />}
                    </Answered>
                  ),
                },
              ]}
            />
          </>
        )}
      </Answered>
    </Page>
  );
}
