import { useMutation } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import type { ImportRequest } from '../../../functions/contracts/exchange/jobs-http.ts';
import { type Answer, call, Refused } from '../../api/client.ts';
import { save } from '../../ui/download.ts';
import { whole } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { fill, useWords } from '../../words/language.tsx';

type Job = Answer<'readImport'>;

/** Between two looks, milliseconds. */
const PAUSE = 1_500;
/** What a file is that has no place in one request. */
const TOO_LARGE: ReadonlySet<string> = new Set(['sheet-too-large', 'body-too-large']);

/** Whether a file was refused for its size alone, and may be taken in step by step: CSV is, a workbook is one stream that must be read whole. */
export function isForSteps(file: File, refused: Refused): boolean {
  return (refused.status === 413 || TOO_LARGE.has(refused.code)) && file.name.toLowerCase().endsWith('.csv');
}

/** Puts the file, lets it be taken in, follows how far that is, and lets it go on where it has come to a halt. */
async function takenIn(file: File, request: Omit<ImportRequest, 'bytes'>, tell: (job: Job) => void): Promise<Job> {
  const { id, upload } = await call('askImport', { body: { ...request, bytes: file.size } });
  const params = { id };
  if (upload !== undefined) {
    const { 'content-length': _, ...headers } = upload.headers;
    const put = await fetch(upload.url, { method: 'PUT', headers, body: file });
    if (!put.ok) throw new Refused(put.status, { code: 'document-not-uploaded' });
  }
  let job = await call('stepImport', { params, body: {} });
  for (let waited = 0; job.state === 'running' || job.state === 'waiting'; ) {
    tell(job);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    job = await call('readImport', { params });
    waited = job.state === 'waiting' ? waited + 1 : 0;
    // Between two steps nobody works on it, either: only at the second look it has come to a halt.
    if (waited > 1) void call('stepImport', { params, body: {} }).catch(() => undefined);
  }
  return job;
}

/** A file that is too large for one request, taken in step by step in the background. */
export function LargeImport({ file, request }: { file: File; request: Omit<ImportRequest, 'bytes'> }) {
  const { w, of } = useWords();
  const problem = useProblem();
  const [job, setJob] = useState<Job>();
  const take = useMutation({
    mutationFn: () => takenIn(file, request, setJob),
    onSuccess: (ended) => {
      setJob(ended);
      if (ended.state === 'failed') problem(new Refused(422, { ...ended.problem }));
    },
    onError: problem,
  });
  const marked = useMutation({
    mutationFn: async () => {
      for (const [place, { url }] of (job?.files ?? []).entries()) {
        const answer = await fetch(url);
        if (!answer.ok) throw new Refused(answer.status, { code: 'import-unknown' });
        save(await answer.blob(), `${file.name.replace(/\.csv$/i, '')}-${place + 1}.xlsx`);
      }
    },
    onError: problem,
  });
  return (
    <Block
      title={file.name}
      extra={
        <span className="page-actions">
          {job?.files === undefined ? (
            <Button size="small" type="primary" loading={take.isPending} onClick={() => take.mutate()}>
              {w.importInSteps}
            </Button>
          ) : (
            <Button size="small" loading={marked.isPending} onClick={() => marked.mutate()}>
              {w.markedSheet}
            </Button>
          )}
        </span>
      }
    >
      {job === undefined ? null : (
        <div role="status" className="number">
          {fill(w.importTaken, { n: whole(job.rows) })}
          {' · '}
          {Object.entries(job.counts)
            .map(([outcome, n]) => `${of('rowOutcome', outcome)} ${n}`)
            .join(' · ')}
          <Progress percent={Math.floor((100 * job.read) / job.bytes)} size="small" />
        </div>
      )}
    </Block>
  );
}
