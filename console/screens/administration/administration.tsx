import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import * as z from 'zod';
import { isoDate } from '../../../functions/contracts/values.ts';
import { addMonths, dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, mayCall, read, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count } from '../../ui/figures.tsx';
import { minute } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useRegion } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Declarations } from './declarations.tsx';
import { Divisions } from './divisions.tsx';
import { Erasures } from './erasures.tsx';
import { Events, remembersEvents } from './events.tsx';
import { Posters } from './posters.tsx';
import { Unmatched } from './unmatched.tsx';

const view = z.object({
  tab: z.enum(['declarations', 'unmatched', 'reveals', 'erasures', 'divisions', 'posters', 'events']).optional(),
  from: isoDate.optional(),
  to: isoDate.optional(),
});

/** Alerts and what came of them, clues nobody could match, who looked at full numbers, who was erased, the divisions. */
export function Administration() {
  const { w } = useWords();
  const me = useMe();
  const [{ tab }, setView] = useView(view);
  const items = [
    ...(mayCall(me, 'readAlerts') ? [{ key: 'alerts', label: w.alerts, children: <Alerts /> }] : []),
    ...(mayCall(me, 'listDeclarations')
      ? [{ key: 'declarations', label: w.declarations, children: <Declarations /> }]
      : []),
    ...(mayCall(me, 'listUnmatched') ? [{ key: 'unmatched', label: w.unmatched, children: <Unmatched /> }] : []),
    ...(mayCall(me, 'listReveals') ? [{ key: 'reveals', label: w.reveals, children: <Reveals /> }] : []),
    ...(mayCall(me, 'listErasures') ? [{ key: 'erasures', label: w.erasures, children: <Erasures /> }] : []),
    { key: 'divisions', label: w.divisions, children: <Divisions /> },
    { key: 'posters', label: w.posters, children: <Posters /> },
    ...(remembersEvents ? [{ key: 'events', label: w.events, children: <Events /> }] : []),
  ];
  // Whoever may not see the first, or was sent the address of one they may not see, begins with the first they may.
  const first = items[0]?.key;
  const shown = items.find(({ key }) => key === tab)?.key ?? first;
  return (
    <Page title={w.administration}>
      <Tabs
        {...(shown === undefined ? {} : { activeKey: shown })}
        onChange={(key) => setView({ tab: key === first ? undefined : key })}
        items={items}
      />
    </Page>
  );
}

function Alerts() {
  const { w, of } = useWords();
  const region = useRegion();
  const today = dayOf(serverNow());
  const [{ from = addMonths(today, -12), to = today }, setView] = useView(view);
  const alerts = useQuery(read('readAlerts', { query: { region, from, to } }));
  return (
    <Block
      title={w.alertsYield}
      extra={
        <span className="quiet">
          <input
            aria-label={w.from}
            type="date"
            value={from}
            onChange={({ target }) => setView({ from: target.value })}
          />{' '}
          – <input aria-label={w.to} type="date" value={to} onChange={({ target }) => setView({ to: target.value })} />
        </span>
      }
    >
      <Answered to={alerts}>
        {(answer) => (
          <>
            <Facts
              items={[
                [w.alerts, <Count key="a" n={answer.alerts} unit={w.entriesUnit} />],
                [w.matched, <Count key="m" n={answer.matched} unit={w.entriesUnit} />],
                [w.unmatched, <Count key="u" n={answer.unmatched} unit={w.entriesUnit} />],
                [w.becameCases, <Count key="c" n={answer.admitted} unit={w.householdsUnit} />],
                [w.share, answer.sharePercent === null ? '—' : `${answer.sharePercent}%`],
              ]}
            />
            <table className="plain">
              <thead>
                <tr>
                  <th>{w.type}</th>
                  <th className="right">{w.alerts}</th>
                  <th className="right">{w.becameCases}</th>
                </tr>
              </thead>
              <tbody>
                {Object.entries(answer.byKind).map(([kind, { alerts: n, admitted }]) => (
                  <tr key={kind}>
                    <td>{of('alertKind', kind)}</td>
                    <td className="right">
                      <Count n={n} unit={w.entriesUnit} />
                    </td>
                    <td className="right">
                      <Count n={admitted} unit={w.householdsUnit} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Answered>
    </Block>
  );
}

/** Which number was shown, or that an erasure was proposed or approved. */
function lookedAt(field: string, w: ReturnType<typeof useWords>['w']): string {
  if (field === 'erasure-proposed') return w.erasureProposed;
  if (field === 'erasure-approved') return w.erasureApproved;
  return field === 'phone' ? w.phone : w.idNumber;
}

function Reveals() {
  const { w } = useWords();
  const region = useRegion();
  const reveals = useQuery(readAll('listReveals', { query: { region, limit: 200 } }));
  return (
    <div className="block">
      <Answered to={reveals} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List<Answer<'listReveals'>['items'][number]>
            copy
            tall
            rowKey={({ at, subject, by, field }) => `${at}/${subject}/${by}/${field}`}
            dataSource={items}
            columns={[
              { title: w.at, width: 140, className: 'number', render: (_value, { at }) => minute(at) },
              { title: w.by, width: 140, dataIndex: 'by' },
              {
                title: w.household,
                width: 180,
                // A household is opened; a clue or a batch of payments is only named.
                render: (_value, { subject }) =>
                  /^\d/.test(subject) ? <HouseholdLink id={subject}>{subject}</HouseholdLink> : subject,
              },
              {
                title: w.content,
                width: 110,
                render: (_value, { field }) => lookedAt(field, w),
              },
              { title: w.reason, width: 320, dataIndex: 'reason' },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}
