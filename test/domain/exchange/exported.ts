import type { HouseholdView } from '../../../functions/contracts/registry/households-http.ts';
import type { Cell, Worksheet } from '../../../functions/domain/exchange/cells.ts';
import { namesOf } from '../../../functions/domain/exchange/exports.ts';

export const VILLAGE = '440904001001';
export const HOUSEHOLD = `${VILLAGE}-0001`;
export const names = namesOf({
  district: { code: '440904', name: '电白区' },
  towns: [{ code: '440904001', name: '水东街道', villages: [{ code: VILLAGE, name: '测试社区' }] }],
} as Parameters<typeof namesOf>[0]);

const member = (name: string, relation: string, changes: object = {}) => ({
  person: `p-${name}`,
  name,
  relation,
  sex: 'female',
  age: 47,
  idNumber: '440904********0010',
  ...changes,
});
export const household = (changes: object = {}) =>
  ({
    id: HOUSEHOLD,
    origin: 'lifted',
    registeredOn: '2022-01-01',
    address: '测试村 1 号',
    phone: '138****1111',
    status: 'registered',
    openCase: true,
    members: [member('陈甲', 'spouse'), member('陈乙', 'head', { sex: 'male', age: 50 })],
    ...changes,
  }) as unknown as HouseholdView;
export const register = (...all: HouseholdView[]) => ({ names, households: new Map(all.map((one) => [one.id, one])) });

/** The rows of a table by their headings, without what is blank. */
export function told({ rows: [titles = [], ...rows] }: Worksheet): Record<string, Cell>[] {
  return rows.map((row) =>
    Object.fromEntries(row.flatMap((cell, place) => (cell === null ? [] : [[String(titles[place]), cell]]))),
  );
}

export const WHERE = { 乡镇: '水东街道', 行政村: '测试社区', 行政村编码: VILLAGE, 户编号: HOUSEHOLD };
