import { asATask, ONE_ATTEMPT } from '../as-a-task.ts';
import { type Left, numbersKey, setPeriod, whoLeft, YEARS_LATER, yearsLater } from '../erasing-people.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import type { Contents } from './table.ts';

export const DISTRICT = '440904';

/** A district in which somebody may be erased, and its table as nobody has been yet. */
export interface Erasable {
  stack: TestStack;
  first: Left;
  table: string;
  untouched: Contents;
}

/** Years after somebody left, with a period in force; this process may read and write as the function does that erases. */
export async function erasable(): Promise<Erasable> {
  const played = await whoLeft();
  const [first] = played.left;
  if (first === undefined) throw new Error('Somebody left.');
  const stack = await yearsLater(played.stack);
  await setPeriod(stack);
  const table = await asATask(stack, ONE_ATTEMPT);
  Object.assign(process.env, {
    PERSONAL_DATA_KEY: await numbersKey(DISTRICT),
    DOCUMENTS_BUCKET: await documentsBucket(stack),
  });
  const { contents } = await import('./table.ts');
  return { stack, first, table, untouched: await contents() };
}

async function documentsBucket(stack: TestStack): Promise<string> {
  const { gateway } = stack.local;
  const asked = { principal: gateway.principals.operator, service: 's3', action: 'ListBuckets', input: {} };
  const { Buckets }: { Buckets: { Name: string }[] } = Object(await gateway.call(asked));
  return Buckets.find(({ Name }) => Name.includes('documents'))?.Name ?? '';
}

/** The figures, and what the others see of themselves. */
export async function others({ stack, first }: Pick<Erasable, 'stack' | 'first'>): Promise<unknown[]> {
  const brief = `/v1/reports/brief?region=${DISTRICT}&asOf=2023-12-31&knownAt=${encodeURIComponent(YEARS_LATER)}`;
  const paths = [brief, `/v1/households/${first.household}`, '/v1/rounds/2023Q4?region=440904'];
  return await Promise.all(paths.map(async (path) => (await stack.get(path, OFFICER)).body));
}
