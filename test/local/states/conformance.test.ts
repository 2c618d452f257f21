import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench, type Functions } from './harness.ts';

/**
 * Cases as data, from the Amazon States Language specification, AWS's documentation and public recordings of the service.
 * `tasks` are the answers of functions, one for each call, the last for all further ones (`$echo` answers with the payload);
 * `seconds` pass; `calls` are the payloads that functions were called with; `events` are written `Type:previousEventId`.
 */
interface Example {
  readonly name: string;
  readonly definition: object;
  readonly input?: unknown;
  readonly tasks?: Readonly<
    Record<
      string,
      readonly ('$echo' | { readonly return?: unknown; readonly error?: string; readonly message?: string })[]
    >
  >;
  readonly seconds?: number;
  readonly expect: {
    readonly status: string;
    readonly output?: unknown;
    readonly error?: string;
    readonly cause?: string;
    readonly events?: readonly string[];
    readonly eventTypes?: readonly string[];
    readonly calls?: readonly unknown[];
  };
}

const FOLDER = new URL('./examples/', import.meta.url);

function functionsOf({ tasks = {} }: Example): Functions {
  const entries = Object.entries(tasks).map(([name, answers]): [string, Functions[string]] => {
    let call = 0;
    return [
      name,
      (payload) => {
        const answer = answers[Math.min(call, answers.length - 1)];
        call += 1;
        if (answer === undefined || answer === '$echo') return payload;
        if (answer.error !== undefined)
          throw Object.assign(new Error(answer.message ?? answer.error), { name: answer.error });
        return answer.return;
      },
    ];
  });
  return Object.fromEntries(entries);
}

for (const file of readdirSync(FOLDER).sort()) {
  const examples: Example[] = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  describe(file, () => {
    it.each(examples)('$name', async (example) => {
      const bench = new Bench({ functions: functionsOf(example) });
      bench.put('machine', example.definition);
      const arn = await bench.start('machine', example.input ?? {});
      await bench.settle(example.seconds);
      const { events, eventTypes, calls, ...outcome } = example.expect;
      expect(await bench.describe(arn)).toMatchObject(outcome);
      if ('output' in outcome) expect((await bench.describe(arn)).output).toEqual(outcome.output);
      const history = await bench.history(arn);
      if (events !== undefined)
        expect(history.map(({ type, previousEventId }) => `${type}:${previousEventId}`)).toEqual(events);
      if (eventTypes !== undefined) expect(history.map(({ type }) => type)).toEqual(eventTypes);
      if (calls !== undefined) expect(bench.calls.map((call) => call.input['Payload'])).toEqual(calls);
    });
  });
}
