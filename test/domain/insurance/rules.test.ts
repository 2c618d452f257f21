import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { Confirmation, Payout } from '../../../functions/contracts/insurance/payout.ts';
import type { Cover } from '../../../functions/contracts/insurance/policy.ts';
import { claimDueAt } from '../../../functions/domain/insurance/claim-clocks.ts';
import { judge, reconcile } from '../../../functions/domain/insurance/confirmations.ts';
import { checkCover, isDoublyCovered } from '../../../functions/domain/insurance/cover.ts';
import { missingDocuments } from '../../../functions/domain/insurance/documents.ts';
import { pain001Faults, writePain001, yuan } from '../../../functions/domain/insurance/pain001.ts';
import { enrol, reconcileRoster, together } from '../../../functions/domain/insurance/roster.ts';
import { escaped, NotXml, readXml } from '../../../functions/domain/insurance/xml.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);

describe('cover', () => {
  const base = {
    policy: { from: '2023-01-01', to: '2023-12-31' },
    lines: illustrativeProduct.lines,
    line: 'illness' as const,
    eventOn: '2023-06-01',
    covers: [{ certificate: 'C1', enrolledOn: '2023-03-01' }],
    deceasedOn: null,
  };
  it.each<[string, Partial<Parameters<typeof checkCover>[0]>, string | null]>([
    ['holds', {}, null],
    ['ends with the policy, its last day included', { eventOn: '2023-12-31' }, null],
    ['not a day after it', { eventOn: '2024-01-01' }, 'outside-period'],
    ['not before it', { eventOn: '2022-12-31' }, 'outside-period'],
    ['not before enrolment', { eventOn: '2023-02-28' }, 'not-insured'],
    ['not in the waiting period of 30 days', { eventOn: '2023-03-30' }, 'waiting-period'],
    ['from the day after the waiting period', { eventOn: '2023-03-31' }, null],
    ['of an accident from the day of enrolment', { line: 'accident-medical', eventOn: '2023-03-01' }, null],
    ['not for somebody who is not on the roster', { covers: [] }, 'not-insured'],
    ['to the day somebody was taken off', { covers: [{ enrolledOn: '2023-03-01', removedOn: '2023-06-01' }] }, null],
    ['not the day after', { covers: [{ enrolledOn: '2023-03-01', removedOn: '2023-05-31' }] }, 'not-insured'],
    ['on the day of death', { deceasedOn: '2023-06-01' }, null],
    ['not after it', { deceasedOn: '2023-05-31' }, 'not-insured'],
    [
      'only of a line the product has',
      { lines: { education: illustrativeProduct.lines.education } },
      'event-not-covered',
    ],
  ])('%s', (_, changes, code) => {
    const found = checkCover({ ...base, ...changes });
    expect(found.code).toBe(code);
    expect(found.checks).toHaveLength(6);
  });

  it('is double when two certificates overlap, not when one follows the other', () => {
    const first = { enrolledOn: '2023-01-01', removedOn: '2023-03-31' };
    expect(isDoublyCovered([first, { enrolledOn: '2023-04-01' }])).toBe(false);
    expect(isDoublyCovered([first, { enrolledOn: '2023-03-31' }])).toBe(true);
  });
});

describe('documents', () => {
  it('of a death: two of three certificates, and the rest', () => {
    expect(missingDocuments('accidental-death', ['cremation-certificate', 'accident-proof', 'account-proof'])).toEqual([
      { anyOf: ['household-cancellation', 'medical-death-certificate'], count: 1 },
      { anyOf: ['relationship-proof'], count: 1 },
    ]);
    const whole = [
      'cremation-certificate',
      'medical-death-certificate',
      'accident-proof',
      'account-proof',
      'relationship-proof',
    ] as const;
    expect(missingDocuments('accidental-death', whole)).toEqual([]);
    expect(missingDocuments('accidental-death', whole, ['photograph', 'account-proof'])).toEqual([
      { anyOf: ['photograph'], count: 1 },
    ]);
  });
});

describe('clocks', () => {
  it('leave the first day out, end at 24:00, and know holidays', () => {
    // Thursday 28 September 2023: holidays to 6 October, and 7 and 8 October are worked.
    expect(claimDueAt({ days: 3, kind: 'working' }, at('2023-09-28T10:00:00'), [], 0)).toBe(at('2023-10-10T00:00:00'));
    expect(claimDueAt({ days: 3, kind: 'calendar' }, at('2023-09-28T10:00:00'), [], 0)).toBe(at('2023-10-02T00:00:00'));
  });

  it('stand still while documents are collected', () => {
    const clock = { days: 3, kind: 'working' as const };
    const pause = { from: at('2023-06-06T15:00:00'), to: at('2023-06-12T09:00:00') };
    // Monday; paused from Tuesday to the next Monday: four working days more.
    expect(claimDueAt(clock, at('2023-06-05T10:00:00'), [pause], 0)).toBe(at('2023-06-15T00:00:00'));
    expect(claimDueAt(clock, at('2023-06-05T10:00:00'), [{ ...pause, to: null }], at('2023-06-12T09:00:00'))).toBe(
      at('2023-06-15T00:00:00'),
    );
    expect(claimDueAt({ days: 30, kind: 'calendar' }, at('2023-06-05T10:00:00'), [pause], 0)).toBe(
      at('2023-07-12T00:00:00'),
    );
  });
});

const payout = (changes: Partial<Payout> = {}): Payout => ({
  endToEndId: '0123456789abcdef-01',
  claim: 'claim-0123456789abcdef',
  policy: 'p',
  household: '440904001001-0001',
  batch: 'b',
  amount: 100,
  status: 'instructed',
  instructedAt: '2023-06-01T00:00:00Z',
  settledOn: null,
  returned: null,
  disputed: null,
  resolved: null,
  payeeName: '测试',
  bank: '银行',
  accountCipher: '',
  accountMasked: '',
  ...changes,
});
const said = (status: Confirmation['status'], changes: Partial<Confirmation> = {}): Confirmation => ({
  endToEndId: '0123456789abcdef-01',
  status,
  amount: 100,
  on: '2023-06-05',
  ...(status === 'returned' ? { reason: 'AC01' } : {}),
  ...changes,
});

describe('confirmations', () => {
  const settled = payout({ status: 'settled', settledOn: '2023-06-05' });
  const returned = payout({
    status: 'returned',
    returned: { on: '2023-06-05', reason: 'AC04', afterSettlement: false },
  });
  const undone = payout({
    status: 'returned',
    settledOn: '2023-06-05',
    returned: { on: '2023-06-07', reason: 'AC04', afterSettlement: true },
  });
  it.each<[string, Payout, Confirmation, string]>([
    ['taken in', payout(), said('accepted'), 'accepted'],
    ['taken in after it arrived: late', settled, said('accepted'), 'unchanged'],
    ['arrived, without having been taken in', payout(), said('settled'), 'settled'],
    ['arrived twice', settled, said('settled'), 'unchanged'],
    ['sent back', payout({ status: 'accepted' }), said('returned'), 'returned'],
    ['sent back twice', returned, said('returned'), 'unchanged'],
    ['sent back after it arrived', settled, said('returned', { on: '2023-06-07' }), 'returned'],
    [
      'sent back on an earlier day than it arrived: a person must look',
      settled,
      said('returned', { on: '2023-06-04' }),
      'disputed',
    ],
    ['arrived after it was sent back: a person must look', returned, said('settled'), 'disputed'],
    ['the old arrival again, after both', undone, said('settled'), 'unchanged'],
    ['a new arrival after both', undone, said('settled', { on: '2023-06-09' }), 'disputed'],
    ['another sum', payout(), said('settled', { amount: 101 }), 'amount-differs'],
  ])('%s', (_, found, confirmation, effect) => {
    expect(judge(found, confirmation).effect).toBe(effect);
  });

  it('reconcile a batch only when count and sum agree, and list what is in the way', () => {
    const all = [settled, { ...returned, amount: 50 }, payout({ endToEndId: 'x', amount: 7 })];
    expect(reconcile({ count: 3, sum: 157 }, all)).toMatchObject({
      state: 'open',
      differences: [{ endToEndId: 'x', why: 'unconfirmed', amount: 7 }],
    });
    expect(reconcile({ count: 2, sum: 150 }, all.slice(0, 2)).state).toBe('reconciled');
    expect(reconcile({ count: 2, sum: 151 }, all.slice(0, 2)).state).toBe('open');
  });
});

describe('pain.001', () => {
  const file = {
    id: 'batch-0123456789abcdef',
    createdAt: '2023-06-01T01:00:00.000Z',
    executionOn: '2023-06-02',
    insurer: '示例 & 公司',
    transfers: [
      {
        endToEndId: '0123456789abcdef-01',
        amount: 3_000_000,
        payee: '陈<伟>',
        bank: '农村信用社',
        account: '6217000000000000001',
      },
      { endToEndId: '0123456789abcdee-01', amount: 5, payee: '李强', bank: '农业银行', account: '6217000000000000002' },
    ],
  };
  const written = writePain001(file);

  it('has the structure of the public schema, and its totals', () => {
    expect(pain001Faults(readXml(written))).toEqual([]);
    expect(written).toContain('<CtrlSum>30000.05</CtrlSum>');
  });

  it.each([
    ['a missing element', '<PmtMtd>TRF</PmtMtd>', '', '/Document/CstmrCdtTrfInitn/PmtInf/PmtMtd'],
    ['a wrong sum', '<CtrlSum>30000.05</CtrlSum>', '<CtrlSum>30000.06</CtrlSum>', '/GrpHdr/CtrlSum'],
    ['a wrong count', '<NbOfTxs>2</NbOfTxs>', '<NbOfTxs>3</NbOfTxs>', '/GrpHdr/NbOfTxs'],
    ['an id of 36 characters', 'batch-0123456789abcdef', 'b'.repeat(36), '/Document/CstmrCdtTrfInitn/GrpHdr/MsgId'],
    [
      'a currency that is none',
      'Ccy="CNY"',
      'Ccy="yuan"',
      '/Document/CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt',
    ],
    ['another order', '<Cdtr><Nm>', '<X/><Cdtr><Nm>', '/Document/CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Cdtr'],
    ['another version', '001.09', '001.03', '/Document@xmlns'],
  ])('is found out with %s', (_, part, other, fault) => {
    expect(pain001Faults(readXml(written.replace(part, other)))).toContain(fault);
  });

  it('writes fen as yuan', () => {
    expect([yuan(0), yuan(5), yuan(53_419_201)]).toEqual(['0.00', '0.05', '534192.01']);
  });
});

describe('XML', () => {
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an unknown entity', '<a>&x;</a>'],
    ['an open element', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['a section of characters', '<a><![CDATA[x]]></a>'],
    ['nothing', ''],
    ['no end', '<a'],
    ['nesting without end', '<a>'.repeat(40) + '</a>'.repeat(40)],
  ])('with %s is refused', (_, source) => {
    expect(() => readXml(source)).toThrow(NotXml);
  });

  it('gives back any words that were escaped, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (words) => {
        const plain = words.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
        expect(readXml(`<a b="${escaped(words)}">${escaped(words)}</a>`)).toMatchObject({
          text: plain,
          attributes: { b: plain },
        });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (source) => {
        try {
          return readXml(source).name !== '';
        } catch (error) {
          return error instanceof NotXml;
        }
      }),
    );
  });
});

describe('roster', () => {
  const row = { certificate: 'C1', enrolledOn: '2023-01-01' };
  const recordedAt = '2023-01-02T00:00:00.000Z';
  const kept = { ...row, recordedAt };
  it('takes a row once, ends it once, and refuses what contradicts', () => {
    const later = '2023-07-01T00:00:00.000Z';
    expect(enrol([], row, recordedAt)).toEqual({ covers: [kept], outcome: 'enrolled' });
    expect(enrol([kept], row, later)?.outcome).toBe('unchanged');
    const ended = { ...kept, removedOn: '2023-06-30' };
    expect(enrol([kept], ended, later)).toEqual({
      covers: [{ ...ended, removalRecordedAt: later }],
      outcome: 'removed',
    });
    expect(enrol([ended], ended, later)?.outcome).toBe('unchanged');
    expect(enrol([ended], row, later)).toBeUndefined();
    expect(enrol([kept], { ...row, enrolledOn: '2023-02-01' }, later)).toBeUndefined();
  });

  const person = (n: number) => `p-${String(n).padStart(16, '0')}`;
  const insured = (n: number, covers: Cover[] = [kept]) => ({
    person: person(n),
    name: '测试',
    idMasked: '',
    household: null,
    covers,
  });

  it('is reconciled with the register: uninsured, unregistered, twice', () => {
    const found = reconcileRoster(
      [
        insured(1),
        insured(2, [kept, { ...kept, certificate: 'C2', enrolledOn: '2023-02-01' }]),
        insured(3, [{ ...kept, removedOn: '2023-03-31' }]),
      ],
      [
        { person: person(1), household: 'h' },
        { person: person(3), household: 'h' },
      ],
      '2023-06-01',
    );
    expect(found).toMatchObject({
      insured: 2,
      registered: 2,
      both: 1,
      uninsured: [{ person: person(3) }],
      unregistered: [{ person: person(2) }],
      twice: [{ person: person(2) }],
    });
  });

  it('is reconciled village by village as if it were one: who moved is neither uninsured nor unregistered', () => {
    const registered = (n: number) => ({ person: person(n), household: 'h' });
    const twice = [kept, { ...kept, certificate: 'C2' }];
    // The second moved from the first village to the other, the fourth away, and the fifth came.
    const villages = [
      { roster: [insured(1), insured(2, twice), insured(4)], register: [registered(1)] },
      { roster: [insured(3)], register: [registered(2), registered(3), registered(5)] },
    ];
    const whole = reconcileRoster(
      villages.flatMap(({ roster }) => roster),
      villages.flatMap(({ register }) => register),
      '2023-06-01',
    );
    expect(together(villages.map(({ roster, register }) => reconcileRoster(roster, register, '2023-06-01')))).toEqual(
      whole,
    );
    expect(whole).toMatchObject({ insured: 4, registered: 4, both: 3 });
    expect([whole.uninsured, whole.unregistered, whole.twice].map((list) => list.map((one) => one.person))).toEqual([
      [person(5)],
      [person(4)],
      [person(2)],
    ]);
  });
});
