import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Registered } from '../../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  register,
  testId,
  testRow,
  VILLAGE,
  visitOf,
  WORKER,
} from '../../playing-households.ts';
import { Quality, type Shown } from '../../quality.ts';
import { type Answer, type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let quality: Quality;
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 6, VILLAGE, 2);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
  quality = new Quality(stack);
});
afterAll(() => stack.stop());

const OTHER_WORKER: As = { account: 'village-worker', region: OTHER_VILLAGE };
const OTHER_TOWN: As = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };

const path = '/v1/reports/quality';
const codes = (items: { rule: string }[]) => items.map(({ rule }) => rule).sort();

describe('on import', () => {
  const wrong = {
    ...testRow(60),
    members: [...testRow(60).members, { name: '测试', relation: 'child', idNumber: '440904200506150011' }],
  };
  const right = {
    ...wrong,
    members: [...testRow(60).members, { name: '测试', relation: 'child', idNumber: testId(60, '20050615') }],
  };
  const send = (rows: object[]) => stack.post('/v1/households:import', OFFICER, { rows });

  it('a malformed ID number is kept by village, household number and place, never the number', async () => {
    const { body } = await send([testRow(61), wrong]);
    expect(body.items[1]).toMatchObject({
      outcome: 'refused',
      findings: ['ID_NUMBER_MALFORMED'],
      problem: { code: 'id-number-invalid' },
    });
    expect(body.items[0]).not.toHaveProperty('findings');
    const found = await quality.one('ID_NUMBER_MALFORMED');
    expect(found).toMatchObject({
      region: VILLAGE,
      severity: 'serious',
      subject: { household: `${VILLAGE}-0060`, member: 1 },
      observed: { fault: 'check-digit' },
      foundBy: 'import',
      state: 'open',
    });
    expect(JSON.stringify(found)).not.toContain('20050615');
  });

  it('sent again, or as a batch that is refused whole, it is the same finding; a run leaves it', async () => {
    expect(await send([wrong])).toMatchObject({ status: 422, body: { code: 'id-number-invalid' } });
    await quality.run();
    expect((await quality.list('&state=all')).total).toBe(1);
  });

  it('is corrected when the household is registered with the right number', async () => {
    expect((await send([right])).body).toMatchObject({ registered: 1 });
    expect((await quality.list()).total).toBe(0);
    expect(await quality.one('ID_NUMBER_MALFORMED', 'corrected')).toMatchObject({ resolved: { how: 'corrected' } });
    const wrongAgain = await send([wrong]);
    expect(wrongAgain.status).toBe(422);
    expect(await quality.one('ID_NUMBER_MALFORMED')).toMatchObject({
      state: 'open',
      reopenedAt: expect.any(String),
      resolved: null,
    });
    expect((await quality.run()).body).toMatchObject({ villages: 1, found: 0, corrected: 1, open: 0 });
  });

  it('a row may bring a certificate; sent again without it nothing changes, with another it is another household', async () => {
    const certified = (grade: number) => ({
      ...testRow(70),
      members: testRow(70).members.map((member) => ({
        ...member,
        disabilityCertificate: { grade, issuedOn: '2020-01-01' },
      })),
    });
    expect((await send([certified(2)])).body).toMatchObject({ registered: 1 });
    const shown = (await stack.get(`/v1/households/${VILLAGE}-0070`, WORKER)).body;
    expect(shown.members).toMatchObject([{ disabilityCertificate: { grade: 2, issuedOn: '2020-01-01' } }]);
    expect((await send([testRow(70)])).body).toMatchObject({ unchanged: 1 });
    expect(await send([certified(3)])).toMatchObject({ status: 409, body: { code: 'household-exists' } });
  });

  it('a former register’s cases are held against the rules, and each row is told which it stands open with', async () => {
    const base = { people: 2, caseType: 'marginal', risks: ['illness', 'education'] };
    const closed = {
      on: '2022-01-10',
      method: 'assisted',
      perCapita: 600_000,
      guarantees: { ...visitOf(asHousehold(1)).guarantees, housing: false },
    };
    const rows = [
      {
        household: `${VILLAGE}-0001`,
        episodes: [
          {
            ...base,
            admittedOn: '2021-08-01',
            measures: [{ kind: 'health', startedOn: '2021-09-01', completedOn: '2021-12-01' }],
            closed,
          },
        ],
      },
      { household: `${VILLAGE}-0002`, episodes: [{ ...base, admittedOn: '2023-01-01', measures: [] }] },
      {
        household: `${OTHER_TOWN_VILLAGE}-0001`,
        episodes: [{ ...base, people: 1, admittedOn: '2023-01-01', measures: [] }],
      },
    ];
    const { body } = await stack.post('/v1/imports/cases', OFFICER, { rows });
    expect(body.items.map(({ findings }: { findings: string[] }) => findings)).toEqual([
      [
        'CLOSED_WITHIN_SIX_MONTHS',
        'INCOME_BELOW_LINE_AT_CLOSURE',
        'ASSISTED_WITHOUT_DEVELOPMENT',
        'DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE',
        'NO_MONITORING_CONTACT',
        'RISK_WITHOUT_MEASURE',
      ],
      ['MEASURES_MISSING', 'RISK_WITHOUT_MEASURE'],
      ['MEASURES_MISSING', 'RISK_WITHOUT_MEASURE'],
    ]);
    const again = await stack.post('/v1/imports/cases', OFFICER, { rows: rows.slice(0, 1) });
    expect(again.body.items[0]).toMatchObject({ outcome: 'unchanged', findings: body.items[0].findings });
    expect((await quality.list()).total).toBe(6 + 3);
  });
});

function asHousehold(n: number): Registered {
  return { id: `${VILLAGE}-000${n}`, members: [] };
}

describe('the list', () => {
  it('counts by rule, severity and village, and filters by each', async () => {
    const whole = await quality.list('', OFFICER, '440904');
    expect(whole).toMatchObject({ total: 12, bySeverity: { serious: 11, attention: 1 } });
    expect(whole.byRule).toContainEqual({
      rule: 'RISK_WITHOUT_MEASURE',
      name: '因病、因学、因水风险无对应措施',
      count: 5,
    });
    expect(whole.byVillage.map(({ region, count }: { region: string; count: number }) => [region, count])).toEqual([
      [VILLAGE, 9],
      [OTHER_TOWN_VILLAGE, 3],
    ]);
    expect((await quality.list('&rule=MEASURES_MISSING', OFFICER, '440904')).total).toBe(2);
    expect(codes((await quality.list('&severity=attention', OFFICER, '440904')).items)).toEqual([
      'NO_MONITORING_CONTACT',
    ]);
    expect((await quality.list(`&village=${OTHER_TOWN_VILLAGE}`, OFFICER, '440904')).total).toBe(3);
    expect((await quality.list('&state=corrected', OFFICER, '440904')).total).toBe(1);
    expect((await quality.list('&state=all', OFFICER, '440904')).total).toBe(13);
  });

  it('comes page by page, each finding once, and a cursor opens no other region', async () => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await quality.list(`&limit=5${next === undefined ? '' : `&cursor=${next}`}`, OFFICER, '440904');
      seen.push(...page.items.map(({ id }: Shown) => id));
      next = page.next;
      if (next !== undefined)
        expect(await stack.get(`${path}?region=${VILLAGE}&cursor=${next}`, OFFICER)).toMatchObject({ status: 400 });
    } while (next !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([12, 12]);
  });

  it('shows ids and codes, a sentence and what puts it right; no names and no numbers', async () => {
    const { items } = await quality.list();
    for (const { message, explanation } of items) expect(`${message}${explanation}`).toMatch(/[\u4e00-\u9fff]/);
    expect(JSON.stringify(items)).not.toMatch(/测试|\*\*\*\*|\d{17}[\dX]/);
  });

  it('is of the caller’s region: another’s is refused, counted nowhere, run nowhere and explained by nobody', async () => {
    const own = await quality.list('', OTHER_TOWN, OTHER_TOWN.region);
    expect(own).toMatchObject({ total: 3, byVillage: [{ region: OTHER_TOWN_VILLAGE, count: 3 }] });
    const [theirs] = (await quality.list()).items;
    for (const as of [OTHER_TOWN, OTHER_WORKER]) {
      const refusals: Answer[] = [
        await stack.get(`${path}?region=${VILLAGE}`, as),
        await stack.get(`${path}?region=440904`, as),
        await quality.run(as),
        await quality.resolve(theirs.id, '已经核实无误', as),
        await quality.resolve(`${VILLAGE}-0000000000000000`, '已经核实无误', as),
      ];
      for (const refused of refusals) expect(refused).toMatchObject({ status: 403, body: { code: 'outside-region' } });
    }
    expect(await stack.get(`${path}?region=${VILLAGE}&village=${OTHER_VILLAGE}`, WORKER)).toMatchObject({
      status: 403,
    });
    expect(await quality.resolve(`${VILLAGE}-0000000000000000`, '已经核实无误')).toMatchObject({
      status: 404,
      body: { code: 'finding-unknown' },
    });
  });
});
