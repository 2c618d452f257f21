import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Household, Member } from '../../../functions/contracts/registry/household.ts';
import {
  applyChange,
  ChangeNotPossible,
  hasOneHead,
  type Version,
} from '../../../functions/domain/registry/household-changes.ts';
import {
  checkDigit,
  cleanIdNumber,
  idNumberFault,
  idNumberFaults,
  sexOf,
} from '../../../functions/domain/registry/id-number.ts';
import { maskIdNumber, maskPhone } from '../../../functions/domain/registry/masking.ts';
import { asOf } from '../../../functions/domain/registry/replay.ts';

const TODAY = '2023-10-10';

describe('ID numbers (GB 11643)', () => {
  it.each(['11010519491231002X', '34052419800101001X'])('accepts the standard’s own example %#', (id) => {
    expect(idNumberFault(id, TODAY)).toBeUndefined();
  });

  it.each([
    [' 11010519491231002x', '11010519491231002X'],
    ['G11010519491231002X\t', '11010519491231002X'],
    ['1101 0519 4912 3100 2X', '11010519491231002X'],
    ['\u300011010519491231002X\u200b', '11010519491231002X'],
    ["'11010519491231002X", '11010519491231002X'],
    ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    ['\u202d11010519491231002x\u202c', '11010519491231002X'],
  ])('cleans what spreadsheets add (%#)', (raw, clean) => {
    expect(cleanIdNumber(raw)).toBe(clean);
  });

  it.each([
    ['110105491231002', 'fifteen-digits'],
    ['1101051949123100', 'shape'],
    ['X1010519491231002X', 'shape'],
    ['110105194902300020', 'birth-date'],
    ['110105203012310020', 'birth-date'],
    ['110105194912310021', 'check-digit'],
  ])('refuses with its reason (%#: %s)', (id, fault) => {
    expect(idNumberFault(id, TODAY)).toBe(fault);
  });

  it('catches every single wrong digit', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (order, place, shift) => {
        const seventeen = `44090419800615${order.join('')}`;
        const id = seventeen + checkDigit(seventeen);
        const wrong = [...id];
        wrong[place] = String((Number(id[place]) + shift) % 10);
        expect(idNumberFault(id, TODAY)).toBeUndefined();
        expect(idNumberFault(wrong.join(''), TODAY)).toBeDefined();
      }),
    );
  });

  it('ends in the digit by which all, weighed by powers of two from the right, leave 1 when divided by 11', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 }), (digits) => {
        const all = [...digits.join(''), checkDigit(digits.join(''))];
        const weighed = all.map((digit, place) => (digit === 'X' ? 10 : Number(digit)) * 2 ** (17 - place));
        expect(weighed.reduce((one, other) => one + other) % 11).toBe(1);
      }),
      { numRuns: 200, seed: 11643 },
    );
  });

  it('may be of somebody born today, or on the first day of 1900, but not tomorrow or before', () => {
    const bornOn = (day: string) => {
      const seventeen = `440904${day}001`;
      return idNumberFault(seventeen + checkDigit(seventeen), TODAY);
    };
    expect(['20231010', '19000101'].map(bornOn)).toEqual([undefined, undefined]);
    expect(['20231011', '18991231'].map(bornOn)).toEqual(['birth-date', 'birth-date']);
  });

  it('says each fault in words of its own', () => {
    const words = Object.values(idNumberFaults);
    expect(words).toHaveLength(4);
    expect(new Set(words).size).toBe(4);
    expect(words).not.toContain('');
  });

  it('masks the birth date and leaves first 6 and last 4', () => {
    expect(maskIdNumber('11010519491231002X')).toBe('110105********002X');
    expect(maskPhone('13812345678')).toBe('138****5678');
    expect(sexOf('11010519491231002X')).toBe('female');
    // The order given to men is odd.
    expect(['1', '3', '5', '7', '9'].map((order) => sexOf(`4409041980061500${order}X`))).toEqual(Array(5).fill('male'));
    expect(['0', '4', '6', '8'].map((order) => sexOf(`4409041980061500${order}X`))).toEqual(Array(4).fill('female'));
  });
});

const member = (person: string, relation: Member['relation']): Member => ({
  person,
  name: person,
  relation,
  sex: 'male',
  birthYear: 1980,
  idCipher: '',
  idMasked: '',
});
const household: Household = {
  id: '440904001001-0001',
  origin: 'lifted',
  status: 'registered',
  version: 1,
  registeredOn: '2023-01-01',
  members: [member('a', 'head'), member('b', 'spouse'), member('c', 'child')],
  ownPayouts: [],
};

describe('changes of a household', () => {
  it('a birth adds, a death removes, and the spouse follows a head who has gone', () => {
    const born = applyChange(household, { kind: 'birth', member: member('d', 'child') }, '2023-02-01');
    expect(born.members.map(({ person }) => person)).toEqual(['a', 'b', 'c', 'd']);
    const widowed = applyChange(household, { kind: 'death', person: 'a' }, '2023-02-01');
    expect(widowed.members.map(({ person, relation }) => [person, relation])).toEqual([
      ['b', 'head'],
      ['c', 'child'],
    ]);
  });

  it('a household has one head whoever leaves: the spouse wherever listed, or else whoever comes first', () => {
    const left = (members: Member[], person: string) =>
      applyChange({ ...household, members }, { kind: 'move-out', person }, '2023-02-01').members.map((one) => [
        one.person,
        one.relation,
      ]);
    const [a, b, c] = [member('a', 'head'), member('b', 'spouse'), member('c', 'child')];
    expect(left([a, c, b], 'a')).toEqual([
      ['c', 'child'],
      ['b', 'head'],
    ]);
    expect(left([a, c, member('d', 'parent')], 'a')).toEqual([
      ['c', 'head'],
      ['d', 'parent'],
    ]);
    expect(left([a, b, c], 'c')).toEqual([
      ['a', 'head'],
      ['b', 'spouse'],
    ]);
    expect(
      [
        [a, b, c],
        [b, c],
        [a, { ...b, relation: 'head' as const }],
      ].map(hasOneHead),
    ).toEqual([true, false, false]);
  });

  it('a household that was cancelled says when, why and where its people went, and does not change any more', () => {
    const ended = applyChange(household, { kind: 'cancel', reason: 'merged', successor: 'x' }, '2023-02-01');
    expect(ended).toStrictEqual({
      ...household,
      ...{ status: 'cancelled', cancelledOn: '2023-02-01', cancelReason: 'merged', successor: 'x' },
    });
    expect(applyChange(household, { kind: 'cancel', reason: 'all-deceased' }, '2023-02-01')).not.toHaveProperty(
      'successor',
    );
    expect(() => applyChange(ended, { kind: 'birth', member: member('d', 'child') }, '2023-03-01')).toThrow(
      expect.objectContaining({ name: 'ChangeNotPossible' }),
    );
  });

  it('a death is remembered with its day, a certificate replaces the one before', () => {
    const told = { kind: 'death' as const, person: 'c' };
    expect(applyChange(household, told, '2023-02-01').deceased).toEqual([{ person: 'c', on: '2023-02-01' }]);
    expect(applyChange(household, { kind: 'move-out', person: 'c' }, '2023-02-01').deceased).toBeUndefined();
    const certificate = (grade: number) => ({
      kind: 'certificate' as const,
      person: 'b',
      certificate: { grade, issuedOn: '2020-01-01' },
    });
    const certified = applyChange(applyChange(household, certificate(3), '2023-02-01'), certificate(2), '2023-03-01');
    expect(certified.members.map(({ disabilityCertificate }) => disabilityCertificate?.grade)).toEqual([
      undefined,
      2,
      undefined,
    ]);
    expect(() => applyChange(household, { ...certificate(1), person: 'z' }, '2023-02-01')).toThrow(ChangeNotPossible);
  });

  it('refuses a stranger’s death and a household without anybody', () => {
    expect(() => applyChange(household, { kind: 'death', person: 'z' }, '2023-02-01')).toThrow(ChangeNotPossible);
    expect(() => applyChange(household, { kind: 'split', persons: ['a', 'b', 'c'], to: 'x' }, '2023-02-01')).toThrow(
      ChangeNotPossible,
    );
  });

  const versions: Version[] = [
    {
      version: 1,
      on: '2023-01-01',
      recordedAt: '2023-01-02T00:00:00Z',
      by: 'o',
      change: { kind: 'register', household },
    },
    {
      version: 2,
      on: '2023-05-01',
      recordedAt: '2023-06-01T00:00:00Z',
      by: 'o',
      change: { kind: 'birth', member: member('d', 'child') },
    },
    // Happened before the birth, was told after it.
    {
      version: 3,
      on: '2023-04-01',
      recordedAt: '2023-07-01T00:00:00Z',
      by: 'o',
      change: { kind: 'death', person: 'c' },
    },
  ];
  const people = (day: string, known: string) =>
    asOf(versions, day, known)
      ?.members.map(({ person }) => person)
      .join('');

  it('tells any past date by when things happened and when they were known', () => {
    expect(people('2022-12-31', '2024-01-01T00:00:00Z')).toBeUndefined();
    expect(people('2023-03-01', '2024-01-01T00:00:00Z')).toBe('abc');
    expect(people('2023-04-15', '2024-01-01T00:00:00Z')).toBe('ab');
    expect(people('2023-04-15', '2023-06-15T00:00:00Z')).toBe('abc');
    expect(people('2023-05-02', '2023-06-15T00:00:00Z')).toBe('abcd');
    expect(people('2023-05-02', '2024-01-01T00:00:00Z')).toBe('abd');
  });
});
