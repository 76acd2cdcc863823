/** Tests of places in an area. Distances are great circles, which are off the ellipsoid by less than 0.6 per cent. */

import type { Position } from 'geojson';

const RADIUS_KM = 6371.0088;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Kilometres between two positions in degrees. */
export function distance([lon1, lat1]: Readonly<Position>, [lon2, lat2]: Readonly<Position>): number {
  const [a, b, c, d] = [lon1 ?? 0, lat1 ?? 0, lon2 ?? 0, lat2 ?? 0];
  const h = Math.sin(rad(d - b) / 2) ** 2 + Math.cos(rad(b)) * Math.cos(rad(d)) * Math.sin(rad(c - a) / 2) ** 2;
  return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Kilometres from a position to a line. */
export function distanceToLine(point: Readonly<Position>, line: readonly Position[]): number {
  let least = Infinity;
  const scale = Math.cos(rad(point[1] ?? 0));
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1] as Position, line[i] as Position];
    const [dx, dy] = [((b[0] ?? 0) - (a[0] ?? 0)) * scale, (b[1] ?? 0) - (a[1] ?? 0)];
    const [px, py] = [((point[0] ?? 0) - (a[0] ?? 0)) * scale, (point[1] ?? 0) - (a[1] ?? 0)];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
    least = Math.min(least, distance(point, [(a[0] ?? 0) + (t * dx) / scale, (a[1] ?? 0) + t * dy]));
  }
  return least;
}

/** True if a position is inside a polygon or one of several (even-odd rule). */
export function inside([x = 0, y = 0]: Readonly<Position>, geometry: GeoJSON.Geometry | null): boolean {
  const polygons = geometry?.type === 'Polygon' ? [geometry.coordinates] : geometry?.type === 'MultiPolygon' ? geometry.coordinates : [];
  return polygons.some((rings) => {
    let odd = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [x1 = 0, y1 = 0] = ring[i] as Position;
        const [x2 = 0, y2 = 0] = ring[j] as Position;
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
      }
    }
    return odd;
  });
}

/** West, south, east and north of a geometry. */
export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') {
      const [x, y] = part as [number, number];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    } else for (const inner of part) visit(inner);
  };
  if (geometry.type !== 'GeometryCollection') visit(geometry.coordinates);
  return box;
}

/** The centre of gravity of a polygon or several; the middle of its box for any other geometry. */
export function centreOf(geometry: GeoJSON.Geometry): [number, number] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
  let [area, x, y] = [0, 0, 0];
  for (const rings of polygons) {
    for (const ring of rings) {
      // Holes run the other way round, so that they are subtracted.
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [x1 = 0, y1 = 0] = ring[j] as Position;
        const [x2 = 0, y2 = 0] = ring[i] as Position;
        const cross = x1 * y2 - x2 * y1;
        area += cross;
        x += (x1 + x2) * cross;
        y += (y1 + y2) * cross;
      }
    }
  }
  if (Math.abs(area) > 1e-12) return [x / (3 * area), y / (3 * area)];
  const [west, south, east, north] = boundsOf(geometry);
  return [(west + east) / 2, (south + north) / 2];
}

/** A box grown by kilometres on each side. */
export function grown([west, south, east, north]: readonly [number, number, number, number], km: number): [number, number, number, number] {
  const up = km / 110.5;
  const across = km / (111.3 * Math.cos(rad(Math.min(85, Math.max(Math.abs(south), Math.abs(north))))));
  return [Math.max(-180, west - across), Math.max(-90, south - up), Math.min(180, east + across), Math.min(90, north + up)];
}

/** Levels from the coarsest; a place is inside an area only if it is no coarser than it. */
const LEVELS = ['country', 'region', 'governorate', 'district', 'subdistrict', 'settlement', 'neighbourhood', 'point'];

/** Fineness of a level, 0 for a country; any place that is not a unit counts as a settlement. */
export const fineness = (level: string): number => {
  const at = LEVELS.indexOf(level);
  return at < 0 ? 5 : at;
};
