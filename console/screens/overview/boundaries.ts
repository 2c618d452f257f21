import * as z from 'zod';

const position = z.tuple([z.number(), z.number()]).rest(z.number());
const ring = z.array(position).min(4);
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) }),
]);
/** What a deployment may put beside the console: towns and villages with their division code. Whether the map may be shown is the operator's to know. */
export const boundaries = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(z.object({ properties: z.object({ code: z.string() }), geometry })),
});
export type Boundaries = z.infer<typeof boundaries>;

export interface Shape {
  code: string;
  /** The outline as an SVG path, in a picture `width` wide. */
  path: string;
  /** Where its name stands: in the middle of its largest ring. */
  at: readonly [x: number, y: number];
}

/** The shapes of these regions, drawn to one scale: degrees of longitude shrink with the latitude. */
export function drawn(
  { features }: Boundaries,
  codes: readonly string[],
  width: number,
): { shapes: Shape[]; height: number } {
  const wanted = features.filter(({ properties }) => codes.includes(properties.code));
  const all = wanted.flatMap(({ geometry: one }) => polygonsOf(one)).flat(2);
  if (all.length === 0) return { shapes: [], height: 0 };
  const [west, east] = [least(all, 0), most(all, 0)];
  const [south, north] = [least(all, 1), most(all, 1)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = width / Math.max((east - west) * shrink, 1e-9);
  const place = ([x, y]: readonly number[]): readonly [number, number] => [
    round(((x ?? 0) - west) * shrink * scale),
    round((north - (y ?? 0)) * scale),
  ];
  const shapes = wanted.map(({ properties: { code }, geometry: one }) => {
    const rings = polygonsOf(one).flatMap((polygon) => polygon.map((points) => points.map(place)));
    const largest = rings.toSorted((a, b) => b.length - a.length)[0] ?? [];
    return {
      code,
      path: rings.map((points) => `M${points.map((point) => point.join(' ')).join('L')}Z`).join(''),
      at: [
        round((least(largest, 0) + most(largest, 0)) / 2),
        round((least(largest, 1) + most(largest, 1)) / 2),
      ] as const,
    };
  });
  return { shapes, height: Math.ceil((north - south) * scale) };
}

function polygonsOf(one: Boundaries['features'][number]['geometry']) {
  return one.type === 'Polygon' ? [one.coordinates] : one.coordinates;
}
/** Outlines have too many points to hand them over as arguments. */
function least(points: readonly (readonly number[])[], axis: 0 | 1): number {
  return points.reduce((found, point) => Math.min(found, point[axis] ?? 0), Number.POSITIVE_INFINITY);
}
function most(points: readonly (readonly number[])[], axis: 0 | 1): number {
  return points.reduce((found, point) => Math.max(found, point[axis] ?? 0), Number.NEGATIVE_INFINITY);
}
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
