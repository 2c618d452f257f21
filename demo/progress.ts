const WIDTH = 30;

/** A progress bar on a terminal, otherwise a line for each tenth, so that long work is never silent. */
export class ProgressBar {
  readonly #label: string;
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #tenth = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  add(amount: number): void {
    this.#done += amount;
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const filled = Math.round(share * WIDTH);
    const line = `${this.#label} ${'█'.repeat(filled)}${'░'.repeat(Math.max(0, WIDTH - filled))} ${this.#done}/${this.#total}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
    else if (Math.floor(share * 10) > this.#tenth) {
      this.#tenth = Math.floor(share * 10);
      process.stdout.write(`${line}\n`);
    }
  }

  /** Ends the line and says how long it took. @returns seconds */
  end(): number {
    const seconds = (performance.now() - this.#started) / 1000;
    process.stdout.write(
      `${process.stdout.isTTY ? '\n' : ''}${this.#label} 用时 ${seconds.toFixed(1)} 秒，每秒 ${Math.round(this.#done / Math.max(seconds, 0.001))} 户\n`,
    );
    return seconds;
  }
}
