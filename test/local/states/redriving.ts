import { Bench } from './harness.ts';

/** Functions that fail while `broken` holds their step. */
export function workshop(options: { file?: string } = {}) {
  const broken = new Set<string>();
  const ran: string[] = [];
  const bench = new Bench({
    ...options,
    functions: {
      work: (payload) => {
        const step = typeof payload === 'object' && payload !== null && 'step' in payload ? String(payload.step) : '';
        ran.push(step);
        if (broken.has(step)) throw Object.assign(new Error(`${step} is broken`), { name: 'Broken' });
        return { step, payload };
      },
    },
  });
  return { bench, broken, ran };
}

export async function redrive(bench: Bench, executionArn: string, more: object = {}) {
  return await bench.states.handle('RedriveExecution', { executionArn, ...more });
}
