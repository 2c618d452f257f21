import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { type ExportKind, exportKind } from '../../../functions/contracts/exchange/exchange-http.ts';
import { fetchFile, mayCall, Refused, type RouteName, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { save } from '../../ui/download.ts';
import { whole } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { type Written, writtenOut } from './export-job.ts';

/** What is too much to be answered at once: the same table is then written out in the background. */
const TOO_MUCH: ReadonlySet<string> = new Set(['export-too-large', 'read-interrupted']);

/** What a table is made of: it is written as its reader may see each, so whoever may not read one is not offered it. */
const MADE_OF: Readonly<Record<ExportKind, readonly RouteName[]>> = {
  households: ['listHouseholds'],
  visits: ['listHouseholds', 'listRounds', 'readSheet'],
  cases: ['listHouseholds', 'listCases'],
  claims: ['listClaims'],
  ledger: ['listHouseholds', 'listEntries'],
};

/** Tables of a region. A small one comes at once; a large one is written out in the background, and this page shows how far that is. */
export function Export() {
  const { w, of } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const problem = useProblem();
  const [written, setWritten] = useState<Written>();
  const rounds = useQuery({ ...read('listRounds', {}), enabled: mayCall(me, 'listRounds') });
  const sealed = rounds.data?.items
    .filter(({ status }) => status === 'sealed')
    .map(({ id }) => id)
    .toSorted()
    .at(-1);
  const inBackground = async (kind: ExportKind) => {
    const round = kind === 'visits' && sealed !== undefined ? { round: sealed } : {};
    const blob = await writtenOut({ kind, region, ...round }, setWritten);
    return { blob, name: `${of('importKind', kind)} ${region}.csv` };
  };
  const get = useMutation({
    mutationFn: async ({ kind, format }: { kind: ExportKind; format: 'xlsx' | 'csv' | 'large' }) => {
      if (format === 'large') return await inBackground(kind);
      try {
        return await fetchFile('exportSheet', {
          params: { kind },
          query: { region, format, ...(kind === 'visits' && sealed !== undefined ? { round: sealed } : {}) },
        });
      } catch (error) {
        if (error instanceof Refused && TOO_MUCH.has(error.code)) return await inBackground(kind);
        throw error;
      }
    },
    onSuccess: ({ blob, name: given }) => save(blob, given),
    onError: problem,
    onSettled: () => setWritten(undefined),
  });
  const offered = exportKind.options.filter((kind) => MADE_OF[kind].every((route) => mayCall(me, route)));
  const words = { xlsx: 'XLSX', csv: 'CSV', large: w.exportLarge };
  return (
    <Block title={`${name(region, true)} · ${w.exportNote}`}>
      <table className="plain">
        <tbody>
          {offered.map((kind) => (
            <tr key={kind}>
              <td>{of('importKind', kind)}</td>
              {(['xlsx', 'csv', 'large'] as const).map((format) => (
                <td key={format}>
                  <Button
                    size="small"
                    // A table of visits is of a sealed round.
                    disabled={get.isPending || (kind === 'visits' && sealed === undefined)}
                    loading={get.isPending && get.variables.kind === kind && get.variables.format === format}
                    onClick={() => get.mutate({ kind, format })}
                  >
                    {words[format]}
                  </Button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {written === undefined ? null : (
        <div role="status" className="number">
          {fill(w.exportWritten, { n: whole(written.rows) })}
          {written.parts === undefined ? null : (
            <Progress percent={Math.floor((100 * written.fetched) / written.parts)} size="small" />
          )}
        </div>
      )}
    </Block>
  );
}
