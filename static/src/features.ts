/** Features that the map draws from items: evidence, territory and the names of units. */

import type Feature from 'ol/Feature';
import OlFeature from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import MultiLineString from 'ol/geom/MultiLineString';
import MultiPolygon from 'ol/geom/MultiPolygon';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import { toLonLat } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import * as api from './api';
import { borders } from './borders';
import { isShown, ITEMS } from './catalogue';
import { effect, untracked } from '@preact/signals';
import { selection$ } from './filter/selection';
import { isActive } from './filter/filter';
import type { FeatureCollection } from './model';
import { report } from './notice';
import { now, watch } from './store';

export const FORMAT = new GeoJSON({ featureProjection: 'EPSG:3857' });

/** Settlements of less weight come from tiles, when the map is near them. */
export const LEAST_RANK = 80;

/** Parameters of the requests for a layer. */
const WANTED: Record<string, Record<string, string>> = {
  // Names of the weightier settlements are wanted at every zoom; names of units come with their tiles.
  places: { filter: `level = 'settlement' AND rank >= ${LEAST_RANK}`, 'filter-lang': 'cql2-text', properties: 'name:ar,name:ckb,name:en,level,rank,population' },
};

/** These layers follow the worldview; the rest stay when it changes. */
const BY_VIEW = new Set(['disputed_areas', 'region_line', 'security_gap', 'security_gap_area', 'security_gap_posts', 'places', 'mention_places', 'coordination_axes']);

export const sources = new Map<string, VectorSource>(
  ITEMS.map((id) => [id, new VectorSource()]),
);

const loading = new Map<string, Promise<void>>();
/** Number of the last request for each layer: an answer that a later one overtook is not taken. */
const requested = new Map<string, number>();
const loadedFor = new Map<string, string>();
const listeners: ((layer: string) => void)[] = [];

/** Calls back whenever the features of a layer have come. */
export const onLoaded = (listener: (layer: string) => void): void => void listeners.push(listener);

export const isLoaded = (layer: string): boolean => loadedFor.has(layer);

/** Makes sure that a layer's features are loaded for the worldview in force. */
export function load(layer: string): Promise<void> {
  const wanted = BY_VIEW.has(layer) ? now().worldview : '';
  if (loadedFor.get(layer) === wanted) return loading.get(layer) ?? Promise.resolve();
  loadedFor.set(layer, wanted);
  const work = fetchInto(layer, wanted).catch((error: unknown) => {
    if (loadedFor.get(layer) === wanted) loadedFor.delete(layer);
    report(error, () => void load(layer));
  });
  loading.set(layer, work);
  return work;
}

async function fetchInto(layer: string, worldview: string): Promise<void> {
  const source = sources.get(layer);
  if (!source) return;
  const parameters = { ...(worldview && { worldview }), ...WANTED[layer] };
  const mine = (requested.get(layer) ?? 0) + 1;
  requested.set(layer, mine);
  const [collection, histogram] = await Promise.all([
    api.allItems(layer, parameters),
    layer === 'mention_places' ? api.histogram({ by: 'day', layer: 'mentions' }) : null,
  ]);
  if (requested.get(layer) !== mine || loadedFor.get(layer) !== worldview) return;
  if (histogram) {
    mentioned = histogram;
    within.clear();
    generation += 1;
  }
  const features = FORMAT.readFeatures(collection) as Feature[];
  for (const feature of features) prepare(layer, feature);
  if (layer === 'disputed_areas') features.push(...outlines(collection), ...features.flatMap(namePoint));
  source.clear(true);
  source.addFeatures(features);
  for (const listener of listeners) listener(layer);
}

/** Features of a layer as another worldview has them, ready to be drawn. */
export async function ofWorldview(layer: string, worldview: string): Promise<Feature[]> {
  const collection = await api.allItems(layer, { worldview, ...WANTED[layer] });
  const found = FORMAT.readFeatures(collection) as Feature[];
  for (const feature of found) prepare(layer, feature);
  return layer === 'disputed_areas' ? [...found, ...outlines(collection)] : found;
}

/** The style finds its layers by the tile layer that a feature would be of; counts may be cut to a time. */
function prepare(layer: string, feature: Feature): void {
  feature.set('mvt:layer', layer, true);
  if (layer === 'mention_places') feature.set('total', feature.get('count'), true);
}

/** Position of an area's name: a point in its largest part, as in tiles. */
function namePoint(area: Feature): Feature[] {
  const geometry = area.getGeometry();
  const parts = geometry instanceof MultiPolygon ? geometry.getPolygons() : geometry instanceof Polygon ? [geometry] : [];
  const largest = parts.sort((a, b) => b.getArea() - a.getArea())[0];
  if (!largest) return [];
  const [x, y] = largest.getInteriorPoint().getCoordinates() as [number, number];
  return [new OlFeature({ ...area.getProperties(), geometry: new Point([x, y]), 'mvt:layer': 'disputed_areas_labels' })];
}

/** The outline of a set of areas as two features of its own. */
function outlines(collection: FeatureCollection): Feature[] {
  const { outer, inner } = borders(collection.features.map((feature) => feature.geometry));
  return Object.entries({ outer, inner }).map(([border, lines]) => {
    const geometry = new MultiLineString(lines);
    geometry.transform('EPSG:4326', 'EPSG:3857');
    return new OlFeature({ geometry, border, 'mvt:layer': 'disputed_areas' });
  });
}

/** Features of a layer without those made for drawing only. */
export const real = (layer: string): Feature[] =>
  (sources.get(layer)?.getFeatures() ?? []).filter((feature) => feature.getId() !== undefined);

export const find = (layer: string, id: string): Feature | undefined =>
  (sources.get(layer)?.getFeatureById(id) as Feature | null) ?? undefined;

/** The position of a point feature in degrees. */
export function lonLat(feature: Feature): [number, number] | null {
  const geometry = feature.getGeometry();
  return geometry instanceof Point ? (toLonLat(geometry.getCoordinates()) as [number, number]) : null;
}

/** A JSON attribute, which may come as a value or as text. */
export function json<T>(value: unknown, otherwise: T): T {
  if (typeof value !== 'string') return (value as T) ?? otherwise;
  try {
    return JSON.parse(value) as T;
  } catch {
    return otherwise;
  }
}

let mentioned: api.Histogram = { bins: [], undated: 0 };

/** Counts by day over all places. */
export const days = (): Map<string, number> => new Map(mentioned.bins.map(({ start, count }) => [start, count]));

/** Mentions in documents without a date: in no time that can be chosen. */
export const undated = (): number => mentioned.undated;

/** The place counts of one document, while it is open: everything else steps back. */
let only: ReadonlyMap<string, number> | null = null;

let onlyDocument: string | null = null;

/** The document that is open and whose places alone are drawn. */
export const documentDrawn = (): string | null => onlyDocument;

/** Draws only the places of one document, as often as it names them; all places again with null. */
export function drawOnly(counts: ReadonlyMap<string, number> | null, document: string | null = null): void {
  if (only === counts) return;
  only = counts;
  onlyDocument = document;
  applyTime();
}

/** Counts of periods that were asked for, the last ones. */
const within = new Map<string, ReadonlyMap<string, number>>();
const awaited = new Set<string>();
/** Rises when the places were read anew: counts that were asked for before are of another state. */
let generation = 0;
const KEPT_PERIODS = 8;

/** How many mentions of a place are within a period; as many as were shown last until the server has counted them. */
export function countIn(place: Feature, time: readonly [string, string] | null): number {
  if (!time) return Number(place.get('total') ?? 0);
  const key = time.join('/');
  const counts = within.get(key);
  if (counts) return counts.get(String(place.getId())) ?? 0;
  void countWithin(key);
  return Number(place.get('count') ?? 0);
}

async function countWithin(time: string): Promise<void> {
  if (awaited.has(time)) return;
  awaited.add(time);
  const asked = generation;
  try {
    const collection = await api.allItems('mention_places', { datetime: time, properties: 'count' });
    if (asked !== generation) return;
    within.set(time, new Map(collection.features.map(({ id, properties }) => [String(id), Number(properties?.count ?? 0)])));
    const oldest = [...within.keys()].at(0);
    if (within.size > KEPT_PERIODS && oldest !== undefined) within.delete(oldest);
    applyTime();
  } catch (error) {
    report(error);
  } finally {
    awaited.delete(time);
    // The places as they are now are counted in their turn.
    if (asked !== generation) applyTime();
  }
}

/** Sets on each place how many of its mentions the filter and the time mean. */
export function applyTime(): void {
  const { time, filter } = now();
  const selected = isActive(filter) ? selection$.peek() : null;
  for (const place of real('mention_places')) {
    const id = String(place.getId());
    const shown = only ? (only.get(id) ?? 0) : selected ? (selected.places.get(id)?.mentions ?? 0) : countIn(place, time);
    place.set('count', shown, true);
  }
  sources.get('mention_places')?.changed();
  const chosen: Record<string, ReadonlySet<string> | null> = {
    mentions: selected && new Set(selected.statements.map(({ id }) => id)),
    claims: selected && new Set(selected.claims.map(({ id }) => id)),
  };
  for (const axis of real('coordination_axes')) {
    axis.set('hidden', chosen.claims ? !chosen.claims.has(`${String(axis.get('document'))}-${String(axis.get('claim'))}`) : false, true);
  }
  sources.get('coordination_axes')?.changed();
  for (const layer of ['mentions', 'claims']) {
    const ids = chosen[layer];
    for (const feature of real(layer)) {
      const published = String(feature.get('published') ?? '').slice(0, 10);
      const outside = ids ? !ids.has(String(feature.getId())) : time ? published < time[0] || published > time[1] : false;
      feature.set('hidden', outside, true);
    }
    sources.get(layer)?.changed();
  }
  for (const listener of counted) listener();
}

const counted: (() => void)[] = [];

/** Calls back when the counts of the places have changed. */
export const onCounted = (listener: () => void): void => void counted.push(listener);

/** Names of the disputed areas: a label in a tile has no other sign of being one. */
export const contested = new Set<string>();

/** True if a place of this name is mentioned in the time shown. */
export const isMentioned = (name: string): boolean => real('mention_places').some((place) => place.get('name:ar') === name && Number(place.get('count')) > 0);

/** Loads the shown layers, and again when they or the worldview change. */
export function begin(): void {
  onLoaded((layer) => {
    if (layer === 'disputed_areas') {
      contested.clear();
      for (const area of real(layer)) contested.add(String(area.get('name:ar')));
    }
    if (['mention_places', 'mentions', 'claims', 'coordination_axes'].includes(layer)) applyTime();
  });
  const loadShown = (): void => {
    for (const id of sources.keys()) if (isShown(id) || isLoaded(id)) void load(id);
  };
  watch(['worldview', 'layers'], loadShown);
  watch(['time'], applyTime);
  effect(() => {
    void selection$.value;
    untracked(applyTime);
  });
  loadShown();
}

/** Drops the loaded features and loads them again. */
export function reload(): void {
  const known = [...loadedFor.keys()];
  loadedFor.clear();
  for (const layer of new Set([...known, ...[...sources.keys()].filter(isShown)])) void load(layer);
}
