import type { Claimant } from '../demo/claims/plan.ts';
import { playClaims } from '../demo/claims/play.ts';
import { FIVE_BYTES } from './papers.ts';
import { claimFor, insureWith, registerFamilies, rosterOf, stageOf } from './playing-claims.ts';
import { WORKER } from './playing-households.ts';
import { OFFICER, TestStack } from './stack.ts';

/** A family with its parent at hand, who is the one that falls ill. */
export type Family = Claimant & { person: string; idNumber: string };

/** A district on 20 November 2023 in which families are registered and insured, one of them late and the last two not at all. */
export class InsuredFamilies {
  readonly stack: TestStack;
  readonly policy: string;
  readonly #families: readonly Claimant[];
  readonly #unused: number[];

  private constructor(stack: TestStack, policy: string, families: readonly Claimant[]) {
    this.stack = stack;
    this.policy = policy;
    this.#families = families;
    this.#unused = families.map((_, n) => n).slice(1, -2);
  }

  /** @param count families that are insured from New Year's Day on */
  static async start(count: number): Promise<InsuredFamilies> {
    const stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
    const families = await registerFamilies(stack, count + 3);
    const [late, ...others] = families.slice(0, -2);
    if (late === undefined) throw new Error('There is no family.');
    const policy = await insureWith(stack, [...rosterOf(others), ...rosterOf([late], '2023-06-01')]);
    return new InsuredFamilies(stack, policy, families);
  }

  /** A household changes, as the district records it. */
  async change(household: string, change: object): Promise<void> {
    const { body } = await this.stack.get(`/v1/households/${household}`, OFFICER);
    const { status, body: refused } = await this.stack.patch(`/v1/households/${household}`, OFFICER, {
      version: body.version,
      change,
    });
    if (status !== 200) throw new Error(`The household did not change: ${refused.code}.`);
  }

  /** A family of its own for each test, so that none meets what another has done. */
  next(): Family {
    return this.#at(this.#unused.shift() ?? -1);
  }

  /** Insured from 1 June on only. */
  late(): Family {
    return this.#at(0);
  }

  /** Not on the roster. */
  uninsured(n = 0): Family {
    return this.#at(this.#families.length - 2 + n);
  }

  #at(n: number): Family {
    const found = this.#families[n];
    const [parent] = found?.people ?? [];
    if (found === undefined || parent === undefined) throw new Error(`There is no family ${n}.`);
    return { ...found, person: parent.person, idNumber: parent.idNumber };
  }

  async play(...claims: Parameters<typeof claimFor>[]): Promise<void> {
    await playClaims(
      stageOf(this.stack),
      this.policy,
      claims.map((claim) => claimFor(...claim)),
    );
  }

  /** The village puts a paper into the bucket and confirms it. */
  async paper(claim: string, kind: string): Promise<void> {
    const announced = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
    const { body: place } = await this.stack.post(`/v1/claims/${claim}/documents`, WORKER, announced);
    await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES });
    await this.stack.post(`/v1/claims/${claim}/documents/${place.document}`, WORKER, announced);
  }
}

/** What the village reports of an illness. */
export function reportOf({ household, person }: { household: string; person: string }, changes: object = {}): object {
  return { household, person, line: 'illness', eventOn: '2023-10-10', invoices: [], ...changes };
}
