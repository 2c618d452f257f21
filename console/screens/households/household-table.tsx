import type { Answer } from '../../api/client.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** Households of the register, numbers masked, each with the way to it. */
export function HouseholdTable({ items }: { items: Answer<'listHouseholds'>['items'] }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  return (
    <List
      tall
      copy
      rowKey="id"
      dataSource={items}
      columns={[
        {
          title: w.number,
          width: 130,
          render: (_value, { id }) => <HouseholdLink id={id} />,
        },
        { title: w.village, width: 210, render: (_value, { id }) => name(id.slice(0, 12), true) },
        {
          title: w.head,
          width: 110,
          render: (_value, { members }) => members.find(({ relation }) => relation === 'head')?.name ?? '—',
        },
        {
          title: w.people,
          width: 80,
          align: 'right',
          className: 'number',
          render: (_value, { members }) => `${members.length} ${w.peopleUnit}`,
        },
        { title: w.origin, width: 120, render: (_value, { origin }) => of('origin', origin) },
        {
          title: w.status,
          width: 130,
          render: (_value, { status, openCase }) =>
            openCase ? <b>{of('watchGroup', 'open-case')}</b> : of('householdStatus', status),
        },
        { title: w.phone, width: 130, className: 'number', render: (_value, { phone }) => phone ?? '—' },
        { title: w.address, width: 240, render: (_value, { address }) => address ?? '—' },
      ]}
    />
  );
}
