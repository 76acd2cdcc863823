/** Sides of the names of the places mentioned, for the resolution that is being drawn. */

import type Feature from 'ol/Feature';
import type { FeatureLike } from 'ol/Feature';
import Point from 'ol/geom/Point';
import { clustered } from './clusters';
import { FONT } from './fonts';
import { language, nameOf } from './language';
import { sides, type Mark, type Side } from './placing';

/** Pixels of the names' letters. */
export const NAME_SIZE = 13;
/** Pixels that a line takes: the font's box is high. */
export const NAME_HEIGHT = 22;
/** More than these are never read at once. */
const MOST = 250;

/** Pixels for a number of mentions; smaller where the whole land is in sight and places crowd. */
export const radius = (count: number, zoom = 7): number => Math.min(24, 5.5 + 3 * Math.sqrt(Math.max(1, count))) * (zoom < 6.1 ? 0.75 : 1);

const shown = (place: Feature): number => Number(place.get('count') ?? 1);

let made = '';
let found = new Map<string, Side>();

/** The side of a place's name, none if all sides are occupied; the places with the most mentions choose first. */
export function sideOf(of: FeatureLike, resolution: number, zoom: number): Side | undefined {
  const version = `${Math.round(Math.log2(resolution) * 20)} ${language()} ${clustered.getRevision()}`;
  if (version !== made) {
    made = version;
    const places = clustered.getFeatures().filter((place) => shown(place) > 0).sort((a, b) => shown(b) - shown(a));
    found = sides(places.slice(0, MOST).flatMap((place) => markOf(place, resolution, zoom)));
  }
  return found.get(String(of.getId()));
}

function markOf(place: Feature, resolution: number, zoom: number): Mark[] {
  const geometry = place.getGeometry();
  if (!(geometry instanceof Point)) return [];
  const [x, y] = geometry.getCoordinates() as [number, number];
  return [{ id: String(place.getId()), x: x / resolution, y: -y / resolution, radius: radius(shown(place), zoom) + 1, width: width(nameOf(place.getProperties())), height: NAME_HEIGHT }];
}

const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
const widths = new Map<string, number>();

/** Pixels that a name takes. */
export function width(name: string): number {
  let known = widths.get(name);
  if (known === undefined) {
    context.font = `700 ${NAME_SIZE}px ${FONT}`;
    widths.set(name, (known = context.measureText(name).width + 4));
  }
  return known;
}
