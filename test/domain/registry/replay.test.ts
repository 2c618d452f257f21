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
});
