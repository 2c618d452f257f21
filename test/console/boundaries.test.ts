import { expect, test } from 'vitest';
import { boundaries, drawn } from '../../console/screens/overview/boundaries.ts';

/** In a picture 200 wide: its lower edge, and half of it, with one decimal. */
const BOTTOM = Math.round((200 / Math.cos((21.1 * Math.PI) / 180)) * 10) / 10;
const HALF = Math.round((100 / Math.cos((21.1 * Math.PI) / 180)) * 10) / 10;

const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const found = boundaries.parse({
  type: 'FeatureCollection',
  features: [
    { properties: { code: '440904001' }, geometry: { type: 'Polygon', coordinates: [square(111, 21, 0.1)] } },
    {
      properties: { code: '440904116', name: 'kept out' },
      geometry: { type: 'MultiPolygon', coordinates: [[square(111.1, 21, 0.1)], [square(111.19, 21.19, 0.01)]] },
    },
    { properties: { code: '440905001' }, geometry: { type: 'Polygon', coordinates: [square(0, 0, 90)] } },
  ],
});

test('boundaries are drawn to one scale, north up, and only those asked for set it', () => {
  const { shapes, height } = drawn(found, ['440904001', '440904116'], 200);
  expect(shapes.map(({ code }) => code)).toEqual(['440904001', '440904116']);
  // As wide as high in degrees: at 21 degrees north that is higher than wide.
  expect(height).toBe(Math.ceil(200 / Math.cos((21.1 * Math.PI) / 180)));
  expect(shapes[0]?.path).toBe(`M0 ${BOTTOM}L100 ${BOTTOM}L100 ${HALF}L0 ${HALF}L0 ${BOTTOM}Z`);
  expect(shapes[1]?.path.match(/M/g)).toHaveLength(2);
  expect(drawn(found, ['440904002'], 200)).toEqual({ shapes: [], height: 0 });
});

test('what is no map of divisions is refused', () => {
  expect(
    boundaries.safeParse({ type: 'FeatureCollection', features: [{ properties: {}, geometry: null }] }).success,
  ).toBe(false);
});
