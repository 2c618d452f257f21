import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { SAFE } from '../../harmless.ts';
import {
  admissionOf,
  agreeUntil,
  PROPOSER,
  pendingOf,
  playing,
  type Registered,
  screen,
  TOWN,
  today,
  visited,
} from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, openRound, submit, testRow, VILLAGE, visitOf } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

const RESPONSIBLE = { account: 'h', name: '陈帮扶', unit: '镇农业办' };

/** What a household does so that exactly one gate is missed: its measures, and what is seen in the two rounds. */
interface Story {
  measures: string[];
  q1?: (household: Registered) => Partial<Visit>;
  q2?: (household: Registered) => Partial<Visit>;
}
const noIncome = { wages: 0, business: 0, property: 0, transfer: 100_000, businessCosts: 0 };
const safe = SAFE;
const both = ['employment', 'health'];
const stories: Record<string, Story> = {
  none: { measures: both },
  MEASURE_DONE: { measures: ['health'] },
  RISKS_RESOLVED: { measures: ['employment'] },
  INCOME_ABOVE_LINE: { measures: both, q1: () => ({ income: noIncome }) },
  GUARANTEES_SAFE: { measures: both, q2: () => ({ guarantees: { ...safe, housing: false } }) },
  RIGID_SPENDING_SOLVED: { measures: both, q2: () => ({ selfPaid: { medical: 1_700_000, education: 0, other: 0 } }) },
  NO_NEW_RISK: { measures: both, q1: () => ({ income: { ...noIncome, wages: 20_000_000 } }) },
  NOT_WHOLLY_UNABLE: {
    measures: ['health'],
    q2: ({ members }) => ({
      members: members.map(({ person }) => ({ person, labour: 'none', health: 'healthy', inSchool: false })),
    }),
  },
};
const names = Object.keys(stories);

let stack: TestStack;
let households: Registered[];
const subjects = new Map<string, string>();
const storyOf = ({ id }: Registered) => stories[names[households.findIndex((one) => one.id === id)] ?? 'none'];

beforeAll(async () => {
  stack = await TestStack.start({ start: '2022-10-11T10:00:00+08:00' });
  households = await visited(stack, names.length, '2022Q4');
  for (const [n, household] of households.entries()) {
    const subject = await admissionOf(stack, household);
    subjects.set(names[n] ?? '', subject);
    await agreeUntil(stack, subject, household, 'public-notice');
  }
  await stack.settle(6 * 86_400);
  for (const [n, household] of households.entries())
    await agreeUntil(stack, subjects.get(names[n] ?? '') ?? '', household);
});
afterAll(() => stack.stop());

const caseOf = (story: string) => `/v1/cases/${subjects.get(story)}`;

describe('measures', () => {
  it('are planned once for a key, matched to risks, suggested by labour, and missed ones are warned of, overdue after a month', async () => {
    const path = `${caseOf('none')}/measures`;
    const { body: fresh } = await stack.get(caseOf('none'), OFFICER);
    expect(fresh.warnings.map(({ code }: { code: string }) => code)).toEqual([
      'RISK_WITHOUT_MEASURE',
      'NO_DEVELOPMENT_MEASURE',
    ]);
    expect(fresh.suggestions[0]).toMatchObject({ kind: 'industry', nature: 'development' });
    const plan = {
      key: 'measure-1',
      kind: 'employment',
      plannedOn: today(stack),
      responsible: RESPONSIBLE,
      funder: '区人社局',
      amount: 300_000,
    };
    const first = await stack.post(path, TOWN, plan);
    expect([first.status, first.body.warnings.map(({ code }: { code: string }) => code)]).toEqual([
      201,
      ['RISK_WITHOUT_MEASURE'],
    ]);
    expect((await stack.post(path, TOWN, plan)).body.measure.id).toBe(first.body.measure.id);
    expect((await stack.get(caseOf('none'), OFFICER)).body.measures).toHaveLength(1);
    const one = `${path}/${first.body.measure.id}`;
    const change = async (body: object) => (await stack.post(one, TOWN, { change: body })).body;
    expect((await change({ to: 'completed', on: today(stack), evidence: ['p'] })).code).toBe('measure-status');
    expect((await change({ to: 'under-way', on: '2022-10-01' })).code).toBe('measure-date-before');
    expect((await change({ to: 'under-way', on: '2023-10-01' })).code).toBe('measure-date-in-future');
    expect((await change({ to: 'under-way', on: today(stack) })).measure.status).toBe('under-way');
    expect((await change({ to: 'completed', on: today(stack), evidence: [] })).code).toBe('invalid-body');
    expect((await change({ to: 'completed', on: today(stack), evidence: ['photo'] })).measure).toMatchObject({
      status: 'completed',
      amount: 300_000,
    });
    expect(
      (await stack.post(`${path}/measure-0000000000000000`, TOWN, { change: { to: 'under-way', on: today(stack) } }))
        .body.code,
    ).toBe('measure-unknown');
    await stack.settle(32 * 86_400);
    const overdue = await stack.get(caseOf('MEASURE_DONE'), OFFICER);
    expect(overdue.body.warnings.map(({ code }: { code: string }) => code)).toContain('MEASURES_OVERDUE');
  });

  it('that are referred are followed until they are granted or refused, once', async () => {
    const plan = {
      key: 'referral-1',
      kind: 'minimum-living-allowance',
      plannedOn: today(stack),
      responsible: RESPONSIBLE,
      referral: { to: '区民政局', on: today(stack) },
    };
    const { body } = await stack.post(`${caseOf('NOT_WHOLLY_UNABLE')}/measures`, TOWN, plan);
    const path = `${caseOf('NOT_WHOLLY_UNABLE')}/measures/${body.measure.id}`;
    const granted = { referral: { outcome: 'granted', on: today(stack) } };
    expect((await stack.post(path, TOWN, granted)).body.measure.referral.outcome.outcome).toBe('granted');
    expect((await stack.post(path, TOWN, granted)).status).toBe(200);
    const refused = { referral: { outcome: 'refused', on: today(stack), reason: '不符合低保条件' } };
    expect((await stack.post(path, TOWN, refused)).body.code).toBe('referral-settled');
  });

  it('wait for a case that is open; another helper takes over with a reason', async () => {
    const { body } = await stack.post(`${caseOf('none')}/helper`, TOWN, {
      helper: { account: 'helper-2', name: '黄帮扶', unit: '镇政府' },
      reason: '原责任人调离',
    });
    expect(body.helper).toMatchObject({ account: 'helper-2' });
    const { body: found } = await stack.get(caseOf('none'), OFFICER);
    expect(found.helper).toBe('helper-2');
    expect(found.timeline.at(-1)).toMatchObject({
      kind: 'helper-assigned',
      body: { helper: 'helper-2', before: 'helper-1' },
    });
  });
});

describe('risks', () => {
  it('are added and marked gone with a reason, each once; what was never recorded, or is to be gone tomorrow, is refused', async () => {
    const path = `${caseOf('MEASURE_DONE')}/risks`;
    const added = await stack.post(path, TOWN, { add: 'housing', reason: '台风后屋顶漏水' });
    expect(added.body.risks.map(({ code }: { code: string }) => code)).toEqual(['illness', 'housing']);
    expect((await stack.post(path, TOWN, { add: 'housing', reason: '重复补记' })).body).toEqual(added.body);
    const gone = { gone: 'housing', on: today(stack), reason: '屋顶已修缮' };
    expect((await stack.post(path, TOWN, { ...gone, on: '2099-01-01' })).body.code).toBe('date-in-future');
    expect((await stack.post(path, TOWN, { ...gone, gone: 'education' })).body.code).toBe('risk-not-recorded');
    const after = await stack.post(path, TOWN, gone);
    expect(after.body.risks[1]).toMatchObject({ code: 'housing', gone: { on: today(stack), reason: '屋顶已修缮' } });
    expect((await stack.post(path, TOWN, { ...gone, reason: '再说一次' })).body).toEqual(after.body);
    const { body: found } = await stack.get(caseOf('MEASURE_DONE'), OFFICER);
    expect(found.timeline.slice(-2).map(({ kind }: { kind: string }) => kind)).toEqual(['risk-recorded', 'risk-gone']);
  });
});

describe('lists', () => {
  it('are searched by stage, type, risk and household, and counted like they are scoped', async () => {
    const count = async (query: string, as = OFFICER) =>
      (await stack.get(`/v1/cases?region=440904&${query}`, as)).body.counts?.total;
    expect(await count('')).toEqual({ households: names.length, people: names.length * 2 });
    expect(await count('stage=open&type=unstable-lifted&risk=illness')).toMatchObject({ households: names.length });
    expect(await count('stage=admission')).toMatchObject({ households: 0 });
    expect(await count('risk=education')).toMatchObject({ households: 0 });
    expect(await count(`household=${households[0]?.id}`)).toMatchObject({ households: 1 });
    const elsewhere = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
    expect((await stack.get(`/v1/cases?region=${OTHER_TOWN_VILLAGE.slice(0, 9)}`, elsewhere)).body).toMatchObject({
      items: [],
      counts: { total: { households: 0 } },
    });
    expect((await stack.get('/v1/cases?region=440904', elsewhere)).body.code).toBe('outside-region');
    expect((await stack.get(caseOf('none'), elsewhere)).body.code).toBe('case-unknown');
    const first = await stack.get('/v1/cases?region=440904&limit=5', OFFICER);
    const second = await stack.get(`/v1/cases?region=440904&limit=5&cursor=${first.body.next}`, OFFICER);
    expect(new Set([...first.body.items, ...second.body.items].map(({ id }) => id)).size).toBe(names.length);
  });
});

describe('a closure', () => {
  it('that misses a single gate is refused with that gate’s sentence', async () => {
    for (const [n, name] of names.entries()) {
      for (const [m, kind] of (stories[name]?.measures ?? []).entries()) {
        const path = `${caseOf(name)}/measures`;
        const { body } = await stack.post(path, TOWN, {
          key: `closing-${n}-${m}`,
          kind,
          plannedOn: today(stack),
          responsible: RESPONSIBLE,
        });
        await stack.post(`${path}/${body.measure.id}`, TOWN, { change: { to: 'under-way', on: today(stack) } });
        await stack.post(`${path}/${body.measure.id}`, TOWN, {
          change: { to: 'completed', on: today(stack), evidence: ['photo'] },
        });
      }
    }
    await screen(stack, '2023Q1', (household) => storyOf(household)?.q1?.(household) ?? {});
    await screen(stack, '2023Q2', (household) => storyOf(household)?.q2?.(household) ?? {});
    await stack.advance('2023-05-20T09:00:00+08:00');
    for (const name of names.filter((one) => one !== 'none')) {
      const { status, body } = await stack.post(`${caseOf(name)}/closure`, PROPOSER, { method: 'assisted' });
      expect([name, status, body.code, body.gates?.map(({ gate }: { gate: string }) => gate)]).toEqual([
        name,
        422,
        'gates-not-met',
        [name],
      ]);
      expect(body.detail).toBe(body.gates[0].sentence);
      const { body: check } = await stack.get(`${caseOf(name)}/closure-check`, OFFICER);
      expect([check.holds, check.gates.filter(({ holds }: { holds: boolean }) => !holds).length]).toEqual([false, 1]);
    }
    // Moved away or grown prosperous: the household without labour may be closed as natural.
    expect((await stack.get(`${caseOf('NOT_WHOLLY_UNABLE')}/closure-check?method=natural`, OFFICER)).body.holds).toBe(
      true,
    );
  });

  it('whose facts change between the start and the approval is refused there, and goes on when they are well again', async () => {
    const [first] = households;
    const subject = subjects.get('none') ?? '';
    if (first === undefined) throw new Error('No household.');
    expect((await stack.post(`${caseOf('none')}/closure`, PROPOSER, { method: 'assisted' })).status).toBe(201);
    await stack.settle();
    await agreeUntil(stack, subject, first, 'district-approval');
    await stack.advance('2023-07-11T10:00:00+08:00');
    await openRound(stack, '2023Q3');
    const seen = (minute: string, changes: Partial<Visit>) =>
      submit(
        stack,
        [
          visitOf(first, {
            round: '2023Q3',
            visitedOn: '2023-07-11',
            recordedAt: `2023-07-11T09:${minute}:00+08:00`,
            ...changes,
          }),
        ],
        {
          round: '2023Q3',
        },
      );
    await seen('10', { guarantees: { ...safe, housing: false } });
    const pending = await pendingOf(stack, subject);
    if (pending === undefined) throw new Error('Nothing is pending.');
    const { as, verdict } = playing(stack, pending, first.members[0]?.person ?? '');
    const refused = await stack.post(`/v1/decisions/${pending.id}`, as, { verdict });
    expect([refused.status, refused.body.code, refused.body.gates[0].sentence]).toEqual([
      422,
      'gates-not-met',
      '没有保障：住房安全。',
    ]);
    await seen('20', {});
    const approved = await stack.post(`/v1/decisions/${pending.id}`, as, { verdict });
    expect([approved.status, approved.body.outcome]).toEqual([200, 'decided']);
    const { body } = await stack.get(caseOf('none'), OFFICER);
    expect(body).toMatchObject({ stage: 'closed', closed: { method: 'assisted' } });
    expect(body.episodes.at(-1).closed).toMatchObject({
      guarantees: { compulsoryEducation: true, housing: true },
      monitoringContact: {},
    });
  });

  it('is not started while an admission runs, nor for a case that is closed or unknown', async () => {
    expect((await stack.post(`${caseOf('none')}/closure`, PROPOSER, { method: 'assisted' })).body.code).toBe(
      'case-not-open',
    );
    expect(
      (await stack.post('/v1/cases/case-0000000000000000/closure', PROPOSER, { method: 'assisted' })).body.code,
    ).toBe('case-unknown');
    const [first] = households;
    await stack.post('/v1/clues', PROPOSER, { household: first?.id, reason: '家中又有人重病住院' });
    expect((await stack.post(`${caseOf('none')}/closure`, PROPOSER, { method: 'assisted' })).body.code).toBe(
      'admission-running',
    );
  });
});

describe('a household that moves within the district', () => {
  it('takes its open case along, but not while a review runs', async () => {
    const [under, moving] = [households[0], households[1]];
    const move = (of: Registered | undefined, version: number, number: string) =>
      stack.patch(`/v1/households/${of?.id}`, OFFICER, {
        version,
        change: { kind: 'move', on: today(stack), village: OTHER_TOWN_VILLAGE, number },
      });
    expect((await move(under, 1, '0901')).body.code).toBe('review-running');
    expect((await move(moving, 1, '0902')).status).toBe(200);
    const { body } = await stack.get(caseOf('MEASURE_DONE'), {
      account: 'town-officer',
      region: OTHER_TOWN_VILLAGE.slice(0, 9),
    });
    expect(body).toMatchObject({ household: `${OTHER_TOWN_VILLAGE}-0902`, stage: 'open' });
    expect((await stack.get(`/v1/cases?region=${VILLAGE}`, OFFICER)).body.counts.total.households).toBe(
      names.length - 1,
    );
    const plan = { key: 'after-move', kind: 'industry', plannedOn: today(stack), responsible: RESPONSIBLE };
    expect((await stack.post(`${caseOf('MEASURE_DONE')}/measures`, OFFICER, plan)).status).toBe(201);
  });
});

describe('a household with a case', () => {
  const change = (of: string | undefined, version: number, made: object) =>
    stack.patch(`/v1/households/${of}`, OFFICER, { version, change: { on: today(stack), ...made } });

  it('is not merged while a review runs, nor into another one with a case, nor taken for one that never was', async () => {
    const [under, , open, other] = households;
    const into = (target: Registered | undefined) => ({ kind: 'merge', into: target?.id, intoVersion: 1 });
    expect((await change(under?.id, 1, into(other))).body.code).toBe('review-running');
    expect((await change(open?.id, 1, into(other))).body.code).toBe('case-under-way');
    for (const reason of ['duplicate', 'registered-in-error'])
      expect((await change(open?.id, 1, { kind: 'cancel', reason })).body.code).toBe('case-under-way');
    expect((await stack.get(`/v1/households/${open?.id}`, OFFICER)).body.status).toBe('registered');
  });

  it('that merges takes its open case along', async () => {
    await stack.post('/v1/households:import', OFFICER, { rows: [testRow(60)] });
    const target = `${VILLAGE}-0060`;
    const open = households[names.indexOf('RISKS_RESOLVED')];
    expect((await change(open?.id, 1, { kind: 'merge', into: target, intoVersion: 1 })).status).toBe(200);
    expect((await stack.get(caseOf('RISKS_RESOLVED'), OFFICER)).body).toMatchObject({
      household: target,
      stage: 'open',
    });
    expect((await stack.get(`/v1/households/${target}`, OFFICER)).body.openCase).toBe(true);
  });
});

describe('the watch list', () => {
  it('names the key groups, the most urgent first, and a call moves the day on', async () => {
    const { body } = await stack.get(`/v1/watch-list?region=${VILLAGE}`, OFFICER);
    expect(body.total).toBe(names.length - 2);
    expect(
      body.items.every(
        ({ groups, intervalDays }: { groups: string[]; intervalDays: number }) =>
          groups.includes('open-case') && intervalDays === 30,
      ),
    ).toBe(true);
    const [{ household, overdue }] = body.items;
    expect(overdue).toBe(true);
    const worker = { account: 'village-worker', region: VILLAGE };
    expect(
      (await stack.post(`/v1/households/${household}/calls`, worker, { on: today(stack), note: '身体好转' })).status,
    ).toBe(201);
    expect((await stack.post(`/v1/households/${household}/calls`, worker, { on: '2099-01-01' })).body.code).toBe(
      'date-in-future',
    );
    const after = (await stack.get(`/v1/watch-list?region=${VILLAGE}`, OFFICER)).body;
    expect(after.overdue).toBe(body.overdue - 1);
    expect(after.items.find((one: { household: string }) => one.household === household)).toMatchObject({
      lastSeenOn: today(stack),
      overdue: false,
    });
  });
});
