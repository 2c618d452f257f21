import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import { type Registered, TOWN } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, register, testId, testRow, VILLAGE, WORKER } from '../../playing-households.ts';
import { Quality } from '../../quality.ts';
import { OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let quality: Quality;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 6, VILLAGE, 2);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
  quality = new Quality(stack);
  households = (await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER)).body.items;
});
afterAll(() => stack.stop());

function household(n: number): Registered {
  const found = households[n];
  if (found === undefined) throw new Error(`There is no household ${n}.`);
  return found;
}

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
    const district = await quality.list('&rule=ID_NUMBER_MALFORMED', OFFICER, '440904');
    expect(district.items).toMatchObject([
      {
        region: '440904',
        subject: { policy },
        observed: { fault: 'check-digit', row: 1 },
        message: expect.stringMatching(/^第 2 行/),
      },
    ]);
    expect(JSON.stringify(district.items)).not.toContain(wrong.slice(-8));
    expect((await quality.list('&rule=ID_NUMBER_MALFORMED', TOWN, TOWN.region)).total).toBe(0);
    expect(await quality.resolve(district.items[0].id, '已退回保险公司', TOWN)).toMatchObject({ status: 403 });
    await rows([row(testId(1, '19800615'), `C-${wrong.slice(-8)}`)]);
    expect((await quality.list('&rule=ID_NUMBER_MALFORMED', OFFICER, '440904')).total).toBe(0);
  });

  it('somebody who died and is still on it, or was put on it afterwards, is found in the village, until taken off', async () => {
    const numbers = testRow(1, VILLAGE, 2).members.map(({ idNumber }) => idNumber);
    const [, child] = household(0).members;
    await rows([row(numbers[1] ?? '', 'C-1')]);
    const change = { kind: 'death', on: '2023-09-30', person: child?.person };
    const { body } = await stack.patch(`/v1/households/${household(0).id}`, WORKER, { version: 1, change });
    expect(body.household).not.toHaveProperty('deceased');
    await rows([{ ...row(numbers[1] ?? '', 'C-2'), enrolledOn: '2023-10-01' }]);
    await quality.run();
    const { items } = await quality.list('&rule=INSURED_AFTER_DEATH');
    expect(items.map(({ observed }: { observed: object }) => observed)).toContainEqual({
      diedOn: '2023-09-30',
      enrolledOn: '2023-10-01',
    });
    expect(items).toHaveLength(2);
    await rows([
      { ...row(numbers[1] ?? '', 'C-1'), removedOn: '2023-10-11' },
      { ...row(numbers[1] ?? '', 'C-2'), enrolledOn: '2023-10-01', removedOn: '2023-10-11' },
    ]);
    await quality.run();
    expect((await quality.list('&rule=INSURED_AFTER_DEATH')).total).toBe(0);
  });
});
