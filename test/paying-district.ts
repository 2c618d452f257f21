import type { Claimant } from '../demo/claims/plan.ts';
import { playClaims } from '../demo/claims/play.ts';
import { claimFor, claimOf, illness, insureWith, registerFamilies, rosterOf, stageOf, step } from './playing-claims.ts';
import { type Answer, type As, OFFICER, TestStack } from './stack.ts';

export const APPROVER: As = { account: 'insurer-approver' };
/** Another officer than the approvers instructs the payment. */
export const PAYER: As = { account: 'insurer-approver', person: 3 };
export const BANK: As = { account: 'bank' };
/** Nine thousand yuan above a deductible of five thousand, at 50 %. */
export const COST = 900_000;
export const DUE = 200_000;

/** A district whose families have claims that are to be paid. */
export class PayingDistrict {
  readonly stack: TestStack;
  readonly policy: string;
  readonly families: readonly Claimant[];
  #used = 0;

  private constructor(stack: TestStack, policy: string, families: readonly Claimant[]) {
    this.stack = stack;
    this.policy = policy;
    this.families = families;
  }

  static async start(families: number): Promise<PayingDistrict> {
    const stack = await TestStack.start({ start: '2023-10-11T10:00:00+08:00' });
    const registered = await registerFamilies(stack, families);
    return new PayingDistrict(stack, await insureWith(stack, rosterOf(registered)), registered);
  }

  /** A family that no claim has been played of. */
  next(): Claimant {
    const family = this.families[this.#used];
    if (family === undefined) throw new Error('There is no further family.');
    this.#used += 1;
    return family;
  }

  /** New families whose claims are approved and have an account, or go as far as asked. */
  async claims(count: number, stop: 'payment' | 'confirmation' = 'payment') {
    const first = this.#used;
    this.#used += count;
    const ours = this.families.slice(first, this.#used);
    await playClaims(
      stageOf(this.stack),
      this.policy,
      ours.map((family, n) =>
        claimFor(family, first + n, illness(COST, `DB-9${String(first + n).padStart(3, '0')}`), stop, {
          eventOn: '2023-09-10',
        }),
      ),
    );
    return await Promise.all(ours.map(({ household }) => claimOf(this.stack, household)));
  }

  /** A payee changed after the survey is approved anew before anything is sent. */
  async approvePayee(household: string): Promise<void> {
    const claim = await claimOf(this.stack, household);
    if (claim.waiting?.step !== 'payee-approval' || claim.approvals.length > 0)
      throw new Error('The payee does not wait for its approval.');
    const { status } = await step(this.stack, claim, APPROVER, { step: 'approve', amount: DUE });
    if (status !== 200) throw new Error(`The approval of the payee answered ${status}.`);
    await this.stack.settle(301);
  }

  batchOf(ids: readonly string[], changes: object = {}): object {
    const sum = ids.length * DUE;
    return { policy: this.policy, executionOn: this.today(), claims: ids, count: ids.length, sum, ...changes };
  }

  /** Asia/Shanghai */
  today(): string {
    return new Date(this.stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  /** What the bank says of a payment. */
  said(endToEndId: string, status: string, changes: object = {}): object {
    const reason = status === 'returned' ? { reason: 'AC01' } : {};
    return { endToEndId, status, amount: DUE, on: this.today(), ...reason, ...changes };
  }

  /** The bank says it. @returns for each what came of it, or why not */
  async tell(...items: object[]): Promise<string[]> {
    const { body } = await this.stack.post('/v1/payouts/confirmations', BANK, { items });
    return body.items.map(
      ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
    );
  }

  /** Fen the policy has promised, and paid. */
  async money(): Promise<{ reserved: number; paid: number }> {
    const { body } = await this.stack.get('/v1/policies', OFFICER);
    return { reserved: body.items[0].reserved, paid: body.items[0].paid };
  }

  /** Lets the table refuse every transaction of payouts from the nth on. */
  async crashing(from: number, work: () => Promise<Answer>): Promise<Answer> {
    const { faults } = this.stack.local.gateway;
    const nth = Array.from({ length: 60 }, (_, n) => from + n);
    faults.add({ principal: 'shouwang-test-payouts', action: 'TransactWriteItems', kind: 'fail-before', nth });
    const answer = await work();
    faults.clear();
    return answer;
  }
}
