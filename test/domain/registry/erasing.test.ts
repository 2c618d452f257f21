import { globSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedIn, type Leaving, TAKEN_OUT, without } from '../../../functions/domain/registry/erasing.ts';
import { isReadByFigures } from '../../../functions/domain/reports/claim-totals.ts';
import { reckonClaim } from '../../../functions/domain/reports/counted.ts';

const leaving = (changes: Partial<Leaving> = {}): Leaving => ({
  person: 'p-1',
  words: ['买买提·艾力', '44090419800615001X'],
  whole: false,
  ...changes,
});

describe('a record without a person', () => {
  it('names them no more, and the others as before', () => {
    const member = (person: string) => ({
      person,
      name: '某',
      idCipher: 'c',
      idMasked: 'm',
      sex: 'male',
      birthYear: 1980,
    });
    const payee = {
      person: 'p-1',
      kind: 'member',
      name: '某',
      bank: '某行',
      accountCipher: 'c',
      accountMasked: '****1',
    };
    const record = { members: [member('p-1'), member('p-2')], payee, address: '某村', phoneCipher: 'c' };
    expect(without(record, leaving())).toEqual({
      members: [{ ...member('p-1'), name: '', idCipher: '', idMasked: '' }, member('p-2')],
      payee: { ...payee, name: '', bank: '', accountCipher: '', accountMasked: '' },
      address: '某村',
      phoneCipher: 'c',
    });
    expect(Object.keys(Object(without(record, leaving({ whole: true }))))).toEqual(['members', 'payee']);
  });

  it.each([
    ['买买提·艾力病重', `${TAKEN_OUT}病重`],
    ['他的号码是44090419800615001X。', `他的号码是${TAKEN_OUT}。`],
    // Written otherwise than on the register, what was said goes whole.
    ['买买提 • 艾力病重', TAKEN_OUT],
    ['别人病重', '别人病重'],
    ['', ''],
  ])('of a text “%s” leaves “%s”', (note, left) => {
    expect(without({ note, evidence: [note] }, leaving())).toEqual({ note: left, evidence: [left] });
    expect(without({ note }, leaving({ whole: true }))).toEqual({ note: note === '' ? '' : TAKEN_OUT });
  });

  it('loses their name in what is said of things, and keeps the rest of it', () => {
    const said = { employer: '买买提·艾力的店', certificate: 'C-44090419800615001X', to: '2024-12-31', team: '一队' };
    const left = { ...said, employer: `${TAKEN_OUT}的店`, certificate: `C-${TAKEN_OUT}` };
    for (const whole of [false, true]) expect(without(said, leaving({ whole }))).toEqual(left);
    expect(without({ to: '买买提·艾力' }, leaving(), false)).toEqual({ to: '买买提·艾力' });
  });

  it('holds free words in these fields, words about things in those, and nothing of the kind in others', () => {
    const name = '王五';
    const told = (fields: readonly string[], whole: boolean) =>
      without(Object.fromEntries(fields.map((field) => [field, `${name}家`])), leaving({ words: [name], whole }));
    const all = (fields: readonly string[], text: string) => Object.fromEntries(fields.map((field) => [field, text]));
    const free = ['note', 'reason', 'words', 'text', 'report', 'document', 'evidence', 'borrower', 'abandonedBecause'];
    const worded = ['trade', 'project', 'employer', 'duty', 'course', 'what', 'purpose', 'giver', 'funder', 'team'];
    worded.push('company', 'serial', 'certificate', 'to');
    const codes = ['kind', 'id', 'status', 'by', 'on'];
    // A name of two characters is most people's.
    expect(told(free, false)).toEqual(all(free, '（已依法删除）家'));
    expect(told(free, true)).toEqual(all(free, '（已依法删除）'));
    for (const whole of [false, true]) {
      expect(told(worded, whole)).toEqual(all(worded, '（已依法删除）家'));
      expect(told(codes, whole)).toEqual(all(codes, `${name}家`));
    }
    const contact = ['address', 'phoneCipher', 'phoneMasked', 'contactCipher'];
    expect([told(contact, false), told(contact, true)]).toEqual([all(contact, `${name}家`), {}]);
  });

  it('is looked for however deep a name stands, and is in no number', () => {
    const words = ['王五'];
    const deep = { rows: [{ n: 5, none: null, yes: true, note: ['他是王 五'] }] };
    expect(isNamedIn(deep, words)).toBe(true);
    for (const other of [undefined, null, 5, true, {}, [], { rows: [{ n: 5, none: null, note: ['他是王六'] }] }])
      expect(isNamedIn(other, words)).toBe(false);
  });

  it('keeps the codes of the register, which are no texts, and a name of one character in others’ texts', () => {
    const change = { kind: 'cancel', reason: 'moved-away' };
    expect(without(change, leaving({ whole: true }), false)).toEqual(change);
    expect(without({ note: '李子熟了' }, leaving({ words: ['李'] }))).toEqual({ note: '李子熟了' });
  });

  it('taken twice is the same, and says no word any more', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string({ minLength: 2 })), fc.boolean(), (notes, words, whole) => {
        const record = { rows: notes.map((note) => ({ note, person: 'p-1', name: note })) };
        const once = without(record, leaving({ words, whole })) as typeof record;
        expect(without(once, leaving({ words, whole }))).toEqual(once);
        // Ids stay, and a word such as “-1” may stand in one.
        const texts = once.rows.map(({ note, name }) => [note, name]);
        if (!isNamedIn(TAKEN_OUT, words)) expect(isNamedIn(texts, words)).toBe(false);
      }),
    );
  });
});

describe('bodies of a claim’s events', () => {
  const sources = globSync('functions/domain/insurance/*.ts').map((file) => readFileSync(file, 'utf8'));
  const told = sources.flatMap((code) => [...code.matchAll(/kind: '([a-z-]+)',\s*body(?:: (\{[^}]*\}|\w+))?/g)]);
  const kinds = [...new Set(told.map(([, kind = '']) => kind))];

  it('that figures are read from are of exactly the kinds that are never erased', () => {
    expect(kinds.length).toBeGreaterThan(15);
    // What is summed up asks a body for its day and its amount of money: claimAsOf, dayOfClaimEvent.
    const dated = told.filter(([, , body = '']) => /\bon\b/.test(body)).map(([, kind = '']) => kind);
    expect(new Set(dated)).toEqual(new Set(kinds.filter(isReadByFigures)));
  });

  it('can all be gone but for those, and every figure of every day stays', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2023-10-${String(n).padStart(2, '0')}`);
    const event = fc.record({ kind: fc.constantFrom(...kinds), at: day, on: day, amount: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), day, day, (events, asOf, known) => {
        const happened = events
          .sort((a, b) => (a.at < b.at ? -1 : 1))
          .map(({ kind, at, on, amount }) => ({
            ...{ kind, at: `${at}T02:00:00.000Z` },
            body: isReadByFigures(kind) ? { on, amount } : { reason: '某人', by: 'one' },
          }));
        const erased = happened.map((one) => (isReadByFigures(one.kind) ? one : { ...one, body: undefined }));
        const claim = { id: 'claim-1', household: '440904001001-0001', line: 'illness' };
        const asked = { asOf, knownAt: `${known}T12:00:00.000Z` };
        expect(reckonClaim(claim, erased, asked)).toEqual(reckonClaim(claim, happened, asked));
      }),
    );
  });
});
