/** The state as the fragment of the page's address, or as the query of a shared link. */

import { readFilter, writeFilter } from './filter/filter';
import { languageOf } from './language';
import { operator } from './operator';
import { START, TABS, whole$, type Compare, type State, type Tab, type Theme } from './store';

/** Parts of the page that an embedding site switches on; the map itself is always shown. */
export const PARTS = ['panel', 'legend', 'search', 'time', 'layers'] as const;
export type Part = (typeof PARTS)[number];

/** `map=7.2/35.41/44.38&lang=ckb&…`, without values in their initial state. */
export function written(state: Readonly<State>): string {
  const out = new URLSearchParams();
  const { view, time, feature } = state;
  if (view) out.set('map', `${round(view.zoom, 2)}/${round(view.lat, 4)}/${round(view.lon, 4)}`);
  out.set('lang', state.language);
  if (state.worldview !== START.worldview) out.set('worldview', state.worldview);
  const layers = Object.entries(state.layers).map(([id, value]) => `${id}:${value}`);
  // Where the operator chose first layers, an address without any would mean those.
  if (layers.length || operator.layers) out.set('layers', layers.sort().join(','));
  if (time) out.set('time', time.join('..'));
  else if (whole$.peek()) out.set('time', 'all');
  writeFilter(state.filter, out);
  if (state.compare) out.set('compare', compareText(state.compare));
  if (state.person) out.set('person', state.person);
  if (state.event) out.set('event', state.event);
  if (feature) out.set('feature', `${feature.layer}/${feature.id}`);
  if (state.document) out.set('document', state.document);
  if (state.mention) out.set('mention', state.mention);
  if (state.km !== null) out.set('km', String(state.km));
  if (state.tab !== START.tab) out.set('tab', state.tab);
  if (state.style) out.set('style', state.style);
  if (state.theme !== START.theme) out.set('theme', state.theme);
  // These characters are allowed in a fragment, and the link stays readable.
  return out.toString().replace(/%2F/g, '/').replace(/%3A/g, ':').replace(/%2C/g, ',');
}

/** Reads an address: the query first (`?lang=ckb`), overridden by the fragment; invalid values are ignored. */
export function read(url: URL, preferred: readonly string[]): State {
  const given = new Map([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]);
  const state: State = structuredClone(START);
  state.language = languageOf(given.get('lang')) ?? preferred.map(languageOf).find((known) => known) ?? 'ar';
  state.worldview = plain(given.get('worldview')) ?? START.worldview;
  state.view = viewOf(given.get('map'));
  state.layers = layersOf(given.get('layers') ?? operator.layers);
  state.time = timeOf(given.get('time'));
  state.filter = readFilter(given);
  state.compare = compareOf(given.get('compare'));
  state.person = given.get('person')?.slice(0, 300) || null;
  state.event = plain(given.get('event'));
  const [layer, ...id] = given.get('feature')?.split('/') ?? [];
  if (layer && id.length) state.feature = { layer, id: id.join('/') };
  state.document = plain(given.get('document'));
  state.mention = plain(given.get('mention'));
  const km = Number.parseFloat(given.get('km') ?? '');
  if (Number.isFinite(km)) state.km = km;
  const tab = given.get('tab') as Tab;
  if (TABS.includes(tab)) state.tab = tab;
  state.style = plain(given.get('style'));
  const theme = given.get('theme') as Theme;
  if (theme === 'light' || theme === 'dark') state.theme = theme;
  return state;
}

/** Parts of an address that are given and were not understood; the reader is told of them. */
export function unreadOf(url: URL, { time, filter, compare, view, document, mention, event }: State): string[] {
  const given = new Map([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]);
  const types = (given.get('type') ?? '').split(',').filter((type) => type.trim() && !filter.types.includes(type.trim()));
  const isLost: Record<string, boolean> = {
    time: time === null && given.get('time') !== 'all',
    area: filter.area === null,
    type: types.length > 0,
    doclang: filter.documents === null,
    min_confidence: filter.confidence === null && Number(given.get('min_confidence')) !== 0,
    ruled: filter.ruled === null,
    by: given.get('by') !== filter.by,
    compare: compare === null,
    map: view === null,
    document: document === null,
    mention: mention === null,
    event: event === null,
  };
  return Object.entries(isLost).flatMap(([key, lost]) => {
    const text = given.get(key)?.trim();
    return lost && text ? [`${key}=${[...text].slice(0, 60).join('')}`] : [];
  });
}

/** The parts that an embedding address asks for (`ui=legend,search`). */
export function partsOf(url: URL): Set<Part> {
  const given = new Map([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]).get('ui') ?? 'legend';
  return new Set(PARTS.filter((part) => given.split(',').includes(part)));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const plain = (text: string | undefined): string | null => (text && /^[\w.-]{1,80}$/.test(text) ? text : null);

function viewOf(text: string | undefined): State['view'] {
  const [zoom, lat, lon] = (text ?? '').split('/').map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  const inside = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return inside ? { zoom, lat, lon } : null;
}

function layersOf(text: string | undefined): State['layers'] {
  const layers: State['layers'] = {};
  for (const part of (text ?? '').split(',')) {
    const [id, value] = part.split(':');
    if (!id || !value) continue;
    const opacity = Number(value);
    if (value === 'off') layers[id] = 'off';
    else if (opacity >= 0 && opacity <= 100) layers[id] = Math.round(opacity);
  }
  return layers;
}

function timeOf(text: string | undefined): State['time'] {
  const match = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text ?? '');
  // A day that the calendar does not have is not moved to another one.
  const isDay = (day: string | undefined): day is string => {
    const moment = Date.parse(`${day}T00:00:00Z`);
    return !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 10) === day;
  };
  if (!isDay(match?.[1]) || !isDay(match?.[2])) return null;
  return match[1] <= match[2] ? [match[1], match[2]] : [match[2], match[1]];
}

const compareText = (compare: Compare): string =>
  compare.kind === 'time' ? compare.time.join('..') : compare.kind === 'control' ? `control:${compare.days.join('..')}` : compare.id;

function compareOf(text: string | undefined): Compare | null {
  const [, days] = /^control:(.+)$/.exec(text ?? '') ?? [];
  if (days) {
    const held = timeOf(days);
    return held && { kind: 'control', days: held };
  }
  const time = timeOf(text);
  if (time) return { kind: 'time', time };
  return text && /^[a-z][\w-]{0,79}$/i.test(text) ? { kind: 'worldview', id: text } : null;
}

/** The address that the page was last opened with or led to. It is kept because the page writes its own state there soon afterwards. */
let arrived = new URLSearchParams();

export function arrive(url: URL): void {
  arrived = new URLSearchParams(url.hash.slice(1) || url.search);
}

/** The page opens its only document where that address names none; a view that it gives stays then too. */
export function openFirst(document: string): void {
  if (!arrived.has('document')) arrived.set('document', document);
}

/** True, once, if that address names this document or event together with a view of the map: its sender's view stays. */
export function gaveViewOf(kind: 'document' | 'event', id: string): boolean {
  const gave = arrived.has('map') && arrived.get(kind) === id;
  if (gave) arrived.delete(kind);
  return gave;
}
