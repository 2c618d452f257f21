import { plainNumber } from '../../functions/contracts/plain-number.ts';
import { type Visit, visit as visitSchema } from '../../functions/contracts/screening/visit.ts';
import { fen as amountSchema } from '../../functions/contracts/values.ts';
import type { Said } from '../app/words.ts';
import type { Answers, MemberAnswers, Typed, VisitAnswers } from '../keep/forms.ts';
import type { WorkItem } from './judge.ts';

export const amountNames = {
  wages: ['工资性收入', 'Wages'],
  business: ['经营性收入', 'Business income'],
  property: ['财产性收入', 'Property income'],
  transfer: ['转移性收入', 'Transfers'],
  businessCosts: ['生产经营支出', 'Business costs'],
  insurancePayouts: ['其他保险赔款', 'Other insurers paid'],
  medical: ['自付医疗费', 'Self-paid medical'],
  education: ['自付教育费', 'Self-paid education'],
  other: ['其他刚性支出', 'Other rigid costs'],
} as const;
export type AmountName = keyof typeof amountNames;
export const amounts = Object.keys(amountNames).filter((name): name is AmountName => name in amountNames);

/** The amounts of a visit, fen. */
export function amountsOf({ income, insurancePayouts, selfPaid }: Visit): Record<AmountName, number> {
  return { ...income, insurancePayouts, ...selfPaid };
}

/** Fen as typed yuan: `1234.5`. */
export function yuan(fen: number): string {
  return String(fen / 100);
}

/** In one piece or in thousands: what `1,5` means is not known, and it must not become fifteen. */
const YUAN = /^(\d{1,8}|\d{1,3}(,\d{3}){1,2})(\.\d{0,2})?$/;

/** Typed yuan as fen, in whichever width a keyboard writes digits and points; undefined when it is no amount. */
export function fenOf(typed: string): number | undefined {
  const clean = plainNumber(typed).replace(/。/g, '.');
  return YUAN.test(clean) ? Math.round(Number(clean.replace(/,/g, '')) * 100) : undefined;
}

/** A form's beginning: what the household was last found to be, in this round or the one before; the day is today. */
export function beginVisit(item: WorkItem, round: string, today: string, purpose: Visit['purpose']): VisitAnswers {
  const last = item.form?.lastVisit?.visit;
  const typed: Typed =
    last === undefined
      ? {}
      : Object.fromEntries(Object.entries(amountsOf(last)).map(([name, fen]) => [name, yuan(fen)]));
  const safe = {
    food: true,
    clothing: true,
    compulsoryEducation: true,
    basicMedicalInsurance: true,
    housing: true,
    drinkingWater: true,
  };
  return {
    round,
    visitedOn: today,
    purpose,
    amounts: typed,
    guarantees: last?.guarantees ?? safe,
    // A shock is of its quarter: last quarter's is not this one's.
    shocks: [],
    members: membersNow(item, last?.members ?? []),
    note: '',
  };
}

/** Today's members, each with what is known of them. */
export function membersNow(item: WorkItem, known: readonly MemberAnswers[]): MemberAnswers[] {
  return item.household.members.map(({ person, disabilityCertificate }) => {
    const found = known.find((one) => one.person === person);
    if (found !== undefined) return { ...found };
    return {
      person,
      inSchool: false,
      ...(disabilityCertificate === undefined ? {} : { disabilityGrade: disabilityCertificate.grade }),
    };
  });
}

/** A draft as the list is by now: of the list's round, with the family that is registered. Of whoever stayed, all that was filled in is kept. */
export function upToDate(answers: Answers, item: WorkItem | undefined, round: string | undefined): Answers {
  if (round === undefined) return answers;
  if (answers.kind === 'missed') return { ...answers, round };
  if (answers.kind !== 'visit') return answers;
  const { visit } = answers;
  return {
    kind: 'visit',
    visit: { ...visit, round, members: item === undefined ? visit.members : membersNow(item, visit.members) },
  };
}

/** The form as the visit it will be, or what is still missing, by the field's name. */
export function visitOf(
  answers: VisitAnswers,
  given: { household: string; visitor: string; recordedAt: string },
): { visit: Visit; missing?: never } | { missing: Map<string, Said>; visit?: never } {
  const missing = new Map<string, Said>();
  const fen = (name: AmountName): number => {
    const typed = answers.amounts[name] ?? '';
    const amount = fenOf(typed);
    if (typed === '') missing.set(name, ['请填写，没有填 0', 'Fill in; 0 for none']);
    else if (amount === undefined) missing.set(name, ['请填写数字，单位元', 'A number, in yuan']);
    else if (!amountSchema.safeParse(amount).success)
      missing.set(name, ['超过一千万元，请核对单位是否为元', 'Above ten million yuan: check the unit']);
    return amount ?? 0;
  };
  const [wages, business, property, transfer, businessCosts] = [
    fen('wages'),
    fen('business'),
    fen('property'),
    fen('transfer'),
    fen('businessCosts'),
  ];
  const note = answers.note.trim();
  for (const { person, labour, health } of answers.members)
    if (labour === undefined || health === undefined)
      missing.set(person, ['请选择劳动能力和健康状况', 'Choose labour and health']);
  const whole = {
    ...given,
    round: answers.round,
    visitedOn: answers.visitedOn,
    purpose: answers.purpose,
    income: { wages, business, property, transfer, businessCosts },
    insurancePayouts: fen('insurancePayouts'),
    selfPaid: { medical: fen('medical'), education: fen('education'), other: fen('other') },
    guarantees: answers.guarantees,
    shocks: answers.shocks,
    members: answers.members,
    ...(note === '' ? {} : { note }),
  };
  if (missing.size > 0) return { missing };
  const parsed = visitSchema.safeParse(whole);
  if (parsed.success) return { visit: parsed.data };
  for (const { path } of parsed.error.issues) missing.set(String(path[0]), ['这一项填写有误', 'This is not right']);
  return { missing };
}
