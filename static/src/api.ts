/** Asking the server. Every address is relative to the page, so no request can go to another host. */

import type {
  LocalName,
  Collection,
  Definitions,
  DocumentRecord,
  Edit,
  Evidence,
  FeatureCollection,
  Link,
  Located,
  Mention,
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

/** The server could not be reached, or failed: the request itself is not at fault. */
export class Unreachable extends Error {
  constructor(
    message: string,
    /** The status of an answer that says that the server failed; null where none came. */
    readonly status: number | null = null,
    readonly detail = '',
  ) {
    super(message);
  }
}

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

/** Times that a read is asked again when the server says that it is busy. */
const AGAIN = 2;
/** The longest wait in seconds without a message to the reader. */
const PATIENCE = 5;

/** Asks again after the time that a busy server names; writes are never repeated. */
async function patient(request: () => Promise<Response>, { method = 'GET', signal }: RequestInit): Promise<Response> {
  for (let asked = 0; ; asked++) {
    const response = await request();
    const wait = Number(response.headers.get('Retry-After'));
    if (response.status !== 503 || method !== 'GET' || asked >= AGAIN || !(wait > 0 && wait <= PATIENCE)) return response;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    if (signal?.aborted) throw new DOMException('aborted', 'AbortError');
  }
}

async function ask(path: string, parameters: Parameters, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await patient(() => fetch(address(path, parameters), init), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  if (response.status >= 500 && response.status !== 501) {
    const told = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Unreachable(String(response.status), response.status, told.detail ?? '');
  }
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
export const ready = () => get<{ outdated_documents?: number }>('readyz');
export const collections = () => get<{ collections: Collection[] }>('collections', { f: 'json' });
/** The OGC landing page: the server's resources. */
export const landing = () => get<{ links: Link[] }>('./', { f: 'json' });
export const styles = () => get<{ default: string; styles: { id: string; titles: Names }[] }>('styles');
export const styleSheet = (id: string, parameters: Parameters) => get<StyleSheet>(`styles/${encodeURIComponent(id)}.json`, parameters);
export const worldviews = () => get<Worldviews>('worldviews');
export const documents = (parameters: Parameters = {}, signal?: AbortSignal) =>
  get<{ documents: DocumentRecord[]; total?: number; next?: string }>('documents', parameters, signal);
/** Events, newest first; a server that links none answers 404. */
export const events = (parameters: Parameters = {}, signal?: AbortSignal) => get<{ events: unknown[]; total?: number; numberMatched?: number; next?: string }>('events', parameters, signal);
/** One event with its tag, which a ruling on it names. */
export async function event(id: string): Promise<{ value: unknown; tag: string | null }> {
  const response = await ask(`events/${encodeURIComponent(id)}`, {}, { headers: { Accept: 'application/json' } });
  return { value: await response.json(), tag: response.headers.get('ETag') };
}
/** One document without its text. */
export const record = (id: string) => get<DocumentRecord>(`documents/${encodeURIComponent(id)}`);
/** A mention of a stored document as it is shown now, with the ruling in force. */
export const mention = async (id: string): Promise<Mention> => (await tagged<Mention>(`mentions/${encodeURIComponent(id)}`)).value;
/** The mentions of a document, each with the ruling in force. */
export const mentionsOf = async (id: string, signal?: AbortSignal): Promise<Mention[]> =>
  (await get<Pick<Parse, 'mentions'>>(`documents/${encodeURIComponent(id)}/mentions`, {}, signal)).mentions;
/** The part of the corridor between two chainages in kilometres. */
export const slice = (from: number, to: number) => get<GeoJSON.Feature>('corridor/slice', { from, to });
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
export const lookup = (ids: readonly string[], lang?: string) => get<SearchHit[]>('lookup', { osm_ids: ids.join(','), format: 'jsonv2', lang });
/** The place nearest to a position. */
export const reverse = (lon: number, lat: number, lang: string) => get<SearchHit>('reverse', { lon: lon.toFixed(5), lat: lat.toFixed(5), format: 'jsonv2', lang });
/** Anything with its tag, which a correction names. */
export async function tagged<T>(path: string): Promise<{ value: T; tag: string | null }> {
  const response = await ask(path, {}, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  return { value: (await response.json()) as T, tag: response.headers.get('ETag') };
}
/** Units whose holder on one day is another than on another. */
export const controlChanges = (from: string, to: string, lang: string, worldview: string) =>
  get<FeatureCollection>('control/changes', { from, to, lang, worldview: worldview === 'neutral' ? undefined : worldview });
/** Spellings and places that analysts added; 404 where the server keeps none. */
export const localNames = () => get<{ names: LocalName[] }>('local-names');
/** All edits of a claim, oldest first. */
export const claimRulings = (claim: string) => get<{ rulings: Edit[] }>(`claims/${encodeURIComponent(claim)}/rulings`);
export const items = (layer: string, parameters: Parameters, signal?: AbortSignal) =>
  get<FeatureCollection>(`collections/${layer}/items`, { f: 'json', ...parameters }, signal);
export const item = (layer: string, id: string, parameters: Parameters) =>
  get<GeoJSON.Feature>(`collections/${layer}/items/${encodeURIComponent(id)}`, { f: 'json', ...parameters });

/** Features of a layer, and whether the server has more matches. */
export interface Items extends FeatureCollection {
  more: boolean;
}

const next = (page: FeatureCollection): boolean => (page.links ?? []).some((link) => link.rel === 'next');

/** Every item of a layer, page after page, up to a limit for the page's speed; `more` says that some were omitted. */
export async function allItems(layer: string, parameters: Parameters, most = 5000, signal?: AbortSignal): Promise<Items> {
  // A server that reads from its store starts again for each page: few large pages.
  const page = Math.min(5000, most);
  const first = await items(layer, { ...parameters, limit: page }, signal);
  // A server that reads from its store does not count the matches: only the link to the next page says that there is
  // more.
  let more = next(first) || first.features.length < (first.numberMatched ?? 0);
  while (more && first.features.length < most) {
    const following = await items(layer, { ...parameters, limit: page, offset: first.features.length }, signal);
    if (following.features.length === 0) return { ...first, more: false };
    first.features.push(...following.features);
    more = next(following) || first.features.length < (first.numberMatched ?? 0);
  }
  return { ...first, more };
}

/** One page of a layer; `total` is null where the server does not count. */
export async function page(layer: string, parameters: Parameters, signal?: AbortSignal) {
  const found = await items(layer, parameters, signal);
  return { features: found.features, total: found.numberMatched ?? null, more: next(found) };
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

/** Drops a document from the cache: it was changed. */
export const forget = (id: string): void => void evidences.delete(id);

/** Forgets everything that was read of documents. */
export const forgetAll = (): void => evidences.clear();

/** When this page last wrote to a document, by its id: its own changes are not reported as news. */
const written = new Map<string, number>();

/** True if this page wrote to a document within the last seconds. */
export const wroteLately = (id: string): boolean => Date.now() - (written.get(id) ?? 0) < 10_000;

/** Writes as JSON with the token of the signed-in user. */
export async function write<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, token: string, parameters: Parameters = {}, more: Record<string, string> = {}): Promise<{ status: number; value: T }> {
  const headers: Record<string, string> = { ...more, Authorization: `Bearer ${token}`, Accept: 'application/json' };
  let sent: BodyInit | undefined;
  if (typeof body === 'string') {
    headers['Content-Type'] = 'application/x-ndjson';
    sent = body;
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    sent = JSON.stringify(body);
  }
  const document = /\b[0-9a-f]{16}\b/.exec(path)?.[0];
  if (document) written.set(document, Date.now());
  const response = await ask(path, parameters, { method, headers, ...(sent !== undefined && { body: sent }) });
  const text = await response.text();
  return { status: response.status, value: (typeof body === 'string' || !text ? text : JSON.parse(text)) as T };
}

/** Sends a file as it is; the server finds its format and reads it. */
export async function sendFile<T>(file: File, token: string): Promise<{ status: number; value: T }> {
  const body = new FormData();
  body.append('file', file, file.name);
  const response = await ask('documents', {}, { method: 'POST', headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' }, body });
  return { status: response.status, value: (await response.json()) as T };
}

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

/** A document as it is now, beside the one that was read before. */
export const freshEvidence = (id: string): Promise<Evidence> => readEvidence(encodeURIComponent(id));

async function readEvidence(id: string): Promise<Evidence> {
  const [{ record, tag }, text, found, said] = await Promise.all([
    ask(`documents/${id}`, {}, { headers: { Accept: 'application/json' } }).then(async (response) => ({
      record: (await response.json()) as DocumentRecord,
      tag: response.headers.get('ETag'),
    })),
    ask(`documents/${id}/text`, {}, {}).then((response) => response.text()),
    get<Pick<Parse, 'mentions'>>(`documents/${id}/mentions`),
    get<Omit<Parse, 'mentions'>>(`documents/${id}/claims`),
  ]);
  return { record, tag, text, mentions: found.mentions, claims: said.claims, quantities: said.quantities, attributions: said.attributions, deleted: said.deleted ?? [] };
}
