import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect } from 'react';
import * as z from 'zod';
import { householdId } from '../../../functions/contracts/values.ts';
import { call } from '../../api/client.ts';
import { whole } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';

const view = z.object({ find: z.string().max(40).optional() });

/** The register of a region. Names are looked for in what has been read, so that no name travels in an address of the API. */
export function Households() {
  const { w, of } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const navigate = useNavigate();
  const [{ find = '' }, setView] = useView(view);
  const pages = useInfiniteQuery({
    queryKey: ['listHouseholds', region],
    queryFn: ({ pageParam, signal }) =>
      call(
        'listHouseholds',
        { query: { region, limit: 200, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const all = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const shown =
    find === ''
      ? all
      : all.filter(
          ({ id, members }) => id.endsWith(find.toUpperCase()) || members.some((member) => member.name.includes(find)),
        );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  // A village is read to its end; of more, the first pages until somebody asks for the rest.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && all.length < (region.length === 12 ? 5000 : 1000)) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, all.length, region]);
  return (
    <Page
      title={w.households}
      about={`${name(region, true)} · ${whole(all.length)} ${w.householdsUnit}${hasNextPage ? ` ${w.onThisPage}` : ''}`}
    >
      <div className="block">
        <div className="filters">
          <Input.Search
            allowClear
            size="small"
            placeholder={w.searchHousehold}
            defaultValue={find}
            style={{ width: 260 }}
            onSearch={(text) => {
              const typed = text.trim();
              if (householdId.safeParse(typed).success) void navigate({ to: '/households/$id', params: { id: typed } });
              else setView({ find: typed });
            }}
          />
        </div>
        <Answered to={pages} empty={() => all.length === 0}>
          {() => (
            <List
              tall
              copy
              rowKey="id"
              dataSource={shown}
              columns={[
                {
                  title: w.number,
                  width: 130,
                  render: (_value, { id }) => (
                    <Link to="/households/$id" params={{ id }}>
                      {id.slice(13)}
                    </Link>
                  ),
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
          )}
        </Answered>
        {hasNextPage ? (
          <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {w.more}
          </Button>
        ) : null}
      </div>
    </Page>
  );
}
