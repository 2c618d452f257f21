import { type EntryKind, entryKinds, newEntry } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { villageOf } from '../../../functions/contracts/values.ts';
import { fenOf } from '../../ui/format.ts';

/** How a field of an entry is asked for. */
export type EntryWidget =
  | 'household'
  | 'person'
  | 'money'
  | 'count'
  | 'month'
  | 'accepted'
  | 'giverKind'
  | 'ref'
  | 'text';
export interface EntryField {
  name: string;
  widget: EntryWidget;
  optional: boolean;
}

/** Asked for of every kind, below what is the kind's own; evidence is numbers of papers and comes with workbooks. */
const common: ReadonlySet<string> = new Set(['kind', 'occurredOn', 'region', 'funder', 'evidence', 'note', 'serial']);
const widgets: Readonly<Record<string, EntryWidget>> = {
  household: 'household',
  person: 'person',
  amount: 'money',
  people: 'count',
  quantity: 'count',
  personTimes: 'count',
  month: 'month',
  accepted: 'accepted',
  giverKind: 'giverKind',
  post: 'ref',
  award: 'ref',
  goods: 'ref',
};

/** Of which kind the entry is that another one names. */
export const refKinds: Readonly<Record<string, EntryKind>> = {
  post: 'post',
  award: 'award-application',
  goods: 'goods',
};

/** The fields of a kind, read off the contract itself: a kind that is added there has its form at once. */
export function fieldsOf(kind: EntryKind): EntryField[] {
  const option = newEntry.options[entryKinds.indexOf(kind)];
  return Object.entries(option?.shape ?? {})
    .filter(([name]) => !common.has(name))
    .map(([name, schema]) => ({
      name,
      widget: widgets[name] ?? 'text',
      optional: schema.safeParse(undefined).success,
    }));
}

/** The row to send. Money is typed in yuan; the region is the household's village, or the one looked at. */
export function rowOf(
  kind: EntryKind,
  values: Readonly<Record<string, unknown>>,
  region: string,
): Record<string, unknown> {
  const { household } = values;
  const own = fieldsOf(kind).map(({ name, widget }) => {
    const value = values[name];
    if (widget === 'money') return [name, typeof value === 'number' ? fenOf(value) : value];
    return [name, widget === 'accepted' ? value === true : value];
  });
  const base = ['occurredOn', 'funder', 'note', 'serial'].map((name) => [name, values[name]]);
  const filled = [...base, ...own].filter(([, value]) => value !== undefined && value !== '' && value !== null);
  return {
    kind,
    region: typeof household === 'string' && household !== '' ? villageOf(household) : region,
    ...Object.fromEntries(filled),
  };
}
