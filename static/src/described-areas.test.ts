import type { FeatureLike } from 'ol/Feature';
import { beforeEach, expect, test } from 'vitest';
import { forgetAreas, MOST_PRESSED, rankOf } from './described-areas';

const area = (id: string, extent: number[], kind = 'near'): FeatureLike =>
  ({ get: (key: string) => ({ id, kind, area_km2: 78 })[key], getGeometry: () => ({ getExtent: () => extent }) }) as unknown as FeatureLike;

beforeEach(forgetAreas);

test('B8: an area that many texts describe is drawn once, however often it is styled', () => {
  const box = [0, 0, 5, 5];
  expect(['a', 'b', 'a', 'c', 'b'].map((id) => rankOf(area(id, box)))).toEqual([0, 1, 0, 2, 1]);
  expect(rankOf(area('d', [0, 0, 5, 6]))).toBe(0);
  expect(rankOf(area('e', box, 'offset'))).toBe(0);
});

test('beyond some, equal areas are not drawn at all', () => {
  const ranks = Array.from({ length: 40 }, (_, at) => rankOf(area(`p${at}`, [1, 1, 2, 2])));
  expect(Math.max(...ranks)).toBe(MOST_PRESSED);
  expect(ranks.filter((rank) => rank === MOST_PRESSED)).toHaveLength(30);
});
