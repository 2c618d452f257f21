import { InboxOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Progress, Upload } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import type { ImportKind } from '../../../functions/contracts/exchange/exchange-http.ts';
import { type Answer, call, fetchFile, type Input, Refused } from '../../api/client.ts';
import { save } from '../../ui/download.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { List } from '../../ui/table.tsx';
import { faultSentence } from '../../words/english-faults.ts';
import { fill, useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';
import { isForSteps, LargeImport } from './large-import.tsx';

type Taken = Pick<Answer<'importSheet'>, 'items' | 'counts'>;
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
type Report = z.infer<typeof report>;

/** A file that is checked, and once its sound rows are wanted, taken in: always for the very region, round or policy it was checked for. */
export function OneSheet({ kind, query }: { kind: ImportKind; query: NonNullable<Input<'importSheet'>['query']> }) {
  const { w, of, language } = useWords();
  const problem = useProblem();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const check = useMutation({
    mutationFn: (sheet: File) =>
      call('importSheet', { params: { kind }, query: { ...query, check: 'true' } }, undefined, sheet),
  });
  const take = useMutation({
    mutationFn: (sheet: File) => call('importSheet', { params: { kind }, query }, undefined, sheet),
    // Rows may have been written whatever was answered.
    onSettled: () => void client.invalidateQueries(),
  });
  const marked = useMutation({
    mutationFn: (sheet: File) =>
      fetchFile('importSheet', { params: { kind }, query: { ...query, check: 'true', report: 'xlsx' } }, sheet),
    onSuccess: ({ blob, name: given }) => save(blob, given),
    onError: problem,
  });
  const start = (sheet: File): void => {
    setFile(sheet);
    take.reset();
    check.mutate(sheet);
  };
  const taken = reportOf(take);
  const checked = reportOf(check);
  const seen = taken ?? checked;
  // A refusal that names its rows is told by them.
  const failed = (taken === undefined ? take.error : null) ?? (checked === undefined ? check.error : null);
  return (
    <>
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
      {failed === null ? null : (
        <Alert
          type="error"
          showIcon
          title={
            failed instanceof Refused ? problemSentence({ ...told(failed), errors: [] }, language) : w.errorNetwork
          }
          description={
            failed instanceof Refused
              ? failed.errors.map((each) => `${each.pointer} ${faultSentence(each, language)}`).join(w.semicolon)
              : undefined
          }
          style={{ marginTop: 12 }}
        />
      )}
      {failed instanceof Refused && file !== undefined && isForSteps(file, failed) ? (
        <LargeImport key={file.name + file.lastModified} file={file} request={{ kind, ...query }} />
      ) : null}
      {seen === undefined || file === undefined ? null : (
        <Block
          title={`${file.name} · ${taken === undefined ? w.importPreview : w.importDone}`}
          extra={
            <span className="page-actions">
              <Button size="small" loading={marked.isPending} onClick={() => marked.mutate(file)}>
                {w.markedSheet}
              </Button>
              {taken === undefined ? (
                <Button
                  size="small"
                  type="primary"
                  disabled={soundOf(seen) === 0}
                  loading={take.isPending}
                  onClick={() => take.mutate(file)}
                >
                  {fill(w.importSound, { n: soundOf(seen) })}
                </Button>
              ) : null}
            </span>
          }
        >
          <p className="number" role="status">
            {taken === undefined
              ? fill(w.previewCounts, { sound: soundOf(seen), faulty: seen.items.length - soundOf(seen) })
              : Object.entries(taken.counts)
                  .map(([outcome, n]) => `${of('rowOutcome', outcome)} ${n}`)
                  .join(' · ')}
          </p>
          <Faulty items={seen.items.filter((one) => one.problem !== undefined)} />
        </Block>
      )}
    </>
  );
}

/** The rows that were refused, each fault with its cell. */
function Faulty({ items }: { items: Report['items'] }) {
  const { w, of, language } = useWords();
  if (items.length === 0) return null;
  return (
    <List
      copy
      rowKey={({ rows }) => rows.join()}
      dataSource={items}
      columns={[
        { title: w.row, className: 'number', render: (_value, { rows }) => rows.join(w.and) },
        { title: w.status, render: (_value, { outcome }) => of('rowOutcome', outcome) },
        {
          title: w.faults,
          render: (_value, { problem: why }) => (
            <ul className="cell-list">
              {why === undefined || why.errors.length > 0 ? null : (
                <li>{problemSentence({ ...told(why), errors: [] }, language)}</li>
              )}
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
  );
}

function told({ code, detail }: { code: string; detail: string }): { code: string; detail: string } {
  return { code, detail };
}

function soundOf({ items }: Report): number {
  return items.filter((one) => one.problem === undefined).length;
}

/** What is known of the rows, whether the import as a whole was taken or refused. */
function reportOf({ data, error }: { data: Taken | undefined; error: Error | null }): Report | undefined {
  if (data !== undefined) return report.safeParse(data).data;
  return error instanceof Refused ? report.safeParse(error.extra).data : undefined;
}
