import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useEffect } from 'react';
import * as z from 'zod';
import { origin, triageClass } from '../../../functions/contracts/screening/triage.ts';
import { householdId } from '../../../functions/contracts/values.ts';
import { call, mayCall, usePages } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { whole } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { fill, useWords } from '../../words/language.tsx';
import { HouseholdTable } from './household-table.tsx';
import { searchOf } from './search.ts';

const status = z.enum(['registered', 'cancelled']);
const view = z.object({ class: triageClass.optional(), origin: origin.optional(), status: status.optional() });

/**
 * The register of a region. Filters stand in the address; what is searched for does not: a name or an ID number would be written into the
 * browser's history and the logs of every server on its way.
 */
export function Households() {
  const region = useRegion();
  // What was found in one region is not shown as another's.
  return <Searched key={region} region={region} />;
}

function Searched({ region }: { region: string }) {
  const { w } = useWords();
  const me = useMe();
  const navigate = useNavigate();
  const problem = useProblem();
  const search = useMutation({
    mutationFn: (typed: string) => call('searchHouseholds', { body: searchOf(region, typed) }),
    onError: problem,
    gcTime: 0,
  });
  return (
    <Page title={w.households}>
      <div className="block">
        <div className="filters">
          {mayCall(me, 'searchHouseholds') ? (
            <Input.Search
              allowClear
              size="small"
              autoComplete="off"
              aria-label={w.search}
              placeholder={w.searchRegister}
              loading={search.isPending}
              style={{ width: 260 }}
              onSearch={(text) => {
                const typed = text.trim();
                if (typed === '') search.reset();
                else if (householdId.safeParse(typed).success)
                  void navigate({ to: '/households/$id', params: { id: typed } });
                else search.mutate(typed);
              }}
            />
          ) : null}
          {search.data === undefined ? <Filters /> : null}
          {search.data === undefined ? null : (
            <>
              <span className="quiet">
                {search.data.more
                  ? fill(w.searchMore, { n: search.data.items.length })
                  : fill(w.searchFound, { n: search.data.items.length })}
              </span>
              <Button size="small" onClick={() => search.reset()}>
                {w.allOf}
              </Button>
            </>
          )}
        </div>
        {search.data === undefined ? (
          <Register />
        ) : search.data.items.length === 0 ? (
          <Nothing />
        ) : (
          <HouseholdTable items={search.data.items} />
        )}
      </div>
    </Page>
  );
}

function Filters() {
  const { w, of } = useWords();
  const [filters, setView] = useView(view);
  return (
    <>
      <Select
        size="small"
        aria-label={w.class}
        value={filters.class ?? 'all'}
        style={{ minWidth: 130 }}
        options={[
          { value: 'all', label: `${w.class}${w.colon}${w.allOf}` },
          ...triageClass.options.map((value) => ({ value, label: of('class', value) })),
        ]}
        onChange={(value) => setView({ class: value === 'all' ? undefined : value })}
      />
      <Select
        size="small"
        aria-label={w.origin}
        value={filters.origin ?? 'all'}
        style={{ minWidth: 140 }}
        options={[
          { value: 'all', label: `${w.origin}${w.colon}${w.allOf}` },
          ...origin.options.map((value) => ({ value, label: of('origin', value) })),
        ]}
        onChange={(value) => setView({ origin: value === 'all' ? undefined : value })}
      />
      <Select
        size="small"
        aria-label={w.status}
        value={filters.status ?? 'all'}
        style={{ minWidth: 130 }}
        options={[
          { value: 'all', label: `${w.status}${w.colon}${w.allOf}` },
          ...status.options.map((value) => ({ value, label: of('householdStatus', value) })),
        ]}
        onChange={(value) => setView({ status: value === 'all' ? undefined : value })}
      />
    </>
  );
}

function Register() {
  const { w } = useWords();
  const region = useRegion();
  const name = useRegionNames();
  const [filters] = useView(view);
  const { pages, items: all } = usePages('listHouseholds', { query: { region, ...filters, limit: 200 } });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  // A village is read to its end; of more, the first pages until somebody asks for the rest.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && all.length < (region.length === 12 ? 5000 : 1000)) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, all.length, region]);
  return (
    <>
      <p className="quiet">
        {name(region, true)} · {whole(all.length)} {w.householdsUnit}
        {hasNextPage ? ` ${w.onThisPage}` : ''}
      </p>
      <Answered to={pages} empty={() => all.length === 0 && !hasNextPage}>
        {() => <HouseholdTable items={all} />}
      </Answered>
      <More of={pages} />
    </>
  );
}
