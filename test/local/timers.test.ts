import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Timer, Timers } from '../../local/timers.ts';

test('timers come out by instant, then key, whatever the order they came in and whichever were cancelled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ due: fc.nat(20), key: fc.constantFrom('a', 'b', 'c'), cancelled: fc.boolean() })),
      (wanted) => {
        const timers = new Timers();
        const all = wanted.map(({ due, key, cancelled }) => ({
          timer: { due, key, fire: () => undefined, dropped: false } satisfies Timer,
          cancelled,
        }));
        for (const { timer } of all) timers.add(timer);
        for (const { timer, cancelled } of all) if (cancelled) timers.drop(timer);
        const order = (timer: Timer): string => `${String(timer.due).padStart(3, '0')}${timer.key}`;
        const out: string[] = [];
        for (let next = timers.first(); next !== undefined; next = timers.first()) {
          out.push(order(next));
          timers.drop(next);
        }
        expect(out).toEqual(
          all
            .filter(({ cancelled }) => !cancelled)
            .map(({ timer }) => order(timer))
            .sort(),
        );
      },
    ),
  );
});
