import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Select, Tabs } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { type ImportKind, importKind } from '../../../functions/contracts/exchange/exchange-http.ts';
import { fetchFile, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { save } from '../../ui/download.ts';
import { Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Export } from './export.tsx';
import { OneSheet } from './one-sheet.tsx';

const view = z.object({ tab: z.enum(['export']).optional(), kind: importKind.optional() });

/** Spreadsheets in and out: looked at cell by cell before anything is written, and given back with the outcome of every row. */
export function Exchange() {
  const { w } = useWords();
  const me = useMe();
  const [{ tab }, setView] = useView(view);
  const mayImport = mayCall(me, 'importSheet');
  return (
    <Page title={w.exchange}>
      <Tabs
        activeKey={mayImport ? (tab ?? 'import') : 'export'}
        onChange={(key) => setView({ tab: key === 'import' ? undefined : key })}
        items={[
          ...(mayImport ? [{ key: 'import', label: w.import, children: <Import /> }] : []),
          { key: 'export', label: w.export, children: <Export /> },
        ]}
      />
    </Page>
  );
}

function Import() {
  const { w, of } = useWords();
  const problem = useProblem();
  const region = useRegion();
  const name = useRegionNames();
  const [{ kind = 'households' }, setView] = useView(view);
  const rounds = useQuery({ ...read('listRounds', {}), enabled: kind === 'visits' });
  const open = rounds.data?.items.find(({ status }) => status === 'collecting');
  const policies = useQuery({ ...read('listPolicies', {}), enabled: kind === 'roster' });
  const [chosen, setChosen] = useState<string>();
  const policy = chosen ?? policies.data?.items.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0]?.id;
  const query = {
    ...(kind === 'roster' && policy !== undefined ? { policy } : {}),
    ...(kind === 'visits' && open !== undefined ? { round: open.id } : {}),
    ...(region.length === 12 ? { village: region } : {}),
  };
  const template = useMutation({
    mutationFn: () =>
      fetchFile('readTemplate', {
        params: { kind },
        query: kind === 'visits' && region.length === 12 ? { village: region } : {},
      }),
    onSuccess: ({ blob, name: given }) => save(blob, given),
    onError: problem,
  });
  return (
    <>
      <div className="filters">
        <Select
          size="small"
          aria-label={w.type}
          value={kind}
          style={{ minWidth: 170 }}
          options={importKind.options.map((value) => ({ value, label: of('importKind', value) }))}
          onChange={(value: ImportKind) => setView({ kind: value === 'households' ? undefined : value })}
        />
        {kind === 'roster' && policy !== undefined ? (
          <Select
            size="small"
            aria-label={w.policyNumber}
            value={policy}
            style={{ minWidth: 200 }}
            options={(policies.data?.items ?? []).map(({ id, number, from, to }) => ({
              value: id,
              label: `${number} · ${from} – ${to}`,
            }))}
            onChange={setChosen}
          />
        ) : null}
        <Button size="small" loading={template.isPending} onClick={() => template.mutate()}>
          {w.template}
        </Button>
        <span className="quiet">{name(region, true)}</span>
      </div>
      {/* A check holds for what it was made for: for anything else the file is looked at anew. */}
      <OneSheet key={JSON.stringify([kind, query])} kind={kind} query={query} />
    </>
  );
}
