import * as z from 'zod';

/** A division code: district (6 digits), town (9) or village (12). A region contains another when its code is a prefix of it. */
export const regionCode = z.string().regex(/^(\d{6}|\d{9}|\d{12})$/);
const districtCode = z.string().regex(/^\d{6}$/);
export const villageCode = z.string().regex(/^\d{12}$/);

/** Whether `outer` is `inner` or a region above it. */
export function contains(outer: string, inner: string): boolean {
  return inner.startsWith(outer);
}

/** The level of a region, widest first. */
export const levels = ['village', 'town', 'district'] as const;
export type Level = (typeof levels)[number];

/** A division code's level, by its length: 12 digits a village, 9 a town, 6 a district. */
export function levelOf(region: string): Level {
  return region.length <= 6 ? 'district' : region.length <= 9 ? 'town' : 'village';
}

/** Whether a region is at least as wide as `level`. */
export function isAtLeast(region: string, level: Level): boolean {
  return levels.indexOf(levelOf(region)) >= levels.indexOf(level);
}

/** The district (first six digits) of any region, household or person under it. */
export function districtOf(code: string): string {
  return code.slice(0, 6);
}

/** The town (first nine digits) of a village. */
export function townOf(village: string): string {
  return village.slice(0, 9);
}

const name = z.string().trim().min(1).max(60);

const town = z.strictObject({
  code: z.string().regex(/^\d{9}$/),
  name,
  villages: z.array(z.strictObject({ code: villageCode, name })).max(500),
});

/** What somebody may see of a district's divisions: no town at all when theirs has been dissolved. */
export const divisionsSeen = z.strictObject({
  district: z.strictObject({ code: districtCode, name }),
  towns: z.array(town),
});
/** A district's divisions as the National Bureau of Statistics publishes them; codes lie inside the code above them, each once. */
export const divisions = divisionsSeen.extend({ towns: z.array(town).min(1).max(500) });
export type Divisions = z.infer<typeof divisions>;
