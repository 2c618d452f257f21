import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoDivisions } from '../../../demo/district/households.ts';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { type Registered, sealRound, TOWN } from '../../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { Quality, type Shown } from '../../quality.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let quality: Quality;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 6, VILLAGE, 2);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
  quality = new Quality(stack);
});
afterAll(() => stack.stop());

const OTHER_TOWN: As = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };

function household(n: number): Registered {
  const found = households[n];
  if (found === undefined) throw new Error(`There is no household ${n}.`);
  return found;
}

const path = '/v1/reports/quality';

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
    expect((await quality.run()).body).toMatchObject({ region: VILLAGE, villages: 1, found: 4, corrected: 0 });
    expect((await quality.run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect(await quality.one('WAGES_TOO_SMALL')).toMatchObject({
      subject: { household: household(2).id },
      observed: { wages: 9_999 },
      severity: 'attention',
      message: '全年工资性收入只有 99.99 元。',
      foundBy: 'demand',
    });
    expect(await quality.one('DISABILITY_WITHOUT_CERTIFICATE')).toMatchObject({
      subject: { person: household(3).members[0]?.person },
    });
  });

  it('of two runs at once every finding is there once', async () => {
    await send(5, { income: income(1), members: graded(5, 4) });
    const runs = await Promise.all([quality.run(), quality.run(TOWN), quality.run(OFFICER)]);
    expect(runs.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await quality.list('&rule=WAGES_TOO_SMALL')).total).toBe(2);
    expect((await quality.list('&rule=DISABILITY_WITHOUT_CERTIFICATE')).total).toBe(2);
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
    while ((await quality.run()).status !== 200);
    stack.local.gateway.faults.clear();
    const { items } = await quality.list('&state=all&rule=WAGES_TOO_SMALL');
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
    expect((await quality.run()).body).toMatchObject({ found: 0, corrected: 2 });
    const corrected = (await quality.list('&state=corrected')).items.map(({ rule, subject }: Shown) => [
      rule,
      subject.household,
    ]);
    expect(corrected).toContainEqual(['WAGES_TOO_SMALL', household(2).id]);
    expect(corrected).toContainEqual(['DISABILITY_WITHOUT_CERTIFICATE', household(3).id]);
  });

  it('a stated reason ends a finding, once, and only until its facts change', async () => {
    const found = (await quality.list('&rule=WAGES_TOO_SMALL')).items[0];
    const [one, two] = await Promise.all([
      quality.resolve(found.id, '帮工一日所得'),
      quality.resolve(found.id, '村里临时工'),
    ]);
    expect([one.status, two.status].sort()).toEqual([200, 409]);
    const reason = one.status === 200 ? '帮工一日所得' : '村里临时工';
    expect(await quality.resolve(found.id, reason)).toMatchObject({
      status: 200,
      body: { state: 'explained', resolved: { how: 'explained', reason, by: 'village-worker' } },
    });
    expect(await quality.resolve(found.id, reason, TOWN)).toMatchObject({
      status: 200,
      body: { resolved: { by: 'village-worker' } },
    });
    expect(await quality.resolve(found.id, '另一个理由')).toMatchObject({
      status: 409,
      body: { code: 'finding-explained' },
    });
    expect(await quality.resolve(found.id, '短')).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect((await quality.run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect((await quality.list('&rule=WAGES_TOO_SMALL')).total).toBe(0);
    await send(5, { income: income(3), members: graded(5, 3), recordedAt: '2023-10-11T09:50:00+08:00' });
    expect((await quality.run()).body).toMatchObject({ found: 1, corrected: 0 });
    expect((await quality.list('&rule=WAGES_TOO_SMALL')).items).toMatchObject([
      { observed: { wages: 3 }, state: 'open' },
    ]);
    expect((await quality.list('&rule=WAGES_TOO_SMALL&state=explained')).items).toMatchObject([
      { observed: { wages: 2 }, state: 'explained' },
    ]);
  });

  it('what was corrected needs no reason', async () => {
    const corrected = (await quality.list('&state=corrected&rule=WAGES_TOO_SMALL')).items[0];
    expect(await quality.resolve(corrected.id, '帮工一日所得')).toMatchObject({
      status: 409,
      body: { code: 'finding-corrected' },
    });
  });

  it('a run over the district goes on where the last one ended', async () => {
    await stack.post('/v1/divisions', OFFICER, demoDivisions());
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
    expect(await quality.list('&rule=WAGES_TOO_SMALL', OTHER_TOWN, OTHER_TOWN_VILLAGE)).toMatchObject({
      total: 1,
      items: [{ foundBy: 'sealing' }],
    });
    const disagreement = await quality.one('SAMPLE_DISAGREES');
    expect(disagreement).toMatchObject({
      severity: 'serious',
      subject: { household: household(2).id, round: '2023Q4' },
      foundBy: 'sealing',
    });
    // What a run before the sealing found stands: the same visits count.
    expect((await quality.list('&rule=WAGES_TOO_SMALL')).items).toMatchObject([
      { observed: { wages: 3 }, foundBy: 'demand' },
    ]);
    expect((await quality.run()).body).toMatchObject({ found: 0, corrected: 0 });
    expect(await quality.resolve(disagreement.id, '复核入户，村里填报有误', TOWN)).toMatchObject({ status: 200 });
    expect((await quality.run()).body).toMatchObject({ found: 0, corrected: 0 });
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
    await quality.run();
    expect(await quality.one('HISTORY_CONTRADICTS')).toMatchObject({
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
