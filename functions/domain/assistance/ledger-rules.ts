import type { Entry, EntryKind, LedgerItem, NewEntry, Reversal } from '../../contracts/assistance/ledger-entry.ts';

/** A day an event must have happened by, and an instant it must have been recorded by. */
export interface Asked {
  /** Asia/Shanghai, inclusive. */
  asOf: string;
  /** ISO 8601. */
  knownAt: string;
}

/** Whether something had happened and was known, as asked. */
export function told(
  { occurredOn, recordedAt }: Pick<Entry, 'occurredOn' | 'recordedAt'>,
  { asOf, knownAt }: Asked,
): boolean {
  return occurredOn <= asOf && Date.parse(recordedAt) <= Date.parse(knownAt);
}

/** The entries that count: those told, less those whose reversal is told too. */
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

/** Fen of an entry; 0 where it is no money. */
export function amountOf(entry: NewEntry): number {
  return 'amount' in entry ? entry.amount : 0;
}

/** What a fund's balance changes by; 0 for entries of no fund. */
export function fundChange(entry: NewEntry): { fund: string; amount: number } | undefined {
  if (entry.kind === 'donation-received') return { fund: entry.fund, amount: entry.amount };
  return entry.kind === 'donation-spent' ? { fund: entry.fund, amount: -entry.amount } : undefined;
}

/** Help is due an answer after so many calendar days; not published, a month as for measures. */
export const HELP_DAYS = 30;
