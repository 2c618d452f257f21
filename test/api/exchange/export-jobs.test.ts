import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screen, TOWN } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, register, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

const HOUSEHOLDS = 100;
/** As many as a family of the tests can have: their rows fill more than one part. */
const PEOPLE = 9;

interface Job {
  id: string;
  state: string;
  rows: number;
  problem?: { code: string };
  files?: { rows: number; url: string }[];
}

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  const here = await register(stack, HOUSEHOLDS, VILLAGE, PEOPLE);
  await screen(stack, '2023Q4');
  const there = await register(stack, HOUSEHOLDS, OTHER_VILLAGE, PEOPLE);
  const ids = [...here, ...there, ...(await register(stack, 60, OTHER_TOWN_VILLAGE))];
  const former = { admittedOn: '2022-08-01', people: 1, caseType: 'marginal', risks: ['illness'], measures: [] };
  const cases = ids.map((household) => ({ household, episodes: [former] }));
  for (let from = 0; from < cases.length; from += 100)
    await stack.post('/v1/imports/cases', OFFICER, { rows: cases.slice(from, from + 100) });
  const repairs = ids.map((household, n) => ({
    kind: 'housing-repair',
    occurredOn: `2023-0${1 + (n % 9)}-01`,
    region: household.slice(0, 12),
    household,
    amount: 100 + n,
    note: '=1+1，"加固"',
  }));
  await stack.post('/v1/ledger', OFFICER, { rows: repairs });
});
afterAll(() => stack.stop());

const ask = (body: object, as: As = OFFICER) => stack.post('/v1/export-jobs', as, body);
const look = async (id: string, as: As = OFFICER): Promise<Job> => (await stack.get(`/v1/export-jobs/${id}`, as)).body;

/** Waits, in real time, until nobody works on it any more. */
async function ended(id: string, as: As = OFFICER): Promise<Job> {
  for (;;) {
    const job = await look(id, as);
    if (job.state === 'done' || job.state === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const putsFailed = () =>
  stack.local.gateway.meter
    .snapshot()
    .calls.reduce((sum, { action, errors }) => sum + (action === 'PutObject' ? errors : 0), 0);

/** The files of a job, one after the other. */
async function tableOf({ files = [] }: Job): Promise<string> {
  const texts: string[] = [];
  for (const { url } of files) {
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    // As a browser saves it: with the mark at its beginning.
    texts.push(Buffer.from(await answer.arrayBuffer()).toString('utf8'));
  }
  return texts.join('');
}

/** The same table as it is answered at once. */
async function atOnce(kind: string, region: string, more = '', as: As = OFFICER): Promise<string> {
  const headers = { authorization: `Bearer ${await stack.token(as)}` };
  const url = `${stack.local.endpoints.api}/v1/exchange/${kind}?region=${region}&format=csv${more}`;
  const answer = await fetch(url, { headers });
  return Buffer.from(await answer.arrayBuffer()).toString('utf8');
}

describe('an export as a job', () => {
  it.each([
    ['households', {}, ''],
    ['visits', { round: '2023Q4' }, '&round=2023Q4'],
    ['cases', {}, ''],
    ['claims', {}, ''],
    ['ledger', { from: '2023-02-01', to: '2023-08-31' }, '&from=2023-02-01&to=2023-08-31'],
  ])('is the very table of %s that is answered at once', async (kind, more, query) => {
    const asked = await ask({ kind, region: '440904', ...more });
    expect([kind, asked.status, asked.body.code]).toEqual([kind, 202, undefined]);
    const job = await ended(asked.body.id);
    expect([kind, job.state, job.problem]).toEqual([kind, 'done', undefined]);
    const [told, whole] = [await tableOf(job), await atOnce(kind, '440904', query)];
    expect(told).toBe(whole);
    expect(job.rows).toBe(whole.split('\r\n').length - 2);
    expect(job.files?.reduce((sum, { rows }) => sum + rows, 0)).toBe(job.rows);
    if (kind === 'households') expect(job.files?.length).toBeGreaterThan(1);
  });

  it('is of the region asked for, and refused at once where the table would be', async () => {
    const job = await ended((await ask({ kind: 'households', region: VILLAGE }, WORKER)).body.id, WORKER);
    expect(await tableOf(job)).toBe(await atOnce('households', VILLAGE, '', WORKER));
    const code = async (body: object, as?: As) => (await ask(body, as)).body.code;
    expect(await code({ kind: 'households', region: '440904' }, TOWN)).toBe('outside-region');
    expect(await code({ kind: 'households', region: '440904' }, { account: 'insurer-adjuster' })).toBe(
      'role-not-allowed',
    );
    expect(await code({ kind: 'claims', region: '440904' }, { account: 'bank' })).toBe('role-not-allowed');
    expect(await code({ kind: 'visits', region: '440904' })).toBe('invalid-parameter');
    expect(await code({ kind: 'visits', region: OTHER_VILLAGE, round: '2023Q3' })).toBe('round-unknown');
    expect(await code({ kind: 'roster', region: '440904' })).toBe('invalid-body');
  });

  it('is found by nobody else, and its addresses end', async () => {
    const { body } = await ask({ kind: 'cases', region: '440904' });
    const job = await ended(body.id);
    for (const as of [SECOND_OFFICER, TOWN]) {
      expect((await stack.get(`/v1/export-jobs/${body.id}`, as)).body.code).toBe('export-unknown');
      expect((await stack.post(`/v1/export-jobs/${body.id}/steps`, as)).body.code).toBe('export-unknown');
    }
    // Who is sent to another village has left the tables of the former one behind.
    const { body: former } = await ask({ kind: 'households', region: VILLAGE }, WORKER);
    await ended(former.id, WORKER);
    const elsewhere = { ...WORKER, region: OTHER_VILLAGE };
    expect((await stack.get(`/v1/export-jobs/${former.id}`, elsewhere)).body.code).toBe('export-unknown');
    expect((await stack.post(`/v1/export-jobs/${former.id}/steps`, elsewhere)).body.code).toBe('export-unknown');
    const [file] = job.files ?? [];
    const url = file?.url ?? '';
    expect((await fetch(url)).status).toBe(200);
    await stack.advance(new Date(stack.local.clock.now() + 601_000).toISOString());
    expect((await fetch(url)).status).toBe(403);
    expect(await tableOf(await look(body.id))).toContain('案件编号');
  });

  it('that broke off goes on from its last part when whoever asked looks again, and has every row once', async () => {
    // Written are the job, then in its first step the lease, a part, the job, another part: there storage fails, and so it does when that is to be noted.
    stack.local.gateway.faults.add({ service: 's3', action: 'PutObject', kind: 'fail-before', nth: [5, 6] });
    const failed = putsFailed();
    const { body } = await ask({ kind: 'households', region: '440904' });
    await expect.poll(() => putsFailed() - failed, { timeout: 60_000 }).toBe(2);
    const left = await look(body.id);
    expect(left).toMatchObject({ state: 'running' });
    expect(left.rows).toBeGreaterThan(0);
    // Nobody takes it over while somebody may still be at it.
    expect((await stack.post(`/v1/export-jobs/${body.id}/steps`, OFFICER)).body).toEqual(left);
    await stack.settle(36);
    expect(await look(body.id)).toMatchObject({ state: 'waiting', rows: left.rows });
    await stack.post(`/v1/export-jobs/${body.id}/steps`, OFFICER);
    const job = await ended(body.id);
    expect(await tableOf(job)).toBe(await atOnce('households', '440904'));
    // What has ended is not begun again.
    expect((await stack.post(`/v1/export-jobs/${body.id}/steps`, OFFICER)).body).toMatchObject({
      state: 'done',
      rows: job.rows,
    });
  });
});
