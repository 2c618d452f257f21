import { describe, expect, it } from 'vitest';
import { writePain001 } from '../../../functions/domain/insurance/pain001.ts';
import { readPain002 } from '../../../functions/domain/insurance/pain002.ts';
import { readXml } from '../../../functions/domain/insurance/xml.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10';

/** A report on batch `b`. */
function report(transactions: string, { whole = '', group = '', created = '2023-06-05T10:00:00' } = {}): string {
  return `<?xml version="1.0"?><Document xmlns="${NAMESPACE}"><CstmrPmtStsRpt><GrpHdr><MsgId>M1</MsgId><CreDtTm>${created}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>b</OrgnlMsgId>${whole}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>b</OrgnlPmtInfId>${group}${transactions}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
}

function payment(status: string, more = '', id = 'a-01'): string {
  return `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId>${status === '' ? '' : `<TxSts>${status}</TxSts>`}${more}</TxInfAndSts>`;
}

const only = (source: string) => {
  const { statuses } = readPain002(source);
  expect(statuses).toHaveLength(1);
  return statuses[0];
};
const reason = (words: string) => `<StsRsnInf><Rsn>${words}</Rsn></StsRsnInf>`;
const inYuan = (amount: string, currency = 'CNY') =>
  `<OrgnlTxRef><Amt><InstdAmt Ccy="${currency}">${amount}</InstdAmt></Amt></OrgnlTxRef>`;

describe('pain.002', () => {
  it('tells each payment: arrived, sent back with its reason, or under way', () => {
    const { statuses } = readPain002(
      report(
        payment('ACSC', inYuan('30000.05')) +
          payment('RJCT', reason('<Cd>AC04</Cd>'), 'b-01') +
          payment('ACSP', '', 'c-01'),
      ),
    );
    expect(statuses).toEqual([
      { endToEndId: 'a-01', status: 'settled', reason: null, amount: 3_000_005, on: null },
      { endToEndId: 'b-01', status: 'returned', reason: 'AC04', amount: null, on: null },
      { endToEndId: 'c-01', status: 'accepted', reason: null, amount: null, on: null },
    ]);
  });

  it.each([
    ['<Cd>NARR</Cd>', 'NARR'],
    ['<Cd>DUPL</Cd>', 'DUPL'],
    ['<Cd>LEGL</Cd>', 'LEGL'],
    ['<Cd>AB1</Cd>', 'AB1'],
    ['<Prtry>账号已销户</Prtry>', 'NARR'],
    ['<Cd>TOOLONG</Cd>', 'NARR'],
    ['', 'NARR'],
  ])('keeps the reason %s of a rejection as %s', (given, kept) => {
    expect(only(report(payment('RJCT', given === '' ? '' : reason(given))))).toMatchObject({
      status: 'returned',
      reason: kept,
    });
  });

  it.each<[string, string | null]>([
    ['CANC', 'returned'],
    ['RJCT', 'returned'],
    ['ACCC', 'settled'],
    ...['RCVD', 'PDNG', 'ACTC', 'ACCP', 'ACFC', 'ACSP', 'ACWC', 'ACWP'].map((code): [string, string] => [
      code,
      'accepted',
    ]),
    ['PART', null],
    ['ZZZZ', null],
    ['', null],
  ])('takes the status %s for %s: an unknown one for none', (code, status) => {
    expect(only(report(payment(code)))?.status).toBe(status);
  });

  it('tells the status of a whole message or payment group, which a payment without its own has too', () => {
    const counted = '<OrgnlNbOfTxs>2</OrgnlNbOfTxs><OrgnlCtrlSum>4000.00</OrgnlCtrlSum>';
    const whole = readPain002(report('', { whole: `${counted}<GrpSts>RJCT</GrpSts>${reason('<Cd>AM04</Cd>')}` }));
    expect(whole.statuses).toEqual([]);
    expect(whole.groups).toEqual([{ of: 'b', status: 'returned', reason: 'AM04', on: null, count: 2, sum: 400_000 }]);
    const { groups } = readPain002(report('', { group: '<PmtInfSts>ACSC</PmtInfSts>' }));
    expect(groups).toEqual([{ of: 'b', status: 'settled', reason: null, on: null, count: null, sum: null }]);
    expect(only(report(payment('', reason('<Cd>AC01</Cd>')), { whole: '<GrpSts>RJCT</GrpSts>' }))).toMatchObject({
      status: 'returned',
      reason: 'AC01',
    });
    expect(readPain002(report('')).groups).toEqual([]);
  });

  it('a payment without its own has the status of its group before that of the message', () => {
    const both = { whole: '<GrpSts>ACSP</GrpSts>', group: '<PmtInfSts>RJCT</PmtInfSts>' };
    expect(only(report(payment(''), both))?.status).toBe('returned');
    expect(only(report(payment('ACSC'), both))?.status).toBe('settled');
  });

  it('takes “in part” for nothing beside what it names, and for an unknown word of what it does not', () => {
    const [whole, group] = ['<GrpSts>PART</GrpSts>', '<PmtInfSts>PART</PmtInfSts>'];
    const unknown = { of: 'b', status: null, reason: null, on: null, count: null, sum: null };
    expect(readPain002(report(payment('ACSC'), { whole, group })).groups).toEqual([]);
    // The message names its group, and the group none of its payments.
    expect(readPain002(report('', { whole, group })).groups).toEqual([unknown]);
    const withoutGroups = report('', { whole }).replace(/<OrgnlPmtInfAndSts>.*<\/OrgnlPmtInfAndSts>/, '');
    expect(readPain002(withoutGroups).groups).toEqual([unknown]);
    // Payments that stand in no group are named all the same.
    const bare = withoutGroups.replace('</CstmrPmtStsRpt>', `${payment('ACSC')}</CstmrPmtStsRpt>`);
    expect(readPain002(bare)).toMatchObject({ statuses: [{ status: 'settled' }], groups: [] });
    const told = readPain002(
      report(payment('ACSC'), { whole: '<GrpSts>ACSP</GrpSts>', group: '<PmtInfSts>ACSC</PmtInfSts>' }),
    );
    expect(told.groups.map(({ status }) => status)).toEqual(['settled', 'accepted']);
  });

  it.each([
    ['<AccptncDtTm>2023-06-24T16:30:00Z</AccptncDtTm>', '2023-06-25'],
    ['<AccptncDtTm>2023-06-24T23:30:00+08:00</AccptncDtTm>', '2023-06-24'],
    ['<AccptncDtTm>2023-06-24T23:30:00</AccptncDtTm>', '2023-06-24'],
    [
      '<AccptncDtTm>2023-06-24T23:30:00Z</AccptncDtTm><FctvIntrBkSttlmDt><Dt>2023-06-26</Dt></FctvIntrBkSttlmDt>',
      '2023-06-26',
    ],
    ['<FctvIntrBkSttlmDt><DtTm>2023-06-24T16:00:00.000Z</DtTm></FctvIntrBkSttlmDt>', '2023-06-25'],
    ['<FctvIntrBkSttlmDt><Dt>2023-13-45</Dt></FctvIntrBkSttlmDt>', null],
    ['<FctvIntrBkSttlmDt><DtTm>2023-06-24T25:61:00Z</DtTm></FctvIntrBkSttlmDt>', null],
    ['', null],
  ])('is booked in Shanghai: %s on %s', (given, day) => {
    expect(only(report(payment('ACSC', given)))?.on).toBe(day);
  });

  it('knows no status by the name of something every object has', () => {
    for (const code of ['constructor', 'toString', '__proto__']) expect(only(report(payment(code)))?.status).toBeNull();
  });

  it('was written on a day of Shanghai', () => {
    expect(readPain002(report('', { created: '2023-06-24T16:30:00Z' })).createdOn).toBe('2023-06-25');
  });

  it.each([
    [inYuan('2000.00'), 200_000],
    [inYuan('2000.000'), 200_000],
    [inYuan(' 2000.5 '), 200_050],
    [inYuan('2000'), 200_000],
    [inYuan(''), 'no-amount'],
    [inYuan('2000.00', 'USD'), 'other-currency'],
    [inYuan('2000.001'), 'no-amount'],
    [inYuan('two thousand'), 'no-amount'],
    ['<OrgnlTxRef><IntrBkSttlmAmt Ccy="HKD">2000.00</IntrBkSttlmAmt></OrgnlTxRef>', 'other-currency'],
  ])('of the amount %s says %s, of this payment alone', (given, amount) => {
    const { statuses } = readPain002(report(payment('ACSC', given) + payment('ACSC', '', 'b-01')));
    expect(statuses.map((one) => one.amount)).toEqual([amount, null]);
  });

  it('is read with any prefix of its namespace as with none', () => {
    const plain = report(payment('RJCT', reason('<Cd>MD07</Cd>')));
    const prefixed = plain.replaceAll(/<(\/?)(?=[A-Za-z])/g, '<$1p:').replace('xmlns=', 'xmlns:p=');
    expect(prefixed).toContain('<p:Document xmlns:p=');
    expect(readPain002(prefixed)).toEqual(readPain002(plain));
    expect(() => readPain002(prefixed.replace('xmlns:p=', 'xmlns:q='))).toThrow('no pain.002');
  });

  it('has no element with attributes by the thousand, and a prefix stands for what the nearest element says', () => {
    const attributes = (count: number) => Array.from({ length: count }, (_, n) => ` xmlns:a${n}="x"`).join('');
    expect(readXml(`<x${attributes(64)}><a63:y/></x>`).children).toMatchObject([{ name: 'y', namespace: 'x' }]);
    expect(() => readXml(`<x${attributes(65)}/>`)).toThrow('too many attributes');
    const nested = readXml('<p:x xmlns:p="1" xmlns="0"><p:y xmlns:p="2"><p:z/><w/></p:y><p:y/><q:y/></p:x>');
    expect([nested, ...nested.children].map(({ namespace }) => namespace)).toEqual(['1', '2', '1', '']);
    expect(nested.children[0]?.children.map(({ namespace }) => namespace)).toEqual(['2', '0']);
  });

  it('is refused when it is another message', () => {
    expect(() =>
      readPain002(writePain001({ id: 'b', createdAt: '', executionOn: '', insurer: 'x', transfers: [] })),
    ).toThrow('no pain.002');
  });
});
