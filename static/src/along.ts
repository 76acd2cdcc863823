/** Names of rivers: at one point, turned to the river's direction there. Text bent along a line would part Arabic letters. */

import type { FeatureLike } from 'ol/Feature';
import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import type RenderFeature from 'ol/render/Feature';
import type { Style } from 'ol/style';

/** Coordinates on both sides of the middle that determine the direction. */
const REACH = 8;

/** Sets a style's words at the middle of a line; false where the line is too short for a name. */
export function along(feature: FeatureLike, style: Style): boolean {
  const flat = longest(feature);
  const text = style.getText();
  if (!text || !flat || flat.length < 40) return false;
  const middle = (flat.length >> 2) << 1;
  const reach = Math.min(2 * REACH, middle);
  const at = (index: number): number => flat[index] as number;
  const last = Math.min(flat.length - 2, middle + reach);
  const [dx, dy] = [at(last) - at(middle - reach), at(last + 1) - at(middle - reach + 1)];
  let rotation = -Math.atan2(dy, dx);
  if (rotation > Math.PI / 2) rotation -= Math.PI;
  if (rotation < -Math.PI / 2) rotation += Math.PI;
  text.setPlacement('point');
  text.setTextAlign('center');
  text.setOverflow(true);
  text.setRotation(rotation);
  style.setGeometry(new Point([at(middle), at(middle + 1)]));
  return true;
}

/** The longest part of a line of a tile, as x and y in turn. */
function longest(feature: FeatureLike): number[] | undefined {
  if (feature instanceof Feature) return undefined;
  const tile = feature as RenderFeature;
  let [from, to] = [0, 0];
  let start = 0;
  for (const end of tile.getEnds() ?? []) {
    if (end - start > to - from) [from, to] = [start, end];
    start = end;
  }
  const flat = tile.getFlatCoordinates();
  return to ? flat.slice(from, to) : flat;
}
