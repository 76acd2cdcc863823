/** Types of the API, written by scripts/api-types.mjs from the server’s OpenAPI document (/api). Not to be edited. */

export type Link = {
  href: string;
  rel: string;
  type?: string;
  title?: string;
  templated?: boolean;
};

/** A text in Arabic, Central Kurdish and English. */
export type Trilingual = {
  ar?: string | null;
  ckb?: string | null;
  en?: string | null;
};

export type Landing = {
  title: string;
  description?: string;
  attribution?: string;
  links: Link[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type Conformance = {
  conformsTo: string[];
};

export type Worldviews = {
  worldviews: {
    id: string;
    title: Trilingual;
    convention: Trilingual;
    default: boolean;
    source?: string;
    departures?: {
      kind: string;
      subject: string;
      value: string;
      source: string;
    }[];
  }[];
  disclaimer: Trilingual;
};

export type Collections = {
  links: Link[];
  collections: Collection[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type Collection = {
  id: string;
  title: string;
  description?: string;
  attribution?: string;
  extent?: {
    spatial?: {
      bbox: number[][];
      crs?: string;
    };
    temporal?: {
      interval: ((string | null)[])[];
      trs?: string;
    };
  };
  itemType?: "feature";
  crs?: string[];
  storageCrs?: string;
  titles?: Trilingual;
  descriptions?: Trilingual;
  geometryType: "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon" | "None";
  count: number;
  zooms?: number[];
  links: Link[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type JsonSchema = {
  "$schema": string;
  "$id": string;
  type: "object";
  title?: string;
  description?: string;
  properties: Record<string, Record<string, unknown>>;
  additionalProperties?: boolean;
};

export type Geometry = {
  type: "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon";
  coordinates: unknown[];
} | null;

export type Feature = {
  type: "Feature";
  id?: string;
  geometry: Geometry;
  properties: Record<string, unknown> | null;
  links?: Link[];
  attribution?: string;
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type FeatureCollection = {
  type: "FeatureCollection";
  features: Feature[];
  numberMatched?: number;
  numberReturned?: number;
  timeStamp?: string;
  links?: Link[];
  attribution?: string;
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type TileMatrixSets = {
  links?: Link[];
  tileMatrixSets: {
    id: string;
    title?: string;
    uri?: string;
    crs?: string;
    links: Link[];
  }[];
};

export type TileMatrixSet = {
  id: string;
  title?: string;
  uri?: string;
  crs: string;
  orderedAxes?: string[];
  wellKnownScaleSet?: string;
  tileMatrices: {
    id: string;
    scaleDenominator: number;
    cellSize: number;
    cornerOfOrigin?: string;
    pointOfOrigin: number[];
    tileWidth: number;
    tileHeight: number;
    matrixWidth: number;
    matrixHeight: number;
  }[];
};

export type Tilesets = {
  links?: Link[];
  tilesets: Tileset[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type Tileset = {
  title?: string;
  dataType: "vector" | "map";
  crs: string;
  tileMatrixSetId?: string;
  tileMatrixSetURI?: string;
  links: Link[];
  boundingBox?: {
    lowerLeft: number[];
    upperRight: number[];
    crs?: string;
  };
  tileMatrixSetLimits?: {
    tileMatrix: string;
    minTileRow: number;
    maxTileRow: number;
    minTileCol: number;
    maxTileCol: number;
  }[];
  layers?: {
    id: string;
    title?: string;
    dataType: string;
    geometryDimension?: number;
    minTileMatrix?: string;
    maxTileMatrix?: string;
    propertiesSchema?: JsonSchema;
  }[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type TileJson = {
  tilejson: string;
  name?: string;
  description?: string;
  attribution?: string;
  version?: string;
  scheme?: "xyz";
  tiles: string[];
  minzoom?: number;
  maxzoom?: number;
  bounds?: number[];
  center?: number[];
  vector_layers: {
    id: string;
    description?: string;
    minzoom?: number;
    maxzoom?: number;
    fields: Record<string, string>;
  }[];
  worldview?: string;
  convention?: string;
  disclaimer?: string;
};

export type Documents = {
  documents: Document[];
};

export type Document = {
  id: string;
  title?: string | null;
  language: "ar" | "ckb" | "en" | "und";
  source_url?: string | null;
  publisher?: string | null;
  published?: string | null;
  bytes?: number;
  codepoints?: number;
  sha256: string;
  /** The document that this one corrects, and the words that changed, if texts may be read. */
  revision?: {
    of?: string;
    changes?: ({
      in?: "title" | "text";
      removed?: string;
      added?: string;
      /** Code point of the text at which the added words begin. */
      start?: number;
      end?: number;
    })[];
    /** Number of changes that are not listed. */
    more?: number;
  };
  counts: Record<string, number>;
};

export type Places = PlaceFound[];

export type PlaceFound = {
  place_id: unknown;
  name?: string | null;
  display_name: string;
  lat: string;
  lon: string;
  importance?: number;
  boundingbox?: string[];
};

export type Corridor = {
  definitions: CorridorDefinition[];
  published: Record<string, unknown>[];
  claims: unknown;
  line: Feature;
};

export type CorridorDefinitions = {
  definitions: CorridorDefinition[];
  published: Record<string, unknown>[];
  claims: unknown;
};

export type CorridorDefinition = {
  id: string;
  default?: boolean;
  title?: Trilingual;
  units?: string[];
  not_shared_with?: string[];
  length_km: number;
  area_km2?: number | null;
  method?: string;
};

export type Located = {
  definition?: string;
  chainage_km: number;
  distance_km: number;
  side: string;
  point: number[];
  left?: string | null;
  right?: string | null;
  outside: boolean;
};

export type Profile = {
  definition?: string;
  by: "governorate" | "district";
  length_km?: number;
  stretches: Record<string, unknown>[];
  totals?: Record<string, unknown>[];
};

export type Health = {
  status: "ok";
};

export type Ready = {
  status: "ready" | "unavailable";
  layers: number;
  documents: number;
  /** Whether the store is open; null without one. */
  store?: boolean | null;
  /** Why the store cannot be relied on now. */
  reason?: string;
  /** Why audit records go to the log and not to their file. */
  audit_log?: string;
  /** When the store last answered. */
  store_answered?: string | null;
  /** Documents that could not be read and are passed over. */
  damaged_documents?: string[];
  /** Places whose mentions are passed over. */
  damaged_places?: number;
  /** Documents that another version of the program or of the land read; mahwar reparse reads them again. */
  outdated_documents?: number;
};

/** The types of claims; data/claim_types.toml has their titles and codes. */
export type ClaimType = "attack_count" | "casualties" | "security_vacuum" | "coordination_axis" | "meeting" | "airstrike_or_shelling" | "clash" | "arrest" | "displacement_or_return" | "protest" | "change_of_control" | "territorial_claim" | "land_seizure_or_denied_access" | "destruction" | "abduction" | "explosive_device";

/** A time as the text says it, with its first and last day. */
export type Time = {
  id: string;
  text: string;
  start: number;
  end: number;
  from: string | null;
  to: string | null;
  calendar: "gregorian" | "islamic-umalqura" | "persian" | "kurdish";
  relative_to: string | null;
  grain?: "day" | "week" | "month" | "season" | "year" | "decade" | "interval";
  /** ISO 8601. */
  duration?: string;
  unresolved?: "no_publication_date" | "no_other_time" | "counted_from_event" | "no_such_date" | "weekday_differs" | "calendar_not_said" | "two_digit_year" | "outside_calendar" | "calendar_not_built" | "ends_before_it_begins" | "vague" | "past_or_future";
};

export type ClaimParty = {
  text: string;
  start: number;
  end: number;
  /** Id of the party in the land's data. */
  party: string;
};

/** RFC 9457. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  parameter?: string;
};

/** The paths of the API. */
export type ApiPath =
  | "/"
  | "/api"
  | "/api.html"
  | "/attribution"
  | "/changes"
  | "/claims/{claimId}"
  | "/claims/{claimId}/rulings"
  | "/collections"
  | "/collections/airports/items"
  | "/collections/borders/items"
  | "/collections/claims/items"
  | "/collections/control/items"
  | "/collections/coordination_axes/items"
  | "/collections/countries/items"
  | "/collections/disputed_areas/items"
  | "/collections/districts/items"
  | "/collections/documents/items"
  | "/collections/events/items"
  | "/collections/governorates/items"
  | "/collections/lakes/items"
  | "/collections/mention_places/items"
  | "/collections/mentions/items"
  | "/collections/peaks/items"
  | "/collections/places/items"
  | "/collections/positions/items"
  | "/collections/region_line/items"
  | "/collections/rivers/items"
  | "/collections/seas/items"
  | "/collections/security_gap/items"
  | "/collections/security_gap_area/items"
  | "/collections/security_gap_posts/items"
  | "/collections/settlements_context/items"
  | "/collections/subdistricts/items"
  | "/collections/unit_counts/items"
  | "/collections/urban_areas/items"
  | "/collections/{collectionId}"
  | "/collections/{collectionId}/items"
  | "/collections/{collectionId}/items/{featureId}"
  | "/collections/{collectionId}/map/tiles"
  | "/collections/{collectionId}/map/tiles/{tileMatrixSetId}"
  | "/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
  | "/collections/{collectionId}/queryables"
  | "/collections/{collectionId}/schema"
  | "/collections/{collectionId}/tiles"
  | "/collections/{collectionId}/tiles/{tileMatrixSetId}"
  | "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
  | "/conformance"
  | "/control/changes"
  | "/corridor"
  | "/corridor/at"
  | "/corridor/crossings"
  | "/corridor/definitions"
  | "/corridor/locate"
  | "/corridor/posts"
  | "/corridor/profile"
  | "/corridor/slice"
  | "/corridor/strip"
  | "/crosswalk"
  | "/documents"
  | "/documents/{documentId}"
  | "/documents/{documentId}/annotations"
  | "/documents/{documentId}/claims"
  | "/documents/{documentId}/map.png"
  | "/documents/{documentId}/mentions"
  | "/documents/{documentId}/original"
  | "/documents/{documentId}/rulings"
  | "/documents/{documentId}/text"
  | "/downloads/all.gpkg"
  | "/downloads/map.pmtiles"
  | "/downloads/{layer}.csv"
  | "/downloads/{layer}.fgb"
  | "/downloads/{layer}.geojson"
  | "/downloads/{layer}.geojsonl"
  | "/downloads/{layer}.gpkg"
  | "/downloads/{layer}.kml"
  | "/downloads/{layer}.parquet"
  | "/downloads/{layer}.pmtiles"
  | "/downloads/{layer}.shp.zip"
  | "/events"
  | "/events/{eventId}"
  | "/events/{eventId}/annotations"
  | "/events/{eventId}/map.png"
  | "/events/{eventId}/rulings"
  | "/facets"
  | "/feeds"
  | "/fonts/{fontstack}/{range}.pbf"
  | "/geoparse"
  | "/healthz"
  | "/histogram"
  | "/layers"
  | "/licenses"
  | "/lookup"
  | "/map/tiles"
  | "/map/tiles/{tileMatrixSetId}"
  | "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
  | "/maps/{style}.json"
  | "/maps/{style}.pdf"
  | "/maps/{style}.png"
  | "/maps/{style}.svg"
  | "/maps/{style}/{z}/{x}/{y}.png"
  | "/mentions/{mentionId}"
  | "/mentions/{mentionId}/rulings"
  | "/metrics"
  | "/oembed"
  | "/qgis/{layer}.qlr"
  | "/readyz"
  | "/reconcile"
  | "/reconcile/flyout/{kind}"
  | "/reconcile/preview"
  | "/reconcile/properties"
  | "/reconcile/suggest/{kind}"
  | "/reverse"
  | "/search"
  | "/sprites/{style}.json"
  | "/sprites/{style}.png"
  | "/status"
  | "/styles"
  | "/styles/{style}.json"
  | "/table"
  | "/tileMatrixSets"
  | "/tileMatrixSets/{tileMatrixSetId}"
  | "/tiles"
  | "/tiles/{tileMatrixSetId}"
  | "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
  | "/wmts/1.0.0/WMTSCapabilities.xml"
  | "/worldviews"
  | "/xyz/{layers}.json"
  | "/xyz/{layers}/{z}/{x}/{y}.mlt"
  | "/xyz/{layers}/{z}/{x}/{y}.mvt";
