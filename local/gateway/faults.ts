import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { randomFrom } from '../random.ts';

/** When a call misbehaves, and how. A field left out matches everything. */
export const faultRule = z.strictObject({
  /** A function, state machine or schedule by name. */
  principal: z.string().optional(),
  /** `dynamodb`, `states`, `kms`, `lambda`, `s3` */
  service: z.string().optional(),
  /** As the API spells it: `PutItem`. */
  action: z.string().optional(),
  /**
   * `fail-before`: not done, and an error is answered. `lose-answer`: done, and an error is answered. `throttle`: not done, the
   * service's own throttling error. `delay`: done after `milliseconds` of real time. `deliver-twice`: done twice, the second answer is given.
   */
  kind: z.enum(['fail-before', 'lose-answer', 'throttle', 'delay', 'deliver-twice']),
  /** Only the n-th matching call (from 1), or each of several. */
  nth: z.union([z.int().positive(), z.array(z.int().positive())]).optional(),
  /** Each matching call with this chance, drawn from `seed`, so that a run replays. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().default(1),
  /** The rule is used up after this many faults. */
  times: z.int().positive().optional(),
  milliseconds: z.number().nonnegative().default(100),
  error: z.strictObject({ code: z.string(), message: z.string(), statusCode: z.int() }).optional(),
});

export type FaultRule = z.input<typeof faultRule>;
type Parsed = z.output<typeof faultRule>;

interface Active {
  rule: Parsed;
  seen: number;
  used: number;
  random: () => number;
}

const THROTTLES: Readonly<Record<string, AwsError>> = {
  dynamodb: new AwsError(
    'ThrottlingException',
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.',
  ),
  lambda: new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429),
  states: new AwsError('ThrottlingException', 'Rate exceeded'),
  s3: new AwsError('SlowDown', 'Please reduce your request rate.', 503),
  kms: new AwsError(
    'ThrottlingException',
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  ),
};

/** What a service answers when it fails for no fault of its caller: what stands in a retry policy are these names. */
const FAILURES: Readonly<Record<string, AwsError>> = {
  dynamodb: new AwsError('InternalServerError', 'Internal server error', 500),
  lambda: new AwsError('ServiceException', 'An error occurred and the request cannot be processed.', 500),
  states: new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500),
  s3: new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500),
  kms: new AwsError('KMSInternalException', 'The request was rejected because an internal exception occurred.', 500),
  events: new AwsError('InternalException', 'This exception occurs due to unexpected causes.', 500),
};

/** Misbehaviour on request, for tests. None unless a rule asks. */
export class Faults {
  readonly #active: Active[] = [];

  /** @throws z.ZodError when the rule makes no sense */
  add(rule: FaultRule): void {
    const parsed = faultRule.parse(rule);
    this.#active.push({ rule: parsed, seen: 0, used: 0, random: randomFrom(parsed.seed) });
  }

  clear(): void {
    this.#active.length = 0;
  }

  /** How many calls of somebody the rules about them have struck, of those rules that are still there. */
  struck(principal: string): number {
    return this.#active.reduce((all, { rule, used }) => all + (rule.principal === principal ? used : 0), 0);
  }

  /** Runs a call, or whatever the first rule that strikes makes of it. */
  async through<T>(principal: string, service: string, action: string, run: () => Promise<T>): Promise<T> {
    if (this.#active.length === 0) return run();
    const rule = this.#strike(principal, service, action);
    const failure = (): AwsError =>
      rule?.error === undefined
        ? (FAILURES[service] ?? new AwsError('InternalFailure', 'The request failed for an unknown reason.', 500))
        : new AwsError(rule.error.code, rule.error.message, rule.error.statusCode);
    switch (rule?.kind) {
      case undefined:
        return run();
      case 'fail-before':
        throw failure();
      case 'throttle':
        throw rule?.error === undefined
          ? (THROTTLES[service] ?? new AwsError('ThrottlingException', 'Rate exceeded'))
          : failure();
      case 'lose-answer':
        await run();
        throw failure();
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, rule?.milliseconds));
        return run();
      case 'deliver-twice':
        // What the first delivery answered is lost, also when it failed: only what it did stays.
        await run().catch(() => undefined);
        return run();
    }
  }

  #strike(principal: string, service: string, action: string): Parsed | undefined {
    for (const active of this.#active) {
      const { rule } = active;
      if (
        (rule.principal ?? principal) !== principal ||
        (rule.service ?? service) !== service ||
        (rule.action ?? action) !== action
      )
        continue;
      active.seen += 1;
      if (rule.times !== undefined && active.used >= rule.times) continue;
      if (rule.nth !== undefined && ![rule.nth].flat().includes(active.seen)) continue;
      if (rule.probability !== undefined && active.random() >= rule.probability) continue;
      active.used += 1;
      return rule;
    }
    return undefined;
  }
}
