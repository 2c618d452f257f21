import { expect } from 'vitest';
import { VILLAGE, WORKER } from './playing-households.ts';
import { type As, OFFICER, type TestStack } from './stack.ts';

const path = '/v1/reports/quality';

/** A finding as the list shows it. */
export interface Shown {
  id: string;
  rule: string;
  subject: { household?: string; member?: number; person?: string };
  state: string;
}

/** The findings of a stack, as officials ask for them. */
export class Quality {
  readonly #stack: TestStack;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async list(query = '', as: As = OFFICER, region = VILLAGE) {
    return (await this.#stack.get(`${path}?region=${region}${query}`, as)).body;
  }

  run(as: As = WORKER, region = VILLAGE) {
    return this.#stack.post(path, as, { region });
  }

  resolve(id: string, reason: string, as: As = WORKER) {
    return this.#stack.post(`${path}/${id}/resolution`, as, { reason });
  }

  /** The only finding of a rule. */
  async one(rule: string, state = 'open'): Promise<Shown> {
    const { items } = await this.list(`&state=${state}&rule=${rule}`);
    expect(items).toHaveLength(1);
    return items[0];
  }
}
