import { InboxOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Progress, Select, Tabs, Upload } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { type ImportKind, importKind } from '../../../functions/contracts/exchange/exchange-http.ts';
import { type Answer, call, fetchFile, mayCall, Refused, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { save } from '../../ui/download.ts';
import { Block, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { faultSentence } from '../../words/english-faults.ts';
import { fill, useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';
import { Export } from './export.tsx';
import { isForSteps, LargeImport } from './large-import.tsx';

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

type Report = Pick<Answer<'importSheet'>, 'items' | 'counts'>;
const report = z.object({
  items: z.array(
    z.object({
      rows: z.array(z.int()),
      outcome: z.string(),
      problem: z
        .object({
          code: z.string(),
          detail: z.string(),
          errors: z.array(z.object({ cell: z.string(), code: z.string(), detail: z.string() })),
        })
        .optional(),
    }),
  ),
  counts: z.record(z.string(), z.int()),
});

function Import() {
  const { w, of, language } = useWords();
  const problem = useProblem();
  const region = useRegion();
  const name = useRegionNames();
  const [{ kind = 'households' }, setView] = useView(view);
  const [file, setFile] = useState<File>();
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
  const check = useMutation({
    mutationFn: (sheet: File) =>
      call('importSheet', { params: { kind }, query: { ...query, check: 'true' } }, undefined, sheet),
  });
  const take = useMutation({
    mutationFn: (sheet: File) => call('importSheet', { params: { kind }, query }, undefined, sheet),
  });
  const marked = useMutation({
    mutationFn: (sheet: File) =>
      fetchFile('importSheet', { params: { kind }, query: { ...query, check: 'true', report: 'xlsx' } }, sheet),
    onSuccess: ({ blob, name: given }) => save(blob, given),
    onError: problem,
  });
  const template = useMutation({
    mutationFn: () =>
      fetchFile('readTemplate', {
        params: { kind },
        query: kind === 'visits' && region.length === 12 ? { village: region } : {},
      }),
    onSuccess: ({ blob, name: given }) => save(blob, given),
    onError: problem,
  });
  const start = (sheet: File): void => {
    setFile(sheet);
    take.reset();
    check.mutate(sheet);
  };
  const seen = reportOf(take) ?? reportOf(check);
  const faulty = seen?.items.filter((one) => one.problem !== undefined) ?? [];
  const sound = (seen?.items.length ?? 0) - faulty.length;
  const failed = take.error ?? check.error;
  return (
    <>
      <div className="filters">
        <Select
          size="small"
          aria-label={w.type}
          value={kind}
          style={{ minWidth: 170 }}
          options={importKind.options.map((value) => ({ value, label: of('importKind', value) }))}
          onChange={(value: ImportKind) => {
            setFile(undefined);
            check.reset();
            take.reset();
            setView({ kind: value === 'households' ? undefined : value });
          }}
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
      <Upload.Dragger
        accept=".xlsx,.csv"
        multiple={false}
        showUploadList={false}
        beforeUpload={(sheet) => {
          start(sheet);
          return false;
        }}
      >
        <p>
          <InboxOutlined style={{ fontSize: 28, color: '#12655f' }} />
        </p>
        <p>{w.dropSheet}</p>
        <p className="quiet">{w.dropSheetNote}</p>
      </Upload.Dragger>
      {check.isPending || take.isPending ? (
        <Progress aria-label={w.progress} percent={take.isPending ? 70 : 30} status="active" showInfo={false} />
      ) : null}
      {failed instanceof Refused && seen === undefined ? (
        <Alert
          type="error"
          showIcon
          title={problemSentence(failed, language)}
          description={failed.errors
            .map((each) => `${each.pointer} ${faultSentence(each, language)}`)
            .join(w.semicolon)}
          style={{ marginTop: 12 }}
        />
      ) : null}
      {failed instanceof Refused && file !== undefined && isForSteps(file, failed) ? (
        <LargeImport key={file.name + file.lastModified} file={file} request={{ kind, ...query }} />
      ) : null}
      {seen === undefined || file === undefined ? null : (
        <Block
          title={`${file.name} · ${take.isSuccess || reportOf(take) !== undefined ? w.importDone : w.importPreview}`}
          extra={
            <span className="page-actions">
              <Button size="small" loading={marked.isPending} onClick={() => marked.mutate(file)}>
                {w.markedSheet}
              </Button>
              {take.isIdle ? (
                <Button size="small" type="primary" disabled={sound === 0} onClick={() => take.mutate(file)}>
                  {fill(w.importSound, { n: sound })}
                </Button>
              ) : null}
            </span>
          }
        >
          <p className="number">
            {take.isIdle
              ? fill(w.previewCounts, { sound, faulty: faulty.length })
              : Object.entries(seen.counts)
                  .map(([outcome, n]) => `${of('rowOutcome', outcome)} ${n}`)
                  .join(' · ')}
          </p>
          {faulty.length === 0 ? null : (
            <List
              copy
              rowKey={({ rows }) => rows.join()}
              dataSource={faulty}
              columns={[
                { title: w.row, className: 'number', render: (_value, { rows }) => rows.join(w.and) },
                { title: w.status, render: (_value, { outcome }) => of('rowOutcome', outcome) },
                {
                  title: w.faults,
                  render: (_value, { problem: why }) => (
                    <ul className="cell-list">
                      {(why?.errors.length ?? 0) === 0 ? (
                        <li>
                          {why === undefined
                            ? ''
                            : problemSentence({ code: why.code, detail: why.detail, errors: [] }, language)}
                        </li>
                      ) : null}
                      {why?.errors.map(({ cell, detail, code }) => (
                        <li key={cell + code}>
                          <b className="number">{cell}</b> {faultSentence({ code, detail }, language)}
                        </li>
                      ))}
                    </ul>
                  ),
                },
              ]}
            />
          )}
        </Block>
      )}
    </>
  );
}

/** What is known of the rows, whether the import as a whole was taken or refused. */
function reportOf({
  data,
  error,
}: {
  data: Report | undefined;
  error: Error | null;
}): z.infer<typeof report> | undefined {
  if (data !== undefined) return report.safeParse(data).data;
  return error instanceof Refused ? report.safeParse(error.extra).data : undefined;
}
