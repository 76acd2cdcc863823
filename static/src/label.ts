/** Words on the map: one font for the three scripts, labels at points only (text along a line would break Arabic joins). */

import type { FeatureLike } from 'ol/Feature';
import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import type RenderFeature from 'ol/render/Feature';
import { Fill, Stroke, Style, Text } from 'ol/style';
import { FONT } from './fonts';
import { nameOf } from './language';
import type { Palette } from './palette';

export interface Label {
  text: string;
  /** Pixels. */
  size: number;
  weight: number;
  colour: string;
  halo?: string;
  offsetX?: number;
  offsetY?: number;
  rotation?: number;
  /** On a symbol, not beside it. */
  over?: boolean;
  declutterMode?: 'declutter' | 'obstacle' | 'none';
}

const made = new Map<string, Style>();

export function label(of: Label): Style {
  const name = JSON.stringify(of);
  let style = made.get(name);
  if (!style) {
    if (made.size > 4000) made.clear();
    // What has a higher index is placed first: symbols, then the words that keep clear of them.
    made.set(name, (style = new Style({ text: text(of), zIndex: of.over ? 300 : 0 })));
  }
  return style;
}

function text({ text, size, weight, colour, halo, offsetX = 0, offsetY = 0, rotation = 0, declutterMode = 'declutter' }: Label): Text {
  return new Text({
    text,
    font: `${weight} ${Math.round(size * 2) / 2}px ${FONT}`,
    fill: new Fill({ color: colour }),
    stroke: halo ? new Stroke({ color: halo, width: 3 }) : undefined,
    textAlign: 'center',
    offsetX,
    // The middle of the font's box stands a little above the middle of Arabic words.
    offsetY: offsetY + 1,
    rotation,
    overflow: true,
    padding: [0, 3, 0, 3],
    declutterMode,
  });
}

export const named = (feature: FeatureLike): string => nameOf(feature.getProperties());

/** A river's name in the middle of its stretch in a tile, turned to its direction there. */
export function riverLabel(feature: FeatureLike, colours: Palette): Style | undefined {
  const name = named(feature);
  const flat = flatCoordinates(feature);
  if (!name || !flat || flat.length < 40) return undefined;
  const middle = (flat.length >> 2) << 1;
  const reach = Math.min(16, middle);
  const at = (index: number): number => flat[index] as number;
  const last = Math.min(flat.length - 2, middle + reach);
  const [dx, dy] = [at(last) - at(middle - reach), at(last + 1) - at(middle - reach + 1)];
  let rotation = -Math.atan2(dy, dx);
  if (rotation > Math.PI / 2) rotation -= Math.PI;
  if (rotation < -Math.PI / 2) rotation += Math.PI;
  const style = new Style({ text: text({ text: name, size: 11, weight: 500, colour: colours.waterText, halo: colours.halo, rotation, offsetY: 0 }) });
  style.setGeometry(new Point([at(middle), at(middle + 1)]));
  return style;
}

function flatCoordinates(feature: FeatureLike): number[] | undefined {
  if (feature instanceof Feature) return undefined;
  const tile = feature as RenderFeature;
  const ends = tile.getEnds();
  // The longest part of a line in several parts.
  let [from, to] = [0, 0];
  let start = 0;
  for (const end of ends ?? []) {
    if (end - start > to - from) [from, to] = [start, end];
    start = end;
  }
  const flat = tile.getFlatCoordinates();
  return to ? flat.slice(from, to) : flat;
}
