/** Where in the page somebody is; nothing of it stands in the address. */
export type Place =
  | { at: 'list' }
  | { at: 'household'; household: string }
  | { at: 'form'; form: string }
  | { at: 'done'; form: string }
  | { at: 'outcome'; form: string }
  | { at: 'outbox' }
  | { at: 'settings' };
export type Go = (place: Place) => void;

/** What the browser's way back brings. */
export function isPlace(state: unknown): state is Place {
  return typeof state === 'object' && state !== null && 'at' in state;
}
