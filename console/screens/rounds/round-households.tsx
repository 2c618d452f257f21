import { useParams } from '@tanstack/react-router';
import { Segmented, Select } from 'antd';
import * as z from 'zod';
import { signalIds, triageClass } from '../../../functions/contracts/screening/triage.ts';
import { type Answer, usePages } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark, Illustrative } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { signalSentence } from '../../words/signal-sentence.ts';

const view = z.object({
  class: triageClass.optional(),
  missed: z.string().max(40).optional(),
  signal: z.enum(signalIds).optional(),
});
type Row = Answer<'listRoundHouseholds'>['items'][number];

/** The households behind a figure of a sealed round. */
export function RoundHouseholds() {
  const { id } = useParams({ from: '/rounds/$id/households' });
  const { w, of, language } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const [filters, setView] = useView(view);
  const { pages, items: rows } = usePages('listRoundHouseholds', {
    params: { id },
    query: { region, ...filters, limit: 200 },
  });
  return (
    <Page
      title={`${roundName(id, language)} ${w.households}`}
      about={`${name(region, true)} · ${rows.length}${pages.hasNextPage ? '+' : ''} ${w.householdsUnit}`}
    >
      <div className="filters">
        <Segmented
          size="small"
          value={filters.missed === undefined ? (filters.class ?? 'all') : 'missed'}
          options={[
            { value: 'all', label: w.allOf },
            ...triageClass.options.map((value) => ({ value, label: <ClassMark of={value} /> })),
            { value: 'missed', label: w.missed },
          ]}
          onChange={(value) =>
            setView({
              class: value === 'all' || value === 'missed' ? undefined : value,
              missed: value === 'missed' ? 'any' : undefined,
            })
          }
        />
        <Select
          size="small"
          aria-label={w.signals}
          value={filters.signal ?? 'all'}
          style={{ minWidth: 170 }}
          options={[
            { value: 'all', label: `${w.signals}${w.colon}${w.allOf}` },
            ...signalIds.map((value) => ({ value, label: of('signal', value) })),
          ]}
          onChange={(value) => setView({ signal: value === 'all' ? undefined : value })}
        />
        <span className="quiet">
          {w.line} <Illustrative />
        </span>
      </div>
      <div className="block">
        <Answered to={pages} empty={() => rows.length === 0}>
          {() => (
            <List<Row>
              copy
              tall
              rowKey="household"
              dataSource={rows}
              columns={[
                {
                  title: w.household,
                  width: 230,
                  render: (_value, { household }) => (
                    <HouseholdLink id={household}>
                      {name(household.slice(0, 12), true)} {household.slice(13)}
                    </HouseholdLink>
                  ),
                },
                {
                  title: w.people,
                  width: 80,
                  align: 'right',
                  className: 'number',
                  render: (_value, { people }) => `${people} ${w.peopleUnit}`,
                },
                {
                  title: w.class,
                  width: 120,
                  render: (_value, row) =>
                    row.missed === null ? <ClassMark of={row.class} /> : of('missed', row.missed),
                },
                {
                  title: w.type,
                  width: 140,
                  render: (_value, { caseType }) => (caseType === null ? '' : of('caseType', caseType)),
                },
                {
                  title: w.perCapita,
                  width: 150,
                  align: 'right',
                  render: (_value, { perCapita }) => <Money fen={perCapita} />,
                },
                {
                  title: w.signals,
                  width: 420,
                  render: (_value, { signals }) => signals.map((signal) => signalSentence(signal, language)).join(' '),
                },
              ]}
            />
          )}
        </Answered>
        <More of={pages} />
      </div>
    </Page>
  );
}
