import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  testRow,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Awaited<ReturnType<typeof worklist>>;
const TOWN = { account: 'town-officer', region: VILLAGE.slice(0, 9) };

function household(n: number) {
  const found = households[n];
  if (found === undefined) throw new Error(`There is no household ${n}.`);
  return found;
}

beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 8, VILLAGE, 2);
  await register(stack, 1, OTHER_VILLAGE);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
});
afterAll(() => stack.stop());

it('keeps a visit out while no round is open', async () => {
  const refused = await stack.post('/v1/rounds/2023Q4/visits', WORKER, { village: VILLAGE, visits: [{}] });
  expect(refused).toMatchObject({ status: 409, body: { code: 'round-not-open' } });
});

describe('with a round open', () => {
  beforeAll(async () => {
    await openRound(stack);
    households = await worklist(stack);
  });

  const accepted = async () => (await stack.get(`/v1/rounds/2023Q4/progress?region=${VILLAGE}`, WORKER)).body.visited;

  interface Bad {
    name: string;
    code: string;
    status: number;
    field?: string;
    changes?: Partial<Visit> & Record<string, unknown>;
    visit?: () => unknown;
  }
  const bad: Bad[] = [
    { name: 'an unknown field', code: 'invalid-body', status: 400, field: '/visits/0/sex', changes: { sex: 1 } },
    {
      name: 'a wrong type',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/insurancePayouts',
      changes: { insurancePayouts: '0' as never },
    },
    {
      name: 'a missing field',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/purpose',
      changes: { purpose: undefined as never },
    },
    {
      name: 'a negative amount',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/insurancePayouts',
      changes: { insurancePayouts: -1 },
    },
    {
      name: 'an absurd amount',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/insurancePayouts',
      changes: { insurancePayouts: 1_000_000_001 },
    },
    {
      name: 'a fraction of a fen',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/insurancePayouts',
      changes: { insurancePayouts: 0.5 },
    },
    {
      name: 'a date that does not exist',
      code: 'invalid-body',
      status: 400,
      field: '/visits/0/visitedOn',
      changes: { visitedOn: '2023-02-30' },
    },
    {
      name: 'a visit for another round',
      code: 'other-round',
      status: 422,
      field: '/visits/0/round',
      changes: { round: '2023Q3' },
    },
    {
      name: 'a household of another village of the region',
      code: 'other-village',
      status: 422,
      changes: { household: `${OTHER_VILLAGE}-0001` },
    },
    { name: 'an unknown household', code: 'household-unknown', status: 404, changes: { household: `${VILLAGE}-9999` } },
    {
      name: 'a day in the future',
      code: 'visited-in-future',
      status: 422,
      field: '/visits/0/visitedOn',
      changes: { visitedOn: '2023-10-12' },
    },
    {
      name: 'a form finished after the request',
      code: 'recorded-after-request',
      status: 422,
      changes: { recordedAt: '2023-10-11T10:30:00+08:00' },
    },
    {
      name: 'a form finished before the visit',
      code: 'recorded-before-visit',
      status: 422,
      changes: { recordedAt: '2023-10-10T10:30:00+08:00' },
    },
    {
      name: 'a sample by somebody who is no surveyor',
      code: 'sample-needs-surveyor',
      status: 422,
      changes: { purpose: 'sample' },
    },
    {
      name: 'a member too few',
      code: 'members-mismatch',
      status: 422,
      visit: () => ({ ...visitOf(household(0)), members: visitOf(household(0)).members.slice(1) }),
    },
    {
      name: 'a member of another household',
      code: 'members-mismatch',
      status: 422,
      visit: () => ({ ...visitOf(household(0)), members: visitOf(household(1)).members }),
    },
    {
      name: 'a member twice',
      code: 'members-mismatch',
      status: 422,
      visit: () => ({ ...visitOf(household(0)), members: visitOf(household(0)).members.map((_, __, all) => all[0]) }),
    },
  ];
  it.each(bad)('refuses $name: $code', async ({ code, status, field, changes, visit }) => {
    const before = await accepted();
    const refused = await submit(stack, [visit?.() ?? { ...visitOf(household(0)), ...changes }], { as: TOWN });
    expect(refused).toMatchObject({ status, body: { code, items: [{ outcome: 'refused', problem: { code } }] } });
    if (field !== undefined) expect(refused.body.errors[0].pointer).toBe(field);
    expect(refused.body.detail).toMatch(/[\u4e00-\u9fff]/);
    expect(await accepted()).toBe(before);
  });

  it('refuses a household of another region, to a caller who may not see it', async () => {
    const refused = await submit(stack, [{ ...visitOf(household(0)), household: `${OTHER_TOWN_VILLAGE}-0001` }]);
    expect(refused).toMatchObject({ status: 403, body: { code: 'outside-region' } });
    const whole = await submit(stack, [visitOf(household(0))], { village: OTHER_TOWN_VILLAGE, as: WORKER });
    expect(whole).toMatchObject({ status: 403, body: { code: 'outside-region' } });
  });

  it('refuses malformed JSON, an unknown field beside the rows, 101 visits and a body over the limit', async () => {
    const path = '/v1/rounds/2023Q4/visits';
    const token = await stack.token(WORKER);
    expect(await stack.call('POST', path, token, '{"village":')).toMatchObject({
      status: 400,
      body: { code: 'malformed-json' },
    });
    expect(await stack.post(path, WORKER, { village: VILLAGE, visits: [{}], extra: 1 })).toMatchObject({
      status: 400,
      body: { code: 'invalid-body', errors: [{ pointer: '/extra', code: 'unknown-field' }] },
    });
    expect(
      await submit(
        stack,
        Array.from({ length: 101 }, () => visitOf(household(0))),
      ),
    ).toMatchObject({ status: 400, body: { code: 'too-many-rows' } });
    expect(await stack.call('POST', path, token, `{"village":"${'x'.repeat(1_100_000)}"}`)).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
    expect(await accepted()).toBe(0);
  });

  it('lets good rows through beside a bad one, and says what happened to each', async () => {
    const answer = await submit(stack, [visitOf(household(0)), { ...visitOf(household(1)), visitedOn: '2023-10-20' }]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        accepted: 1,
        refused: 1,
        items: [{ outcome: 'accepted' }, { outcome: 'refused', problem: { code: 'visited-in-future' } }],
      },
    });
  });

  it('finds the same batch twice, one after the other, in one batch or at once, to be one', async () => {
    const visit = visitOf(household(2));
    const [one, two] = await Promise.all([submit(stack, [visit]), submit(stack, [visit])]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.items[0].visit).toBe(two.body.items[0].visit);
    const again = await submit(stack, [visit, visit]);
    expect(again.body).toMatchObject({ accepted: 0, duplicate: 2 });
    const reordered = Object.fromEntries(Object.entries(visit).reverse());
    expect((await submit(stack, [reordered])).body).toMatchObject({ duplicate: 1 });
    expect((await stack.get(`/v1/rounds/2023Q4/progress?region=${VILLAGE}`, WORKER)).body.visited).toBe(2);
  });

  it('refuses a household cancelled or registered since the roster was frozen', async () => {
    await stack.post('/v1/households:import', OFFICER, { rows: [testRow(50)] });
    const { body } = await stack.get(`/v1/households/${VILLAGE}-0050`, WORKER);
    expect(await submit(stack, [visitOf(body)])).toMatchObject({
      status: 422,
      body: { code: 'household-not-expected' },
    });
    const gone = household(7);
    await stack.patch(`/v1/households/${gone.id}`, OFFICER, {
      version: 1,
      change: { kind: 'cancel', on: '2023-10-11', reason: 'moved-away' },
    });
    expect(await submit(stack, [visitOf(gone)])).toMatchObject({ status: 409, body: { code: 'household-cancelled' } });
  });

  it('counts the corrected visit though its older version arrives late, keeps both, and compares the surveyor’s sample', async () => {
    const poor = { income: { wages: 100, business: 0, property: 0, transfer: 0, businessCosts: 0 } };
    await submit(stack, [visitOf(household(3), { recordedAt: '2023-10-11T09:45:00+08:00' })]);
    await submit(stack, [visitOf(household(3), { ...poor, recordedAt: '2023-10-11T09:15:00+08:00' })]);
    const surveyor = { account: 'surveyor', region: VILLAGE };
    const sample = await submit(stack, [visitOf(household(3), { ...poor, purpose: 'sample', visitor: 'surveyor' })], {
      as: surveyor,
    });
    expect(sample.body).toMatchObject({ accepted: 1 });
    const rest = [1, 4, 5, 6].map((n) => visitOf(household(n)));
    await submit(stack, rest);
    for (const village of [OTHER_VILLAGE, OTHER_TOWN_VILLAGE]) {
      const [only] = await worklist(stack, village);
      if (only !== undefined) await submit(stack, [visitOf(only)], { village });
    }
    expect((await stack.post('/v1/rounds/2023Q4/seal', OFFICER)).status).toBe(202);
    await stack.settle();
    const { body } = await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, WORKER);
    const row = (n: number) => body.rows.find((one: { household: string }) => one.household === household(n).id);
    expect(row(3)).toMatchObject({ class: 'secure', disagreement: true, sample: 'monitor' });
    expect(row(7)).toMatchObject({ missed: 'cancelled', visit: null });
    expect(body.rows.map((one: { household: string }) => one.household)).not.toContain(`${VILLAGE}-0050`);
  });

  it('in the next round refuses a day before the last sealing', async () => {
    await stack.advance('2024-01-11T10:00:00+08:00');
    const lines = [2023, 2024].map((year) => ({
      year,
      region: '44',
      line: 800_000,
      status: 'illustrative',
      source: 'test',
    }));
    const proposal = {
      effectiveFrom: '2024-01-01',
      lines,
      nearLinePercent: 120,
      collapsePercent: 50,
      rigidSpendingPercent: 40,
      chronicBurden: 500_000,
    };
    const { body } = await stack.post('/v1/criteria', OFFICER, proposal);
    await stack.post(`/v1/criteria/${body.id}/approval`, { ...OFFICER, person: 2 });
    await openRound(stack, '2024Q1');
    const now = { round: '2024Q1', recordedAt: '2024-01-11T09:00:00+08:00' };
    const early = await submit(stack, [visitOf(household(0), { ...now, visitedOn: '2023-10-11' })], {
      round: '2024Q1',
    });
    expect(early).toMatchObject({ status: 422, body: { code: 'visited-before-last-sealing' } });
    const fine = await submit(stack, [visitOf(household(0), { ...now, visitedOn: '2023-10-12' })], { round: '2024Q1' });
    expect(fine.body).toMatchObject({ accepted: 1 });
  });

  it('compares with the round before, and carries its income forward for who is missed', async () => {
    const list = await stack.get(`/v1/rounds/2024Q1/worklist?village=${VILLAGE}`, WORKER);
    const item = list.body.items.find((one: { household: { id: string } }) => one.household.id === household(1).id);
    expect(item).toMatchObject({ previousPerCapita: 2_000_000, previousClass: 'secure', state: 'open' });
    const fallen = { wages: 900_000 * 2, business: 0, property: 0, transfer: 0, businessCosts: 0 };
    const visit = visitOf(household(1), {
      round: '2024Q1',
      visitedOn: '2024-01-11',
      recordedAt: '2024-01-11T09:00:00+08:00',
      income: fallen,
    });
    const { body } = await submit(stack, [visit], { round: '2024Q1' });
    expect(body.items[0].triage).toMatchObject({
      class: 'monitor',
      caseType: 'sudden-hardship',
      signals: [{ id: 'INCOME_NEAR_LINE' }, { id: 'INCOME_COLLAPSE', observed: 900_000, threshold: 1_000_000 }],
    });
    // The same form twice in one batch, whose writing takes longer than the village's door stays open.
    const twice = visitOf(household(4), { round: '2024Q1', visitedOn: '2024-01-11', recordedAt: visit.recordedAt });
    const slow = {
      principal: 'shouwang-test-visits',
      action: 'BatchWriteItem',
      kind: 'delay',
      milliseconds: 1500,
    } as const;
    stack.local.gateway.faults.add(slow);
    const [late] = await Promise.all([
      submit(stack, [twice, twice], { round: '2024Q1' }),
      new Promise((resolve) => setTimeout(resolve, 400)).then(() => closeDoor('2024Q1')),
    ]);
    stack.local.gateway.faults.clear();
    expect(late.body.items.map(({ problem }: { problem?: { code: string } }) => problem?.code)).toEqual([
      'village-sealed',
      'village-sealed',
    ]);
    await stack.advance('2024-02-16T00:00:05+08:00');
    const sheet = await stack.get(`/v1/rounds/2024Q1/sheets/${VILLAGE}`, WORKER);
    const row = (n: number) => sheet.body.rows.find((one: { household: string }) => one.household === household(n).id);
    expect(row(1)).toMatchObject({
      class: 'monitor',
      perCapita: 900_000,
      perCapitaRound: '2024Q1',
      previousPerCapita: 2_000_000,
    });
    expect(row(4)).toMatchObject({ missed: 'no-reason', perCapita: 2_000_000, perCapitaRound: '2023Q4' });
    expect(row(7)).toBeUndefined();
    const history = await stack.get(`/v1/households/${household(1).id}/history`, WORKER);
    expect(history.body.rounds.map(({ round }: { round: string }) => round)).toEqual(['2023Q4', '2024Q1']);
  });
});

/** What sealing does first, at an instant of the test's choosing. */
async function closeDoor(round: string): Promise<void> {
  const { endpoints, operator } = stack.local;
  const table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
  );
  const { TableNames = [] } = await table.send(new ListTablesCommand({}));
  await table.send(
    new UpdateCommand({
      TableName: TableNames[0],
      Key: { pk: `ROUND#${round}`, sk: `VILLAGE#${VILLAGE}` },
      UpdateExpression: 'SET #status = :sealing',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':sealing': 'sealing' },
    }),
  );
}
