/** The JSON of the server's responses: the schemas of its API where it describes them, and further types of the viewer. */

import type * as Api from './api-types';

export type Language = 'ar' | 'ckb' | 'en';
export type Names = Partial<Record<Language, string>>;

export type Reading = 'literal' | 'associative';
export type Precision = 'point' | 'settlement' | 'subdistrict' | 'district' | 'governorate' | 'region' | 'country';

export interface Offsets {
  byte: [number, number];
  codepoint: [number, number];
  utf16: [number, number];
}

/** Words of a text with their span; `start` and `end` count code points. */
export interface Words {
  /** `title`: the offsets count in the title. */
  in?: 'text' | 'title';
  text: string;
  start: number;
  end: number;
  offsets: Offsets;
}

export interface Candidate {
  id: string;
  score: number;
  reasons: string[];
  /** Names and place, where the server sends them. */
  name?: Names;
  level?: string;
  point?: [number, number];
}

export interface MentionPlace {
  id: string;
  name: Names;
  level: string;
  foreign: boolean;
  point: [number, number];
  same_as: Record<string, string | number>;
}

export interface Mention extends Words {
  id: string;
  document?: string;
  prefix: string;
  suffix: string;
  trigger: string | null;
  level: string | null;
  reading: Reading;
  actor: string | null;
  place: MentionPlace | null;
  candidates: Candidate[];
  confidence: number;
  precision: Precision | null;
  /** The position that the text describes from this name ("near Makhmour"). */
  position?: { id?: string; kind: string; text: string } | null;
  /** The ruling in force, on servers that keep them. */
  ruling?: Ruling;
}

/** Ruling of an analyst on a mention. */
/** A spelling or a place that an analyst added to the gazetteer. */
export interface LocalName {
  place: string;
  language: Language;
  name: string;
  author: string;
  time: string;
  reason: string;
  /** Set on a new place. */
  point?: [lon: number, lat: number];
  level?: string;
}

export interface Ruling {
  id: string | number;
  ruling: 'accept' | 'reject' | 'move' | 'associative' | 'undo';
  /** The name of the token; in rulings from before tokens had names, the client's own remark. */
  author: string;
  /** The client's name for itself. */
  author_said?: string | null;
  reason: string | null;
  time: string;
  in_force: boolean;
  place?: { id: string; name: Names };
}

export interface Quantity extends Words {
  id: string;
  /** Null where the text has no number ("dozens"). */
  value: number | null;
  upper?: number;
  range?: [number, number];
  unit: string;
  role: string | null;
  bound: 'exact' | 'about' | 'at_least' | 'at_most' | 'more_than' | 'vague';
  noun: string;
  approximate: boolean;
  approximation?: string;
}

export interface Attribution {
  id: string;
  speaker: (Words & { carried: boolean }) | null;
  verb: Words;
  stance: string;
  quote: Words;
  direct: boolean;
}

export interface Claim {
  id: string;
  type: string;
  status: 'claimed' | 'reported';
  mentions: string[];
  places: string[];
  precision?: string;
  quantities: string[];
  attribution: string | null;
  evidence: Words;
  time?: { from: string | null; to: string | null } | null;
  /** The edit in force, and the machine's reading beside it. */
  ruling?: Edit;
  machine?: Partial<Claim> & { figures?: Quantity[] };
}

/** What an analyst made of a claim. */
export interface Edit {
  id: string | number;
  ruling: string;
  author: string;
  reason: string | null;
  time: string;
  in_force?: boolean;
}

/** A claim that an analyst deleted. */
export interface DeletedClaim {
  id: string;
  ruling?: Edit;
  machine?: Partial<Claim> & { figures?: Quantity[] };
}

/** Everything found in one text. */
export interface Parse {
  language?: Language;
  mentions: Mention[];
  quantities: Quantity[];
  attributions: Attribution[];
  claims: Claim[];
  /** Claims that analysts deleted, on servers that keep them. */
  deleted?: DeletedClaim[];
}

export interface DocumentRecord extends Pick<Api.Document, 'id' | 'sha256'> {
  title: string;
  language: Language;
  source_url: string | null;
  publisher: string | null;
  published: string | null;
  bytes: number;
  codepoints: number;
  /** Corrections of analysts, by member, with the declared value. */
  corrections?: Record<string, { value: string | null; declared: string | null; author: string; reason: string | null; time: string }>;
  /** The document that this one corrects, and the words that changed, where texts may be read. */
  revision?: Api.Document['revision'];
  counts: { mentions: number; drawn: number; quantities: number; attributions: number; claims: number };
}

/** A document with its text and its parse. */
export interface Evidence extends Parse {
  record: DocumentRecord;
  /** The tag of the record, which a correction names. */
  tag?: string | null;
  text: string;
}

export type Link = Api.Link;

/** A layer of a MapLibre style; only the members that the viewer itself reads. */
export interface StyleLayer {
  id: string;
  type: string;
  source?: string;
  'source-layer'?: string;
  minzoom?: number;
  filter?: unknown;
  layout?: Record<string, unknown>;
  metadata?: { 'mahwar:layer'?: string };
}

/** A row of the legend: the sample is drawn as the layer draws a feature with these attributes. */
export interface LegendSample {
  layer: string;
  title: string;
  shape: 'area' | 'line' | 'point';
  properties: Record<string, unknown>;
}

/** A MapLibre style with this server's metadata. */
/** A source of tiles. */
export interface StyleSource {
  type: string;
  tiles?: string[];
  minzoom?: number;
  maxzoom?: number;
  attribution?: string;
}

export interface StyleSheet {
  version: number;
  sources: Record<string, StyleSource>;
  layers: StyleLayer[];
  metadata: {
    'mahwar:colours': Record<string, string>;
    'mahwar:groups': { id: string; title: string; layers: { id: string; title: string; shown: boolean }[] }[];
    'mahwar:legend': LegendSample[];
  };
}

export interface Collection {
  id: string;
  title: string;
  titles?: Names;
  description?: string;
  geometryType?: string;
  count?: number;
  zooms?: [number, number];
  attribution?: string;
  links: Link[];
}

export interface Worldview {
  id: string;
  title: Names;
  convention: Names;
  default?: boolean;
}

export interface Worldviews {
  worldviews: Worldview[];
  disclaimer: Names;
}

export interface FeatureCollection extends GeoJSON.FeatureCollection<GeoJSON.Geometry | null>, Pick<Api.FeatureCollection, 'numberMatched' | 'numberReturned' | 'links'> {}

export interface SearchHit {
  lat: string;
  lon: string;
  category: string;
  type: string;
  display_name: string;
  name: string;
  boundingbox: [string, string, string, string];
  mahwar?: { id: string; names: Names; matched: string; reason: string };
}

export interface Definition {
  id: string;
  default?: boolean;
  kind?: string;
  title: Names;
  description?: Names;
  units: string[];
  length_km: number;
  length_generalised_km?: number;
  area_km2?: number;
  method?: string;
}

export interface PublishedFigure {
  date: string | null;
  who: string;
  figure: number | string;
  qualifier?: string;
  unit: string;
  extent: string;
  detail?: string;
  source: string;
  note?: string;
}

export interface MeasuredClaim {
  claim: string;
  document: string;
  claimed_km: number;
  approximate: boolean;
  measured_km: number;
  ratio: number;
  definition: string;
  /** How they differ, in words. */
  differs?: Names;
}

export interface Definitions {
  definitions: Definition[];
  published: PublishedFigure[];
  claims: MeasuredClaim[];
}

/** Units along the corridor, from its beginning to its end. */
export interface Profile {
  length_km: number;
  stretches: { from_km: number; to_km: number; km: number; unit: string; facing: string | null }[];
}

/** A position referred to the corridor line. */
export interface Located {
  chainage_km: number;
  distance_km?: number;
  side?: string;
  point: [number, number];
  left?: string | null;
  right?: string | null;
  outside?: boolean;
}
