import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { type Registered, sealRound, TOWN } from '../../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  testId,
  testRow,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { type Answer, type As, OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.prepare();
  await register(stack, 6, VILLAGE, 2);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
});
afterAll(() => stack.stop());

const OTHER_WORKER: As = { account: 'village-worker', region: OTHER_VILLAGE };
const OTHER_TOWN: As = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };

interface Shown {
  id: string;
  rule: string;
  subject: { household?: string; member?: number; person?: string };
  state: string;
}

function household(n: number): Registered {
  const found = households[n];
  if (found === undefined) throw new Error(`There is no household ${n}.`);
  return found;
}

const path = '/v1/reports/quality';
const list = async (query = '', as: As = OFFICER, region = VILLAGE) =>
  (await stack.get(`${path}?region=${region}${query}`, as)).body;
const run = (as: As = WORKER, region = VILLAGE) => stack.post(path, as, { region });
const resolve = (id: string, reason: string, as: As = WORKER) => stack.post(`${path}/${id}/resolution`, as, { reason });
async function one(rule: string, state = 'open'): Promise<Shown> {
  const { items } = await list(`&state=${state}&rule=${rule}`);
  expect(items).toHaveLength(1);
  return items[0];
}
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
    const found = await one('ID_NUMBER_MALFORMED');
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
    await run();
    expect((await list('&state=all')).total).toBe(1);
  });

  it('is corrected when the household is registered with the right number', async () => {
    expect((await send([right])).body).toMatchObject({ registered: 1 });
    expect((await list()).total).toBe(0);
    expect(await one('ID_NUMBER_MALFORMED', 'corrected')).toMatchObject({ resolved: { how: 'corrected' } });
    const wrongAgain = await send([wrong]);
    expect(wrongAgain.status).toBe(422);
    expect(await one('ID_NUMBER_MALFORMED')).toMatchObject({
      state: 'open',
      reopenedAt: expect.any(String),
      resolved: null,
    });
    expect((await run()).body).toMatchObject({ villages: 1, found: 0, corrected: 1, open: 0 });
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
    expect((await list()).total).toBe(6 + 3);
  });
});

function asHousehold(n: number): Registered {
  return { id: `${VILLAGE}-000${n}`, members: [] };
}

describe('the list', () => {
  it('counts by rule, severity and village, and filters by each', async () => {
    const whole = await list('', OFFICER, '440904');
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
    expect((await list('&rule=MEASURES_MISSING', OFFICER, '440904')).total).toBe(2);
    expect(codes((await list('&severity=attention', OFFICER, '440904')).items)).toEqual(['NO_MONITORING_CONTACT']);
    expect((await list(`&village=${OTHER_TOWN_VILLAGE}`, OFFICER, '440904')).total).toBe(3);
    expect((await list('&state=corrected', OFFICER, '440904')).total).toBe(1);
    expect((await list('&state=all', OFFICER, '440904')).total).toBe(13);
  });

  it('comes page by page, each finding once, and a cursor opens no other region', async () => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`&limit=5${next === undefined ? '' : `&cursor=${next}`}`, OFFICER, '440904');
      seen.push(...page.items.map(({ id }: Shown) => id));
      next = page.next;
      if (next !== undefined)
        expect(await stack.get(`${path}?region=${VILLAGE}&cursor=${next}`, OFFICER)).toMatchObject({ status: 400 });
    } while (next !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([12, 12]);
  });

  it('shows ids and codes, a sentence and what puts it right; no names and no numbers', async () => {
    const { items } = await list();
    for (const { message, explanation } of items) expect(`${message}${explanation}`).toMatch(/[\u4e00-\u9fff]/);
    expect(JSON.stringify(items)).not.toMatch(/测试|\*\*\*\*|\d{17}[\dX]/);
  });

  it('is of the caller’s region: another’s is refused, counted nowhere, run nowhere and explained by nobody', async () => {
    const own = await list('', OTHER_TOWN, OTHER_TOWN.region);
    expect(own).toMatchObject({ total: 3, byVillage: [{ region: OTHER_TOWN_VILLAGE, count: 3 }] });
    const [theirs] = (await list()).items;
    for (const as of [OTHER_TOWN, OTHER_WORKER]) {
      const refusals: Answer[] = [
        await stack.get(`${path}?region=${VILLAGE}`, as),
        await stack.get(`${path}?region=440904`, as),
        await run(as),
        await resolve(theirs.id, '已经核实无误', as),
        await resolve(`${VILLAGE}-0000000000000000`, '已经核实无误', as),
      ];
      for (const refused of refusals) expect(refused).toMatchObject({ status: 403, body: { code: 'outside-region' } });
    }
    expect(await stack.get(`${path}?region=${VILLAGE}&village=${OTHER_VILLAGE}`, WORKER)).toMatchObject({
      status: 403,
    });
    expect(await resolve(`${VILLAGE}-0000000000000000`, '已经核实无误')).toMatchObject({
      status: 404,
      body: { code: 'finding-unknown' },
    });
  });
});

describe('on demand, with a round open', () => {
  const income = (wages: number) => ({ wages, business: 0, property: 0, transfer: 0, businessCosts: 0 });
  const send = async (n: number, changes: Partial<Visit>) => {
    const { body } = await submit(stack, [visitOf(household(n), changes)]);
    expect(body.accepted).toBe(1);
  };
  const graded = (n: number, disabilityGrade: number): Visit['members'] =>
    visitOf(household(n)).members.map((member, place) => (place === 0 ? { ...member, disabilityGrade } : member));

  beforeAll(async () => {
    await openRound(stack);
    households = await worklist(stack);
  });

  it('finds what the newest accepted visits show; again it finds nothing more', async () => {
    await send(2, { income: income(9_999) });
    await send(3, { members: graded(3, 2) });
    await send(4, { members: visitOf(household(4)).members.map((member) => ({ ...member, inSchool: true })) });
    expect((await run()).body).toMatchObject({ region: VILLAGE, villages: 1, found: 4, corrected: 0 });
    expect((await run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect(await one('WAGES_TOO_SMALL')).toMatchObject({
      subject: { household: household(2).id },
      observed: { wages: 9_999 },
      severity: 'attention',
      message: '全年工资性收入只有 99.99 元。',
      foundBy: 'demand',
    });
    expect(await one('DISABILITY_WITHOUT_CERTIFICATE')).toMatchObject({
      subject: { person: household(3).members[0]?.person },
    });
  });

  it('of two runs at once every finding is there once', async () => {
    await send(5, { income: income(1), members: graded(5, 4) });
    const runs = await Promise.all([run(), run(TOWN), run(OFFICER)]);
    expect(runs.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await list('&rule=WAGES_TOO_SMALL')).total).toBe(2);
    expect((await list('&rule=DISABILITY_WITHOUT_CERTIFICATE')).total).toBe(2);
  });

  it('loses nothing and doubles nothing when answers are lost and writes delivered twice', async () => {
    await send(5, { income: income(2), members: graded(5, 3), recordedAt: '2023-10-11T09:40:00+08:00' });
    for (const kind of ['lose-answer', 'deliver-twice'] as const) {
      stack.local.gateway.faults.add({
        principal: 'shouwang-test-quality',
        service: 'dynamodb',
        kind,
        probability: 0.3,
        seed: 7,
        times: 20,
      });
    }
    // Three attempts of the SDK may all be lost: that is told, and asked again.
    while ((await run()).status !== 200);
    stack.local.gateway.faults.clear();
    const { items } = await list('&state=all&rule=WAGES_TOO_SMALL');
    const of5 = items.filter(({ subject }: Shown) => subject.household === household(5).id);
    expect(of5.map(({ state }: Shown) => state).sort()).toEqual(['corrected', 'open']);
  });

  it('a certificate in the register puts a grade right, a new visit the wages', async () => {
    const person = household(3).members[0]?.person;
    const change = { kind: 'certificate', on: '2023-10-11', person, certificate: { grade: 2, issuedOn: '2019-05-01' } };
    const future = { ...change, certificate: { grade: 2, issuedOn: '2023-10-12' } };
    const patch = (body: object) =>
      stack.patch(`/v1/households/${household(3).id}`, WORKER, { version: 1, change: body });
    expect(await patch(future)).toMatchObject({ status: 422, body: { code: 'date-in-future' } });
    expect(await patch({ ...change, person: 'p-0000000000000000' })).toMatchObject({
      status: 422,
      body: { code: 'change-not-possible' },
    });
    const { status, body } = await patch(change);
    expect([status, body.household.members[0].disabilityCertificate]).toEqual([
      200,
      { grade: 2, issuedOn: '2019-05-01' },
    ]);
    await send(2, { income: income(2_000_000), recordedAt: '2023-10-11T09:40:00+08:00' });
    expect((await run()).body).toMatchObject({ found: 0, corrected: 2 });
    const corrected = (await list('&state=corrected')).items.map(({ rule, subject }: Shown) => [
      rule,
      subject.household,
    ]);
    expect(corrected).toContainEqual(['WAGES_TOO_SMALL', household(2).id]);
    expect(corrected).toContainEqual(['DISABILITY_WITHOUT_CERTIFICATE', household(3).id]);
  });

  it('a stated reason ends a finding, once, and only until its facts change', async () => {
    const found = (await list('&rule=WAGES_TOO_SMALL')).items[0];
    const [one, two] = await Promise.all([resolve(found.id, '帮工一日所得'), resolve(found.id, '村里临时工')]);
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    const reason = one.status === 200 ? '帮工一日所得' : '村里临时工';
    expect(await resolve(found.id, reason)).toMatchObject({
      status: 200,
      body: { state: 'explained', resolved: { how: 'explained', reason, by: 'village-worker' } },
    });
    expect(await resolve(found.id, reason, TOWN)).toMatchObject({
      status: 200,
      body: { resolved: { by: 'village-worker' } },
    });
    expect(await resolve(found.id, '另一个理由')).toMatchObject({ status: 409, body: { code: 'finding-explained' } });
    expect(await resolve(found.id, '短')).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect((await run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect((await list('&rule=WAGES_TOO_SMALL')).total).toBe(0);
    await send(5, { income: income(3), members: graded(5, 3), recordedAt: '2023-10-11T09:50:00+08:00' });
    expect((await run()).body).toMatchObject({ found: 1, corrected: 0 });
    expect((await list('&rule=WAGES_TOO_SMALL')).items).toMatchObject([{ observed: { wages: 3 }, state: 'open' }]);
    expect((await list('&rule=WAGES_TOO_SMALL&state=explained')).items).toMatchObject([
      { observed: { wages: 2 }, state: 'explained' },
    ]);
  });

  it('what was corrected needs no reason', async () => {
    const corrected = (await list('&state=corrected&rule=WAGES_TOO_SMALL')).items[0];
    expect(await resolve(corrected.id, '帮工一日所得')).toMatchObject({
      status: 409,
      body: { code: 'finding-corrected' },
    });
  });

  it('a run over the district goes on where the last one ended', async () => {
    let villages = 0;
    let after: string | undefined;
    do {
      const { status, body } = await stack.post(path, OFFICER, {
        region: '440904',
        ...(after === undefined ? {} : { after }),
      });
      expect(status).toBe(200);
      villages += body.villages;
      after = body.next;
    } while (after !== undefined);
    expect(villages).toBe(409);
  });
});

describe('the insurer’s roster', () => {
  let policy: string;
  const rows = (list: object[]) => stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: list });
  const row = (idNumber: string, certificate: string) => ({
    name: '测试',
    idNumber,
    certificate,
    enrolledOn: '2023-01-01',
  });

  beforeAll(async () => {
    const { body: product } = await stack.post('/v1/products', OFFICER, illustrativeProduct);
    await stack.post(`/v1/products/${product.id}/approval`, SECOND_OFFICER);
    const terms = {
      number: 'P-2023',
      year: 2023,
      insurer: '测试保险',
      from: '2023-01-01',
      to: '2023-12-31',
      premium: 1,
      limit: 1000,
      product: product.id,
    };
    policy = (await stack.post('/v1/policies', OFFICER, terms)).body.id;
  });

  it('a malformed number is the district’s, by its row, until the certificate comes again with a number that holds', async () => {
    const wrong = testId(1, '19800615').replace(/.$/, (digit) => (digit === '1' ? '2' : '1'));
    await rows([row(testId(500), 'C-500'), row(wrong, `C-${wrong.slice(-8)}`)]);
    const district = await list('&rule=ID_NUMBER_MALFORMED', OFFICER, '440904');
    expect(district.items).toMatchObject([
      {
        region: '440904',
        subject: { policy },
        observed: { fault: 'check-digit', row: 1 },
        message: expect.stringMatching(/^第 2 行/),
      },
    ]);
    expect(JSON.stringify(district.items)).not.toContain(wrong.slice(-8));
    expect((await list('&rule=ID_NUMBER_MALFORMED', TOWN, TOWN.region)).total).toBe(0);
    expect(await resolve(district.items[0].id, '已退回保险公司', TOWN)).toMatchObject({ status: 403 });
    await rows([row(testId(1, '19800615'), `C-${wrong.slice(-8)}`)]);
    expect((await list('&rule=ID_NUMBER_MALFORMED', OFFICER, '440904')).total).toBe(0);
  });

  it('somebody who died and is still on it, or was put on it afterwards, is found in the village, until taken off', async () => {
    const numbers = testRow(1, VILLAGE, 2).members.map(({ idNumber }) => idNumber);
    const [, child] = household(0).members;
    await rows([row(numbers[1] ?? '', 'C-1')]);
    const change = { kind: 'death', on: '2023-09-30', person: child?.person };
    const { body } = await stack.patch(`/v1/households/${household(0).id}`, WORKER, { version: 1, change });
    expect(body.household).not.toHaveProperty('deceased');
    await rows([{ ...row(numbers[1] ?? '', 'C-2'), enrolledOn: '2023-10-01' }]);
    await run();
    const { items } = await list('&rule=INSURED_AFTER_DEATH');
    expect(items.map(({ observed }: { observed: object }) => observed)).toContainEqual({
      diedOn: '2023-09-30',
      enrolledOn: '2023-10-01',
    });
    expect(items).toHaveLength(2);
    await rows([
      { ...row(numbers[1] ?? '', 'C-1'), removedOn: '2023-10-11' },
      { ...row(numbers[1] ?? '', 'C-2'), enrolledOn: '2023-10-01', removedOn: '2023-10-11' },
    ]);
    await run();
    expect((await list('&rule=INSURED_AFTER_DEATH')).total).toBe(0);
  });
});

describe('at sealing', () => {
  it('the rules run over every village, and the surveyor’s disagreement is a finding', async () => {
    const surveyor: As = { account: 'surveyor', region: VILLAGE };
    const poor = { income: { wages: 100_000, business: 0, property: 0, transfer: 0, businessCosts: 0 } };
    const { body } = await stack.get(`/v1/households/${household(0).id}`, WORKER);
    await submit(stack, [visitOf(body), visitOf(household(1))]);
    await submit(stack, [visitOf(household(2), { ...poor, purpose: 'sample' })], { as: surveyor });
    const rest = (await worklist(stack)).slice(6);
    await submit(
      stack,
      rest.map((each) => visitOf(each)),
    );
    const [other] = await worklist(stack, OTHER_TOWN_VILLAGE);
    if (other === undefined) throw new Error('The other worklist is empty.');
    const small = { income: { wages: 50, business: 0, property: 0, transfer: 0, businessCosts: 0 } };
    await submit(stack, [visitOf(other, small)], { village: OTHER_TOWN_VILLAGE });
    await stack.settle(60);
    await sealRound(stack, '2023Q4');
    expect(await list('&rule=WAGES_TOO_SMALL', OTHER_TOWN, OTHER_TOWN_VILLAGE)).toMatchObject({
      total: 1,
      items: [{ foundBy: 'sealing' }],
    });
    const disagreement = await one('SAMPLE_DISAGREES');
    expect(disagreement).toMatchObject({
      severity: 'serious',
      subject: { household: household(2).id, round: '2023Q4' },
      foundBy: 'sealing',
    });
    expect((await list('&rule=ILLNESS_WITHOUT_COST')).total).toBe(1);
    // What a run before the sealing found stands: the same visits count.
    expect((await list('&rule=WAGES_TOO_SMALL')).items).toMatchObject([{ observed: { wages: 3 }, foundBy: 'demand' }]);
    expect((await run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect(await resolve(disagreement.id, '复核入户，村里填报有误', TOWN)).toMatchObject({ status: 200 });
    expect((await run()).body).toMatchObject({ found: 0, corrected: 0 });
  });
});

describe('a history that an older release stored', () => {
  it('and that contradicts itself names its household, and everybody else’s figures still come', async () => {
    const { id, members } = household(3);
    const brief = `/v1/reports/brief?region=${VILLAGE}&asOf=2023-10-01`;
    const { body: before } = await stack.get(brief, OFFICER);
    await storeUnchecked(id, 'p-00000000000000aa', '2023-09-01');
    const { status, body } = await stack.get(brief, OFFICER);
    expect({ status, figures: body.figures?.length }).toEqual({ status: 200, figures: before.figures.length });
    expect(await stack.get(`/v1/households/${id}?asOf=2023-10-01`, OFFICER)).toMatchObject({
      status: 200,
      body: { members: members.map(({ person }) => ({ person })) },
    });
    await run();
    expect(await one('HISTORY_CONTRADICTS')).toMatchObject({
      severity: 'serious',
      subject: { household: id },
      observed: { on: '2023-09-01', change: 'death' },
    });
  });

  /** A version as releases before 0.2 wrote it: a death of somebody who was no member on that day. */
  async function storeUnchecked(id: string, person: string, on: string): Promise<void> {
    const { endpoints, operator } = stack.local;
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
    );
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const version = { version: 9, on, recordedAt: '2023-09-02T00:00:00Z', by: 'o', change: { kind: 'death', person } };
    const Item = { pk: `VILLAGE#${VILLAGE}`, sk: `VERSION#${id}#000009`, doc: JSON.stringify(version) };
    await client.send(new PutCommand({ TableName: TableNames[0], Item }));
  }
});
