/** The layers that the page can draw: in which order, from where, whether shown at first. */

import { pick } from './language';
import type { Collection } from './model';
import { now, set } from './store';

export type Group = 'evidence' | 'territory' | 'units' | 'context';
export const GROUPS: readonly Group[] = ['evidence', 'territory', 'units', 'context'];

export interface Entry {
  id: string;
  group: Group;
  /** `tiles` for what is large, `items` for evidence and for lines whose dashes must run on. */
  source: 'tiles' | 'items';
  shown: boolean;
  /** From which zoom it is drawn. */
  from?: number;
}

/** From the ground up; the list on the page is the other way round. */
export const CATALOGUE: readonly Entry[] = [
  { id: 'countries', group: 'context', source: 'tiles', shown: true },
  { id: 'lakes', group: 'context', source: 'tiles', shown: true },
  { id: 'rivers', group: 'context', source: 'tiles', shown: true },
  { id: 'subdistricts', group: 'units', source: 'tiles', shown: false, from: 7 },
  { id: 'districts', group: 'units', source: 'tiles', shown: true },
  { id: 'governorates', group: 'units', source: 'tiles', shown: true },
  { id: 'security_gap_area', group: 'territory', source: 'items', shown: false },
  { id: 'disputed_areas', group: 'territory', source: 'items', shown: true },
  { id: 'coordination_axes', group: 'evidence', source: 'items', shown: false },
  { id: 'region_line', group: 'territory', source: 'items', shown: true },
  { id: 'security_gap', group: 'territory', source: 'items', shown: true },
  { id: 'security_gap_posts', group: 'territory', source: 'items', shown: true, from: 6.5 },
  { id: 'settlements_context', group: 'context', source: 'tiles', shown: false },
  { id: 'places', group: 'units', source: 'items', shown: true },
  { id: 'claims', group: 'evidence', source: 'items', shown: false },
  { id: 'mentions', group: 'evidence', source: 'items', shown: false },
  { id: 'mention_places', group: 'evidence', source: 'items', shown: true },
];

export const entry = (id: string): Entry | undefined => CATALOGUE.find((known) => known.id === id);

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

/** Shows or hides a layer, keeping the permalink free of what is as at the start. */
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
