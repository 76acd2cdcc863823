/** The statements that the filter means, asked of the server: how often each place is named, and by which documents. */

import { effect, signal } from '@preact/signals';
import * as api from '../api';
import { Refused } from '../api';
import { collection } from '../catalogue';
import { isolated, t } from '../language';
import type { Mention, Names } from '../model';
import { report } from '../notice';
import { state$ } from '../store';
import { all, contains, happened, isActive, quoted, within, type Area, type Filter } from './filter';
import { matches } from './fold';
import { boundsOf, centreOf, distance, distanceToLine, fineness, grown, inside } from './geometry';

/** Described positions that the page takes: each comes with its area. */
const MOST_POSITIONS = 4_000;
/** The most statements that the page takes; beyond, it says "more than". */
const MOST = 20_000;
/** Ids of documents that a request may name. */
const MOST_IDS = 250;

/** A sentence that names a place. */
export interface Statement {
  /** `<document>-<mention>`. */
  id: string;
  document: string;
  mention: string;
  place: string;
  names: Names;
  point: [number, number];
  level: string;
  confidence: number;
  text: string;
  quote: string;
  speaker: string | null;
  verb: string | null;
  status: string;
  published: string | null;
  /** The first day of the event that the text states, else the day of publication. */
  day: string | null;
  publisher: string | null;
  title: string | null;
  start: number;
  /** For a position that is described from a place ("near Makhmour"): `place` is the first of these, and none of them is the scene. */
  described?: { kind: string; places: string[]; claims: string[] };
}

/** A claim of a document. */
export interface Said {
  id: string;
  document: string;
  type: string;
  status: string;
  places: string[];
  quote: string;
  speaker: string | null;
  published: string | null;
  start: number;
  end: number;
  properties: Record<string, unknown>;
  geometry: GeoJSON.Geometry | null;
}

export interface Selection {
  /** `all`: the filter leaves nothing out but by time. */
  state: 'all' | 'loading' | 'ready' | 'failed';
  statements: readonly Statement[];
  claims: readonly Said[];
  /** Mentions from which a position elsewhere is described: they are listed, and drawn as areas in a layer of their own. */
  described: readonly Statement[];
  /** All described positions that are meant, by their ids; parts of places and coordinates too. */
  positions: ReadonlyMap<string, GeoJSON.Feature<GeoJSON.Geometry | null>>;
  /** How often each place is named, and in how many documents. */
  places: ReadonlyMap<string, { mentions: number; documents: number; first: string | null; last: string | null }>;
  documents: ReadonlySet<string>;
  /** True if there are more than the page took: the numbers are lower bounds. */
  more: boolean;
  /** Conditions that this server cannot answer fully; their keys. */
  partial: readonly ('words' | 'event')[];
  /** Why the server did not accept the filter; null where it did not answer. */
  refused: string | null;
}

const ALL: Selection = {
  state: 'all',
  statements: [],
  claims: [],
  described: [],
  positions: new Map(),
  places: new Map(),
  documents: new Set(),
  more: false,
  partial: [],
  refused: null,
};

export const selection$ = signal<Selection>(ALL);

/** Rises when documents came or were ruled on: the requests are repeated. */
export const revision$ = signal(0);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const orNull = (value: unknown): string | null => text(value) || null;

/** A feature of the layer `mentions`. */
export function statementOf(feature: GeoJSON.Feature<GeoJSON.Geometry | null>): Statement {
  const p = feature.properties ?? {};
  const point = feature.geometry?.type === 'Point' ? feature.geometry.coordinates : [0, 0];
  return {
    id: String(feature.id),
    document: text(p.document),
    mention: text(p.mention) || String(feature.id).split('-').slice(1).join('-'),
    place: text(p.place),
    names: { ar: text(p['name:ar']), ckb: text(p['name:ckb']), en: text(p['name:en']) },
    point: [point[0] ?? 0, point[1] ?? 0],
    level: text(p.level),
    confidence: Number(p.confidence ?? 0),
    text: text(p.text),
    quote: text(p.quote),
    speaker: orNull(p.speaker),
    verb: orNull(p.verb),
    status: text(p.status),
    published: orNull(p.published),
    day: orNull(p.time_from) ?? orNull(p.published),
    publisher: orNull(p.publisher),
    title: orNull(p.title),
    start: Number(p.start ?? 0),
  };
}

/** Kinds of positions that lie in the place that they are described from: their mention is drawn and counted there. */
const INSIDE = new Set(['part', 'place']);

const listOf = (value: unknown): string[] => {
  const read = typeof value === 'string' && value.startsWith('[') ? (JSON.parse(value) as unknown) : value;
  return Array.isArray(read) ? read.map(String) : [];
};

/** The level that an area of so many kilometres of uncertainty counts as: a large one is in no radius. */
const levelOfUncertainty = (km: number): string => (km <= 25 ? 'settlement' : km <= 60 ? 'district' : 'governorate');

/** A feature of the layer `positions`. */
export function describedOf(feature: GeoJSON.Feature<GeoJSON.Geometry | null>): Statement {
  const p = feature.properties ?? {};
  const places = listOf(p.places);
  return {
    id: String(feature.id),
    document: text(p.document),
    mention: listOf(p.anchors)[0] ?? '',
    place: places[0] ?? '',
    names: {},
    point: feature.geometry ? centreOf(feature.geometry) : [0, 0],
    level: levelOfUncertainty(Number(p.uncertainty_km ?? 0)),
    confidence: 1,
    text: text(p.text),
    quote: text(p.quote),
    speaker: orNull(p.speaker),
    verb: null,
    status: text(p.status),
    published: orNull(p.published),
    day: orNull(p.published),
    publisher: null,
    title: null,
    start: Number(p.start ?? 0),
    described: { kind: text(p.kind), places, claims: listOf(p.claims).map((id) => `${text(p.document)}-${id}`) },
  };
}

/** A feature of the layer `claims`. */
export function saidOf(feature: GeoJSON.Feature<GeoJSON.Geometry | null>): Said {
  const p = feature.properties ?? {};
  return {
    id: String(feature.id),
    document: text(p.document),
    type: text(p.type),
    status: text(p.status),
    places: listOf(p.places),
    quote: text(p.quote),
    speaker: orNull(p.speaker),
    published: orNull(p.published),
    start: Number(p.start ?? 0),
    end: Number(p.end ?? 0),
    properties: p,
    geometry: feature.geometry,
  };
}

/** An area with a test for places in it, and a box around it. */
export interface Ground {
  box: [number, number, number, number];
  holds: (point: readonly [number, number], level: string, place: string) => boolean;
  geometry: GeoJSON.Geometry | null;
}

const grounds = new Map<string, Promise<Ground>>();

/** The geometry of an area. A place that is coarser than the area is not in it, wherever its label point is. */
export function groundOf(area: Area): Promise<Ground> {
  const key = JSON.stringify(area);
  let known = grounds.get(key);
  if (!known) {
    known = makeGround(area);
    known.catch(() => grounds.delete(key));
    grounds.set(key, known);
  }
  return known;
}

const FINE = fineness('district');

async function makeGround(area: Area): Promise<Ground> {
  if (area.kind === 'box') {
    const [west, south, east, north] = area.box;
    const geometry: GeoJSON.Polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    };
    return {
      box: area.box,
      geometry,
      holds: ([x, y], level) => fineness(level) >= FINE && x >= west && x <= east && y >= south && y <= north,
    };
  }
  if (area.kind === 'around') {
    const centre: [number, number] = [area.lon, area.lat];
    const box = grown([area.lon, area.lat, area.lon, area.lat], area.km);
    return {
      box,
      geometry: circle(centre, area.km),
      holds: (point, level) => fineness(level) >= FINE && distance(point, centre) <= area.km,
    };
  }
  if (area.kind === 'corridor') {
    const feature = await api.slice(area.from, area.to);
    const { geometry } = feature;
    const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [];
    const box = grown(boundsOf(geometry), area.within);
    return {
      box,
      geometry,
      holds: (point, level) => fineness(level) >= FINE && lines.some((line) => distanceToLine(point, line) <= area.within),
    };
  }
  const unit = await unitOf(area.id);
  const own = fineness(text(unit.properties?.level));
  return {
    box: boundsOf(unit.geometry),
    geometry: unit.geometry,
    holds: (point, level, place) => place === area.id || (fineness(level) > own && inside(point, unit.geometry)),
  };
}

/** A unit with its boundary, from whichever layer has it. */
async function unitOf(id: string): Promise<GeoJSON.Feature> {
  // The gazetteer says which layer has it: a request for an item that a layer does not have is an error in the browser's log.
  const [known] = await api.lookup([id]);
  const level = known?.type ?? '';
  const layer = LAYER_OF[level];
  const found = layer
    ? await api.item(layer, id, {})
    : (await api.allItems('disputed_areas', {})).features.find((area) => String(area.id) === id);
  if (!found) throw new UnknownUnit(id);
  if (!found.properties?.level) found.properties = { ...found.properties, level: layer === 'governorates' ? 'governorate' : 'district' };
  return found as GeoJSON.Feature;
}

/** The layer that has the boundary of a unit, by its level. */
const LAYER_OF: Readonly<Record<string, string>> = { governorate: 'governorates', district: 'districts', subdistrict: 'subdistricts' };

/** The filter names a unit that this land does not have. */
class UnknownUnit extends Refused {
  constructor(readonly id: string) {
    super(404, id);
  }
}

/** A ring of 64 points around a position. */
function circle([lon, lat]: readonly [number, number], km: number): GeoJSON.Polygon {
  const [dy, dx] = [km / 110.8, km / (111.3 * Math.cos((lat * Math.PI) / 180))];
  const ring = Array.from({ length: 65 }, (_, i) => [lon + dx * Math.cos((i / 32) * Math.PI), lat + dy * Math.sin((i / 32) * Math.PI)]);
  return { type: 'Polygon', coordinates: [ring] };
}

/** Documents by publisher, language and words; null where none of these is asked for. */
async function documentsOf(
  filter: Filter,
  time: [string, string] | null,
  signal: AbortSignal,
): Promise<{ ids: Set<string> | null; inTitle: Set<string>; partial: boolean; more: boolean }> {
  const { publisher, documents: language, words } = filter;
  const inTitle = new Set<string>();
  if (!publisher && !language && !words) return { ids: null, inTitle, partial: false, more: false };
  const wanted = all(
    time && within('published', time),
    publisher && `publisher = ${quoted(publisher)}`,
    language && `language = ${quoted(language)}`,
  );
  if (words) {
    const found = await indexed(filter, time, signal);
    if (found) return { ...found, inTitle, partial: false };
  }
  const found = await api.allItems(
    'documents',
    { filter: wanted, 'filter-lang': wanted && 'cql2-text', properties: 'title,published' },
    MOST,
    signal,
  );
  for (const { id, properties } of found.features) if (words && matches(text(properties?.title), words)) inTitle.add(String(id));
  return { ids: new Set(found.features.map(({ id }) => String(id))), inTitle, partial: Boolean(words), more: found.more };
}

/** Asks the server's index of words; null where it has none. */
async function indexed(
  { words, publisher, documents: language }: Filter,
  time: [string, string] | null,
  signal: AbortSignal,
): Promise<{ ids: Set<string>; more: boolean } | null> {
  const ids = new Set<string>();
  let after: string | null = '0';
  try {
    while (after !== null && ids.size < MOST) {
      const page: Awaited<ReturnType<typeof api.documents>> = await api.documents(
        {
          q: words,
          publisher,
          language,
          datetime: time ? time.join('/') : undefined,
          limit: 1000,
          after: after === '0' ? undefined : after,
        },
        signal,
      );
      for (const { id } of page.documents) ids.add(id);
      after = page.next ? new URL(page.next, location.href).searchParams.get('after') : null;
    }
    return { ids, more: after !== null };
  } catch (error) {
    if (error instanceof Refused && [400, 404].includes(error.status)) return null;
    throw error;
  }
}

const MENTION_FIELDS =
  'name:ar,name:ckb,name:en,document,mention,place,level,confidence,text,quote,speaker,verb,status,published,time_from,publisher,title,start';

/** Everything that a filter means. */
export async function select(filter: Filter, time: [string, string] | null, signal: AbortSignal): Promise<Selection> {
  if (filter.by !== 'event' || !time) return selectBy(filter, time, time && within('published', time), signal);
  try {
    return await selectBy(filter, null, happened(time), signal, time);
  } catch (error) {
    // A server that does not know the days of events: the period means those of publication, and the page says so.
    if (!(error instanceof Refused) || error.status !== 400) throw error;
    const found = await selectBy(filter, time, within('published', time), signal);
    return { ...found, partial: [...found.partial, 'event'] };
  }
}

/** `time` is the period of the documents, `when` the condition on statements, `event` the period where it means days of events. */
async function selectBy(
  filter: Filter,
  time: [string, string] | null,
  when: string | null,
  signal: AbortSignal,
  event: [string, string] | null = null,
): Promise<Selection> {
  const [ground, documents] = await Promise.all([filter.area ? groundOf(filter.area) : null, documentsOf(filter, time, signal)]);
  const named = documents.ids && !documents.partial && documents.ids.size <= MOST_IDS ? [...documents.ids] : null;
  const common = all(
    when,
    filter.speaker && contains('speaker', filter.speaker),
    named && (named.length ? `document IN (${named.map(quoted).join(',')})` : 'document IS NULL'),
  );
  const wanted = all(common, filter.confidence !== null && `confidence >= ${filter.confidence}`);
  type Box = Ground['box'] | null;
  // `null` asks without a box.
  const ask = (
    layer: string,
    condition: string | undefined,
    properties?: string,
    box: Box = ground?.box ?? null,
    most = MOST,
  ): Promise<api.Items> =>
    api.allItems(layer, { filter: condition, 'filter-lang': condition && 'cql2-text', bbox: box?.join(','), properties }, most, signal);
  const byType = all(common, filter.types.length > 0 && `type IN (${filter.types.map(quoted).join(',')})`);
  // A server that is older than the page does not know all of these fields.
  const mentionsOf = ask('mentions', wanted, MENTION_FIELDS).catch((error: unknown) => {
    if (error instanceof Refused && error.status === 400) return ask('mentions', wanted);
    throw error;
  });
  // Positions have the day of publication only; whether an event lies in the period their claims tell.
  const byEvent = filter.by === 'event' && when !== null;
  const spoken = all(
    byEvent ? null : when,
    filter.speaker && contains('speaker', filter.speaker),
    named && (named.length ? `document IN (${named.map(quoted).join(',')})` : 'document IS NULL'),
  );
  const positionsOf = collection('positions') ? ask('positions', spoken, undefined, ground?.box ?? null, MOST_POSITIONS) : null;
  const [mentions, claims, positions] = await Promise.all([mentionsOf, ask('claims', byType), positionsOf]);
  const inWords = (statement: { document: string; quote: string }): boolean =>
    !documents.partial || documents.inTitle.has(statement.document) || matches(statement.quote, filter.words);
  const inDocuments = (statement: { document: string }): boolean => !documents.ids || documents.ids.has(statement.document);
  const isMeant = (one: Statement): boolean =>
    inDocuments(one) && inWords(one) && (!ground || ground.holds(one.point, one.level, one.described ? '' : one.place));
  const found = mentions.features.map(statementOf).filter(isMeant);
  const near = (positions?.features ?? []).map(describedOf).filter(isMeant);
  // A claim whose place is only described has no geometry, and no box finds it.
  const beyond = ground ? await claimsOf(near, byType, ask) : [];
  const read = new Map([...claims.features, ...beyond].map((feature) => [String(feature.id), saidOf(feature)]));
  const said = [...read.values()].filter((one) => inDocuments(one) && inWords(one));
  const statements = await ruledOnly(filter.types.length ? ofClaims(found, said) : found, filter, signal);
  const ids = new Set(said.map(({ id }) => id));
  const isSaid = (one: Statement): boolean => (one.described?.claims ?? []).some((id) => ids.has(id));
  const inPeriod = (one: Statement): boolean => {
    if (!byEvent) return true;
    if (one.described?.claims.length) return isSaid(one);
    return event !== null && one.published !== null && one.published.slice(0, 10) >= event[0] && one.published.slice(0, 10) <= event[1];
  };
  const described = await certainOnly(
    near.filter((one) => inPeriod(one) && (!filter.types.length || isSaid(one))),
    filter,
    signal,
  );
  const places = new Set(
    [...statements, ...described].flatMap((one) => (one.described?.places ?? [one.place]).map((place) => `${one.document} ${place}`)),
  );
  const toldClaims = new Set(described.flatMap((one) => one.described?.claims ?? []));
  // In an area, and where mentions are chosen one by one, a claim counts where one of its places does.
  const tied = ground || filter.confidence !== null || filter.ruled;
  const isTied = (one: Said): boolean => toldClaims.has(one.id) || one.places.some((place) => places.has(`${one.document} ${place}`));
  const features = new Map((positions?.features ?? []).map((feature) => [String(feature.id), feature]));
  return count(statements, tied ? said.filter(isTied) : said, described, features, {
    more: mentions.more || claims.more || documents.more || (positions?.more ?? false),
    partial: documents.partial ? ['words'] : [],
  });
}

/** The claims of the documents of described positions. */
async function claimsOf(
  near: readonly Statement[],
  condition: string | undefined,
  ask: (layer: string, condition: string | undefined, properties?: string, box?: null) => Promise<api.Items>,
): Promise<GeoJSON.Feature<GeoJSON.Geometry | null>[]> {
  const wanted = new Set(near.flatMap((one) => one.described?.claims ?? []));
  const documents = [...new Set(near.filter((one) => one.described?.claims.length).map(({ document }) => document))];
  const found: GeoJSON.Feature<GeoJSON.Geometry | null>[] = [];
  for (let at = 0; at < documents.length; at += MOST_IDS) {
    const named = `document IN (${documents
      .slice(at, at + MOST_IDS)
      .map(quoted)
      .join(',')})`;
    const page = await ask('claims', all(condition, named), undefined, null);
    found.push(...page.features.filter(({ id }) => wanted.has(String(id))));
  }
  return found;
}

/** Statements whose place is one of a claim's places, or that stand within a claim's words. */
function ofClaims(statements: readonly Statement[], claims: readonly Said[]): Statement[] {
  const byDocument = new Map<string, Said[]>();
  for (const claim of claims) byDocument.set(claim.document, [...(byDocument.get(claim.document) ?? []), claim]);
  return statements.filter(({ document, place, start }) =>
    (byDocument.get(document) ?? []).some((claim) => claim.places.includes(place) || (claim.start <= start && start < claim.end)),
  );
}

/** Documents whose rulings are read one by one. */
const MOST_RULED = 300;

/** Statements that were ruled on, or the others. */
async function ruledOnly(statements: Statement[], { ruled }: Filter, signal: AbortSignal): Promise<Statement[]> {
  if (!ruled) return statements;
  const ruledOn = new Set<string>();
  for (const [id, mention] of await mentionsOfAll(statements, signal)) if (mention.ruling) ruledOn.add(id);
  return statements.filter(({ id }) => ruledOn.has(id) === (ruled === 'yes'));
}

/** The mentions of the documents of statements, by `<document>-<mention>`. */
async function mentionsOfAll(statements: readonly Statement[], signal: AbortSignal): Promise<Map<string, Mention>> {
  const ids = [...new Set(statements.map(({ document }) => document))];
  if (ids.length > MOST_RULED) throw new Refused(400, `rulings are read for at most ${MOST_RULED} documents at a time; narrow the filter`);
  const found = new Map<string, Mention>();
  for (let at = 0; at < ids.length; at += 6) {
    const read = ids.slice(at, at + 6).map(async (id) => {
      for (const mention of await api.mentionsOf(id, signal)) found.set(`${id}-${mention.id}`, mention);
    });
    await Promise.all(read);
  }
  return found;
}

/** Described positions whose first anchor is as sure, and ruled on, as the filter wants. */
async function certainOnly(described: Statement[], { confidence, ruled }: Filter, signal: AbortSignal): Promise<Statement[]> {
  if (confidence === null && !ruled) return described;
  const mentions = await mentionsOfAll(described, signal);
  return described.filter(({ document, mention }) => {
    const anchor = mentions.get(`${document}-${mention}`);
    if (ruled && Boolean(anchor?.ruling) !== (ruled === 'yes')) return false;
    return confidence === null || (anchor !== undefined && anchor.confidence >= confidence);
  });
}

function count(
  statements: Statement[],
  claims: Said[],
  positions: Statement[],
  features: ReadonlyMap<string, GeoJSON.Feature<GeoJSON.Geometry | null>>,
  rest: Pick<Selection, 'more' | 'partial'>,
): Selection {
  // Positions have no publisher and no title of their own; those of the same document have.
  const sources = new Map<string, { publisher: string | null; title: string | null }>();
  for (const { document, properties } of claims)
    sources.set(document, { publisher: orNull(properties.publisher), title: orNull(properties.title) });
  for (const { document, publisher, title } of statements) sources.set(document, { publisher, title });
  const described = positions
    .filter(({ described: of }) => of && of.places.length > 0 && !INSIDE.has(of.kind))
    .map((one) => ({ ...one, ...sources.get(one.document) }));
  const places = new Map<string, { mentions: number; documents: number; first: string | null; last: string | null; seen: Set<string> }>();
  for (const { place, document, published } of statements) {
    const known = places.get(place) ?? { mentions: 0, documents: 0, first: null, last: null, seen: new Set<string>() };
    const day = published?.slice(0, 10) ?? null;
    if (day && (!known.first || day < known.first)) known.first = day;
    if (day && (!known.last || day > known.last)) known.last = day;
    known.mentions += 1;
    if (!known.seen.has(document)) known.documents = known.seen.add(document).size;
    places.set(place, known);
  }
  const newest = <T extends { published: string | null }>(list: T[]): T[] =>
    list.sort((a, b) => (b.published ?? '').localeCompare(a.published ?? ''));
  return {
    state: 'ready',
    statements: newest(statements),
    claims: newest(claims),
    described: newest(described),
    positions: new Map(
      positions.flatMap(({ id }) => (features.has(id) ? [[id, features.get(id) as GeoJSON.Feature<GeoJSON.Geometry | null>]] : [])),
    ),
    places,
    documents: new Set([...statements, ...claims, ...positions].map(({ document }) => document)),
    refused: null,
    ...rest,
  };
}

let running: AbortController | null = null;
let timer = 0;

/** Follows the filter from now on. */
export function followFilter(): void {
  let asked = '';
  effect(() => {
    const { filter, time } = state$.value;
    const key = JSON.stringify([filter, isActive(filter) ? time : null, revision$.value]);
    if (key === asked) return;
    asked = key;
    running?.abort();
    clearTimeout(timer);
    if (!isActive(filter)) {
      selection$.value = ALL;
      return;
    }
    selection$.value = { ...selection$.peek(), state: 'loading' };
    timer = window.setTimeout(() => void run(filter, time), 120);
  });
}

async function run(filter: Filter, time: [string, string] | null): Promise<void> {
  const mine = (running = new AbortController());
  try {
    const found = await select(filter, time, mine.signal);
    if (!mine.signal.aborted) selection$.value = found;
  } catch (error) {
    if (mine.signal.aborted) return;
    const refused =
      error instanceof UnknownUnit ? t('unknownUnit', { id: isolated(error.id) }) : error instanceof Refused ? error.detail : null;
    selection$.value = { ...ALL, state: 'failed', refused };
    // What the server refuses stands in the panel; it is not asked again.
    if (refused === null) report(error, () => void run(filter, time));
  }
}
