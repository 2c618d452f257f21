import { type Item, text } from './table.ts';

/**
 * A JSON text inside an item (ADR 1). What is written there and what is read from there are of one type, which is named once, by the module that owns the
 * item; nothing is checked again when it is read, since only that module writes it.
 */
export interface JsonText<T> {
  /** The attribute, for an item that is put. */
  put(value: T): Record<string, string>;
  /** The text alone, for the values of an update or a condition. */
  of(value: T): string;
  read(item: Item): T;
}

export function jsonText<T>(attribute = 'doc'): JsonText<T> {
  const of = (value: T): string => JSON.stringify(value);
  return {
    of,
    put: (value) => ({ [attribute]: of(value) }),
    read: (item) => {
      const value: T = JSON.parse(text(item, attribute));
      return value;
    },
  };
}
