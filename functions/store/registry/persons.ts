import { keys } from '../keys.ts';
import { batchGet } from '../table.ts';

/** The households in which people are registered, by the keyed hash of their ID numbers. */
export async function personsHouseholds(hashes: readonly string[]): Promise<Map<string, string>> {
  const items = await batchGet([...new Set(hashes)].map(keys.person), { consistent: true });
  return new Map(items.map((item) => [String(item['pk']).slice('PERSON#'.length), String(item['household'])]));
}
