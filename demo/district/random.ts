/** A seeded stream of numbers (sfc32): the same seed gives the same district, to the byte, on every machine. */
export class Random {
  #state: [number, number, number, number];

  constructor(seed: string) {
    const words: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
    for (const [place, char] of [...seed].entries()) {
      const slot = place % 3;
      words[slot] = Math.imul((words[slot] ?? 0) ^ (char.codePointAt(0) ?? 0), 0x01000193) | 0;
    }
    this.#state = words;
    for (let warm = 0; warm < 16; warm += 1) this.next();
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    let [a, b, c, d] = this.#state;
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    this.#state = [a, b, c, d];
    return (t >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.next() * from.length)];
    if (found === undefined) throw new Error('There is nothing to pick from.');
    return found;
  }

  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.int(0, last);
      const [a, b] = [items[last], items[other]];
      if (a !== undefined && b !== undefined) [items[last], items[other]] = [b, a];
    }
    return items;
  }
}
