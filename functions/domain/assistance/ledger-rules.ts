import type { Entry, EntryKind, LedgerItem, NewEntry, Reversal } from '../../contracts/assistance/ledger-entry.ts';

/** Reads the past: events that happened by a day and were recorded by an instant. */
export interface Asked {
  /** Asia/Shanghai, inclusive. */
  asOf: string;
  /** ISO 8601. */
  knownAt: string;
}

/** Whether an event had happened by the day and was known at the instant. */
export function told(
  { occurredOn, recordedAt }: Pick<Entry, 'occurredOn' | 'recordedAt'>,
  { asOf, knownAt }: Asked,
): boolean {
  return occurredOn <= asOf && Date.parse(recordedAt) <= Date.parse(knownAt);
}

/** The entries that count: those known by then, without those reversed by then. */
export function standing(items: readonly LedgerItem[], asked: Asked): Entry[] {
  const entries: Entry[] = [];
  const reversed = new Set<string>();
  for (const item of items) {
    if (!told(item, asked)) continue;
    if (isReversal(item)) reversed.add(item.reverses);
    else entries.push(item);
  }
  return entries.filter(({ id }) => !reversed.has(id));
}

export function isReversal(item: LedgerItem): item is Reversal {
  return item.kind === 'reversal';
}

export function ofKind<K extends EntryKind>(entries: readonly Entry[], kind: K): Extract<Entry, { kind: K }>[] {
  return entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind);
}

/** An entry's amount in fen; 0 when it is not about money. */
export function amountOf(entry: NewEntry): number {
  return 'amount' in entry ? entry.amount : 0;
}

/** By how many fen an entry changes its fund's balance; 0 for entries of no fund. */
export function fundChange(entry: NewEntry): { fund: string; amount: number } | undefined {
  if (entry.kind === 'donation-received') return { fund: entry.fund, amount: entry.amount };
  return entry.kind === 'donation-spent' ? { fund: entry.fund, amount: -entry.amount } : undefined;
}

/** Calendar days within which help must follow. No published value: a month is used, as for measures. */
export const HELP_DAYS = 30;
