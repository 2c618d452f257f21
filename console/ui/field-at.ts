/**
 * Which field of a form a fault of the request belongs to: the one whose name the pointer ends with, wherever the API keeps it; the longest, if several do.
 * @param pointer RFC 6901, `/facts/bills/0/reimbursed`
 * @param names of the form's fields, `['bills', 0, 'reimbursed']`
 */
export function fieldAt<Name extends readonly (string | number)[]>(
  pointer: string,
  names: readonly Name[],
): Name | undefined {
  const path = pointer.split('/').slice(1);
  const ends = (name: Name): boolean =>
    name.length <= path.length && name.every((part, place) => String(part) === path[path.length - name.length + place]);
  return names.filter(ends).toSorted((a, b) => b.length - a.length)[0];
}
