import { afterAll, beforeAll, expect, it } from 'vitest';
import { register, VILLAGE } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';
import { get } from '../../workbooks.ts';

const TOWN = VILLAGE.slice(0, 9);

interface Town {
  code: string;
  villages: { code: string }[];
}

let stack: TestStack;
let divisions: { towns: Town[] };
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 1);
  divisions = (await stack.get('/v1/divisions', OFFICER)).body;
});
afterAll(() => stack.stop());

const without = (village: string) => ({
  ...divisions,
  towns: divisions.towns.map((town) => ({ ...town, villages: town.villages.filter(({ code }) => code !== village) })),
});

it('a village in which households are registered cannot be left out: no round would expect them', async () => {
  expect(await stack.post('/v1/divisions', OFFICER, without(VILLAGE))).toMatchObject({
    status: 409,
    body: { code: 'village-inhabited', errors: [{ detail: `${VILLAGE} 仍有登记户。` }] },
  });
  expect((await stack.get('/v1/divisions', OFFICER)).body).toEqual(divisions);
});

it('a village that is empty, or whose households are all cancelled, can', async () => {
  expect((await stack.post('/v1/divisions', OFFICER, without('440904001004'))).status).toBe(200);
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER);
  await stack.patch(`/v1/households/${VILLAGE}-0001`, OFFICER, {
    version: body.version,
    change: { kind: 'cancel', on: '2023-10-11', reason: 'moved-away' },
  });
  expect((await stack.post('/v1/divisions', OFFICER, without(VILLAGE))).status).toBe(200);
});

it('who works in a town that has been dissolved sees no town, and exports an empty list', async () => {
  const other = divisions.towns.filter(({ code }) => code !== TOWN);
  expect((await stack.post('/v1/divisions', OFFICER, { ...divisions, towns: other })).status).toBe(200);
  const stranded: As = { account: 'town-officer', region: TOWN };
  expect((await stack.get('/v1/divisions', stranded)).body.towns).toEqual([]);
  expect((await get(stack, `/v1/exchange/households?region=${TOWN}`, stranded)).status).toBe(200);
});
