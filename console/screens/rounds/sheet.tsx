import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import * as z from 'zod';
import { triageClass } from '../../../functions/contracts/screening/triage.ts';
import { read } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark, Illustrative } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { signalSentence } from '../../words/signal-sentence.ts';

const view = z.object({ show: z.enum([...triageClass.options, 'missed']).optional() });

/** A village's sealed sheet (排查表), as officials know it. */
export function Sheet() {
  const { id, village } = useParams({ from: '/rounds/$id/sheets/$village' });
  const { w, of, language } = useWords();
  const name = useRegionNames();
  const [{ show }, setView] = useView(view);
  const sheet = useQuery(read('readSheet', { params: { id, village } }));
  return (
    <Page
      title={`${name(village, true)} · ${roundName(id, language)} ${w.sheet}`}
      actions={
        <Button size="small" onClick={() => window.print()}>
          {w.print}
        </Button>
      }
    >
      <div className="block">
        <div className="filters no-print">
          <Segmented
            size="small"
            value={show ?? 'all'}
            options={[
              { value: 'all', label: w.allOf },
              ...triageClass.options.map((value) => ({ value, label: <ClassMark of={value} /> })),
              { value: 'missed', label: w.missed },
            ]}
            onChange={(value) => setView({ show: value === 'all' ? undefined : value })}
          />
          <span className="quiet">
            {w.line} <Illustrative />
          </span>
        </div>
        <Answered to={sheet}>
          {({ rows }) => (
            <List
              copy
              rowKey="household"
              dataSource={rows.filter(
                (row) => show === undefined || (show === 'missed' ? row.missed !== null : row.class === show),
              )}
              columns={[
                {
                  title: w.household,
                  render: (_value, { household }) => <HouseholdLink id={household} />,
                },
                {
                  title: w.people,
                  align: 'right',
                  className: 'number',
                  render: (_value, { people }) => `${people} ${w.peopleUnit}`,
                },
                {
                  title: w.class,
                  render: (_value, row) =>
                    row.missed === null ? (
                      <ClassMark of={row.class} />
                    ) : (
                      <span className="quiet">{of('missed', row.missed)}</span>
                    ),
                },
                {
                  title: w.type,
                  render: (_value, { caseType, openCase }) =>
                    openCase ? of('watchGroup', 'open-case') : caseType === null ? '' : of('caseType', caseType),
                },
                { title: w.perCapita, align: 'right', render: (_value, { perCapita }) => <Money fen={perCapita} /> },
                {
                  title: w.before,
                  align: 'right',
                  render: (_value, { previousPerCapita }) => <Money fen={previousPerCapita} />,
                },
                { title: w.ownPayouts, align: 'right', render: (_value, { ownPayouts }) => <Money fen={ownPayouts} /> },
                {
                  title: w.surveyor,
                  render: (_value, { sample, disagreement }) =>
                    sample === null ? disagreement ? w.disagrees : '' : <ClassMark of={sample} />,
                },
                {
                  title: w.signals,
                  width: 360,
                  render: (_value, { signals }) => (
                    <ul className="cell-list">
                      {signals.map((signal) => (
                        <li key={signal.id}>{signalSentence(signal, language)}</li>
                      ))}
                    </ul>
                  ),
                },
              ]}
            />
          )}
        </Answered>
      </div>
    </Page>
  );
}
