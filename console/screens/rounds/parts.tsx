import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { whole } from '../../ui/format.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

interface Column<T> {
  key: string;
  title: ReactNode;
  /** A number stands right, with the thousands apart; anything else as it is. */
  of: (part: T) => ReactNode;
  background?: (part: T) => string;
}

/** The parts of a region in a round, one beside the other, in the order of their codes: nobody is ranked. A part opens its own; a village its list. */
export function Parts<T extends { region: string; name: string }>({
  id,
  village,
  parts,
  columns,
}: {
  id: string;
  /** What opens for a village. */
  village: '/rounds/$id/worklist/$village' | '/rounds/$id/sheets/$village';
  parts: readonly T[];
  columns: readonly Column<T>[];
}) {
  const { w } = useWords();
  return (
    <List<T>
      copy
      tall
      rowKey="region"
      dataSource={[...parts]}
      columns={[
        {
          title: w.region,
          width: 190,
          render: (_value, part) =>
            part.region.length === 12 ? (
              <Link to={village} params={{ id, village: part.region }}>
                {part.name}
              </Link>
            ) : (
              <Link to="/rounds/$id" params={{ id }} search={{ region: part.region }}>
                {part.name}
              </Link>
            ),
        },
        ...columns.map(({ key, title, of, background }) => ({
          key,
          title,
          width: 105,
          className: 'number',
          onCell: (part: T) => (background === undefined ? {} : { style: { background: background(part) } }),
          render: (_value: unknown, part: T) => {
            const shown = of(part);
            return typeof shown === 'number' ? whole(shown) : shown;
          },
          ...(parts[0] !== undefined && typeof of(parts[0]) === 'number' ? { align: 'right' as const } : {}),
        })),
      ]}
    />
  );
}
