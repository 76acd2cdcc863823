/** The layers that the page can draw: their order, their source, and which are shown at first. */

import { pick } from './language';
import type { Collection, StyleSheet } from './model';
import { now, set } from './store';
import { drawnBy, ground } from './style';

export interface Entry {
  id: string;
  /** `tiles` for large layers, `items` for evidence and for lines whose dashes must run on. */
  source: 'tiles' | 'items';
  shown: boolean;
  /** From which zoom it is drawn. */
  from?: number;
}

/** Layers of the map that are switched together. */
export interface Group {
  title: string;
  /** The top layer first. */
  layers: string[];
}

/** Layers that are loaded feature by feature; the rest comes in tiles. */
export const ITEMS: readonly string[] = [
  'disputed_areas', 'coordination_axes', 'region_line', 'security_gap_area', 'security_gap', 'security_gap_posts', 'places', 'claims', 'mentions', 'mention_places',
];

let entries: readonly Entry[] = [];
let inGroups: readonly Group[] = [];

/** The layers from the ground up; the list on the page is the other way round. */
export const catalogue = (): readonly Entry[] => entries;
export const groups = (): readonly Group[] => inGroups;

/** Takes layers, groups and their order from the style. */
export function takeStyle(document: StyleSheet): void {
  const below = ground(document);
  const order = [...new Set(document.layers.filter((layer) => !below.includes(layer)).flatMap((layer) => drawnBy(layer) ?? []))];
  const known = document.metadata['mahwar:groups'];
  const shown = new Map(known.flatMap((group) => group.layers.map((layer): [string, boolean] => [layer.id, layer.shown])));
  entries = order.filter((id) => shown.has(id)).map((id) => {
    const main = document.layers.find((layer) => layer.id === id);
    // Zooms of the style count tiles of 512 pixels, those of the view 256.
    const from = main?.minzoom === undefined ? undefined : main.minzoom + 1;
    return { id, source: ITEMS.includes(id) ? 'items' : 'tiles', shown: shown.get(id) ?? false, from };
  });
  inGroups = known.map(({ title, layers }) => ({ title, layers: layers.map((layer) => layer.id) }));
}

export const entry = (id: string): Entry | undefined => entries.find((known) => known.id === id);

let served = new Map<string, Collection>();

/** Takes the server's list of collections. */
export function serve(collections: readonly Collection[]): void {
  served = new Map(collections.map((collection) => [collection.id, collection]));
}

export const collection = (id: string): Collection | undefined => served.get(id);
export const collectionIds = (): string[] => [...served.keys()];

/** The title of a layer in the page's language. */
export function title(id: string): string {
  const known = served.get(id);
  return pick(known?.titles) || known?.title || id;
}

export function isShown(id: string): boolean {
  const own = now().layers[id];
  return own === undefined ? (entry(id)?.shown ?? false) : own !== 'off';
}

/** 0..=1. */
export function opacity(id: string): number {
  const own = now().layers[id];
  return typeof own === 'number' ? own / 100 : 1;
}

/** Shows or hides a layer, keeping the permalink free of layers in their initial state. */
export function show(id: string, shown: boolean): void {
  const layers = { ...now().layers };
  if (shown === (entry(id)?.shown ?? false)) delete layers[id];
  else layers[id] = shown ? 100 : 'off';
  set({ layers });
}

export function fade(id: string, percent: number): void {
  const layers = { ...now().layers, [id]: percent };
  if (percent === 100 && entry(id)?.shown) delete layers[id];
  set({ layers });
}
