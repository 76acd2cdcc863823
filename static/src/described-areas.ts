/** Areas of described positions that several texts describe alike: drawn over each other, their colours would add up to a dark spot. */

import type { FeatureLike } from 'ol/Feature';
import Fill from 'ol/style/Fill';
import Style from 'ol/style/Style';

/** Kilometres of uncertainty above which an area is drawn for its own document only: it is a part of the land, not a place. */
export const WIDE_KM = 50;

/** Equal areas of which each can be pressed; the others are in the lists. */
export const MOST_PRESSED = 10;

/** Pieces of areas that are remembered. */
const MOST_PIECES = 20_000;

/** Ids of the positions of each area, in the order in which they were styled. */
const drawn = new Map<string, string[]>();

/** Forgets the order: other positions are meant. */
export const forgetAreas = (): void => drawn.clear();

/** How many positions with the same area come before this one. Tiles cut an area into pieces, and equal areas have equal pieces. */
export function rankOf(feature: FeatureLike): number {
  const id = String(feature.get('id'));
  const piece = [feature.getGeometry()?.getExtent().join(' '), feature.get('kind'), feature.get('area_km2')].join(' ');
  let ids = drawn.get(piece);
  if (!ids) {
    if (drawn.size >= MOST_PIECES) drawn.clear();
    drawn.set(piece, (ids = []));
  }
  const at = ids.indexOf(id);
  if (at >= 0) return at;
  if (ids.length >= MOST_PRESSED) return MOST_PRESSED;
  return ids.push(id) - 1;
}

/** Style of an area that is drawn already: it only takes the pointer. */
export const PRESSED_ONLY = new Style({ fill: new Fill({ color: 'rgba(255, 255, 255, 0.004)' }) });
