import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { OTHER_VILLAGE, testId, VILLAGE } from '../../playing-households.ts';
import { type As, OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

const HEADINGS = '行政村编码,户编号,户类型,姓名,与户主关系,身份证号码,家庭住址';
/** Two rows each: the five hundredth row of a chunk is the first of a household's two. */
const HOUSEHOLDS = 520;

interface Job {
  id: string;
  state: string;
  rows: number;
  read: number;
  bytes: number;
  counts: Record<string, number>;
  problem?: { code: string };
  upload?: { url: string; headers: Record<string, string> };
  files?: { rows: number; url: string }[];
}

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

const born = (n: number, year: number) => `${year + Math.floor(n / 900)}0615`;

/** A household of two, its address over two lines; the ID number of every hundredth one's child is wrong. */
function household(n: number): string[] {
  const number = String(n).padStart(4, '0');
  const wrong = n % 100 === 0;
  const child = testId(n % 900, born(n, 1990));
  return [
    `${VILLAGE},${number},脱贫户,测试${n},户主,${testId(n % 900, born(n, 1960))},"东街 1 号\n""后院"""`,
    `${VILLAGE},${number},,测试幼${n},之子,${wrong ? `${child.slice(0, 17)}Y` : child},`,
  ];
}

const look = async (id: string, as: As = OFFICER): Promise<Job> => (await stack.get(`/v1/import-jobs/${id}`, as)).body;

async function imported(text: string | Buffer, more: object = {}): Promise<Job> {
  const bytes = Buffer.from(text);
  const { status, body } = await stack.post('/v1/import-jobs', OFFICER, {
    kind: 'households',
    bytes: bytes.length,
    ...more,
  });
  expect([status, body.state]).toEqual([202, 'announced']);
  const { 'content-length': _, ...headers } = body.upload.headers;
  expect((await fetch(body.upload.url, { method: 'PUT', headers, body: bytes })).status).toBe(200);
  await stack.post(`/v1/import-jobs/${body.id}/steps`, OFFICER);
  for (;;) {
    const job = await look(body.id);
    if (job.state === 'done' || job.state === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('an import as a job', () => {
  const table = [HEADINGS, '', ...Array.from({ length: HOUSEHOLDS }, (_, n) => household(n + 1)).flat()].join('\r\n');

  it('takes in a table longer than a request, households whole across its chunks, and marks every row', async () => {
    const job = await imported(`\uFEFF${table}\r\n`);
    expect([job.state, job.problem]).toEqual(['done', undefined]);
    expect(job.counts).toEqual({ registered: HOUSEHOLDS - 5, refused: 5 });
    expect([job.read, job.rows]).toEqual([job.bytes, 2 * HOUSEHOLDS + 1]);
    const { body } = await stack.get(`/v1/households/${VILLAGE}-0250`, OFFICER);
    expect(body.members.map(({ name }: { name: string }) => name)).toEqual(['测试250', '测试幼250']);
    expect(body.address).toBe('东街 1 号\n"后院"');
    expect((await stack.get(`/v1/households/${VILLAGE}-0300`, OFFICER)).status).toBe(404);
    expect(job.files?.length).toBeGreaterThan(2);
    const told: string[] = [];
    for (const { url } of job.files ?? []) {
      const [sheet] = readWorkbook(new Uint8Array(await (await fetch(url)).arrayBuffer()));
      const [headings = [], ...rows] = sheet?.rows ?? [];
      const column = headings.indexOf('结果');
      told.push(...rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : [])));
    }
    expect(told.filter((outcome) => outcome === '未通过')).toHaveLength(10);
    expect(told.filter((outcome) => outcome === '已登记')).toHaveLength(2 * (HOUSEHOLDS - 5));
  });

  it('taken in again, changes nothing; in another encoding neither', async () => {
    const again = await imported(table);
    expect(again.counts).toEqual({ unchanged: HOUSEHOLDS - 5, refused: 5 });
  });

  it('is refused where its headings are wrong, its file is not there, or somebody else asked', async () => {
    expect(await imported('一,二\r\n1,2\r\n')).toMatchObject({ state: 'failed', problem: { code: 'sheet-columns' } });
    expect(await imported(HEADINGS)).toMatchObject({ state: 'failed', problem: { code: 'sheet-empty' } });
    expect(await imported(`${HEADINGS}${'\r\n,,,,,,'.repeat(600)}`)).toMatchObject({
      problem: { code: 'sheet-empty' },
    });
    const { body } = await stack.post('/v1/import-jobs', OFFICER, { kind: 'households', bytes: 10 });
    expect((await stack.post(`/v1/import-jobs/${body.id}/steps`, OFFICER)).body.code).toBe('document-not-uploaded');
    expect((await look(body.id)).state).toBe('announced');
    // The number of bytes is signed.
    expect((await fetch(body.upload.url, { method: 'PUT', body: 'longer than that' })).status).toBe(403);
    expect((await stack.get(`/v1/import-jobs/${body.id}`, SECOND_OFFICER)).body.code).toBe('import-unknown');
    expect((await stack.post('/v1/import-jobs', OFFICER, { kind: 'visits', bytes: 10 })).body.code).toBe(
      'invalid-parameter',
    );
    expect((await stack.post('/v1/import-jobs', { account: 'auditor' }, { kind: 'ledger', bytes: 10 })).status).toBe(
      403,
    );
  });

  it('whose request is not answered takes the same rows again, until all are told', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, n) => `${OTHER_VILLAGE},${n + 1},一般农户,测试,户主,${testId(n, '19500101')},`,
    );
    stack.local.gateway.faults.add({ service: 'dynamodb', action: 'TransactWriteItems', kind: 'fail-before', nth: 1 });
    const job = await imported([HEADINGS, ...rows].join('\n'));
    expect(job.state).toBe('done');
    expect(Object.values(job.counts).reduce((sum, n) => sum + n, 0)).toBe(30);
    expect((await stack.get(`/v1/households?region=${OTHER_VILLAGE}`, OFFICER)).body.items).toHaveLength(30);
  });
});
