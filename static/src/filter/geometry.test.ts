import { describe, expect, it } from 'vitest';
import { boundsOf, distance, distanceToLine, fineness, grown, inside } from './geometry';

const square: GeoJSON.Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 0],
    ],
    [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
      [1, 1],
    ],
  ],
};

describe('areas', () => {
  it('know inside, outside and holes', () => {
    expect(inside([3, 3], square)).toBe(true);
    expect(inside([1.5, 1.5], square)).toBe(false);
    expect(inside([5, 1], square)).toBe(false);
    expect(inside([3, 3], { type: 'MultiPolygon', coordinates: [square.coordinates] })).toBe(true);
    expect(inside([3, 3], null)).toBe(false);
  });

  it('measure in kilometres', () => {
    expect(distance([44, 35], [44, 36])).toBeCloseTo(111.2, 0);
    expect(distance([43.58, 35.77], [43.58, 35.77])).toBe(0);
    expect(
      distanceToLine(
        [44, 35.5],
        [
          [43, 35],
          [45, 35],
        ],
      ),
    ).toBeCloseTo(55.6, 0);
    expect(
      distanceToLine(
        [46, 35],
        [
          [43, 35],
          [45, 35],
        ],
      ),
    ).toBeCloseTo(distance([46, 35], [45, 35]), 1);
  });

  it('have bounds', () => {
    expect(boundsOf(square)).toEqual([0, 0, 4, 4]);
    const [west, south, east, north] = grown([44, 35, 44, 35], 20);
    expect(distance([west, 35], [44, 35])).toBeGreaterThan(19.5);
    expect(distance([44, south], [44, 35])).toBeGreaterThan(19.5);
    expect(east).toBeGreaterThan(44);
    expect(north).toBeGreaterThan(35);
  });

  it('rank levels', () => {
    expect(fineness('governorate')).toBeLessThan(fineness('district'));
    expect(fineness('settlement')).toBe(fineness('mountain'));
  });
});
