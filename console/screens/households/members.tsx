import type { Answer } from '../../api/client.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** The members, numbers masked. */
export function MemberTable({ household }: { household: Answer<'readHousehold'> }) {
  const { w, of } = useWords();
  return (
    <List
      rowKey="person"
      dataSource={household.members}
      columns={[
        { title: w.name, dataIndex: 'name' },
        { title: w.relation, render: (_value, { relation }) => of('relation', relation) },
        { title: w.sex, render: (_value, { sex }) => of('sex', sex) },
        { title: w.age, dataIndex: 'age', align: 'right', className: 'number' },
        { title: w.idNumber, dataIndex: 'idNumber', className: 'number' },
        {
          title: w.disability,
          render: (_value, { disabilityCertificate }) =>
            disabilityCertificate === undefined ? '' : `${disabilityCertificate.grade}`,
          align: 'right',
        },
      ]}
    />
  );
}
