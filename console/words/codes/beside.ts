export type Pair = readonly [zh: string, en: string];

/** Beside the official Chinese words of the rules, their English. Both tables have the same codes: the type says so. */
export function beside<K extends string>(
  zh: Readonly<Record<K, string>>,
  en: Readonly<Record<K, string>>,
): Record<K, Pair> {
  const keys = Object.keys(zh) as K[];
  return Object.fromEntries(keys.map((key) => [key, [zh[key], en[key]]])) as unknown as Record<K, Pair>;
}
