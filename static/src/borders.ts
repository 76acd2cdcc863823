/** Borders of neighbouring polygons as lines: each drawn once, so that the dashes of two neighbours do not fill each other's gaps. */

import type { Position } from 'geojson';

export interface Borders {
  /** Between a polygon and the outside of all of them. */
  outer: Position[][];
  /** Between two of the polygons. */
  inner: Position[][];
}

/** Splits the rings of polygons with shared vertices into outer and inner border lines. */
export function borders(geometries: readonly (GeoJSON.Geometry | null)[]): Borders {
  const edges = new Map<string, { ends: [Position, Position]; count: number }>();
  for (const ring of geometries.flatMap(rings)) {
    for (let i = 1; i < ring.length; i++) {
      const from = ring[i - 1] as Position;
      const to = ring[i] as Position;
      const [a, b] = [key(from), key(to)];
      if (a === b) continue;
      const name = a < b ? `${a} ${b}` : `${b} ${a}`;
      const known = edges.get(name);
      if (known) known.count++;
      else edges.set(name, { ends: [from, to], count: 1 });
    }
  }
  const of = (wanted: (count: number) => boolean) =>
    chains([...edges.values()].filter((edge) => wanted(edge.count)).map((edge) => edge.ends));
  return { outer: of((count) => count === 1), inner: of((count) => count > 1) };
}

const key = (position: Position): string => `${position[0]},${position[1]}`;

function rings(geometry: GeoJSON.Geometry | null): Position[][] {
  if (geometry?.type === 'Polygon') return geometry.coordinates;
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates.flat();
  return [];
}

/** Joins edges end to end into lines as long as they go without branching. */
function chains(edges: readonly [Position, Position][]): Position[][] {
  const at = new Map<string, number[]>();
  edges.forEach((ends, index) => {
    for (const end of ends) {
      const name = key(end);
      const known = at.get(name);
      if (known) known.push(index);
      else at.set(name, [index]);
    }
  });
  const used = new Set<number>();
  const lines: Position[][] = [];
  const follow = (first: number, start: Position): void => {
    const line: Position[] = [start];
    let index: number | undefined = first;
    let here = start;
    while (index !== undefined && !used.has(index)) {
      used.add(index);
      const [a, b] = edges[index] as [Position, Position];
      here = key(a) === key(here) ? b : a;
      line.push(here);
      const next: number[] = at.get(key(here)) ?? [];
      index = next.length === 2 ? next.find((other) => !used.has(other)) : undefined;
    }
    lines.push(line);
  };
  // Lines begin where three or more meet, or where one ends; what is left are closed rings.
  for (const [name, touching] of at) {
    if (touching.length === 2) continue;
    for (const index of touching) {
      if (used.has(index)) continue;
      const [a, b] = edges[index] as [Position, Position];
      follow(index, key(a) === name ? a : b);
    }
  }
  edges.forEach(([start], index) => {
    if (!used.has(index)) follow(index, start);
  });
  return lines;
}
