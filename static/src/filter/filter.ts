/** The one filter of the page: which statements are meant. Pure: reading, writing, testing; nothing is asked here. */

import type { Language } from '../model';

/** A part of the land. Distances are in kilometres, positions in degrees. */
export type Area =
  | { kind: 'unit'; id: string }
  | { kind: 'around'; lat: number; lon: number; km: number }
  | { kind: 'box'; box: [west: number, south: number, east: number, north: number] }
  | { kind: 'corridor'; from: number; to: number; within: number };

export interface Filter {
  /** The time that a period means: the day of publication, or the day of the event where the text says one. */
  by: 'published' | 'event';
  area: Area | null;
  /** Claim types; a statement must have one of them. */
  types: string[];
  /** Part of a speaker's name. */
  speaker: string;
  /** A publisher's whole name. */
  publisher: string;
  /** Language of the documents. */
  documents: Language | null;
  /** Words of the title or the text. */
  words: string;
  /** The least confidence, 0 to 1. */
  confidence: number | null;
  /** Only mentions that an analyst ruled on, or only the others. */
  ruled: 'yes' | 'no' | null;
}

export const NO_FILTER: Filter = {
  by: 'published',
  area: null,
  types: [],
  speaker: '',
  publisher: '',
  documents: null,
  words: '',
  confidence: null,
  ruled: null,
};

/** Kilometres on each side of the corridor that count as along it, unless an address says another number. */
export const CORRIDOR_WITHIN = 25;

const LANGUAGES = ['ar', 'ckb', 'en'];
const MAX_TEXT = 200;

/** True if statements have to be asked for: the filter leaves something out, or the period means days of events. */
export function isActive(filter: Readonly<Filter>): boolean {
  const { by, area, types, speaker, publisher, documents, words, confidence, ruled } = filter;
  return Boolean(by === 'event' || area || types.length || speaker || publisher || documents || words || confidence !== null || ruled);
}

/** Number of the conditions that are set. */
export function conditions(filter: Readonly<Filter>): number {
  const { area, types, speaker, publisher, documents, words, confidence, ruled } = filter;
  return [area, types.length, speaker, publisher, documents, words, confidence !== null, ruled].filter(Boolean).length;
}

/** An area as part of an address: `unit:IQG11Q04`, `around:35.7756,43.5839,20`, `box:43,35,44,36`, `corridor:100-200,25`. */
export function areaText(area: Readonly<Area>): string {
  if (area.kind === 'unit') return `unit:${area.id}`;
  if (area.kind === 'around') return `around:${rounded(area.lat)},${rounded(area.lon)},${area.km}`;
  if (area.kind === 'box') return `box:${area.box.map(rounded).join(',')}`;
  return `corridor:${area.from}-${area.to},${area.within}`;
}

const rounded = (value: number): number => Number(value.toFixed(4));

/** Reads an area; null for one that makes no sense. */
export function areaOf(text: string | null | undefined): Area | null {
  const [, kind, rest = ''] = /^(unit|around|box|corridor):(.+)$/.exec(text ?? '') ?? [];
  const numbers = rest.split(/[,]/).map(Number);
  if (kind === 'unit') return /^[\w./-]{1,80}$/.test(rest) ? { kind, id: rest } : null;
  if (kind === 'around') {
    const [lat = NaN, lon = NaN, km = NaN] = numbers;
    return numbers.length === 3 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && km > 0 && km <= 500 ? { kind, lat, lon, km } : null;
  }
  if (kind === 'box') {
    const [west = NaN, south = NaN, east = NaN, north = NaN] = numbers;
    const inside = numbers.length === 4 && west >= -180 && east <= 180 && south >= -90 && north <= 90 && west < east && south < north;
    return inside ? { kind, box: [west, south, east, north] } : null;
  }
  const [, from, to, within] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(rest) ?? [];
  if (kind !== 'corridor' || from === undefined || to === undefined) return null;
  const width = within === undefined ? CORRIDOR_WITHIN : Number(within);
  return Number(from) < Number(to) && width > 0 && width <= 200 ? { kind, from: Number(from), to: Number(to), within: width } : null;
}

/** Writes the filter into the parameters of an address, without unset members. */
export function writeFilter(filter: Readonly<Filter>, out: URLSearchParams): void {
  if (filter.by === 'event') out.set('by', 'event');
  if (filter.area) out.set('area', areaText(filter.area));
  if (filter.types.length) out.set('type', [...filter.types].sort().join(','));
  if (filter.speaker) out.set('speaker', filter.speaker);
  if (filter.publisher) out.set('publisher', filter.publisher);
  if (filter.documents) out.set('doclang', filter.documents);
  if (filter.words) out.set('q', filter.words);
  if (filter.confidence !== null) out.set('min_confidence', String(filter.confidence));
  if (filter.ruled) out.set('ruled', filter.ruled);
}

/** Reads the filter of an address; invalid values are ignored. */
export function readFilter(given: ReadonlyMap<string, string>): Filter {
  const text = (key: string): string => [...(given.get(key) ?? '')].slice(0, MAX_TEXT).join('').trim();
  const confidence = Number.parseFloat(given.get('min_confidence') ?? '');
  const language = given.get('doclang') ?? '';
  const ruled = given.get('ruled');
  return {
    by: given.get('by') === 'event' ? 'event' : 'published',
    area: areaOf(given.get('area')),
    types: [
      ...new Set(
        text('type')
          .split(',')
          .map((type) => type.trim())
          .filter((type) => /^\w{1,40}$/.test(type)),
      ),
    ].sort(),
    speaker: text('speaker'),
    publisher: text('publisher'),
    documents: LANGUAGES.includes(language) ? (language as Language) : null,
    words: text('q'),
    confidence: confidence > 0 && confidence <= 1 ? confidence : null,
    ruled: ruled === 'yes' || ruled === 'no' ? ruled : null,
  };
}

/** A text constant of CQL2. */
export const quoted = (text: string): string => `'${text.replace(/'/g, "''")}'`;

/** A pattern of CQL2 for texts that contain this one, in upper or lower case. */
export const contains = (field: string, text: string): string =>
  `CASEI(${field}) LIKE CASEI(${quoted(`%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)})`;

/** The day after a day, both as `YYYY-MM-DD`. */
export const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** A period as CQL2 over a field with days or moments; features without a date are not in it. */
export const within = (field: string, [from, to]: readonly [string, string]): string =>
  `${field} >= DATE('${from}') AND ${field} < DATE('${dayAfter(to)}')`;

/** A period of events: the days that a text states, else the day of publication. */
export const happened = (time: readonly [string, string]): string =>
  `((time_from IS NULL AND ${within('published', time)}) OR (time_from < DATE('${dayAfter(time[1])}') AND time_to >= DATE('${time[0]}')))`;

/** Joins the conditions, without absent ones. */
export const all = (...parts: (string | null | undefined | false)[]): string | undefined =>
  parts.filter(Boolean).join(' AND ') || undefined;
