/** Asking the server. Every address is relative to the page, so no request can go to another host. */

import type {
  Collection,
  Definitions,
  DocumentRecord,
  Evidence,
  FeatureCollection,
  Link,
  Located,
  Names,
  Parse,
  Profile,
  Ruling,
  SearchHit,
  StyleSheet,
  Worldviews,
} from './model';

export type Parameters = Record<string, string | number | null | undefined>;

/** The server answered with a problem document, or with something that is not an answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`);
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** An address of this server, with parameters that have a value. */
export function address(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The same address in full, for copying into another program. */
export const absolute = (path: string, parameters: Parameters = {}): string =>
  // Braces of a template (`{z}`) stay as they are.
  new URL(address(path, parameters), document.baseURI.replace(/[#?].*$/, '')).href.replace(/%7B/g, '{').replace(/%7D/g, '}');

async function ask(path: string, parameters: Parameters, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address(path, parameters), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  if ([502, 503, 504].includes(response.status)) throw new Unreachable(String(response.status));
  const body = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  throw new Refused(response.status, body.detail ?? body.title ?? response.statusText);
}

async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, parameters, { headers: { Accept: 'application/json, application/geo+json' }, signal });
  return (await response.json()) as T;
}

/** Anything that the server has as JSON, and as bytes. */
export const json = <T>(path: string) => get<T>(path);
export const blob = async (path: string): Promise<Blob> => (await ask(path, {}, {})).blob();
export const health = () => get<{ status: string }>('healthz');
export const collections = () => get<{ collections: Collection[] }>('collections', { f: 'json' });
/** The OGC landing page: what this server has. */
export const landing = () => get<{ links: Link[] }>('./', { f: 'json' });
export const styles = () => get<{ default: string; styles: { id: string; titles: Names }[] }>('styles');
export const styleSheet = (id: string, parameters: Parameters) => get<StyleSheet>(`styles/${encodeURIComponent(id)}.json`, parameters);
export const worldviews = () => get<Worldviews>('worldviews');
export const documents = () => get<{ documents: DocumentRecord[] }>('documents');
/** All rulings on a mention, by the id of its document and its own. */
export const rulings = (mention: string) => get<{ rulings: Ruling[] }>(`mentions/${encodeURIComponent(mention)}/rulings`);
export const definitions = () => get<Definitions>('corridor/definitions');
/** The line of any definition; the layer holds only the default one. */
export const corridorLine = async (definition: string) => (await get<{ line: GeoJSON.Feature }>('corridor', { definition })).line;
export const profile = (by: string) => get<Profile>('corridor/profile', { by });
export const locate = (lon: number, lat: number, signal?: AbortSignal) =>
  get<Located>('corridor/locate', { lon: lon.toFixed(6), lat: lat.toFixed(6) }, signal);
export const atKilometre = async (km: number): Promise<Located> => {
  const feature = await get<GeoJSON.Feature<GeoJSON.Point, Located>>('corridor/at', { km });
  return { ...feature.properties, point: feature.geometry.coordinates as [number, number] };
};
export const search = (q: string, lang: string, signal?: AbortSignal) =>
  get<SearchHit[]>('search', { q, lang, limit: 8, format: 'jsonv2' }, signal);
/** Places by their ids (the Nominatim API's lookup). */
export const lookup = (ids: readonly string[]) => get<SearchHit[]>('lookup', { osm_ids: ids.join(','), format: 'jsonv2' });
export const items = (layer: string, parameters: Parameters, signal?: AbortSignal) =>
  get<FeatureCollection>(`collections/${layer}/items`, { f: 'json', ...parameters }, signal);
export const item = (layer: string, id: string, parameters: Parameters) =>
  get<GeoJSON.Feature>(`collections/${layer}/items/${encodeURIComponent(id)}`, { f: 'json', ...parameters });

/** Every item of a layer, page after page, up to a limit that a page can bear. */
export async function allItems(layer: string, parameters: Parameters, most = 5000): Promise<FeatureCollection> {
  const page = 1000;
  const first = await items(layer, { ...parameters, limit: page });
  const total = Math.min(first.numberMatched ?? first.features.length, most);
  while (first.features.length < total) {
    const next = await items(layer, { ...parameters, limit: page, offset: first.features.length });
    if (next.features.length === 0) break;
    first.features.push(...next.features);
  }
  return first;
}

/** Mentions by day, and those in documents without a date. */
export interface Histogram {
  bins: { start: string; count: number }[];
  undated: number;
}

export const histogram = (parameters: Parameters) => get<Histogram>('histogram', parameters);

/** Finds places in a text; nothing is stored. */
export async function geoparse(text: string): Promise<Parse> {
  const init = { method: 'POST', body: text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
  return (await (await ask('geoparse', {}, init)).json()) as Parse;
}

export async function geoparseFeatures(text: string): Promise<string> {
  const init = { method: 'POST', body: text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
  return (await ask('geoparse', { f: 'geojson' }, init)).text();
}

const evidences = new Map<string, Promise<Evidence>>();

/** A document with its text and everything found in it; asked for once. */
export function evidence(id: string): Promise<Evidence> {
  let known = evidences.get(id);
  if (!known) {
    known = readEvidence(encodeURIComponent(id));
    known.catch(() => evidences.delete(id));
    evidences.set(id, known);
  }
  return known;
}

async function readEvidence(id: string): Promise<Evidence> {
  const [record, text, found, said] = await Promise.all([
    get<DocumentRecord>(`documents/${id}`),
    ask(`documents/${id}/text`, {}, {}).then((response) => response.text()),
    get<Pick<Parse, 'mentions'>>(`documents/${id}/mentions`),
    get<Omit<Parse, 'mentions'>>(`documents/${id}/claims`),
  ]);
  return { record, text, mentions: found.mentions, claims: said.claims, quantities: said.quantities, attributions: said.attributions };
}
