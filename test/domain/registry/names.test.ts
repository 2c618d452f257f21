import { describe, expect, it } from 'vitest';
import { namePerson } from '../../../functions/domain/exchange/household-columns.ts';
import type { Draft } from '../../../functions/domain/exchange/kind.ts';
import { isSameName } from '../../../functions/domain/registry/names.ts';

const spellings = [
  '阿依古丽·买买提',
  '阿依古丽•买买提',
  '阿依古丽．买买提',
  '阿依古丽.买买提',
  '阿依古丽 · 买买提',
  '阿依古丽・买买提',
];

describe('a name', () => {
  it.each(spellings)('written %s is one name', (written) => {
    expect(isSameName(written, '阿依古丽·买买提')).toBe(true);
  });

  it.each([
    ['测 试', '测试'],
    ['测\u3000试', '测试'],
    ['ＬＩ　Ｍｉｎｇ', 'li ming'],
    ['\u2F29', '小'],
    ['测\u200b试\u2060', '测试'],
    ['\u202e测试\u00ad', '测试'],
  ])('written %s and %s is one', (one, other) => {
    expect(isSameName(one, other)).toBe(true);
  });

  it('of somebody else is another', () => {
    expect(isSameName('测试甲', '测试乙')).toBe(false);
  });

  it('in a sheet finds the member, however the register writes it', () => {
    for (const written of spellings) {
      const draft: Draft = {
        rows: [1],
        values: new Map([
          ['household', '440904001001-0001'],
          ['name', written],
        ]),
        spots: new Map(),
        faults: [],
      };
      const member = { person: 'p-0000000000000001', name: '阿依古丽·买买提', idNumber: '440904********0015' };
      namePerson(draft, { round: undefined, village: undefined, members: () => [member], membersBefore: () => [] });
      expect([draft.values.get('person'), draft.faults]).toEqual(['p-0000000000000001', []]);
    }
  });
});
