import { useQuery } from '@tanstack/react-query';
import { Button, Select, Spin } from 'antd';
import { useState } from 'react';
import { type Answer, call, read } from '../../api/client.ts';
import { roundName, whole } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { ClassMark } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Nothing, Trouble } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';

/** What is proposed, without who did and when. */
export type Terms = Omit<
  Answer<'listCriteria'>['items'][number],
  'id' | 'status' | 'proposedBy' | 'proposedAt' | 'approvedBy' | 'approvedAt'
>;

type Part = Answer<'rehearseCriteria'>;
type Item = Part['items'][number];
const classes = ['secure', 'concern', 'monitor'] as const;

/** A sealed round triaged again: who would change class, by town and by signal, down to the household. Nothing is stored. */
export function Rehearsal({ terms, close }: { terms: Terms; close: () => void }) {
  const { w, of, language } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const rounds = useQuery(read('listRounds', {}));
  const sealed =
    rounds.data?.items
      .filter(({ status }) => status === 'sealed')
      .map(({ id }) => id)
      .toSorted()
      .toReversed() ?? [];
  const [chosen, setChosen] = useState<string>();
  const round = chosen ?? sealed[0];
  const result = useQuery({
    queryKey: ['rehearseCriteria', round, region, terms],
    queryFn: ({ signal }) => rehearse(round ?? '', region, terms, signal),
    enabled: round !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = result;
  const towns = [
    ...Map.groupBy(data?.items ?? [], ({ household }) => household.slice(0, region.length === 6 ? 9 : 12)),
  ].toSorted(([a], [b]) => a.localeCompare(b));
  return (
    <Block
      title={w.rehearsal}
      extra={
        <span className="page-actions">
          <Select
            size="small"
            aria-label={w.round}
            value={round ?? null}
            style={{ minWidth: 150 }}
            options={sealed.map((value) => ({ value, label: roundName(value, language) }))}
            onChange={(value) => setChosen(value ?? undefined)}
          />
          <Button size="small" onClick={close}>
            {w.close}
          </Button>
        </span>
      }
    >
      <p className="quiet">{w.rehearsalNote}</p>
      {result.isError ? <Trouble error={result.error} /> : null}
      {result.isPending && round !== undefined ? <Spin /> : null}
      {data === undefined ? null : (
        <>
          <p>{fill(w.rehearsed, { n: whole(data.triaged.households), changed: whole(data.items.length) })}</p>
          <div className="grid">
            <table className="plain wide">
              <thead>
                <tr>
                  <th>{w.class}</th>
                  <th className="right">{w.beforeChange}</th>
                  <th className="right">{w.afterChange}</th>
                  <th className="right">±</th>
                </tr>
              </thead>
              <tbody>
                {classes.map((one) => (
                  <tr key={one}>
                    <td>
                      <ClassMark of={one} />
                    </td>
                    <td className="right number">
                      {whole(data.before[one].households)} {w.householdsUnit}
                    </td>
                    <td className="right number">
                      {whole(data.after[one].households)} {w.householdsUnit}
                    </td>
                    <td className="right number">{signed(data.after[one].households - data.before[one].households)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <table className="plain wide">
              <thead>
                <tr>
                  <th>{w.signals}</th>
                  <th className="right">+</th>
                  <th className="right">−</th>
                </tr>
              </thead>
              <tbody>
                {data.bySignal.map(({ id, gained, lost }) => (
                  <tr key={id}>
                    <td>{of('signal', id)}</td>
                    <td className="right number">{whole(gained)}</td>
                    <td className="right number">{whole(lost)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div className="box">
              <table className="plain wide">
                <thead>
                  <tr>
                    <th>{w.region}</th>
                    <th className="right">{w.changed}</th>
                    <th className="right">{w.toMonitor}</th>
                  </tr>
                </thead>
                <tbody>
                  {towns.map(([code, items]) => (
                    <tr key={code}>
                      <td>{name(code)}</td>
                      <td className="right number">
                        {items.length} {w.householdsUnit}
                      </td>
                      <td className="right number">
                        {items.filter(({ to }) => to === 'monitor').length} {w.householdsUnit}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
          {data.items.length === 0 ? (
            <Nothing text={w.nobodyChanges} />
          ) : (
            <List<Item>
              copy
              tall
              rowKey="household"
              dataSource={data.items}
              columns={[
                {
                  title: w.household,
                  width: 240,
                  render: (_value, { household }) => (
                    <HouseholdLink
                      id={household}
                    >{`${name(household.slice(0, 12), true)} ${household.slice(13)}`}</HouseholdLink>
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
                  title: w.beforeChange,
                  width: 110,
                  render: (_value, { from }) => <ClassMark of={from} />,
                },
                { title: w.afterChange, width: 110, render: (_value, { to }) => <ClassMark of={to} /> },
                {
                  title: w.signals,
                  width: 380,
                  render: (_value, { gained, lost }) =>
                    [
                      ...gained.map(({ id }) => `+ ${of('signal', id)}`),
                      ...lost.map(({ id }) => `− ${of('signal', id)}`),
                    ].join(w.comma),
                },
              ]}
            />
          )}
        </>
      )}
    </Block>
  );
}

function signed(n: number): string {
  return n === 0 ? '±0' : `${n > 0 ? '+' : '−'}${whole(Math.abs(n))}`;
}

/** The whole region, as many requests as it takes, put together. */
async function rehearse(
  round: string,
  region: string,
  terms: Terms,
  signal: AbortSignal,
): Promise<Pick<Part, 'triaged' | 'before' | 'after' | 'bySignal' | 'items'>> {
  const parts: Part[] = [];
  let after: string | undefined;
  do {
    const part = await call(
      'rehearseCriteria',
      { body: { round, region, terms, ...(after === undefined ? {} : { after }) } },
      signal,
    );
    parts.push(part);
    after = part.next;
  } while (after !== undefined);
  const sum = (of: (part: Part) => { households: number; people: number }) => ({
    households: parts.reduce((total, part) => total + of(part).households, 0),
    people: parts.reduce((total, part) => total + of(part).people, 0),
  });
  const byClass = (of: (part: Part) => Part['before']) => ({
    secure: sum((part) => of(part).secure),
    concern: sum((part) => of(part).concern),
    monitor: sum((part) => of(part).monitor),
  });
  const ids = [...new Set(parts.flatMap(({ bySignal }) => bySignal.map(({ id }) => id)))];
  const total = (id: string, of: 'gained' | 'lost'): number =>
    parts.reduce((all, { bySignal }) => all + (bySignal.find((one) => one.id === id)?.[of] ?? 0), 0);
  return {
    triaged: sum(({ triaged }) => triaged),
    before: byClass(({ before }) => before),
    after: byClass((part) => part.after),
    bySignal: ids.map((id) => ({ id, gained: total(id, 'gained'), lost: total(id, 'lost') })),
    items: parts.flatMap(({ items }) => items),
  };
}
