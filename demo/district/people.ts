import type { NewMember } from '../../functions/contracts/registry/household.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { bornOn, checkDigit } from '../../functions/domain/registry/id-number.ts';
import type { Random } from './random.ts';

type State = Omit<Visit['members'][number], 'person'>;

/** An invented person: as registered, and as the visitor finds them. */
export interface Person extends NewMember {
  age: number;
  state: State;
}

const SURNAMES = [...'陈黄李林张杨吴梁邓郑蔡谢苏何罗梁崔邵赖许冯潘钟谭车刘王周叶朱'];
const MALE = [...'伟强军勇杰涛明辉刚平志文建国华海生金水木福贵才荣兴旺安康宁德'];
const FEMALE = [...'芳娟丽敏静霞秀英玲燕红梅兰珍凤琴云莲玉花香月桂春美惠娇妹群爱'];

/** The year the demonstration stands in; ages are ages at its end. */
const DEMO_YEAR = 2023;

/** Where people of the district were registered: the district, the county it was before, its neighbours, and farther away. */
const PREFIXES = [
  '440904',
  '440904',
  '440904',
  '440923',
  '440923',
  '440923',
  '440923',
  '440923',
  '440902',
  '440981',
  '440982',
  '450921',
  '450981',
  '522425',
];

/** Makes people of one household; numbers are unique over the whole district because `taken` is. */
export class PeopleMaker {
  readonly #random: Random;
  readonly #taken: Set<string>;

  constructor(random: Random, taken: Set<string>) {
    this.#random = random;
    this.#taken = taken;
  }

  person(
    relation: NewMember['relation'],
    sex: 'male' | 'female',
    age: number,
    surname: string,
    labour: State['labour'],
  ): Person {
    const person = {
      name: this.#name(surname, sex),
      relation,
      idNumber: this.#idNumber(sex, age),
      age,
      state: this.#state(age, labour),
    };
    return { ...person, ...certificateOf(person) };
  }

  surname(): string {
    return this.#random.pick(SURNAMES);
  }

  #name(surname: string, sex: 'male' | 'female'): string {
    const given = sex === 'male' ? MALE : FEMALE;
    return surname + this.#random.pick(given) + (this.#random.chance(0.7) ? this.#random.pick(given) : '');
  }

  #idNumber(sex: 'male' | 'female', age: number): string {
    for (;;) {
      const year = DEMO_YEAR - age;
      // Nobody of the demonstration is born after the day it is imported.
      const month = this.#random.int(1, 9);
      const day = this.#random.int(1, 28);
      const order = this.#random.int(0, 499) * 2 + (sex === 'male' ? 1 : 0);
      const seventeen = `${this.#random.pick(PREFIXES)}${year}${two(month)}${two(day)}${String(order).padStart(3, '0')}`;
      const id = seventeen + checkDigit(seventeen);
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
  }

  #state(age: number, labour: State['labour']): State {
    const random = this.#random;
    const roll = random.next();
    const chronic = age >= 60 ? 0.3 : age >= 40 ? 0.08 : 0.01;
    const health = roll < 0.006 ? 'serious-illness' : roll < 0.006 + chronic ? 'chronic-illness' : 'healthy';
    // Somebody of working age without labour mostly has a certified disability; that is why.
    const disabled = labour === 'none' && age >= 18 && age < 60 ? 0.85 : 0.03;
    const grade = random.chance(disabled) ? { disabilityGrade: random.pick([1, 2, 2, 3, 3, 4]) } : {};
    return { labour, health, ...grade, inSchool: age >= 6 && age <= (labour === 'none' ? 17 : 0) };
  }
}

/** When an invented certificate was issued; of whoever was born later, at birth. */
export function certifiedOn(idNumber: string): string {
  const born = bornOn(idNumber);
  return born > '2022-06-15' ? born : '2022-06-15';
}

/** Who has a disability has its certificate, but for one in fifty: those are findings of data quality. */
function certificateOf({ idNumber, state }: Pick<Person, 'idNumber' | 'state'>): Pick<Person, 'disabilityCertificate'> {
  const grade = state.disabilityGrade;
  return grade === undefined || Number(idNumber.slice(14, 17)) % 50 === 7
    ? {}
    : { disabilityCertificate: { grade, issuedOn: certifiedOn(idNumber) } };
}

/** A member as a row of an import tells them. */
export function memberRow({ name, relation, idNumber, disabilityCertificate }: Person): NewMember {
  return { name, relation, idNumber, ...(disabilityCertificate === undefined ? {} : { disabilityCertificate }) };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
