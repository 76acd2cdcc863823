//! The parameters of each resource. The code reads queries by these lists, and the OpenAPI document is generated from
//! them.

use super::{parameter::Parameter, parameters::*};

/// `f`, `lang`.
pub static PLAIN: &[&Parameter] = &[&F, &LANG];
/// `f`, `lang`, `worldview`.
pub static VIEWED: &[&Parameter] = &[&F, &LANG, &WORLDVIEW];
/// A page of features.
pub static ITEMS: &[&Parameter] = &[
    &F_ITEMS,
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &BBOX,
    &BBOX_CRS,
    &CRS,
    &DATETIME,
    &TIME_OF,
    &LIMIT,
    &OFFSET,
    &PAGE_CURSOR,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &SORTBY,
    &PROPERTIES,
    &WORDS,
];
/// Two days.
pub static CONTROL_CHANGES: &[&Parameter] = &[&F_GEOJSON, &LANG, &WORLDVIEW, &FROM_DAY, &TO_DAY];
/// One feature.
pub static ITEM: &[&Parameter] = &[&F, &LANG, &WORLDVIEW, &RULINGS, &CRS, &PROPERTIES];
/// A download.
pub static DOWNLOAD: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &BBOX,
    &BBOX_CRS,
    &CRS,
    &DATETIME,
    &TIME_OF,
    &DOWNLOAD_LIMIT,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &SORTBY,
    &PROPERTIES,
    &WORDS,
];
/// A download in a format with its own system.
pub static DOWNLOAD_PLAIN: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &BBOX,
    &BBOX_CRS,
    &DATETIME,
    &TIME_OF,
    &DOWNLOAD_LIMIT,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &SORTBY,
    &PROPERTIES,
    &WORDS,
];
/// A download of all layers.
pub static DOWNLOAD_ALL: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &BBOX,
    &BBOX_CRS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
];
/// A download of tiles.
pub static DOWNLOAD_TILES: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &BBOX,
    &BBOX_CRS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &MINZOOM,
    &MAXZOOM,
    &TILE_ENCODING,
];
/// A tile of named layers.
pub static TILE: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
];
/// A tile of one collection by OGC API – Tiles.
pub static COLLECTION_TILE: &[&Parameter] = &[
    &F_TILE,
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
];
/// A tile of the dataset by OGC API – Tiles.
pub static DATASET_TILE: &[&Parameter] = &[
    &F_TILE,
    &LANG,
    &WORLDVIEW,
    &RULINGS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &COLLECTIONS,
];
/// Metadata of tiles.
pub static TILESET: &[&Parameter] = &[&F, &LANG, &WORLDVIEW, &COLLECTIONS];
/// A raster tile.
pub static MAP_TILE: &[&Parameter] = &[
    &LANG,
    &WORLDVIEW,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
];
/// A map tile of the dataset by OGC API – Tiles.
pub static DATASET_MAP_TILE: &[&Parameter] = &[
    &F_MAP,
    &STYLE_ID,
    &LANG,
    &WORLDVIEW,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &COLLECTIONS,
];
/// A map tile of one collection by OGC API – Tiles.
pub static COLLECTION_MAP_TILE: &[&Parameter] = &[
    &F_MAP,
    &STYLE_ID,
    &LANG,
    &WORLDVIEW,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
];
/// A map to order.
pub static MAP: &[&Parameter] = &[
    &BBOX,
    &CENTER,
    &MAP_ZOOM,
    &WIDTH,
    &HEIGHT,
    &SCALE,
    &LAYERS,
    &DATETIME,
    &TIME_OF,
    &FILTER,
    &FILTER_LANG,
    &FILTER_CRS,
    &MIN_CONFIDENCE,
    &LANG,
    &WORLDVIEW,
    &MAP_TITLE,
    &FRAME,
    &LEGEND,
    &SCALE_BAR,
    &NORTH,
    &GRATICULE,
    &LETTERS,
];
/// A document's map.
pub static DOCUMENT_MAP: &[&Parameter] = &[
    &STYLE_ID, &WIDTH, &HEIGHT, &SCALE, &LAYERS, &LANG, &WORLDVIEW, &MAP_TITLE, &FRAME, &LEGEND, &SCALE_BAR, &NORTH,
    &GRATICULE, &LETTERS,
];
/// Of WMTS.
pub static WMTS: &[&Parameter] = &[&LANG];
/// A style.
pub static STYLE: &[&Parameter] = &[&F_JSON, &LANG, &WORLDVIEW];
/// A description of vector tiles.
pub static ENCODED: &[&Parameter] = &[&F_JSON, &LANG, &WORLDVIEW, &TILE_ENCODING];
/// A list about one document.
pub static TOLD: &[&Parameter] = &[&F_JSON, &RULINGS];
/// A page of documents.
pub static DOCUMENTS: &[&Parameter] = &[
    &F_DOCUMENTS,
    &LANG,
    &AFTER,
    &DOCUMENTS_LIMIT,
    &WORDS,
    &ORDER,
    &DATETIME,
    &SAID_TYPE,
    &SPEAKER,
    &IN_PLACE,
    &IN_UNIT,
    &OF_LANGUAGE,
    &OF_PUBLISHER,
    &MIN_CONFIDENCE,
    &FACETS,
];
/// A histogram.
pub static HISTOGRAM: &[&Parameter] = &[
    &F_JSON,
    &STEP,
    &COUNTED_LAYER,
    &DATETIME,
    &BBOX,
    &SAID_TYPE,
    &SPEAKER,
    &IN_PLACE,
    &IN_UNIT,
    &OF_LANGUAGE,
    &OF_PUBLISHER,
    &RULINGS,
];
/// Facets.
pub static FACETS_OF: &[&Parameter] = &[
    &F_JSON,
    &FACETS,
    &DATETIME,
    &SAID_TYPE,
    &SPEAKER,
    &IN_PLACE,
    &IN_UNIT,
    &OF_LANGUAGE,
    &OF_PUBLISHER,
    &RULINGS,
];
/// A document to be kept.
pub static NEW_DOCUMENT: &[&Parameter] = &[
    &TITLE,
    &SOURCE_URL,
    &PUBLISHER,
    &PUBLISHED,
    &DOCUMENT_LANGUAGE,
    &WHOLE_PAGE,
    &AGAIN,
];
/// New documents, a line each.
pub static NEW_LINES: &[&Parameter] = &[&AGAIN];
/// A document to be deleted.
pub static DELETE_DOCUMENT: &[&Parameter] = &[&DELETE_REASON];
/// Removal of a feed from the list.
pub static REMOVE_FEED: &[&Parameter] = &[&FEED_URL];
/// A page of events.
pub static EVENTS: &[&Parameter] = &[
    &F_EVENTS,
    &LANG,
    &BBOX,
    &DATETIME,
    &CLAIM_TYPE,
    &EVENTS_AFTER,
    &EVENTS_LIMIT,
];
/// Undo of a ruling.
pub static UNDO: &[&Parameter] = &[&AUTHOR, &REASON];
/// A local name to be removed.
pub static LOCAL_NAME: &[&Parameter] = &[&LOCAL_PLACE, &LOCAL_SPELLING];
/// A claim to be deleted.
pub static DELETE_CLAIM: &[&Parameter] = &[&CLAIM_REASON, &AUTHOR];
/// Nothing but the name of the one format.
pub static JSON_ONLY: &[&Parameter] = &[&F_JSON];
/// `lang` of an answer that is JSON only.
pub static PLAIN_JSON: &[&Parameter] = &[&F_JSON, &LANG];
/// Nothing.
pub static NONE: &[&Parameter] = &[];
/// A search by name.
pub static SEARCH: &[&Parameter] = &[
    &F_PARSE,
    &SEARCH_Q,
    &FORMAT,
    &LANG,
    &ACCEPT_LANGUAGE,
    &SEARCH_LIMIT,
    &VIEWBOX,
    &BOUNDED,
    &COUNTRYCODES,
    &AMENITY,
    &STREET,
    &CITY,
    &COUNTY,
    &STATE,
    &COUNTRY,
    &POSTALCODE,
    &PLACE_LAYER,
    &FEATURE_TYPE,
    &EXCLUDE_PLACE_IDS,
    &ADDRESSDETAILS,
    &EXTRATAGS,
    &NAMEDETAILS,
    &POLYGON_GEOJSON,
    &POLYGON_THRESHOLD,
    &DEDUPE,
    &EMAIL,
    &POLYGON_TEXT,
    &POLYGON_SVG,
    &POLYGON_KML,
    &JSON_CALLBACK,
    &WORLDVIEW,
    &DEBUG,
    &ENTRANCES,
];
/// A search by position.
pub static REVERSE: &[&Parameter] = &[
    &F_PARSE,
    &LON,
    &LAT,
    &ZOOM,
    &PLACE_LAYER,
    &FORMAT,
    &LANG,
    &ACCEPT_LANGUAGE,
    &ADDRESSDETAILS,
    &EXTRATAGS,
    &NAMEDETAILS,
    &POLYGON_GEOJSON,
    &POLYGON_THRESHOLD,
    &EMAIL,
    &POLYGON_TEXT,
    &POLYGON_SVG,
    &POLYGON_KML,
    &JSON_CALLBACK,
    &WORLDVIEW,
    &DEBUG,
    &ENTRANCES,
    &DEDUPE,
];
/// The state of the search.
pub static STATUS: &[&Parameter] = &[&STATUS_FORMAT];
/// A search by id.
pub static LOOKUP: &[&Parameter] = &[
    &F_PARSE,
    &OSM_IDS,
    &FORMAT,
    &LANG,
    &ACCEPT_LANGUAGE,
    &ADDRESSDETAILS,
    &EXTRATAGS,
    &NAMEDETAILS,
    &POLYGON_GEOJSON,
    &POLYGON_THRESHOLD,
    &EMAIL,
    &POLYGON_TEXT,
    &POLYGON_SVG,
    &POLYGON_KML,
    &JSON_CALLBACK,
    &WORLDVIEW,
    &DEBUG,
    &ENTRANCES,
    &DEDUPE,
];
/// A text to read.
pub static PARSE: &[&Parameter] = &[&F_PARSE];
/// Codes of units.
pub static CROSSWALK: &[&Parameter] = &[&F_CROSSWALK, &UNIT_LEVEL];
/// A table to read.
pub static TABLE: &[&Parameter] = &[&F_TABLE, &TEXT_COLUMNS, &PLACE_COLUMNS, &DATE_COLUMN];
/// A layer file for QGIS.
pub static LAYER_FILE: &[&Parameter] = &[&LANG, &WORLDVIEW];
/// Reconciliation.
pub static RECONCILE: &[&Parameter] = &[&F_JSON, &QUERIES, &EXTEND, &CALLBACK, &LANG];
/// Reconciliation by form.
pub static RECONCILE_FORM: &[&Parameter] = &[&F_JSON, &LANG];
/// Suggestions.
pub static SUGGEST: &[&Parameter] = &[&PREFIX, &CURSOR, &SUGGEST_LIMIT, &SUGGEST_TYPE, &CALLBACK, &LANG];
/// A preview.
pub static PREVIEW: &[&Parameter] = &[&PLACE_ID, &LANG];
/// A few words about a place, type or property.
pub static FLYOUT: &[&Parameter] = &[&PLACE_ID, &CALLBACK, &LANG];
/// Properties of a type.
pub static PROPOSE: &[&Parameter] = &[&SUGGEST_TYPE, &PROPOSE_LIMIT, &CALLBACK];
/// The corridor's position of a place.
pub static LOCATE: &[&Parameter] = &[&F_JSON, &LON, &LAT, &DEFINITION, &WORLDVIEW, &LANG];
/// The corridor's place at a position.
pub static AT: &[&Parameter] = &[&F_GEOJSON, &KM, &DEFINITION, &WORLDVIEW, &LANG];
/// A frame of the map for another site.
pub static OEMBED: &[&Parameter] = &[&OEMBED_URL, &OEMBED_FORMAT, &LANG, &MAXWIDTH, &MAXHEIGHT, &DNT];
/// The corridor's units.
pub static PROFILE: &[&Parameter] = &[&F_JSON, &BY, &DEFINITION, &WORLDVIEW, &LANG];
/// A part of the corridor between two chainages.
pub static SLICE: &[&Parameter] = &[&F_GEOJSON, &FROM, &TO, &DEFINITION, &WORLDVIEW, &LANG];
/// A strip along the corridor.
pub static STRIP: &[&Parameter] = &[&F_GEOJSON, &HALF_WIDTH, &DEFINITION, &WORLDVIEW, &LANG];
/// Posts along the corridor.
pub static POSTS: &[&Parameter] = &[&F_GEOJSON, &EVERY, &DEFINITION, &WORLDVIEW, &LANG];
/// All corridors.
pub static CORRIDOR_VIEW: &[&Parameter] = &[&F_JSON, &WORLDVIEW, &LANG];
/// Crossings of rivers and a corridor.
pub static CROSSINGS: &[&Parameter] = &[&F_GEOJSON, &DEFINITION, &WORLDVIEW, &LANG];
/// A corridor by its definition.
pub static CORRIDOR: &[&Parameter] = &[&F_JSON, &DEFINITION, &WORLDVIEW, &LANG];
