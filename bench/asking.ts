import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends a message to a process of the bench and waits until it tells how long that took: in all, and each piece where there are pieces. @throws Error when the process ends instead */
export async function ask(child: ChildProcess, message: object): Promise<{ seconds: number; took: number[] }> {
  const either = new AbortController();
  const { signal } = either;
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('A process of the bench ended.');
    });
    const heard = once(child, 'message', { signal });
    child.send(message);
    const [answer] = await Promise.race([heard, ended]);
    return { seconds: Number(Object(answer)['seconds']), took: Object(answer)['took'] ?? [] };
  } finally {
    either.abort();
  }
}
