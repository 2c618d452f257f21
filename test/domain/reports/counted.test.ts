import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../functions/contracts/assistance/ledger-entry.ts';
import type { Episode } from '../../../functions/contracts/cases/case.ts';
import type { Case } from '../../../functions/contracts/cases/case-record.ts';
import type { Household } from '../../../functions/contracts/registry/household.ts';
import type { RecordedChange, Version } from '../../../functions/domain/registry/household-changes.ts';
import { type ClaimHappening, isReported } from '../../../functions/domain/reports/claim-totals.ts';
import {
  countedEntry,
  dayOfClaimEvent,
  nothingCounted,
  reckonCase,
  reckonClaim,
  reckonEntry,
  reckonHousehold,
  reckonInsured,
} from '../../../functions/domain/reports/counted.ts';

const HOUSEHOLD = '440904001001-0001';
const asked = (asOf: string, knownAt = '2024-06-01T00:00:00+08:00') => ({ asOf, knownAt });

describe('a household counts', () => {
  const household = {
    id: HOUSEHOLD,
    origin: 'lifted',
    status: 'registered',
    version: 1,
    registeredOn: '2023-01-01',
    members: [{ person: 'p-1', relation: 'head' }],
    ownPayouts: [],
  } as unknown as Household;
  const version = (number: number, on: string, recordedAt: string, change: object): Version => ({
    version: number,
    on,
    recordedAt,
    by: 'o',
    change: change as RecordedChange,
  });
  const registered = version(1, '2023-01-01', '2023-01-02T00:00:00Z', { kind: 'register', household });
  const born = version(2, '2023-03-01', '2023-04-01T00:00:00Z', {
    kind: 'birth',
    member: { person: 'p-2', relation: 'child' },
  });
  const moved = version(3, '2023-09-01', '2023-09-01T00:00:00Z', { kind: 'cancel', reason: 'moved-away' });
  const reckon = (on: string, knownAt?: string, versions = [registered, born, moved]) =>
    reckonHousehold(HOUSEHOLD, versions, asked(on, knownAt));

  it('with the people it had on the day, until the next day on which it changes', () => {
    expect(reckon('2022-12-31')).toEqual({ value: undefined, until: '2023-01-01' });
    expect(reckon('2023-01-01')).toEqual({
      value: { id: HOUSEHOLD, origin: 'lifted', people: 1 },
      until: '2023-03-01',
    });
    expect(reckon('2023-03-01')).toEqual({
      value: { id: HOUSEHOLD, origin: 'lifted', people: 2 },
      until: '2023-09-01',
    });
    expect(reckon('2023-09-01')).toEqual({ value: undefined, until: undefined });
  });

  it('as far as it was known', () => {
    expect(reckon('2023-03-01', '2023-03-31T23:59:59Z')).toEqual({
      value: { id: HOUSEHOLD, origin: 'lifted', people: 1 },
      until: undefined,
    });
    expect(reckon('2023-03-01', '2023-04-01T08:00:00+08:00').value?.people).toBe(2);
    expect(reckon('2023-03-01', '2023-01-01T00:00:00Z')).toEqual({ value: undefined, until: undefined });
  });

  it('for no day once it is known never to have been', () => {
    const error = version(3, '2023-09-01', '2023-10-01T00:00:00Z', { kind: 'cancel', reason: 'registered-in-error' });
    expect(reckon('2023-02-01', '2023-09-30T00:00:00Z', [registered, error]).value?.people).toBe(1);
    expect(reckon('2023-02-01', '2023-10-01T00:00:00Z', [registered, error]).value).toBeUndefined();
    const other = { ...error, change: { kind: 'cancel', reason: 'duplicate' } as RecordedChange };
    expect(reckon('2023-02-01', '2023-10-01T00:00:00Z', [registered, other]).value).toBeUndefined();
  });
});

describe('a case counts', () => {
  const episode = (changes: Partial<Episode>): Episode =>
    ({
      number: 1,
      startedAt: '',
      clues: [],
      declarations: 0,
      people: 3,
      caseType: null,
      risks: [],
      ...changes,
    }) as Episode;
  const of = (episodes: Episode[], changes: Partial<Case> = {}) =>
    ({ id: 'case-1', household: HOUSEHOLD, episodes, ...changes }) as Case;
  const closed = (on: string) => ({ closed: { on, method: 'assisted' as const, perCapita: 0 } });
  const first = episode({ admittedOn: '2023-02-01', ...closed('2023-09-01') });
  const second = episode({ admittedOn: '2023-11-01', people: 5 });

  it('by the newest episode admitted by the day, open until the day it was closed', () => {
    const reckon = (on: string) => reckonCase(of([first, second]), asked(on));
    expect(reckon('2023-01-31')).toEqual({ value: undefined, until: '2023-02-01' });
    const value = { id: 'case-1', household: HOUSEHOLD, people: 3 };
    expect(reckon('2023-02-01')).toEqual({ value: { ...value, closed: false }, until: '2023-09-01' });
    expect(reckon('2023-09-01')).toEqual({ value: { ...value, closed: true }, until: '2023-11-01' });
    expect(reckon('2023-11-01')).toEqual({ value: { ...value, people: 5, closed: false }, until: undefined });
    expect(reckonCase(of([episode({})]), asked('2023-12-31'))).toEqual({ value: undefined, until: undefined });
  });

  it('from the day it was known: its own decisions on their day, an import from when it came in', () => {
    const reckon = (knownAt: string, episodes = [first]) =>
      reckonCase(of(episodes), asked('2023-12-31', knownAt)).value;
    expect(reckon('2023-01-31T23:59:59+08:00')).toBeUndefined();
    expect(reckon('2023-02-01T00:00:00+08:00')).toMatchObject({ closed: false });
    expect(reckon('2023-08-31T23:59:59+08:00')).toMatchObject({ closed: false });
    expect(reckon('2023-09-01T00:00:00+08:00')).toMatchObject({ closed: true });
    const imported = { ...first, imported: { at: '2023-10-01T00:00:00Z', by: 'o' } };
    expect(reckon('2023-09-30T23:59:59Z', [imported])).toBeUndefined();
    expect(reckon('2023-10-01T08:00:00+08:00', [imported])).toMatchObject({ closed: true });
  });

  it('at the household that had it then', () => {
    const moves = [
      { at: '2023-05-01T00:00:00Z', from: '440904001002-0001' },
      { at: '2023-07-01T00:00:00Z', from: '440904001003-0001' },
    ];
    const where = (knownAt: string) =>
      reckonCase(of([first], { moves }), asked('2023-12-31', knownAt)).value?.household;
    expect(where('2023-04-30T23:59:59Z')).toBe('440904001002-0001');
    expect(where('2023-05-01T00:00:00Z')).toBe('440904001003-0001');
    expect(where('2023-07-01T00:00:00Z')).toBe(HOUSEHOLD);
  });
});

describe('a claim counts', () => {
  const CLAIM = { id: 'claim-1', household: HOUSEHOLD, line: 'illness' };
  const happening = (kind: string, at: string, body?: ClaimHappening['body']): ClaimHappening => ({ kind, at, body });
  const reported = happening('claim-reported', '2023-05-01T02:00:00Z', {});
  const settled = happening('payment-settled', '2023-06-02T02:00:00Z', { on: '2023-06-01', amount: 800 });
  const returned = happening('payment-returned', '2023-06-05T02:00:00Z', { on: '2023-06-04' });
  const reckon = (on: string, events: ClaimHappening[], knownAt?: string) =>
    reckonClaim(CLAIM, events, asked(on, knownAt));

  it('as under way from its report, as paid from the day the bank booked it until the money came back', () => {
    const all = [reported, settled, returned];
    expect(reckon('2023-04-30', all)).toEqual({ value: undefined, until: '2023-05-01' });
    expect(reckon('2023-05-01', all)).toEqual({
      value: { ...CLAIM, state: 'in-progress', paid: 0 },
      until: '2023-06-01',
    });
    expect(reckon('2023-06-01', all)).toEqual({ value: { ...CLAIM, state: 'paid', paid: 800 }, until: '2023-06-04' });
    expect(reckon('2023-06-04', all)).toEqual({ value: { ...CLAIM, state: 'in-progress', paid: 0 }, until: undefined });
    expect(reckon('2023-06-01', all, '2023-06-02T01:59:59Z')).toEqual({
      value: { ...CLAIM, state: 'in-progress', paid: 0 },
      until: undefined,
    });
    // What is recorded at the very instant is known at it.
    expect(reckon('2023-06-01', all, '2023-06-02T02:00:00Z').value).toMatchObject({ state: 'paid', paid: 800 });
    const erased = happening('payment-settled', '2023-06-02T02:00:00Z');
    expect(reckon('2023-06-02', [reported, erased]).value).toEqual({ ...CLAIM, state: 'paid', paid: 0 });
  });

  it.each(['claim-rejected', 'claim-withdrawn', 'claim-appealed'])('as ended after %s', (kind) => {
    const ended = happening(kind, '2023-05-03T02:00:00Z', {});
    expect(reckon('2023-05-02', [reported, ended]).value?.state).toBe('in-progress');
    expect(reckon('2023-05-03', [reported, ended]).value?.state).toBe('ended');
    expect(isReported(kind)).toBe(true);
  });

  it('by no other event than its first, its ends and its money', () => {
    expect(['payment-settled', 'payment-returned', 'surveyed', 'claim-approved'].map(isReported)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    // The day in Shanghai, where the event names none.
    expect(dayOfClaimEvent({ at: '2023-05-01T16:00:00Z', body: undefined })).toBe('2023-05-02');
    expect(dayOfClaimEvent({ at: '2023-05-01T16:00:00Z', body: { on: '2023-04-30' } })).toBe('2023-04-30');
  });
});

describe('an entry of the ledger counts', () => {
  const entry = (changes: object = {}) =>
    ({
      id: 'e-1',
      kind: 'loan',
      region: '440904001001',
      occurredOn: '2023-04-01',
      recordedAt: '2023-04-02T00:00:00Z',
      household: HOUSEHOLD,
      amount: 5,
      ...changes,
    }) as unknown as Entry;
  const COUNTED = {
    id: 'e-1',
    key: '440904001001#2023-04-01#e-1',
    kind: 'loan',
    region: '440904001001',
    household: HOUSEHOLD,
    amount: 5,
    heads: 0,
    byUnion: false,
  };

  it('from its day on, until it was reversed', () => {
    const reversed = { on: '2023-05-01', at: '2023-05-02T00:00:00Z' };
    const reckon = (on: string, knownAt?: string) => reckonEntry(entry(), reversed, asked(on, knownAt));
    expect(reckon('2023-03-31')).toEqual({ value: undefined, until: '2023-04-01' });
    expect(reckon('2023-04-01')).toEqual({ value: COUNTED, until: '2023-05-01' });
    expect(reckon('2023-05-01')).toEqual({ value: undefined, until: undefined });
    expect(reckon('2023-05-01', '2023-05-01T23:59:59Z').value).toEqual(COUNTED);
    expect(reckon('2023-04-01', '2023-04-01T23:59:59Z').value).toBeUndefined();
    expect(reckonEntry(entry(), undefined, asked('2023-04-01'))).toEqual({ value: COUNTED, until: undefined });
  });

  it('with whom it names, the people it tells of, and whether a union gave it', () => {
    const of = (changes: object) => countedEntry(entry({ household: undefined, amount: undefined, ...changes }));
    expect(of({ kind: 'placement', person: 'p-1', household: HOUSEHOLD })).toMatchObject({
      person: 'p-1',
      household: HOUSEHOLD,
    });
    expect(of({})).not.toHaveProperty('household');
    expect(of({})).not.toHaveProperty('person');
    expect(countedEntry(entry({ kind: 'unemployed-hired', people: 7 })).heads).toBe(7);
    expect(countedEntry(entry({ kind: 'company-jobs', personTimes: 9 })).heads).toBe(9);
    const gift = (giverKind: string, kind = 'donation-received') => countedEntry(entry({ kind, giverKind })).byUnion;
    expect([gift('union'), gift('enterprise'), gift('union', 'loan')]).toEqual([true, false, false]);
  });
});

describe('somebody on a roster counts', () => {
  const listed = { policy: 'policy-1', person: 'p-1', place: '440904001001' };
  const cover = (changes: object = {}) => ({
    certificate: 'C-1',
    enrolledOn: '2023-02-01',
    recordedAt: '2023-01-15T00:00:00Z',
    ...changes,
  });

  it('from the first day of a certificate to its last', () => {
    const removed = cover({ removedOn: '2023-06-30', removalRecordedAt: '2023-07-02T00:00:00Z' });
    const reckon = (on: string, knownAt?: string) => reckonInsured(listed, [removed], asked(on, knownAt));
    expect(reckon('2023-01-31')).toEqual({ value: undefined, until: '2023-02-01' });
    expect(reckon('2023-02-01')).toEqual({ value: listed, until: '2023-07-01' });
    expect(reckon('2023-06-30')).toEqual({ value: listed, until: '2023-07-01' });
    expect(reckon('2023-07-01')).toEqual({ value: undefined, until: undefined });
    // Before the removal was known, the cover went on; before the certificate was known there was none.
    expect(reckon('2023-07-01', '2023-07-01T23:59:59Z')).toEqual({ value: listed, until: undefined });
    expect(reckon('2023-02-01', '2023-01-14T23:59:59Z')).toEqual({ value: undefined, until: undefined });
    const atOnce = cover({ removedOn: '2023-06-30' });
    expect(reckonInsured(listed, [atOnce], asked('2023-07-01', '2023-01-15T00:00:00Z')).value).toBeUndefined();
  });

  it('and nothing is counted at first', () => {
    expect(nothingCounted()).toEqual({
      households: [],
      labour: [],
      cases: [],
      claims: [],
      entries: [],
      insured: [],
      sheets: [],
      later: [],
    });
  });
});
