/** The state of the page, in one object; everything on the page follows it and the permalink contains it. */

import { signal } from '@preact/signals';
import { NO_FILTER, type Filter } from './filter/filter';
import type { Language } from './model';

export type Tab = 'evidence' | 'layers' | 'corridor' | 'try' | 'share';
export const TABS: readonly Tab[] = ['evidence', 'layers', 'corridor', 'try', 'share'];

export type Theme = 'auto' | 'light' | 'dark';

/** One feature of one layer. */
export interface FeatureRef {
  layer: string;
  id: string;
}

/** What is shown beside the view: another period, another worldview, or who held the areas on two days. */
export type Compare = { kind: 'time'; time: [string, string] } | { kind: 'worldview'; id: string } | { kind: 'control'; days: [string, string] };

export interface State {
  language: Language;
  /** Centre in degrees and zoom; none until the map has one. */
  view: { lon: number; lat: number; zoom: number } | null;
  /** Layers that differ from the catalogue: opacity 0–100, `off` for not shown. */
  layers: Record<string, number | 'off'>;
  worldview: string;
  /** First and last day, inclusive; none for all time. */
  time: [string, string] | null;
  /** Which statements are meant, besides the time. */
  filter: Filter;
  /** Something to compare the view with. */
  compare: Compare | null;
  /** A speaker whose statements are listed. */
  person: string | null;
  /** An event whose accounts are listed. */
  event: string | null;
  feature: FeatureRef | null;
  document: string | null;
  /** A mention of the open document. */
  mention: string | null;
  /** Kilometre of the corridor that is marked. */
  km: number | null;
  /** The part of the corridor definition shown instead of the default. */
  tab: Tab;
  /** The style of the base: the viewer's own, or one of the server's. */
  style: string | null;
  theme: Theme;
}

export const START: State = {
  language: 'ar',
  view: null,
  layers: {},
  worldview: 'neutral',
  time: null,
  filter: NO_FILTER,
  compare: null,
  person: null,
  event: null,
  feature: null,
  document: null,
  mention: null,
  km: null,
  tab: 'evidence',
  style: null,
  theme: 'auto',
};

type Key = keyof State;
type Listener = (state: Readonly<State>, changed: ReadonlySet<Key>) => void;

const listeners: Listener[] = [];
let state: State = START;

export const now = (): Readonly<State> => state;

/** The state as a signal: components that read it are drawn again when it changes. */
export const state$ = signal<Readonly<State>>(START);

/** Parts of the address that made no sense and were left out, as `name=value`; until the filter or the period is another. */
export const unread$ = signal<readonly string[]>([]);

/** True if the address says that all time is meant, which a page with much evidence does not show at first. */
export const whole$ = signal(false);

/** Sets the first state; nobody is told. */
export function begin(first: State): void {
  state = first;
  state$.value = state;
}

/** Calls back after every change that touches one of the keys. */
export function watch(keys: readonly Key[], listener: Listener): void {
  listeners.push((next, changed) => {
    if (keys.length === 0 || keys.some((key) => changed.has(key))) listener(next, changed);
  });
}

/** Changes the state; listeners hear of the keys whose value is another one. */
export function set(change: Partial<State>): void {
  const changed = new Set<Key>();
  for (const key of Object.keys(change) as Key[]) {
    if (JSON.stringify(change[key]) !== JSON.stringify(state[key])) changed.add(key);
  }
  if (changed.size === 0) return;
  state = { ...state, ...change };
  if (changed.has('filter') || changed.has('time')) unread$.value = [];
  state$.value = state;
  // A listener that is added meanwhile hears of the next change.
  for (const listener of listeners.slice()) listener(state, changed);
}

/** Changes conditions of the filter and leaves the others. */
export const refine = (change: Partial<Filter>): void => set({ filter: { ...state.filter, ...change } });

/** Everything that can be open in the panel, closed. */
export const CLOSED = { document: null, mention: null, feature: null, person: null, event: null } as const;
