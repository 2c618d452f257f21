export interface Timer {
  readonly due: number;
  readonly key: string;
  readonly fire: () => void;
  /** Set when it fired or was cancelled; it leaves the queue later. */
  dropped: boolean;
}

/** Timers by (due, key): a binary heap, for a district's year holds thousands of them at once. */
export class Timers {
  #heap: Timer[] = [];
  #dropped = 0;

  add(timer: Timer): void {
    let index = this.#heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  /** Takes a timer out. Looking it up would cost more than carrying it along, until half of the queue is such. */
  drop(timer: Timer): void {
    if (timer.dropped) return;
    timer.dropped = true;
    this.#dropped += 1;
    if (this.#dropped * 2 <= this.#heap.length) return;
    const rest = this.#heap.filter((each) => !each.dropped);
    this.clear();
    for (const each of rest) this.add(each);
  }

  /** The earliest. */
  first(): Timer | undefined {
    while (this.#heap[0]?.dropped === true) this.#removeFirst();
    return this.#heap[0];
  }

  clear(): void {
    this.#heap = [];
    this.#dropped = 0;
  }

  #removeFirst(): void {
    this.#dropped -= 1;
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const [a, b] = [this.#heap[child], this.#heap[parent]];
    if (a === undefined || b === undefined || !this.#isBefore(child, parent)) return false;
    this.#heap[child] = b;
    this.#heap[parent] = a;
    return true;
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.due < b.due || (a.due === b.due && a.key < b.key);
  }
}
