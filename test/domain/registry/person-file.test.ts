import { describe, expect, it } from 'vitest';
import type { Household, Member } from '../../../functions/contracts/registry/household.ts';
import type { RecordedChange, Version } from '../../../functions/domain/registry/household-changes.ts';
import {
  END_OF_DAYS,
  everHad,
  everybodyOf,
  isDuring,
  namesOf,
  neighbours,
  ownParts,
  staysOf,
  staysWith,
} from '../../../functions/domain/registry/person-file.ts';

const HOME = '440904001001-0001';
const OTHER = '440904001002-0009';
const NOW = '2024-01-01T00:00:00Z';

const member = (person: string, relation: Member['relation'] = 'other'): Member => ({
  ...{ person, name: `名${person}`, relation, sex: 'female', birthYear: 1980 },
  ...{ idCipher: `cipher-${person}`, idMasked: '440904********0028' },
});
const household = (changes: Partial<Household> = {}): Household => ({
  ...{ id: HOME, origin: 'lifted', status: 'registered', version: 1, registeredOn: '2023-01-01', ownPayouts: [] },
  members: [member('a', 'head'), member('b', 'spouse')],
  ...changes,
});
const day = (month: number) => `2023-${String(month).padStart(2, '0')}-15`;
type Event = readonly [month: number, change: RecordedChange];
/** What happened in 2023, in the order in which it was recorded. */
const history = (...changes: readonly Event[]): Version[] =>
  changes.map(([month, change], place) => ({
    version: place + 1,
    on: day(month),
    recordedAt: `2023-12-01T00:00:0${place}Z`,
    by: 'officer',
    change,
  }));

const registered: RecordedChange = { kind: 'register', household: household() };
const movedIn = (person: string): RecordedChange => ({ kind: 'move-in', member: member(person) });
const movedOut = (person: string): RecordedChange => ({ kind: 'move-out', person });
const moved = (address: string): RecordedChange => ({ kind: 'correction', address });

describe('when somebody belonged to a household', () => {
  const stays = (person: string, ...changes: readonly Event[]) => staysOf(history(...changes), person, NOW);

  it('is from the day they came to the day they went, and goes on while they are there', () => {
    expect(stays('a', [1, registered])).toEqual([{ from: day(1) }]);
    expect(stays('c', [1, registered])).toEqual([]);
    expect(stays('c', [1, registered], [3, movedIn('c')], [4, moved('新址')])).toEqual([{ from: day(3) }]);
    expect(stays('b', [1, registered], [3, moved('新址')], [5, movedOut('b')], [7, moved('又址')])).toEqual([
      { from: day(1), to: day(5) },
    ]);
  });

  it('is never before the household was registered', () => {
    expect(stays('c', [2, registered], [1, movedIn('c')])).toEqual([{ from: day(2) }]);
  });

  it('is each of the times for whoever came back, in whatever order it was recorded', () => {
    const twice = [
      { from: day(1), to: day(3) },
      { from: day(6), to: day(9) },
    ];
    expect(stays('b', [1, registered], [3, movedOut('b')], [6, movedIn('b')], [9, movedOut('b')])).toEqual(twice);
    expect(stays('b', [1, registered], [9, movedOut('b')], [3, movedOut('b')], [6, movedIn('b')])).toEqual(twice);
    expect(stays('b', [1, registered], [3, movedOut('b')], [6, movedIn('b')])).toEqual([
      { from: day(1), to: day(3) },
      { from: day(6) },
    ]);
  });

  it('ends with the household, and as far as it is known', () => {
    const versions = history([1, registered], [5, { kind: 'cancel', reason: 'moved-away' }]);
    expect(staysOf(versions, 'a', NOW)).toEqual([{ from: day(1), to: day(5) }]);
    expect(staysOf(versions, 'a', versions[0]?.recordedAt ?? '')).toEqual([{ from: day(1) }]);
  });

  it('counts the first day and the last', () => {
    const during = (from: string, to?: string) => isDuring([{ from: day(3), to: day(5) }], from, to);
    expect(['2023-03-14', day(3), day(5), '2023-05-16'].map((one) => during(one))).toEqual([false, true, true, false]);
    expect([during(day(1), '2023-03-14'), during(day(1), day(3))]).toEqual([false, true]);
    expect([during(day(5), day(9)), during('2023-05-16', day(9))]).toEqual([true, false]);
    expect(isDuring([{ from: day(3) }], END_OF_DAYS)).toBe(true);
    expect(isDuring([{ from: day(1), to: day(2) }, { from: day(6) }], day(7))).toBe(true);
    expect(isDuring([], day(3))).toBe(false);
  });
});

describe('a person’s part in a case', () => {
  const HERE = { from: day(1), to: day(8) };

  it('is where it was at their household', () => {
    expect(staysWith({ household: HOME }, new Map([[HOME, [HERE]]]))).toEqual([[{ from: '', to: '9999-12-31' }, HERE]]);
    expect(staysWith({ household: HOME }, new Map([[OTHER, [HERE]]]))).toEqual([]);
    expect(staysWith({ household: HOME }, new Map())).toEqual([]);
  });

  it('that went along to another household is up to that day at the one, and from it on at the other', () => {
    const left = (at: string, from: string) => ({ at, from });
    // It is one in the morning of the 15th in Shanghai.
    const found = {
      household: 'third',
      moves: [left('2023-04-14T17:00:00Z', HOME), left('2023-07-01T00:00:00Z', OTHER)],
    };
    const there = { from: day(5) };
    const all = new Map([
      [HOME, [HERE]],
      [OTHER, [there]],
      ['third', [{ from: day(2), to: '2023-06-30' }, { from: '2023-07-01' }]],
    ]);
    expect(staysWith(found, all)).toEqual([
      [{ from: '', to: day(4) }, HERE],
      [{ from: day(4), to: '2023-07-01' }, there],
      [{ from: '2023-07-01', to: END_OF_DAYS }, { from: '2023-07-01' }],
    ]);
  });
});

describe('what a household’s history says of one of its people', () => {
  const open = (cipher: string, owner: string) => `${cipher} of ${owner}`;
  /** By kind and without what every entry has. */
  const told = (person: string, versions: readonly Version[]) =>
    ownParts(versions, { person, household: HOME, stays: staysOf(versions, person, NOW) }, open).map(
      ({ version: _, on: __, recordedAt: ___, by: ____, ...part }) => part,
    );
  const themselves = (person: string, relation: Member['relation'] = 'other') => ({
    ...{ person, name: `名${person}`, relation, sex: 'female', birthYear: 1980 },
    idNumber: `cipher-${person} of ${person}`,
  });
  const contacts = { address: '旧址', phoneCipher: 'phone', phoneMasked: '138****0000' };
  const withContacts: RecordedChange = { kind: 'register', household: household(contacts) };

  it('begins with their registration: their own line with the whole number, and nobody else’s', () => {
    const versions = history([1, withContacts]);
    expect(ownParts(versions, { person: 'b', household: HOME, stays: [] }, open)).toStrictEqual([
      {
        ...{ version: 1, on: day(1), recordedAt: '2023-12-01T00:00:00Z', by: 'officer', kind: 'register' },
        ...{ origin: 'lifted', registeredOn: '2023-01-01', address: '旧址', phone: `phone of ${HOME}` },
        member: themselves('b', 'spouse'),
      },
    ]);
    expect(told('c', versions)).toEqual([]);
    const linked: RecordedChange = { kind: 'register', household: household({ predecessor: OTHER }) };
    expect(told('a', history([1, linked]))).toEqual([
      {
        ...{ kind: 'register', origin: 'lifted', registeredOn: '2023-01-01', predecessor: OTHER },
        member: themselves('a', 'head'),
      },
    ]);
  });

  it('tells who joins where the household lived then, also when it is recorded after the household has moved on', () => {
    const joins: readonly RecordedChange[] = [
      movedIn('c'),
      { kind: 'birth', member: member('c') },
      { kind: 'merge-in', members: [member('d'), member('c')], from: OTHER },
    ];
    for (const join of joins) {
      const then = {
        ...{ kind: join.kind, phone: `phone of ${HOME}`, member: themselves('c') },
        ...(join.kind === 'merge-in' ? { from: OTHER } : {}),
      };
      expect(told('c', history([1, withContacts], [2, moved('新址')], [3, join]))).toEqual([
        { ...then, address: '新址' },
      ]);
      expect(told('c', history([1, withContacts], [6, moved('新址')], [3, join], [4, movedOut('c')]))).toEqual([
        { ...then, address: '旧址' },
        { kind: 'move-out' },
      ]);
      const called: RecordedChange = { kind: 'correction', phoneCipher: 'new' };
      expect(told('c', history([1, withContacts], [3, join], [3, called]))).toEqual([
        { ...then, address: '旧址', phone: `new of ${HOME}` },
        { kind: 'correction', phone: `new of ${HOME}` },
      ]);
      expect(told('b', history([1, registered], [3, join])).map(({ kind }) => kind)).toEqual(['register']);
    }
  });

  it('tells of no address and no telephone where none was known', () => {
    expect(told('c', history([1, registered], [3, movedIn('c')]))).toEqual([
      { kind: 'move-in', member: themselves('c') },
    ]);
  });

  it('tells what befell them, and of what befell others nothing', () => {
    const certificate = { grade: 2, issuedOn: '2023-03-01' };
    const versions = history(
      [1, { kind: 'register', household: household({ members: ['a', 'b', 'c', 'd', 'e'].map((one) => member(one)) }) }],
      [2, { kind: 'certificate', person: 'b', certificate }],
      [3, { kind: 'split', persons: ['c', 'd'], to: OTHER }],
      [4, movedOut('e')],
      [5, { kind: 'death', person: 'b' }],
      [6, movedIn('f')],
      [6, { kind: 'merge-in', members: [member('g')], from: 'third' }],
    );
    const since = (person: string) => told(person, versions).slice(1);
    expect(since('a')).toEqual([]);
    expect(since('b')).toEqual([{ kind: 'certificate', certificate }, { kind: 'death' }]);
    expect(since('c')).toEqual([{ kind: 'split', to: OTHER }]);
    expect(since('d')).toEqual([{ kind: 'split', to: OTHER }]);
    expect(since('e')).toEqual([{ kind: 'move-out' }]);
  });

  it('tells what was corrected of the household to who lived there on that day, and of a person to them alone', () => {
    const name = { person: 'b', name: '改名', relation: 'child' } as const;
    const corrected = (...changes: readonly Event[]) =>
      told('b', history([1, registered], [5, movedOut('b')], ...changes)).slice(2);
    const all: RecordedChange = {
      kind: 'correction',
      address: '新址',
      phoneCipher: 'new',
      origin: 'general',
      members: [name],
    };
    const ofAll = { kind: 'correction', origin: 'general', address: '新址', phone: `new of ${HOME}` };
    expect(corrected([5, all])).toEqual([{ ...ofAll, member: name }]);
    expect(corrected([6, all])).toEqual([{ kind: 'correction', member: name }]);
    expect(corrected([6, moved('新址')])).toEqual([]);
    expect(corrected([4, { kind: 'correction', members: [{ ...name, person: 'a' }] }])).toEqual([]);
    expect(corrected([4, { kind: 'correction', origin: 'general' }])).toEqual([
      { kind: 'correction', origin: 'general' },
    ]);
    expect(corrected([4, moved('新址')])).toEqual([{ kind: 'correction', address: '新址' }]);
  });

  it('tells the end of the household to who lived there on its last day', () => {
    const ended = (reason: 'merged' | 'moved-away', successor?: string) =>
      history(
        [1, registered],
        [3, movedOut('b')],
        [6, { kind: 'cancel', reason, ...(successor === undefined ? {} : { successor }) }],
      );
    expect(told('a', ended('merged', OTHER)).slice(1)).toEqual([
      { kind: 'cancel', reason: 'merged', successor: OTHER },
    ]);
    expect(told('a', ended('moved-away')).slice(1)).toStrictEqual([{ kind: 'cancel', reason: 'moved-away' }]);
    expect(told('b', ended('merged', OTHER)).slice(1)).toEqual([{ kind: 'move-out' }]);
  });
});

describe('a household’s history', () => {
  const versions = history(
    [1, { kind: 'register', household: household({ predecessor: 'before' }) }],
    [2, { kind: 'birth', member: member('c') }],
    [3, movedIn('d')],
    [4, { kind: 'merge-in', members: [member('e'), member('f')], from: 'merged' }],
    [5, movedOut('d')],
    [6, movedIn('d')],
    [7, { kind: 'split', persons: ['e'], to: 'split' }],
    [
      8,
      {
        kind: 'correction',
        members: [
          { person: 'd', name: '改名' },
          { person: 'd', relation: 'child' },
        ],
      },
    ],
    [9, { kind: 'cancel', reason: 'merged', successor: 'after' }],
  );

  it('has had everybody who ever came, in their order', () => {
    expect(everybodyOf(versions).map(({ person }) => person)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'd']);
    expect(['a', 'c', 'f', 'x'].map((one) => everHad(versions, one))).toEqual([true, true, true, false]);
  });

  it('knows somebody by each name it ever had for them, but not by one that was erased', () => {
    expect(namesOf(versions, 'd')).toEqual(['名d', '改名']);
    expect(namesOf(history([1, registered], [2, moved('新址')]), 'b')).toEqual(['名b']);
    const erased: RecordedChange = { kind: 'move-in', member: { ...member('c'), name: '' } };
    expect(namesOf(history([1, registered], [2, erased]), 'c')).toEqual([]);
  });

  it('leads to where its people came from and went', () => {
    expect(neighbours(versions)).toEqual(['before', 'merged', 'split', 'after']);
    expect(neighbours(history([1, registered], [2, { kind: 'cancel', reason: 'moved-away' }]))).toEqual([]);
  });
});
