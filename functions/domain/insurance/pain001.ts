import { escaped, type XmlElement } from './xml.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

/** A payment as the message tells it: the account in full, so the message is sensitive as a whole. */
export interface CreditTransfer {
  endToEndId: string;
  /** Fen. */
  amount: number;
  payee: string;
  bank: string;
  account: string;
}

export interface PaymentFile {
  id: string;
  /** ISO instant. */
  createdAt: string;
  executionOn: string;
  insurer: string;
  transfers: readonly CreditTransfer[];
}

/** Fen as yuan with two decimals, the way ISO 20022 writes amounts. */
export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** Writes a batch as a pain.001.001.09 message: one payment group, its count and sum of control twice, as the schema has it. */
export function writePain001({ id, createdAt, executionOn, insurer, transfers }: PaymentFile): string {
  const sum = yuan(transfers.reduce((whole, { amount }) => whole + amount, 0));
  const party = (words: string) => element('Nm', escaped(words.slice(0, 140)));
  const other = (words: string) => element('Id', element('Othr', element('Id', escaped(words))));
  const agent = (words: string) => element('FinInstnId', party(words));
  const transfer = ({ endToEndId, amount, payee, bank, account }: CreditTransfer) =>
    element(
      'CdtTrfTxInf',
      element('PmtId', element('EndToEndId', endToEndId)),
      element('Amt', `<InstdAmt Ccy="CNY">${yuan(amount)}</InstdAmt>`),
      element('CdtrAgt', agent(bank)),
      element('Cdtr', party(payee)),
      element('CdtrAcct', other(account)),
      element('Purp', element('Cd', 'INSU')),
    );
  const header = element(
    'GrpHdr',
    element('MsgId', id),
    element('CreDtTm', createdAt),
    element('NbOfTxs', String(transfers.length)),
    element('CtrlSum', sum),
    element('InitgPty', party(insurer)),
  );
  const payment = element(
    'PmtInf',
    element('PmtInfId', id),
    element('PmtMtd', 'TRF'),
    element('NbOfTxs', String(transfers.length)),
    element('CtrlSum', sum),
    element('ReqdExctnDt', element('Dt', executionOn)),
    element('Dbtr', party(insurer)),
    element('DbtrAcct', other('POLICY')),
    element('DbtrAgt', agent('NOTPROVIDED')),
    ...transfers.map(transfer),
  );
  const document = element('CstmrCdtTrfInitn', header, payment);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}">${document}</Document>\n`;
}

function element(name: string, ...content: string[]): string {
  return `<${name}>${content.join('')}</${name}>`;
}

/** An element of the schema that we use: how often, and what it holds, in the order the schema asks for. */
interface Shape {
  name: string;
  most: number;
  text?: RegExp;
  children?: readonly Shape[];
  attributes?: Readonly<Record<string, RegExp>>;
}

const max = (length: number) => new RegExp(`^[^\\s](.{0,${length - 2}}[^\\s])?$`, 'su');
const one = (name: string, content: RegExp | readonly Shape[]): Shape => ({
  name,
  most: 1,
  ...(content instanceof RegExp ? { text: content } : { children: content }),
});
const count = /^\d{1,15}$/;
const decimal = /^\d{1,15}\.\d{2}$/;
const party = (name: string) => one(name, [one('Nm', max(140))]);
const acct = (name: string) => one(name, [one('Id', [one('Othr', [one('Id', max(34))])])]);
const agent = (name: string) => one(name, [one('FinInstnId', [one('Nm', max(140))])]);

/** The part of the public schema a batch uses: names, order, number, and the forms of its types (Max35Text, DecimalNumber, ISODateTime, …). */
const schema: Shape = one('Document', [
  one('CstmrCdtTrfInitn', [
    one('GrpHdr', [
      one('MsgId', max(35)),
      one('CreDtTm', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
      one('NbOfTxs', count),
      one('CtrlSum', decimal),
      party('InitgPty'),
    ]),
    one('PmtInf', [
      one('PmtInfId', max(35)),
      one('PmtMtd', /^(CHK|TRF|TRA)$/),
      one('NbOfTxs', count),
      one('CtrlSum', decimal),
      one('ReqdExctnDt', [one('Dt', /^\d{4}-\d\d-\d\d$/)]),
      party('Dbtr'),
      acct('DbtrAcct'),
      agent('DbtrAgt'),
      {
        name: 'CdtTrfTxInf',
        most: Number.POSITIVE_INFINITY,
        children: [
          one('PmtId', [one('EndToEndId', max(35))]),
          one('Amt', [{ name: 'InstdAmt', most: 1, text: decimal, attributes: { Ccy: /^[A-Z]{3}$/ } }]),
          agent('CdtrAgt'),
          party('Cdtr'),
          acct('CdtrAcct'),
          one('Purp', [one('Cd', max(4))]),
        ],
      },
    ]),
  ]),
]);

/** The paths at which a message breaks the schema; empty when it is valid. Count and sum are compared with its content. */
export function pain001Faults(document: XmlElement): string[] {
  const faults = shapeFaults(document, schema, '');
  if (document.attributes['xmlns'] !== NAMESPACE) faults.push('/Document@xmlns');
  const transfers = document.children[0]?.children[1]?.children.filter(({ name }) => name === 'CdtTrfTxInf') ?? [];
  const sum = transfers.reduce((whole, { children }) => whole + hundredths(children[1]?.children[0]?.text ?? ''), 0);
  for (const part of document.children[0]?.children ?? []) {
    const said = (name: string) => part.children.find((found) => found.name === name)?.text ?? '';
    if (said('NbOfTxs') !== String(transfers.length)) faults.push(`/${part.name}/NbOfTxs`);
    if (hundredths(said('CtrlSum')) !== sum) faults.push(`/${part.name}/CtrlSum`);
  }
  return faults;
}

function hundredths(amount: string): number {
  return Number(amount.replace('.', ''));
}

function shapeFaults(found: XmlElement, shape: Shape, above: string): string[] {
  const path = `${above}/${shape.name}`;
  if (found.name !== shape.name) return [path];
  const attributes = Object.entries(shape.attributes ?? {}).filter(
    ([name, form]) => !form.test(found.attributes[name] ?? ''),
  );
  if (shape.text !== undefined) {
    return shape.text.test(found.text) && found.children.length === 0 && attributes.length === 0 ? [] : [path];
  }
  const faults: string[] = [];
  let next = 0;
  for (const wanted of shape.children ?? []) {
    let times = 0;
    for (; times < wanted.most && found.children[next]?.name === wanted.name; times += 1, next += 1) {
      const inner = found.children[next];
      if (inner !== undefined) faults.push(...shapeFaults(inner, wanted, path));
    }
    if (times === 0) faults.push(`${path}/${wanted.name}`);
  }
  if (next < found.children.length) faults.push(`${path}/${found.children[next]?.name ?? ''}`);
  return faults;
}
