/**
 * Runs `work` over items, at most `width` at once, results in the order of the items. After the first failure nothing more is begun, and it is
 * thrown once the running ones have finished, so that nothing runs on after the caller returned (in Lambda: into the next invocation).
 */
export async function eachOf<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (failures.length === 0) {
      const index = next;
      next += 1;
      const item = items[index];
      if (index >= items.length || item === undefined) return;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

/**
 * Parts items into waves to be worked on one after the other: nothing in a wave touches what another in it touches, and what touches the same keeps the
 * order of the items. Only so does a batch come to what was foreseen of it.
 */
export function wavesOf<T>(items: readonly T[], touchedBy: (item: T) => readonly string[]): T[][] {
  const waves: T[][] = [];
  const free = new Map<string, number>();
  for (const item of items) {
    const touched = touchedBy(item);
    const place = Math.max(0, ...touched.map((one) => free.get(one) ?? 0));
    for (const one of touched) free.set(one, place + 1);
    const wave = waves[place];
    if (wave === undefined) waves.push([item]);
    else wave.push(item);
  }
  return waves;
}
