import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admissionOf, agree, agreeUntil, pendingOf, type Registered, TOWN, visited } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, VILLAGE, WORKER } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

const AUDITOR = { account: 'auditor' };
const ELSEWHERE = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
let stack: TestStack;
let household: Registered;
let subject: string;

/** One village of two visited households, the round open; an admission of the first waits for its home verification. */
beforeAll(async () => {
  stack = await TestStack.start();
  const [first] = await visited(stack, 2);
  if (first === undefined) throw new Error('No household.');
  household = first;
  subject = await admissionOf(stack, household);
});
afterAll(() => stack.stop());

const now = () => new Date(stack.local.clock.now()).toISOString();

describe('the progress of a round', () => {
  const path = '/v1/rounds/2023Q4/progress?region=440904&level=village';
  const ask = async (known?: string) =>
    fetch(`${stack.local.endpoints.api}${path}`, {
      headers: {
        authorization: `Bearer ${await stack.token(OFFICER)}`,
        ...(known === undefined ? {} : { 'if-none-match': known }),
      },
    });

  test('tells every village of the district in one call', async () => {
    const { parts, expected } = Object(await (await ask()).json());
    const village = parts.find(({ region }: { region: string }) => region === VILLAGE);
    expect(parts.every(({ region }: { region: string }) => region.length === 12)).toBe(true);
    expect([village.expected, village.visited, expected]).toEqual([2, 2, 2]);
  });

  test('is answered 304 without a body while nothing has changed, and anew as soon as something has', async () => {
    const first = await ask();
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await ask(known);
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect((await ask('"other"')).status).toBe(200);
  });
});

describe('one decision', () => {
  test('is told with its facts and names, and its answer once it has one', async () => {
    const { id } = (await pendingOf(stack, subject)) ?? { id: '' };
    const pending = await stack.get(`/v1/decisions/${id}`, WORKER);
    expect(pending).toMatchObject({
      status: 200,
      body: {
        id,
        household: household.id,
        step: 'home-verification',
        answer: null,
        names: { head: '测试1' },
        people: 2,
        origin: 'lifted',
        case: { stage: 'admission', episode: 1, earlier: [] },
        claim: null,
        newest: null,
      },
    });
    expect(pending.body.names).toMatchObject({ village: '霞里社区居委会' });
    // The insurer has nothing to do with a review.
    const insurer = await stack.get(`/v1/decisions/${id}`, { account: 'insurer-adjuster' });
    expect([insurer.status, insurer.body.code]).toEqual([404, 'decision-unknown']);

    await agree(stack, subject, household);
    const { body } = await stack.get(`/v1/decisions/${id}`, AUDITOR);
    expect(body.answer).toMatchObject({ verdict: 'approve', by: 'village-worker' });
    expect(body.case).toMatchObject({
      risks: ['illness'],
      earlier: [{ step: 'home-verification', verdict: 'approve' }],
    });
  });
});

describe('notifications', () => {
  const since = async (instant: string, as = OFFICER as { account: string; region?: string }) =>
    (await stack.get(`/v1/notifications?region=${as.region ?? '440904'}&since=${instant}`, as)).body;

  test('tell what came since, by what happened last; of other regions and roles nothing', async () => {
    const before = new Date(stack.local.clock.now() - 3_600_000).toISOString();
    const fresh = await since(before);
    expect(fresh.items).toMatchObject([{ subject, step: 'data-comparison', what: 'entered' }]);
    expect(fresh.total).toBe(1);
    expect((await since(fresh.asOf)).items).toEqual([]);
    expect((await since(before, TOWN)).items).toEqual([]);
    expect((await stack.get(`/v1/notifications?region=440904&since=${before}`, ELSEWHERE)).body.code).toBe(
      'outside-region',
    );
    expect((await stack.get(`/v1/notifications?region=440904&since=${before}`, AUDITOR)).status).toBe(403);

    const looked = now();
    await stack.settle(20 * 86_400);
    expect((await since(looked)).items).toMatchObject([{ subject, what: 'overdue', overdue: true }]);
    expect((await since(now())).items).toEqual([]);
  });
});

describe('the register of notices', () => {
  test('has those that stand and those that have ended, for officers of the region', async () => {
    const list = async (as = OFFICER as { account: string; region?: string }) =>
      stack.get(`/v1/notices/all?region=${as.region ?? '440904'}`, as);
    await agreeUntil(stack, subject, household, 'public-notice');
    expect((await list()).body.items).toMatchObject([
      { case: subject, household: household.id, state: 'standing', lodged: 0 },
    ]);
    await agreeUntil(stack, subject, household, 'town-review');
    const { body } = await list(TOWN);
    expect(body).toMatchObject({ total: 1, items: [{ state: 'ended' }] });
    expect((await list(ELSEWHERE)).body.items).toEqual([]);
    // Nobody without login sees a notice that is over.
    expect((await stack.call('GET', '/v1/notices?region=440904', '')).body.items).toEqual([]);
  });
});

describe('open cases', () => {
  test('are counted and found by how long they have been monitored', async () => {
    await agreeUntil(stack, subject, household);
    const cases = async (age = '') => (await stack.get(`/v1/cases?region=440904${age}`, OFFICER)).body;
    expect((await cases()).counts.byAge['under-6-months']).toEqual({ households: 1, people: 2 });
    await stack.settle(200 * 86_400);
    expect((await cases()).counts.byAge).toMatchObject({
      'under-6-months': { households: 0 },
      '6-to-12-months': { households: 1 },
    });
    expect((await cases('&age=6-to-12-months')).items).toHaveLength(1);
    expect((await cases('&age=under-6-months')).items).toEqual([]);
  });
});
