import { dayOf } from '../calendar.ts';
import { child, readXml, textAt, type XmlElement } from './xml.ts';

/** A status from the bank, for one payment or for all payments of a message or group it does not name one by one. */
export interface Reported {
  /** Null for an unknown code, which must not change anything. */
  status: 'accepted' | 'settled' | 'returned' | null;
  /** The external reason code of a return. */
  reason: string | null;
  /** The booked day in Asia/Shanghai, when it is told. */
  on: string | null;
}

/** One payment's status. */
export interface ReportedStatus extends Reported {
  /** Empty when the report names none. */
  endToEndId: string;
  /** Fen, when the report repeats it; `no-amount` when what it repeats is none, `other-currency` when it is not in yuan. */
  amount: number | null | 'no-amount' | 'other-currency';
}

/** The status of a whole message of ours, or of a group in one, with what the bank counted in it. `PART` (partially) beside what it is made of is none. */
export interface ReportedGroup extends Reported {
  /** The id of the message or payment group it is about, as we wrote it. */
  of: string;
  count: number | null;
  /** Fen. */
  sum: ReportedStatus['amount'];
}

export interface PaymentReport {
  message: string;
  createdOn: string;
  statuses: ReportedStatus[];
  groups: ReportedGroup[];
}

/**
 * What each ISO 20022 status code means here. A cancellation is a return: the money stays, or comes back. Codes not listed, also those of
 * later editions, change nothing.
 */
const STATUSES: Readonly<Record<string, NonNullable<Reported['status']>>> = {
  ACSC: 'settled',
  ACCC: 'settled',
  RJCT: 'returned',
  CANC: 'returned',
  RCVD: 'accepted',
  PDNG: 'accepted',
  ACTC: 'accepted',
  ACCP: 'accepted',
  ACFC: 'accepted',
  ACSP: 'accepted',
  ACWC: 'accepted',
  ACWP: 'accepted',
};

/** It is XML, but no pain.002 customer payment status report. */
export class NotPain002 extends Error {
  override readonly name = 'NotPain002';
}

/**
 * Reads a pain.002 payment status report of any version from .03 on, whatever prefix its namespace has. A payment that is not named with a status of its
 * own has that of its group, or of the whole message.
 * @throws NotXml NotPain002
 */
export function readPain002(source: string): PaymentReport {
  const document = readXml(source);
  const report = child(document, 'CstmrPmtStsRpt');
  const message = textAt(report, 'GrpHdr', 'MsgId');
  const createdOn = dayIn(textAt(report, 'GrpHdr', 'CreDtTm'));
  const named = /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1\d)$/.test(document.namespace);
  if (document.name !== 'Document' || !named || report === undefined || message === undefined || createdOn === null)
    throw new NotPain002('This is no pain.002 report.');
  const whole = child(report, 'OrgnlGrpInfAndSts');
  const payments = report.children.filter(({ name }) => name === 'OrgnlPmtInfAndSts');
  const statuses = [report, ...payments].flatMap((group) =>
    group.children
      .filter(({ name }) => name === 'TxInfAndSts')
      .map((transaction) => statusOf(transaction, textAt(group, 'PmtInfSts') ?? textAt(whole, 'GrpSts'))),
  );
  const groups = [
    ...payments.flatMap((group) => groupOf(group, 'PmtInfSts', textAt(group, 'OrgnlPmtInfId'), namesIn(group) > 0)),
    ...groupOf(whole, 'GrpSts', textAt(whole, 'OrgnlMsgId'), payments.length + statuses.length > 0),
  ];
  return { message, createdOn, statuses, groups };
}

function statusOf(transaction: XmlElement, inherited: string | undefined): ReportedStatus {
  const original = child(transaction, 'OrgnlTxRef');
  const amount = child(child(original, 'Amt'), 'InstdAmt') ?? child(original, 'IntrBkSttlmAmt');
  return {
    endToEndId: textAt(transaction, 'OrgnlEndToEndId') ?? '',
    ...reportedBy(transaction, textAt(transaction, 'TxSts') ?? inherited ?? ''),
    amount: amount === undefined ? null : fenOf(amount.text.trim(), amount.attributes['Ccy']),
  };
}

function namesIn({ children }: XmlElement): number {
  return children.filter(({ name }) => name === 'TxInfAndSts').length;
}

/** @param names whether the report names what is in it: then `PART` says nothing more */
function groupOf(
  group: XmlElement | undefined,
  field: string,
  of: string | undefined,
  names: boolean,
): ReportedGroup[] {
  const code = textAt(group, field);
  if (group === undefined || code === undefined || (names && code === 'PART')) return [];
  const [count, sum] = [textAt(group, 'OrgnlNbOfTxs'), textAt(group, 'OrgnlCtrlSum')];
  return [
    {
      of: of ?? '',
      ...reportedBy(group, code),
      count: count === undefined ? null : Number(count),
      sum: sum === undefined ? null : fenOf(sum, undefined),
    },
  ];
}

function reportedBy(element: XmlElement, code: string): Reported {
  const status = Object.hasOwn(STATUSES, code) ? (STATUSES[code] ?? null) : null;
  const settled = child(element, 'FctvIntrBkSttlmDt');
  return {
    status,
    reason: status === 'returned' ? reasonOf(element) : null,
    on: dayIn(textAt(settled, 'Dt') ?? textAt(settled, 'DtTm')) ?? dayIn(textAt(element, 'AccptncDtTm')),
  };
}

/** Any code of the external list, which grows; a proprietary reason, or none, becomes `NARR` (narrative). */
function reasonOf(element: XmlElement): string {
  const code = textAt(element, 'StsRsnInf', 'Rsn', 'Cd');
  return code !== undefined && /^[0-9A-Za-z]{1,4}$/.test(code) ? code : 'NARR';
}

/** The day in Asia/Shanghai of a date, or of a date-time, which without a zone is local. */
function dayIn(words: string | undefined): string | null {
  const [, day, time, zone] = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+)?(Z|[+-]\d{2}:\d{2})?$/.exec(words ?? '') ?? [];
  if (day === undefined || Number.isNaN(Date.parse(day))) return null;
  if (time === undefined || zone === undefined) return day;
  const instant = Date.parse(`${day}${time}${zone}`);
  return Number.isNaN(instant) ? null : dayOf(instant);
}

function fenOf(amount: string, currency: string | undefined): Exclude<ReportedStatus['amount'], null> {
  if (currency !== undefined && currency !== 'CNY') return 'other-currency';
  const [, yuan, cents = ''] = /^(\d{1,13})(?:\.(\d{1,2})0*)?$/.exec(amount) ?? [];
  return yuan === undefined ? 'no-amount' : Number(yuan) * 100 + Number(cents.padEnd(2, '0'));
}
