import { writeFileSync } from 'node:fs';

/** A measured figure with its goal; what `--json FILE` writes. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal: string;
  holds: boolean;
  /** Of the runs that the value is the median of, or what else tells how it came about. */
  spread?: string;
}

export interface Bench {
  about: string;
  run(options: BenchOptions): Promise<Figure[]>;
}

export interface BenchOptions {
  households: number;
}

/**
 * Times several contestants side by side: five rounds, in each everybody once, in turn, so that a noisy minute hits all of them.
 * @returns the median seconds of each, by name
 */
export async function alternate(
  contestants: Record<string, () => unknown>,
  rounds = 5,
): Promise<Record<string, number>> {
  const times = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
  for (const contest of Object.values(contestants)) await contest();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contest] of Object.entries(contestants)) {
      const started = performance.now();
      await contest();
      times.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  return Object.fromEntries([...times].map(([name, seconds]) => [name, median(seconds)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** A figure that should be at least (or at most) something. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bound: { least: number } | { most: number },
  spread?: string,
): Figure {
  const least = 'least' in bound;
  const limit = 'least' in bound ? bound.least : bound.most;
  const holds = least ? value >= limit : value <= limit;
  return {
    name,
    value,
    unit,
    goal: `${least ? '≥' : '≤'} ${limit}`,
    holds,
    ...(spread === undefined ? {} : { spread }),
  };
}

export function print(figures: readonly Figure[]): void {
  for (const { name, value, unit, goal, holds, spread = '' } of figures) {
    const shown =
      Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(4)).toString();
    console.log(
      `${holds ? '✔' : '✘'} ${name.padEnd(38)} ${shown.padStart(14)} ${unit.padEnd(16)} goal ${goal.padEnd(9)} ${spread}`.trimEnd(),
    );
  }
}

export function write(file: string, figures: readonly Figure[]): void {
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}
