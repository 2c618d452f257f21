import { CSV } from '../../../contracts/exchange/exchange-http.ts';
import type { ExportJob } from '../../../contracts/exchange/jobs-http.ts';
import { csvLines } from '../../../domain/exchange/csv.ts';
import { type Caller, mustContain, type Operation, within } from '../../../runtime/http.ts';
import { logger } from '../../../runtime/logger.ts';
import { newJob, type ReadJob, readJob, type StoredExport, writeJob, writePart } from '../../../store/exchange-jobs.ts';
import type { exchangeRoutes } from '../../routes/exchange.ts';
import { callerApi } from '../workbook/caller-api.ts';
import { filesOf, handOn } from './hand-on.ts';
import { Pages } from './pages.ts';
import { isWaiting, takeStep, type Who, WORKING_MS } from './step.ts';

/** Characters of a part at the most, but for the page that reaches them: what a step holds in memory, beside a page. 100,000 rows are a hundred parts. */
const PART_CHARACTERS = 120_000;
/** The mark by which spreadsheets know UTF-8. */
const MARK = '\uFEFF';

/** Asks for a table of any size. The first row is read at once, so that what somebody may not have is refused here; the rest is read step by step. */
export const askExport: Operation<typeof exchangeRoutes.askExport> = async ({
  caller,
  body,
  origin,
  authorization,
  now,
}) => {
  mustContain(caller, body.region);
  await new Pages(callerApi({ origin, authorization }), body).page(undefined, 1);
  const job = { ...body, ...newJob('export', 'running', now) };
  await writeJob(caller.sub, job, undefined, now);
  logger.info('export asked for', { job: job.id, kind: job.kind, region: job.region });
  await handOn(`/v1/export-jobs/${job.id}/steps`, { origin, authorization });
  return { status: 202, body: await viewOf(job, { sub: caller.sub, now }) };
};

/** How far it is. Only whoever asked finds it. */
export const readExport: Operation<typeof exchangeRoutes.readExport> = async ({ caller, params, now }) => {
  const { job } = await found(caller, params.id, now);
  return { status: 200, body: await viewOf(job, { sub: caller.sub, now }) };
};

/** A job of the caller, of a region that is still theirs: whoever is sent elsewhere leaves the tables of the former place behind. @throws Problem export-unknown */
async function found(caller: Caller, id: string, now: number): Promise<ReadJob<StoredExport>> {
  return within(caller, await readJob<StoredExport>(caller.sub, id, now), ({ job }) => job.region, 'export-unknown');
}

/**
 * Goes on with an export for a step, in the name and with the token of whoever asked for it, and asks itself for the next one. Harmless at any time: while
 * somebody works on it, and after it has ended, nothing happens.
 */
export const stepExport: Operation<typeof exchangeRoutes.stepExport> = async ({
  caller,
  params,
  origin,
  authorization,
  now,
}) => {
  const who = { sub: caller.sub, now };
  const read = await found(caller, params.id, now);
  const pages = new Pages(callerApi({ origin, authorization }), read.job);
  const until = performance.now() + WORKING_MS;
  const { job, more } = await takeStep(read, who, (at) => onePart(at, pages, who, until));
  if (more) await handOn(`/v1/export-jobs/${job.id}/steps`, { origin, authorization });
  return { status: 202, body: await viewOf(job, who) };
};

/** Reads pages until a part is full, time is over or the table ends, and writes the part. */
async function onePart(job: StoredExport, pages: Pages, { sub, now }: Who, until: number): Promise<StoredExport> {
  let text = '';
  let rows = 0;
  let { position } = job;
  do {
    const { worksheet, next } = await pages.page(position);
    const isFirst = job.files.length === 0 && text === '';
    text += (isFirst ? MARK : '') + csvLines(isFirst ? worksheet.rows : worksheet.rows.slice(1));
    rows += worksheet.rows.length - 1;
    position = next;
  } while (position !== undefined && text.length < PART_CHARACTERS && performance.now() < until);
  const part = { part: job.files.length, type: `${CSV}; charset=utf-8`, body: text };
  await writePart(sub, job.id, part, now);
  const { position: _, ...rest } = job;
  return {
    ...rest,
    ...(position === undefined ? { state: 'done' as const } : { position }),
    rows: job.rows + rows,
    files: [...job.files, { rows }],
    failures: 0,
  };
}

async function viewOf(job: StoredExport, { sub, now }: Who): Promise<ExportJob> {
  const { id, kind, region, askedAt, expiresAt, rows, problem } = job;
  return {
    id,
    kind,
    region,
    state: isWaiting(job, now) ? 'waiting' : job.state === 'announced' ? 'running' : job.state,
    askedAt,
    expiresAt,
    rows,
    ...(problem === undefined ? {} : { problem }),
    ...(job.state === 'done' ? { files: await filesOf(job, sub, now) } : {}),
  };
}
