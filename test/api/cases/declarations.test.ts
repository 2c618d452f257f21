import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Registered, visited } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, testId, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

const TOWN = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const ELSEWHERE = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
let stack: TestStack;
let households: Registered[];
beforeAll(async () => {
  stack = await TestStack.start();
  households = await visited(stack, 2);
});
afterAll(() => stack.stop());

test('declarations are listed for officers of the region, with where each stands and whether its receipt was handed over', async () => {
  const declare = async (idNumber: string, name: string, village = VILLAGE) => {
    const body = { name, idNumber, phone: '13800001111', village, trouble: 'illness', declaredBy: 'self' };
    const answer = await stack.call('POST', '/v1/declarations', '', JSON.stringify(body));
    expect(answer.status).toBe(201);
    await stack.settle(301);
    return answer.body.receipt;
  };
  const list = async (region: string, as: As = TOWN) => (await stack.get(`/v1/declarations?region=${region}`, as)).body;
  // A stranger's word about a registered family; the family's own; somebody on no register.
  const stranger = await declare(testId(1, '19510115'), '不相干');
  const own = await declare(testId(2, '19510115'), '测试2');
  const unknown = await declare(testId(7, '19990909'), '外来人');
  const { items, total } = await list(VILLAGE);
  expect(total).toBe(3);
  expect(items).toMatchObject([
    { receipt: unknown, name: '外来人', household: null, status: 'received', handedOver: null, verified: false },
    { receipt: own, name: '测试2', household: households[1]?.id, status: 'under-review', verified: true },
    { receipt: stranger, name: '不相干', household: households[0]?.id, status: 'under-review', verified: false },
  ]);
  expect(items[1]).toMatchObject({ phone: '138****1111', declaredBy: 'self', trouble: 'illness', village: VILLAGE });
  expect(JSON.stringify(items)).not.toMatch(/13800001111|\d{17}[\dX]/);

  expect((await stack.post(`/v1/declarations/${stranger}/handover`, TOWN)).status).toBe(200);
  expect((await list('440904', OFFICER)).items[2].handedOver).toMatchObject({ by: 'town-officer' });
  const { body: clues } = await stack.get(`/v1/clues/unmatched?region=${VILLAGE}`, TOWN);
  await stack.post(`/v1/clues/${clues.items[0].id}/resolution`, TOWN, { dismissed: '查无此人，电话不通' });
  expect((await list(VILLAGE)).items[0]).toMatchObject({ status: 'not-admitted', household: null });

  // Page by page, the newest first.
  const first = (await stack.get(`/v1/declarations?region=${VILLAGE}&limit=2`, TOWN)).body;
  const second = (await stack.get(`/v1/declarations?region=${VILLAGE}&limit=2&cursor=${first.next}`, TOWN)).body;
  expect([...first.items, ...second.items].map(({ receipt }) => receipt)).toEqual([unknown, own, stranger]);
  expect(second.next).toBeUndefined();

  expect((await list(ELSEWHERE.region, ELSEWHERE)).items).toEqual([]);
  // Declared for another town's village, the household is not told there; the district, which answers for both, is told.
  await declare(testId(1, '19510115'), '不相干', OTHER_TOWN_VILLAGE);
  expect((await list(ELSEWHERE.region, ELSEWHERE)).items).toMatchObject([{ household: null, status: 'received' }]);
  expect((await list(ELSEWHERE.region, OFFICER)).items).toMatchObject([{ household: households[0]?.id }]);
  expect((await list(VILLAGE, ELSEWHERE)).code).toBe('outside-region');
  for (const as of [WORKER, { account: 'auditor' }])
    expect((await stack.get(`/v1/declarations?region=${VILLAGE}`, as)).body.code).toBe('role-not-allowed');
});
