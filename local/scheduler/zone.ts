const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a time zone is ahead of UTC at an instant, in milliseconds. */
function offset(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(instant / 1000) * 1000;
}

/** The local day of an instant, written as if it were a midnight of UTC. */
export function localDay(instant: number, zone: string): number {
  return Math.floor((instant + offset(instant, zone)) / 86_400_000) * 86_400_000;
}

/**
 * The instant of a local time, which is written as if it were UTC. Where clocks are set back, the first of the two.
 * @returns undefined when clocks are set forward over it
 */
export function utcOf(local: number, zone: string): number | undefined {
  const guesses = [local - offset(local - 86_400_000, zone), local - offset(local + 86_400_000, zone)];
  return guesses.filter((instant) => instant + offset(instant, zone) === local).sort((a, b) => a - b)[0];
}
