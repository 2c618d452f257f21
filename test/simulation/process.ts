import { TestStack } from '../stack.ts';

/**
 * The stack of a history, in a process of its own that can be killed in the middle of anything. By message: `hold` makes the next calls from outside
 * wait for each other, `killIn` ends the process by SIGKILL right after so many more events of workflows were committed, `stop` ends it in order.
 */
export type Order = { hold: number } | { killIn: number } | { stop: true };

let left = Number.POSITIVE_INFINITY;
const stack = await TestStack.start({
  data: process.env['DATA'] ?? '',
  seed: Number(process.env['SEED']),
  onEvent: () => {
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  },
});

process.on('message', (order: Order) => {
  if ('stop' in order) {
    void stack.stop({ keep: true }).then(() => process.exit(0));
    return;
  }
  if ('hold' in order) stack.local.gateway.turns?.hold(order.hold);
  else left = order.killIn;
  process.send?.('heard');
});
// Whoever plays the history is gone: so is its stack.
process.on('disconnect', () => process.exit(1));
process.send?.(stack.local.endpoints);
