import { Link } from '@tanstack/react-router';
import { type Answer, usePages } from '../../api/client.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** Every notice of the region, those that have ended too: when it stood, and whether what was objected has been answered. */
export function NoticeRegister() {
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const { pages, items } = usePages('listAllNotices', { query: { region, limit: 100 } });
  return (
    <div className="block">
      <Answered to={pages} empty={() => items.length === 0}>
        {() => (
          <List<Answer<'listAllNotices'>['items'][number]>
            copy
            rowKey="id"
            dataSource={items}
            columns={[
              { title: w.publishedOn, className: 'number', dataIndex: 'publishedOn' },
              { title: w.lastDay, className: 'number', dataIndex: 'lastDay' },
              { title: w.status, render: (_value, { state }) => of('noticeState', state) },
              { title: w.procedure, render: (_value, { procedure }) => of('procedure', procedure) },
              {
                title: w.household,
                render: (_value, one) => (
                  <Link to="/cases/$id" params={{ id: one.case }}>
                    {name(one.village, true)} {one.household.slice(13)}
                  </Link>
                ),
              },
              { title: w.objections, align: 'right', className: 'number', dataIndex: 'lodged' },
              { title: w.answered, align: 'right', className: 'number', dataIndex: 'answered' },
            ]}
          />
        )}
      </Answered>
      <More of={pages} />
    </div>
  );
}
