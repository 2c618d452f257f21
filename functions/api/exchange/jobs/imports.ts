import { XLSX } from '../../../contracts/exchange/exchange-http.ts';
import type { ImportJob } from '../../../contracts/exchange/jobs-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { kinds } from '../../../domain/exchange/kinds.ts';
import { reportOf } from '../../../domain/exchange/outcomes.ts';
import type { Operation } from '../../../runtime/http.ts';
import { logger } from '../../../runtime/logger.ts';
import {
  fileAddress,
  newJob,
  readBytes,
  readJob,
  type StoredImport,
  writeJob,
  writePart,
} from '../../../store/exchange-jobs.ts';
import type { exchangeRoutes } from '../../routes/exchange.ts';
import { type CallerApi, callerApi } from '../workbook/caller-api.ts';
import { summaryOf } from '../workbook/summary.ts';
import { finished, mustSayWhere, sent } from '../workbook/take-in.ts';
import { download } from '../workbook/write.ts';
import { chunkOf, headingBytes, PIECE_BYTES } from './chunks.ts';
import { filesOf, handOn } from './hand-on.ts';
import { isWaiting, takeStep, type Who } from './step.ts';

/** Announces a file of any size, and answers where it is to be put. */
export const askImport: Operation<typeof exchangeRoutes.askImport> = async ({ caller, body, now }) => {
  mustSayWhere(body.kind, body);
  const job: StoredImport = { ...body, ...newJob('import', 'announced', now), position: 0, heading: 0, counts: {} };
  await writeJob(caller.sub, job, undefined, now);
  logger.info('import asked for', { job: job.id, kind: job.kind, bytes: job.bytes });
  return { status: 202, body: await viewOf(job, { sub: caller.sub, now }) };
};

/** How far it is. Only whoever asked finds it. */
export const readImport: Operation<typeof exchangeRoutes.readImport> = async ({ caller, params, now }) => {
  const read = await readJob<StoredImport>(caller.sub, params.id, now);
  if (read === undefined) throw new Problem('import-unknown');
  return { status: 200, body: await viewOf(read.job, { sub: caller.sub, now }) };
};

/** Begins with an import whose file was put, or goes on with it, as an export does. @throws Problem document-not-uploaded */
export const stepImport: Operation<typeof exchangeRoutes.stepImport> = async ({
  caller,
  params,
  origin,
  authorization,
  now,
}) => {
  const who = { sub: caller.sub, now };
  const read = await readJob<StoredImport>(caller.sub, params.id, now);
  if (read === undefined) throw new Problem('import-unknown');
  const api = callerApi({ origin, authorization });
  const { job, more } = await takeStep(read, who, (at) => oneChunk(at, api, who));
  if (more) await handOn(`/v1/import-jobs/${job.id}/steps`, { origin, authorization });
  return { status: 202, body: await viewOf(job, who) };
};

/**
 * Takes the next rows in through the routes that take JSON, and writes them back marked. Where a request was not answered nothing is told of the whole
 * chunk: the next step sends it again, because the routes take nothing in twice.
 */
async function oneChunk(job: StoredImport, api: CallerApi, { sub, now }: Who): Promise<StoredImport> {
  const kind = kinds[job.kind];
  const bytesOf = async (from: number, bytes: number) => {
    const found = await readBytes(sub, job.id, { from, bytes }, now);
    if (found === undefined) throw new Problem('document-not-uploaded');
    return found;
  };
  const isBegun = job.heading > 0;
  const first = await bytesOf(0, isBegun ? job.heading : PIECE_BYTES);
  const heading = isBegun ? job.heading : headingBytes(kind, first, job.bytes <= PIECE_BYTES);
  const position = isBegun ? job.position : heading;
  const piece = position < job.bytes ? await bytesOf(position, PIECE_BYTES) : new Uint8Array();
  const chunk = chunkOf(kind, first.subarray(0, heading), piece, position + piece.length >= job.bytes);
  if (chunk === undefined) {
    if (job.files.length === 0) throw new Problem('sheet-empty');
    return { ...job, state: 'done', position: job.bytes, failures: 0 };
  }
  const { worksheet, table, rows, bytes } = chunk;
  const end = position + bytes;
  const state = end >= job.bytes ? 'done' : 'running';
  if (table.drafts.length === 0 && table.faults.length === 0) {
    if (state === 'done' && job.files.length === 0) throw new Problem('sheet-empty');
    return { ...job, state, heading, position: end, rows: job.rows + rows, failures: 0 };
  }
  const [fault] = table.faults;
  if (fault !== undefined) throw new Problem('sheet-columns', { detail: fault.detail });
  await finished(api, kind, table.drafts, job);
  const outcomes = await sent(api, kind, job.kind, table.drafts, { ...job, check: 'false' });
  if (outcomes.some(({ outcome }) => outcome === 'unanswered' || outcome === 'not-sent'))
    throw new Problem('read-interrupted');
  const { answer } = summaryOf({ kind: job.kind, worksheet, table, outcomes });
  const report = { name: worksheet.name, ...reportOf(worksheet, table, outcomes) };
  const { body } = await download([report], 'xlsx', kind.title);
  if (body instanceof Uint8Array) await writePart(sub, job.id, { part: job.files.length, type: XLSX, body }, now);
  const counts = { ...job.counts };
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return {
    ...job,
    state,
    heading,
    position: end,
    rows: job.rows + rows,
    counts,
    files: [...job.files, { rows: answer.items.length }],
    failures: 0,
  };
}

async function viewOf(job: StoredImport, { sub, now }: Who): Promise<ImportJob> {
  const { id, kind, askedAt, expiresAt, bytes, position, rows, counts, problem } = job;
  return {
    id,
    kind,
    state: isWaiting(job, now) ? 'waiting' : job.state,
    askedAt,
    expiresAt,
    bytes,
    read: position,
    rows,
    counts,
    ...(problem === undefined ? {} : { problem }),
    ...(job.state === 'announced' ? { upload: await fileAddress(sub, id, bytes, now) } : {}),
    ...(job.state === 'done' || job.state === 'failed' ? { files: await filesOf(job, sub, now) } : {}),
  };
}
