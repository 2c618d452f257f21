/*
 * What Chromium 80 does not have yet and this page, zod or preact call. Loaded before anything else; docs/field.md tells the floor, and a browser test
 * takes exactly these away before it loads the page.
 */
interface Indexed {
  readonly length: number;
  readonly [place: number]: unknown;
}

function at(this: Indexed, place: number): unknown {
  const n = Math.trunc(place) || 0;
  return this[n < 0 ? this.length + n : n];
}

function add(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

add(Array.prototype, 'at', at);
add(String.prototype, 'at', at);
add(Uint8Array.prototype, 'at', at);
add(Object, 'hasOwn', (object: object, key: PropertyKey) => Object.hasOwn(object, key));
add(String.prototype, 'replaceAll', function (this: string, searched: string | RegExp, by: string): string {
  return typeof searched === 'string' ? this.split(searched).join(by) : this.replace(searched, by);
});
add(globalThis, 'structuredClone', (value: unknown): unknown => JSON.parse(JSON.stringify(value)));
