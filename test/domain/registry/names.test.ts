import { describe, expect, it } from 'vitest';
import { namePerson } from '../../../functions/domain/exchange/household-columns.ts';
import type { Draft } from '../../../functions/domain/exchange/kind.ts';
import { partsOfName, partsOfSearch, standsIn } from '../../../functions/domain/registry/name-parts.ts';
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

describe('a name is found', () => {
  it('by its first character at the beginning and by every two side by side', () => {
    expect(partsOfName('陈测试')).toEqual(['^陈', '陈测', '测试']);
    expect(partsOfName('陈')).toEqual(['^陈']);
    expect(partsOfName('哈哈哈')).toEqual(['^哈', '哈哈']);
    expect(partsOfName(' li ')).toEqual(['^L', 'LI']);
    expect(partsOfName('')).toEqual([]);
  });

  it('by each two of what is typed, wherever they stand; a single character begins it', () => {
    expect(partsOfSearch('测试')).toEqual(['测试']);
    expect(partsOfSearch('陈测试')).toEqual(['陈测', '测试']);
    expect(partsOfSearch('陈')).toEqual(['^陈']);
    expect([standsIn('测试', '陈测试'), standsIn('陈', '陈测试'), standsIn('测', '陈测试')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([standsIn('ｌｉ', 'Li Ming'), standsIn('陈试', '陈测试')]).toEqual([true, false]);
  });
});
