import type { ClaimFacts } from '../../functions/contracts/insurance/adjudication.ts';
import type { LineId } from '../../functions/contracts/insurance/product.ts';
import { adjudicate } from '../../functions/domain/insurance/adjudicate.ts';
import { Random } from '../district/random.ts';
import { illustrativeProduct } from './product.ts';

/** A family that may have had a loss. */
export interface Claimant {
  household: string;
  /** As it is on file. */
  phone: string;
  people: { person: string; name: string; idNumber: string; age: number; inSchool: boolean }[];
}

/** The claim's stage at the end of the replay. */
export type Stop =
  | 'paid'
  | 'survey'
  | 'documents'
  | 'approval'
  | 'second-approval'
  | 'account'
  | 'payment'
  | 'confirmation'
  | 'returned';

export interface PlannedClaim {
  number: number;
  household: string;
  person: string;
  idNumber: string;
  /** Who reports it without login, with the telephone on file. */
  name: string;
  phone: string;
  /** Whose account takes the money. */
  payee: Claimant['people'][number];
  line: LineId;
  eventOn: string;
  facts: ClaimFacts;
  /** The expected amount, fen. */
  amount: number;
  stop: Stop;
  /** Four waves over the year. */
  wave: number;
  channel: 'village' | 'household' | 'hospital';
  /** The adjuster asks for its papers, once, as one list; otherwise the family brings them by itself. */
  papersAsked: boolean;
  /** Its account is recorded wrongly at first: the bank returns the money once, and it is paid again. */
  comesBackOnce: boolean;
}

/** The article's figures: 54 paid, 534,192.01 yuan, and 8 under way. */
const PAID_SUM = 53_419_201;
const STOPS: readonly Stop[] = [
  'survey',
  'documents',
  'approval',
  'second-approval',
  'account',
  'payment',
  'confirmation',
  'returned',
];
const UNTOUCHED = { accepted: 0, approved: 0, household: 0, limitLeft: Number.MAX_SAFE_INTEGER };
/** First and last months of each wave's events; the last two weeks of each are left for the reports. */
const WAVES = [
  ['02', '02'],
  ['04', '05'],
  ['06', '07'],
  ['09', '10'],
] as const;

/** Every sixth family is asked for its papers; one account in the district is written down wrongly. */
function incidentsOf(number: number, stop: Stop): Pick<PlannedClaim, 'papersAsked' | 'comesBackOnce'> {
  return {
    papersAsked: stop === 'documents' || (stop !== 'survey' && number % 6 === 0),
    comesBackOnce: stop === 'paid' && number === 5,
  };
}

export function amountOf(facts: ClaimFacts): number {
  return adjudicate(illustrativeProduct, facts, UNTOUCHED).amount;
}

/**
 * The 62 claims of the year, of every line, each of another household, made so that the 54 paid ones come to the article's sum to the last fen.
 * @param death the first story's: whose child died in an accident, and when
 */
export function planClaims(
  claimants: readonly Claimant[],
  death: { claimant: Claimant; person: string; idNumber: string; eventOn: string },
): PlannedClaim[] {
  const random = new Random('claims');
  const left = [...claimants];
  const planned: PlannedClaim[] = [];
  const add = (facts: ClaimFacts, stop: Stop = 'paid'): void => {
    const student = facts.line === 'education';
    const place = left.findIndex(({ people }) => !student || people.some(({ inSchool, age }) => inSchool && age >= 15));
    const [claimant] = left.splice(Math.max(0, place), 1);
    const [head] = claimant?.people ?? [];
    if (claimant === undefined || head === undefined || place < 0)
      throw new Error(`No family can claim for ${facts.line}.`);
    const who = student ? (claimant.people.find(({ inSchool, age }) => inSchool && age >= 15) ?? head) : head;
    const number = planned.length;
    const wave = stop === 'paid' ? number % WAVES.length : WAVES.length - 1;
    const [first, last] = WAVES[wave] ?? WAVES[0];
    const eventOn = `2023-${random.pick([first, last])}-${String(random.int(1, 28)).padStart(2, '0')}`;
    const cost = facts.line === 'illness' || facts.line === 'accident-medical';
    const channel = cost && number % 4 === 1 ? 'hospital' : number % 5 === 2 ? 'household' : 'village';
    const { person, idNumber, name } = who;
    planned.push({
      number,
      household: claimant.household,
      person,
      idNumber,
      name,
      phone: claimant.phone,
      payee: head,
      line: facts.line,
      eventOn,
      facts,
      amount: amountOf(facts),
      stop,
      wave,
      channel,
      ...incidentsOf(number, stop),
    });
  };

  for (const grade of [8, 9, 10]) add({ line: 'accidental-disability', grade });
  for (const stage of [
    'university',
    'university',
    'university',
    'university',
    'vocational',
    'vocational',
    'high-school',
    'high-school',
  ] as const)
    add({ line: 'education', stage });
  for (let n = 0; n < 6; n += 1) {
    const housing = n % 2 === 0 ? ('moderate' as const) : null;
    add({
      line: 'disaster',
      housing,
      housingLoss: housing === null ? 0 : random.int(250_000, 600_000),
      assetsLoss: random.int(800_000, 3_000_000),
    });
  }
  for (let n = 0; n < 12; n += 1) add(billsFor('accident-medical', 4 * random.int(30_000, 190_000), n));
  const rest = PAID_SUM - amountOf({ line: 'accidental-death' }) - planned.reduce((sum, { amount }) => sum + amount, 0);
  const shares = Array.from({ length: 24 }, () => random.int(60, 140));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const amounts = shares.map((share) => Math.floor((rest * share) / whole));
  amounts[0] = (amounts[0] ?? 0) + rest - amounts.reduce((sum, amount) => sum + amount, 0);
  for (const [n, amount] of amounts.entries()) add(billsFor('illness', amount, n));
  for (const [n, stop] of STOPS.entries())
    add(
      n % 3 === 2
        ? { line: 'education', stage: 'university' }
        : billsFor('illness', stop === 'second-approval' ? 1_350_000 : 480_000 + n * 20_000, 40 + n),
      stop,
    );

  const { claimant, person, idNumber, eventOn } = death;
  const [payee] = claimant.people;
  if (payee === undefined) throw new Error('The family of the first story has nobody left.');
  const facts = { line: 'accidental-death' as const };
  const paid = {
    number: planned.length,
    household: claimant.household,
    person,
    idNumber,
    name: payee.name,
    phone: claimant.phone,
    payee,
    line: facts.line,
    eventOn,
    facts,
    amount: amountOf(facts),
  };
  return [...planned, { ...paid, stop: 'paid', wave: 0, channel: 'village', ...incidentsOf(paid.number, 'paid') }];
}

/** One bill whose compliant self-paid cost comes to an amount; what others paid and what is not compliant is invented beside it. */
function billsFor(line: 'illness' | 'accident-medical', amount: number, n: number): ClaimFacts {
  const facts = (cost: number): ClaimFacts => {
    const [reimbursed, excluded] = [Math.round(cost * 0.6), 1_300 * (n % 5)];
    const invoice = `DB2023-${line === 'illness' ? 'I' : 'A'}${String(n).padStart(4, '0')}`;
    return { line, bills: [{ invoice, total: cost + reimbursed + excluded, reimbursed, excluded }] };
  };
  let [low, high] = [1, 100_000_000];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (amountOf(facts(middle)) >= amount) high = middle;
    else low = middle + 1;
  }
  if (amountOf(facts(low)) !== amount) throw new Error(`No cost comes to ${amount} fen.`);
  return facts(low);
}
