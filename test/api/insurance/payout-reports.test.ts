import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK, PAYER, PayingDistrict } from '../../paying-district.ts';
import { claimOf } from '../../playing-claims.ts';
import type { TestStack } from '../../stack.ts';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(10);
  stack = district.stack;
});
afterAll(() => stack.stop());

describe('a pain.002 report of the bank', () => {
  it('has an outcome for each payment it names', async () => {
    const found = await district.claims(2, 'confirmation');
    const status = (id: string, code: string, reason = '') =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${code}</TxSts>${reason === '' ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`}</TxInfAndSts>`;
    const pain002 = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>${district.today()}T12:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>${status(found[0].payouts[0], 'ACCP')}${status(found[0].payouts[0], 'ACSC')}${status('UNKNOWN-ID', 'ACSC')}${status(found[1].payouts[0], 'RJCT', 'MD07')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002 });
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'accepted',
      'settled',
      'refused',
      'returned',
    ]);
    const bad = await stack.post('/v1/payouts/confirmations', BANK, { pain002: '<!DOCTYPE x><x/>' });
    expect([bad.status, bad.body.code]).toEqual([400, 'pain002-invalid']);
  });

  const reported = (rest: string) =>
    `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R2</MsgId><CreDtTm>${district.today()}T00:10:00</CreDtTm></GrpHdr>${rest}</CstmrPmtStsRpt></Document>`;
  const outcomesOf = async (rest: string): Promise<string[]> => {
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002: reported(rest) });
    return (
      body.items?.map(
        ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
      ) ?? [body.code]
    );
  };

  const group = (of: string, status: string, payments = '') =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${of}</OrgnlPmtInfId><PmtInfSts>${status}</PmtInfSts>${payments}</OrgnlPmtInfAndSts>`;

  it('of several groups says of each what became of it: unknown batches and statuses stand beside what was taken in', async () => {
    const found = await district.claims(2);
    const [one, other] = await Promise.all(
      found.map(({ id }) => stack.post('/v1/payouts/batches', PAYER, district.batchOf([id]))),
    );
    const batches = [one?.body.id, other?.body.id];
    const sent = `${group(batches[0], 'RJCT')}${group('unknown', 'RJCT')}${group('X'.repeat(3_000), 'RJCT')}${group(batches[1], 'ZZZZ')}`;
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002: reported(sent) });
    expect(
      body.items.map(
        ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
      ),
    ).toEqual(['returned', 'batch-unknown', 'batch-unknown', 'payout-status-unknown']);
    expect(body.items[1].problem.errors).toMatchObject([
      { pointer: '/pain002', detail: expect.stringContaining('unknown') },
    ]);
    // `PART` beside the payments it is made of says nothing more.
    const payment = `<TxInfAndSts><OrgnlEndToEndId>${other?.body.payouts[0].endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>`;
    expect(await outcomesOf(group(batches[1], 'PART', payment))).toEqual(['returned']);
    expect(await outcomesOf(group(batches[1], 'PART'))).toEqual(['payout-status-unknown']);
  });

  it('of more payments than one request takes is refused whole; a faulty row says which payment it is about', async () => {
    const named = (id: string) =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>ACSC</TxSts><FctvIntrBkSttlmDt><Dt>2023-02-31</Dt></FctvIntrBkSttlmDt></TxInfAndSts>`;
    const of = (payments: string) => reported(`<OrgnlPmtInfAndSts>${payments}</OrgnlPmtInfAndSts>`);
    const many = Array.from({ length: 501 }, (_, n) => named(`X${n}`)).join('');
    const refused = await stack.post('/v1/payouts/confirmations', BANK, { pain002: of(many) });
    expect([refused.status, refused.body.code]).toEqual([400, 'too-many-rows']);
    const half = Array.from({ length: 250 }, (_, n) => named(`X${n}`)).join('');
    const groups = Array.from({ length: 251 }, (_, n) => group(`b${n}`, 'RJCT')).join('');
    expect(await outcomesOf(`<OrgnlPmtInfAndSts>${half}</OrgnlPmtInfAndSts>${groups}`)).toEqual(['too-many-rows']);
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002: of(named('X1')) });
    expect(body.items).toMatchObject([{ endToEndId: 'X1', outcome: 'refused', problem: { code: 'invalid-body' } }]);
  });

  it('of a whole file moves every payment of ours in it, and an answer is never empty', async () => {
    const found = await district.claims(2);
    const batch = await stack.post('/v1/payouts/batches', PAYER, district.batchOf(found.map(({ id }) => id)));
    const whole = (more: string, of = batch.body.id) =>
      outcomesOf(`<OrgnlGrpInfAndSts><OrgnlMsgId>${of}</OrgnlMsgId>${more}</OrgnlGrpInfAndSts>`);
    expect(await whole('')).toEqual(['pain002-empty']);
    expect(await whole('<GrpSts>RJCT</GrpSts>', `batch-${'0'.repeat(16)}`)).toEqual(['batch-unknown']);
    expect(await whole('<GrpSts>ZZZZ</GrpSts>')).toEqual(['payout-status-unknown']);
    expect(await whole('<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>RJCT</GrpSts>')).toEqual(['amount-differs']);
    const stages = async () =>
      await Promise.all(found.map(async ({ household }) => (await claimOf(stack, household)).stage));
    expect(await stages()).toEqual(['payment-instructed', 'payment-instructed']);
    expect(await whole('<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>余额不足</Prtry></Rsn></StsRsnInf>')).toEqual([
      'returned',
      'returned',
    ]);
    expect(await stages()).toEqual(['payment-returned', 'payment-returned']);
    expect(await whole('<GrpSts>RJCT</GrpSts>')).toEqual(['unchanged', 'unchanged']);
    const [first] = await Promise.all(found.map(({ household }) => claimOf(stack, household)));
    expect(first.timeline.at(-1)).toMatchObject({ kind: 'payment-returned', body: { reason: 'NARR' } });
  });

  it('of one payment in a file says what was not believed beside what was: another currency, no amount, an unknown status', async () => {
    const found = await district.claims(2, 'confirmation');
    const [first, second] = found.map(({ payouts }) => payouts[0]);
    const one = (id: string, code: string, amount = '2000.00', currency = 'CNY') =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${code}</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="${currency}">${amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`;
    const rows = [
      one(first, 'ACSC', '2000.00', 'USD'),
      one(first, 'ACSC', 'x'),
      one(first, 'ZZZZ'),
      one(second, 'CANC'),
    ];
    expect(await outcomesOf(`<OrgnlPmtInfAndSts>${rows.join('')}</OrgnlPmtInfAndSts>`)).toEqual([
      'currency-differs',
      'amount-differs',
      'payout-status-unknown',
      'returned',
    ]);
    expect((await claimOf(stack, found[0].household)).stage).toBe('payment-instructed');
    // The same by JSON: any code is kept, none is told in words.
    expect(await district.tell(district.said(first, 'returned', { reason: undefined }))).toEqual(['returned']);
    expect(
      await district.tell(district.said(first, 'returned', { reason: 'DUPL' }), district.said(first, 'gone')),
    ).toEqual(['unchanged', 'invalid-body']);
  });
});
