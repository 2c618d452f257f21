import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Household, Member } from '../../../functions/contracts/registry/household.ts';
import type { RecordedChange, Version } from '../../../functions/domain/registry/household-changes.ts';
import { asOf, replay, withChange } from '../../../functions/domain/registry/replay.ts';

const member = (person: string, relation: Member['relation'] = 'other'): Member => ({
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
  members: [member('a', 'head'), member('b', 'spouse')],
  ownPayouts: [],
};
const registered: Version = {
  version: 1,
  on: '2023-01-01',
  recordedAt: '2023-01-01T00:00:00Z',
  by: 'o',
  change: { kind: 'register', household },
};
const version = (number: number, on: string, change: RecordedChange): Version => ({
  version: number,
  on,
  recordedAt: `2023-12-01T00:00:${String(number).padStart(2, '0')}Z`,
  by: 'o',
  change,
});
const END = '2024-01-01T00:00:00Z';

/** Changes of all kinds about few people on few days, so that most sequences contradict themselves. */
const person = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const change: fc.Arbitrary<RecordedChange> = fc.oneof(
  person.map((who) => ({ kind: 'birth' as const, member: member(who, 'child') })),
  person.map((who) => ({ kind: 'move-in' as const, member: member(who) })),
  person.map((who) => ({ kind: 'death' as const, person: who })),
  person.map((who) => ({ kind: 'move-out' as const, person: who })),
  person.map((who) => ({
    kind: 'certificate' as const,
    person: who,
    certificate: { grade: 2, issuedOn: '2020-01-01' },
  })),
  person.map((who) => ({ kind: 'correction' as const, members: [{ person: who, name: '改' }] })),
  fc
    .uniqueArray(person, { minLength: 1, maxLength: 2 })
    .map((persons) => ({ kind: 'split' as const, persons, to: 'x' })),
  fc
    .uniqueArray(person, { minLength: 1, maxLength: 2 })
    .map((persons) => ({ kind: 'merge-in' as const, members: persons.map((who) => member(who)), from: 'x' })),
  fc.constant({ kind: 'cancel' as const, reason: 'duplicate' as const }),
);
const day = fc.integer({ min: 1, max: 9 }).map((month) => `2023-0${month}-15`);
const entries = fc.array(fc.tuple(day, change), { maxLength: 14 });
const everyDay = Array.from({ length: 12 }, (_, month) => `2023-${String(month + 1).padStart(2, '0')}-20`);

describe('a household’s history', () => {
  it('that was accepted change by change, in any order of dates, can be told of every day and as known at any time', () => {
    fc.assert(
      fc.property(entries, (offered) => {
        let versions: Version[] = [registered];
        let current = household;
        for (const [on, one] of offered) {
          const fresh = version(versions.length + 1, on, one);
          const verdict = current.status === 'cancelled' ? undefined : withChange(versions, fresh);
          if (verdict?.possible !== true) continue;
          versions = [...versions, fresh];
          current = verdict.household;
        }
        expect(replay(versions).misfits).toEqual([]);
        for (const known of versions) {
          const told = everyDay.map((asked) => asOf(versions, asked, known.recordedAt));
          for (const then of told) {
            const people = then?.members.map((one) => one.person) ?? [];
            expect(people.length).toBeGreaterThan(0);
            expect(new Set(people).size).toBe(people.length);
          }
        }
        expect(asOf(versions, '2023-12-31', END)?.members).toEqual(current.members);
      }),
      { numRuns: 500, seed: 20231011 },
    );
  });

  it('that an older release stored unchecked is told all the same', () => {
    fc.assert(
      fc.property(entries, (offered) => {
        const versions = [registered, ...offered.map(([on, one], place) => version(place + 2, on, one))];
        for (const asked of everyDay) expect(asOf(versions, asked, END)?.members.length).toBeGreaterThan(0);
      }),
      { numRuns: 500, seed: 20231012 },
    );
  });

  it('with a death dated before the same person’s arrival leaves them dead, and names what does not fit', () => {
    const death = version(3, '2023-08-15', { kind: 'death', person: 'c' });
    const versions = [registered, version(2, '2023-09-01', { kind: 'move-in', member: member('c') }), death];
    const people = (asked: string) => asOf(versions, asked, END)?.members.map((one) => one.person);
    expect(people('2023-08-20')).toEqual(['a', 'b']);
    expect(people('2023-09-02')).toEqual(['a', 'b']);
    expect(replay(versions).misfits).toEqual([death]);
    // What is wrong already keeps nothing right from being recorded.
    expect(withChange(versions, version(4, '2023-10-01', { kind: 'move-in', member: member('d') }))).toMatchObject({
      possible: true,
    });
  });

  it('is in the order of days, and within a day as it was recorded, however it is listed', () => {
    const came = version(2, '2023-05-15', { kind: 'move-in', member: member('c') });
    const went = version(3, '2023-05-15', { kind: 'move-out', person: 'c' });
    for (const versions of [
      [registered, came, went],
      [went, came, registered],
      [went, registered, came],
    ])
      expect(replay(versions).misfits).toEqual([]);
  });

  it('applies what came too early once, as soon as it can be', () => {
    const versions = [
      registered,
      version(2, '2023-02-15', { kind: 'move-out', person: 'c' }),
      version(3, '2023-05-15', { kind: 'move-in', member: member('c') }),
      version(4, '2023-06-15', { kind: 'certificate', person: 'a', certificate: { grade: 2, issuedOn: '2020-01-01' } }),
      version(5, '2023-07-15', { kind: 'move-in', member: member('c') }),
    ];
    const people = (asked: string) => asOf(versions, asked, END)?.members.map((one) => one.person);
    expect(people('2023-06-20')).toEqual(['a', 'b']);
    expect(people('2023-07-20')).toEqual(['a', 'b', 'c']);
  });
});

describe('a change that cannot have been is refused by the name of the event', () => {
  const certificate = (who: string): RecordedChange => ({
    kind: 'certificate',
    person: who,
    certificate: { grade: 2, issuedOn: '2020-01-01' },
  });
  const history = [
    registered,
    version(2, '2023-04-15', certificate('a')),
    version(3, '2023-05-15', { kind: 'move-in', member: member('c') }),
    version(4, '2023-06-15', certificate('c')),
    version(5, '2023-07-15', { kind: 'move-out', person: 'c' }),
  ];
  /** The version that stands in the way; undefined when no event is to blame. */
  const other = (on: string, one: RecordedChange) => {
    const verdict = withChange(history, version(6, on, one));
    if (verdict.possible) throw new Error('It is possible.');
    return verdict.other?.version;
  };

  it('that it makes impossible, the earliest of them', () => {
    expect(other('2023-05-20', { kind: 'death', person: 'c' })).toBe(4);
    expect(other('2023-04-20', { kind: 'cancel', reason: 'moved-away' })).toBe(3);
    expect(other('2023-03-15', { kind: 'birth', member: member('c') })).toBe(3);
  });

  it('by which its person came or came to be known, when it is dated before', () => {
    expect(other('2023-02-15', { kind: 'death', person: 'c' })).toBe(3);
    expect(other('2023-02-15', certificate('c'))).toBe(3);
    expect(other('2023-02-15', { kind: 'correction', members: [{ person: 'c', name: '改' }] })).toBe(3);
    expect(other('2023-02-15', { kind: 'split', persons: ['b', 'c'], to: 'x' })).toBe(3);
    expect(other('2022-12-15', { kind: 'death', person: 'a' })).toBe(1);
  });

  it('by which its person went, when it is dated after', () => {
    expect(other('2023-08-15', { kind: 'death', person: 'c' })).toBe(5);
    expect(other('2023-08-15', { kind: 'split', persons: ['c', 'b'], to: 'x' })).toBe(5);
  });

  it('of the registration, when it is of somebody unknown before that day; of no other where there is none', () => {
    expect(other('2022-12-15', { kind: 'birth', member: member('d') })).toBe(1);
    expect(other('2023-08-15', { kind: 'move-in', member: member('b') })).toBeUndefined();
    expect(other('2023-08-15', { kind: 'death', person: 'z' })).toBeUndefined();
  });
});
