import { child, readXml, textAt, type XmlElement } from './xml.ts';

/** One payment's status as a bank reports it. */
export interface ReportedStatus {
  endToEndId: string;
  status: 'accepted' | 'settled' | 'returned';
  /** An external reason code, of what was returned. */
  reason: string | null;
  /** Fen, when the report repeats it. */
  amount: number | null;
  /** The booked day, when it is told. */
  on: string | null;
}

/** ISO 20022 status codes as what they mean for us; the others leave a payment where it is. */
const STATUSES: Record<string, ReportedStatus['status']> = { ACSC: 'settled', ACCC: 'settled', RJCT: 'returned' };

/** It is XML, but no pain.002 customer payment status report. */
export class NotPain002 extends Error {
  override readonly name = 'NotPain002';
}

/**
 * Reads a pain.002 payment status report of any version from .03 on.
 * @throws NotXml NotPain002
 */
export function readPain002(source: string): { message: string; createdOn: string; statuses: ReportedStatus[] } {
  const document = readXml(source);
  const report = child(document, 'CstmrPmtStsRpt');
  const message = textAt(report, 'GrpHdr', 'MsgId');
  const created = textAt(report, 'GrpHdr', 'CreDtTm');
  const named = /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1\d)$/.test(
    document.attributes['xmlns'] ?? '',
  );
  if (document.name !== 'Document' || !named || report === undefined || message === undefined || created === undefined)
    throw new NotPain002('This is no pain.002 report.');
  const payments = report.children.filter(({ name }) => name === 'OrgnlPmtInfAndSts');
  const statuses = payments.flatMap(({ children }) =>
    children.filter(({ name }) => name === 'TxInfAndSts').map(statusOf),
  );
  return { message, createdOn: created.slice(0, 10), statuses };
}

function statusOf(transaction: XmlElement): ReportedStatus {
  const endToEndId = textAt(transaction, 'OrgnlEndToEndId');
  const code = textAt(transaction, 'TxSts');
  if (endToEndId === undefined || code === undefined) throw new NotPain002('A status names no payment.');
  const reason = textAt(transaction, 'StsRsnInf', 'Rsn', 'Cd') ?? null;
  const amount = textAt(transaction, 'OrgnlTxRef', 'Amt', 'InstdAmt');
  const on = textAt(transaction, 'AccptncDtTm') ?? textAt(transaction, 'FctvIntrBkSttlmDt', 'Dt');
  const status = STATUSES[code] ?? 'accepted';
  return {
    endToEndId,
    status,
    reason: status === 'returned' ? (reason ?? 'NARR') : null,
    amount: amount === undefined ? null : fenOf(amount),
    on: on?.slice(0, 10) ?? null,
  };
}

function fenOf(amount: string): number {
  const [, yuan, cents = ''] = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  if (yuan === undefined) throw new NotPain002('An amount is no amount.');
  return Number(yuan) * 100 + Number(cents.padEnd(2, '0'));
}
