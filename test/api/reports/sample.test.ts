import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { illustrativeCriteria } from '../../../demo/criteria.ts';
import { demoDivisions } from '../../../demo/district/households.ts';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { type Registered, sealRound, TOWN } from '../../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { type As, OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

const SURVEYOR: As = { account: 'surveyor', region: '440904001' };
const counts: Record<string, number> = { [VILLAGE]: 12, [OTHER_VILLAGE]: 8, [OTHER_TOWN_VILLAGE]: 3 };
const villages = Object.keys(counts);

let stack: TestStack;
const households = new Map<string, Registered>();
beforeAll(async () => {
  stack = await TestStack.start({ empty: true });
  await stack.post('/v1/divisions', OFFICER, demoDivisions());
  // A quarter of each town, so that twenty households are five drawn.
  const { body } = await stack.post('/v1/criteria', OFFICER, {
    ...illustrativeCriteria,
    samplePermille: 250,
    sampleDisagreementPercent: 40,
  });
  expect((await stack.post(`/v1/criteria/${body.id}/approval`, SECOND_OFFICER)).status).toBe(200);
  for (const [village, count] of Object.entries(counts)) await register(stack, count, village);
  await openRound(stack);
  for (const village of villages) for (const one of await worklist(stack, village)) households.set(one.id, one);
});
afterAll(() => stack.stop());

const read = async (query = '', as: As = OFFICER, region = '440904') =>
  (await stack.get(`/v1/rounds/2023Q4/sample?region=${region}&limit=200${query}`, as)).body;
const drawnIn = (items: { household: string }[], region: string) =>
  items.map(({ household }) => household).filter((household) => household.startsWith(region));
const found = (household: string): Registered => households.get(household) ?? { id: household, members: [] };
const poor = { income: { wages: 100_000, business: 0, property: 0, transfer: 0, businessCosts: 0 } };
const sampleVisit = (household: string, changes: Partial<Visit> = {}, as = SURVEYOR) =>
  submit(stack, [visitOf(found(household), { purpose: 'sample', visitor: 'surveyor', ...changes })], {
    village: household.slice(0, 12),
    as,
  });

let drawn: string[];

describe('while the round collects', () => {
  it('each town has its share, as anybody can draw it again', async () => {
    const { items, ...whole } = await read();
    drawn = drawnIn(items, '440904001');
    expect(whole).toMatchObject({
      status: 'collecting',
      samplePermille: 250,
      drawn: 6,
      visited: 0,
      compared: 0,
      agreementPercent: null,
    });
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    for (const [town, share] of [
      ['440904001', 5],
      ['440904116', 1],
    ] as const) {
      const all = [...households.keys()].filter((household) => household.startsWith(town));
      const byHand = all.sort((a, b) => (hash(`2023Q4/${a}`) < hash(`2023Q4/${b}`) ? -1 : 1)).slice(0, share);
      expect(drawnIn(items, town)).toEqual(byHand.sort());
    }
    expect(whole.towns.map(({ region, drawn: count }: { region: string; drawn: number }) => [region, count])).toEqual([
      ['440904001', 5],
      ['440904116', 1],
    ]);
  });

  it('a village, a town and the district are told the same draw, each only its own', async () => {
    for (const [as, region] of [
      [WORKER, VILLAGE],
      [TOWN, '440904001'],
      [SURVEYOR, '440904001'],
    ] as const) {
      const { items, drawn: count } = await read('', as, region);
      expect(drawnIn(items, '')).toEqual(drawn.filter((household) => household.startsWith(region)));
      expect(count).toBe(items.length);
      expect(await stack.get('/v1/rounds/2023Q4/sample?region=440904', as)).toMatchObject({
        status: 403,
        body: { code: 'outside-region' },
      });
    }
    expect(await stack.get('/v1/rounds/2023Q3/sample?region=440904', OFFICER)).toMatchObject({
      status: 404,
      body: { code: 'round-unknown' },
    });
  });

  it('the surveyor’s worklist is what is drawn and not visited; a household not drawn may be visited too, and is no part of it', async () => {
    const [first, second, third] = drawn;
    const undrawn = [...households.keys()].find(
      (household) => household.startsWith(VILLAGE) && !drawn.includes(household),
    );
    if (first === undefined || second === undefined || third === undefined || undrawn === undefined)
      throw new Error('Too few households.');
    for (const household of [first, second, undrawn])
      expect((await sampleVisit(household)).body).toMatchObject({ accepted: 1 });
    expect((await sampleVisit(third, poor)).body).toMatchObject({
      accepted: 1,
      items: [{ triage: { class: 'monitor' } }],
    });
    expect(drawnIn((await read('&open=true', SURVEYOR, '440904001')).items, '')).toEqual(drawn.slice(3));
    expect(drawnIn((await read('&open=false', SURVEYOR, '440904001')).items, '')).toEqual(drawn.slice(0, 3));
    expect(await read()).toMatchObject({ drawn: 6, visited: 3, compared: 0 });
    // A sample covers nobody: the village still has to come itself.
    expect((await stack.get(`/v1/rounds/2023Q4/progress?region=440904`, OFFICER)).body).toMatchObject({ visited: 0 });
    const early = await sampleVisit(drawn[3] ?? '', { visitedOn: '2023-10-12' });
    expect(early).toMatchObject({ status: 422, body: { code: 'visited-in-future' } });
  });

  it('a drawn household that is cancelled meanwhile need not be visited', async () => {
    const gone = drawn[4] ?? '';
    const change = { kind: 'cancel', on: '2023-10-11', reason: 'moved-away' };
    expect((await stack.patch(`/v1/households/${gone}`, OFFICER, { version: 1, change })).status).toBe(200);
    expect(drawnIn((await read('&open=true', SURVEYOR, '440904001')).items, '')).toEqual(drawn.slice(3, 4));
    expect((await read('', SURVEYOR, '440904001')).items[4]).toMatchObject({ household: gone, state: 'cancelled' });
  });

  it('comes page by page', async () => {
    const first = (await stack.get('/v1/rounds/2023Q4/sample?region=440904&limit=4', OFFICER)).body;
    const rest = (await stack.get(`/v1/rounds/2023Q4/sample?region=440904&limit=4&cursor=${first.next}`, OFFICER)).body;
    expect([first.items.length, rest.items.length, rest.next]).toEqual([4, 2, undefined]);
  });
});

describe('after the sealing', () => {
  beforeAll(async () => {
    for (const village of villages) {
      const visits = (await worklist(stack, village))
        .filter(({ id }) => id !== drawn[4])
        .map((household) => visitOf(household));
      expect((await submit(stack, visits, { village })).body.refused).toBe(0);
    }
    await sealRound(stack, '2023Q4');
  });

  it('agreement is told for the district, each town and each village, of the drawn alone', async () => {
    const { items, villages: parts, towns, ...whole } = await read();
    expect(whole).toMatchObject({
      status: 'sealed',
      drawn: 6,
      visited: 3,
      compared: 3,
      agreeing: 2,
      agreementPercent: 66,
    });
    expect(towns[0]).toMatchObject({ region: '440904001', compared: 3, agreeing: 2, marked: false });
    expect(towns[1]).toMatchObject({ region: '440904116', compared: 0, agreementPercent: null, marked: false });
    const sum = (of: 'drawn' | 'compared' | 'agreeing') =>
      parts.reduce((total: number, part: Record<string, number>) => total + (part[of] ?? 0), 0);
    expect([sum('drawn'), sum('compared'), sum('agreeing')]).toEqual([6, 3, 2]);
    const third = items.find(({ household }: { household: string }) => household === drawn[2]);
    expect(third).toEqual({
      household: drawn[2],
      state: 'visited',
      sealed: 'secure',
      sample: 'monitor',
      agrees: false,
    });
    const village = parts.find(({ region }: { region: string }) => drawn[2]?.startsWith(region));
    expect(village.marked).toBe((village.compared - village.agreeing) * 100 > village.compared * 40);
    expect(items.find(({ household }: { household: string }) => household === drawn[3])).toMatchObject({
      state: 'open',
      agrees: null,
    });
  });

  it('each disagreement is a finding, written at the sealing; agreement is none', async () => {
    const { body } = await stack.get('/v1/reports/quality?region=440904&rule=SAMPLE_DISAGREES', OFFICER);
    expect(body.items).toMatchObject([
      {
        subject: { household: drawn[2], round: '2023Q4' },
        observed: { sealed: 'secure', sample: 'monitor' },
        severity: 'serious',
        foundBy: 'sealing',
      },
    ]);
  });
});
