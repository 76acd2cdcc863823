/** Files of exactly what is shown, made in the page: for layers whose filter or counts the server's files do not follow. */

import { save } from '../dom';
import * as features from '../features';
import { isActive } from '../filter/filter';
import { boundsOf, centreOf } from '../filter/geometry';
import { selection$ } from '../filter/selection';
import { bounds } from '../map';
import { now } from '../store';
import { writeTable } from './table-text';

/** Layers of evidence, whose files follow the filter. */
const EVIDENCE = new Set(['mention_places', 'mentions', 'claims', 'positions', 'documents']);

/** True if the server's file of a layer would hold something else than is shown. */
export function isMadeHere(layer: string): boolean {
  const { filter, time } = now();
  return EVIDENCE.has(layer) && (isActive(filter) || (layer === 'mention_places' && time !== null));
}

type Found = GeoJSON.Feature<GeoJSON.Geometry | null>;

function inView(geometry: GeoJSON.Geometry | null): boolean {
  const [west, south, east, north] = bounds();
  if (geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon') {
    const [left, bottom, right, top] = boundsOf(geometry);
    return left <= east && right >= west && bottom <= north && top >= south;
  }
  const points = geometry?.type === 'Point' ? [geometry.coordinates] : geometry?.type === 'MultiPoint' ? geometry.coordinates : [];
  return points.some(([x = 0, y = 0]) => x >= west && x <= east && y >= south && y <= north);
}

/** The features of a layer that are shown. */
export function shownFeatures(layer: string): Found[] {
  const { time } = now();
  const selection = selection$.peek();
  if (layer === 'mention_places') {
    return features.real(layer).flatMap((place): Found[] => {
      const count = Number(place.get('count'));
      const point = features.lonLat(place);
      if (!count || !point) return [];
      const geometry: GeoJSON.Point = { type: 'Point', coordinates: point.map((value) => Number(value.toFixed(5))) };
      const { place: id, level, confidence } = place.getProperties() as Record<string, unknown>;
      const names = Object.fromEntries(['name:ar', 'name:ckb', 'name:en'].map((key) => [key, place.get(key) as unknown]));
      const found: Found = {
        type: 'Feature',
        id: String(place.getId()),
        geometry,
        properties: { ...names, place: id, level, confidence, count, from: time?.[0] ?? null, to: time?.[1] ?? null },
      };
      return inView(geometry) ? [found] : [];
    });
  }
  if (layer === 'mentions') {
    return selection.statements
      .map((one): Found => ({
        type: 'Feature',
        id: one.id,
        geometry: { type: 'Point', coordinates: one.point },
        properties: {
          'name:ar': one.names.ar,
          'name:ckb': one.names.ckb,
          'name:en': one.names.en,
          document: one.document,
          mention: one.mention,
          place: one.place,
          level: one.level,
          text: one.text,
          quote: one.quote,
          speaker: one.speaker,
          status: one.status,
          confidence: one.confidence,
          published: one.published,
          publisher: one.publisher,
          title: one.title,
        },
      }))
      .filter(({ geometry }) => inView(geometry));
  }
  if (layer === 'claims')
    return selection.claims
      .map(({ id, geometry, properties }): Found => ({ type: 'Feature', id, geometry, properties }))
      .filter(({ geometry }) => !geometry || inView(geometry));
  if (layer === 'positions') return [...selection.positions.values()].filter(({ geometry }) => inView(geometry));
  const seen = new Map<string, Found>();
  for (const one of selection.statements)
    seen.set(one.document, {
      type: 'Feature',
      id: one.document,
      geometry: null,
      properties: { title: one.title, publisher: one.publisher, published: one.published },
    });
  for (const { document, properties } of selection.claims)
    if (!seen.has(document))
      seen.set(document, {
        type: 'Feature',
        id: document,
        geometry: null,
        properties: { title: properties.title ?? null, publisher: properties.publisher ?? null, published: properties.published ?? null },
      });
  for (const { properties } of selection.positions.values()) {
    const id = String(properties?.document ?? '');
    const known = selection.described.find(({ document }) => document === id);
    if (!seen.has(id))
      seen.set(id, {
        type: 'Feature',
        id,
        geometry: null,
        properties: { title: known?.title ?? null, publisher: known?.publisher ?? null, published: properties?.published ?? null },
      });
  }
  return [...seen.values()];
}

/** Saves the shown features of a layer. */
export function saveShown(layer: string, format: 'csv' | 'geojson'): void {
  const found = shownFeatures(layer);
  if (format === 'geojson')
    return save(
      `mahwar-${layer}.geojson`,
      new Blob([JSON.stringify({ type: 'FeatureCollection', features: found })], { type: 'application/geo+json' }),
    );
  const keys = [...new Set(found.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const cell = (value: unknown): string | number =>
    value === null || value === undefined
      ? ''
      : typeof value === 'number'
        ? value
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
  const points = found.map(({ geometry }) =>
    geometry?.type === 'Point'
      ? geometry.coordinates
      : geometry?.type === 'MultiPoint'
        ? geometry.coordinates[0]
        : geometry
          ? centreOf(geometry)
          : undefined,
  );
  const rows = found.map(({ id, properties }, index) => [
    String(id),
    points[index]?.[0] ?? '',
    points[index]?.[1] ?? '',
    ...keys.map((key) => cell(properties?.[key])),
  ]);
  save(`mahwar-${layer}.csv`, new Blob([writeTable([['id', 'lon', 'lat', ...keys], ...rows])], { type: 'text/csv;charset=utf-8' }));
}
