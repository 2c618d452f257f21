import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import * as z from 'zod';
import { roundId } from '../../../functions/contracts/values.ts';
import { type Answer, read, readAll } from '../../api/client.ts';
import { Count } from '../../ui/figures.tsx';
import { roundName } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';

const view = z.object({ round: roundId.optional() });

/** What the surveyor saw beside what the village saw. */
export function Sample() {
  const { w, language } = useWords();
  const region = useRegion();
  const [{ round }, setView] = useView(view);
  const rounds = useQuery(read('listRounds', {}));
  const ids =
    rounds.data?.items
      .map(({ id }) => id)
      .toSorted()
      .toReversed() ?? [];
  const chosen = round ?? ids[0];
  return (
    <Page
      title={w.sample}
      actions={
        <Select
          size="small"
          aria-label={w.round}
          value={chosen ?? null}
          style={{ minWidth: 160 }}
          options={ids.map((value) => ({ value, label: roundName(value, language) }))}
          onChange={(value) => setView({ round: value ?? undefined })}
        />
      }
    >
      <Answered to={rounds} empty={({ items }) => items.length === 0}>
        {() => (chosen === undefined ? null : <OfRound key={chosen} id={chosen} region={region} />)}
      </Answered>
    </Page>
  );
}

type View = Answer<'readSample'>;

function OfRound({ id, region }: { id: string; region: string }) {
  const { w } = useWords();
  const name = useRegionNames();
  const sample = useQuery(readAll('readSample', { params: { id }, query: { region, limit: 200 } }));
  return (
    <Answered to={sample}>
      {(answer) => (
        <>
          <Block title={name(region, true)}>
            <Facts
              items={[
                [w.drawn, <Count key="d" n={answer.drawn} unit={w.householdsUnit} />],
                [w.visited, <Count key="v" n={answer.visited} unit={w.householdsUnit} />],
                [w.compared, <Count key="c" n={answer.compared} unit={w.householdsUnit} />],
                [w.agreement, answer.agreementPercent === null ? '—' : `${answer.agreementPercent}%`],
              ]}
            />
          </Block>
          <Block title={w.parts}>
            <List<View['towns'][number]>
              copy
              rowKey="region"
              dataSource={region.length === 6 ? answer.towns : answer.villages}
              columns={[
                {
                  title: w.region,
                  render: (_value, part) => (
                    <Link to="/sample" search={{ region: part.region, round: id }}>
                      {part.name}
                    </Link>
                  ),
                },
                { title: w.drawn, align: 'right', className: 'number', dataIndex: 'drawn' },
                { title: w.visited, align: 'right', className: 'number', dataIndex: 'visited' },
                { title: w.compared, align: 'right', className: 'number', dataIndex: 'compared' },
                {
                  title: w.agreement,
                  align: 'right',
                  className: 'number',
                  render: (_value, part) =>
                    part.agreementPercent === null ? (
                      '—'
                    ) : (
                      <span className={part.marked ? 'due near' : ''}>{part.agreementPercent}%</span>
                    ),
                },
              ]}
            />
          </Block>
          <Block title={w.sampleHouseholds}>
            <List<View['items'][number]>
              copy
              tall
              rowKey="household"
              dataSource={answer.items}
              columns={[
                {
                  title: w.household,
                  width: 260,
                  render: (_value, { household }) => (
                    <HouseholdLink
                      id={household}
                    >{`${name(household.slice(0, 12), true)} ${household.slice(13)}`}</HouseholdLink>
                  ),
                },
                {
                  title: w.status,
                  width: 120,
                  render: (_value, { state }) =>
                    ({ open: w.openHouseholds, visited: w.visited, cancelled: w.cancelled })[state],
                },
                { title: w.sheet, width: 140, render: (_value, { sealed }) => <ClassMark of={sealed} /> },
                { title: w.surveyor, width: 140, render: (_value, { sample: found }) => <ClassMark of={found} /> },
                {
                  title: w.agrees,
                  width: 100,
                  render: (_value, { agrees }) =>
                    agrees === null ? '' : agrees ? '✓' : <span className="due late">✕</span>,
                },
              ]}
            />
          </Block>
        </>
      )}
    </Answered>
  );
}
