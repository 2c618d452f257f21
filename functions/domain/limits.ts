/**
 * How large a cell may become: what still works with room to spare. docs/limits.md says how each was reckoned and what breaks behind it; a finding of
 * data quality tells at 80 %.
 */
export const limits = {
  householdsOfVillage: 4_000,
  villages: 4_090,
  households: 100_000,
  insured: 250_000,
} as const;
export type Limit = keyof typeof limits;
export const limitNames: readonly Limit[] = ['householdsOfVillage', 'villages', 'households', 'insured'];

/** How many there are of what a limit is about; what is not known is left out. */
export type Sizes = Readonly<Partial<Record<Limit, number>>>;
