//! The resources: path, description and parameters. The code reads queries by these lists, and the OpenAPI document is
//! generated from them.

use super::{parameter::Parameter, parameters::*};

/// One resource of the server.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// `get`, `post`, `patch` or `delete`.
    pub method: &'static str,
    /// The path with its segments in braces.
    pub path: &'static str,
    /// A name for generated clients.
    pub id: &'static str,
    /// Group in the documentation.
    pub tag: &'static str,
    /// Summary in English.
    pub summary: &'static str,
    /// Accepted parameters.
    pub parameters: &'static [&'static Parameter],
    /// Media types of a good answer.
    pub answers: &'static [&'static str],
}

impl Operation {
    /// True if it changes data, and so needs a token.
    pub fn writes(&self) -> bool {
        match self.method {
            "get" => false,
            "post" => !READ_BY_POST.contains(&self.path),
            _ => true,
        }
    }
}

/// Queries by POST, since they may be long; they change nothing.
const READ_BY_POST: [&str; 3] = ["/geoparse", "/table", "/reconcile"];

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

const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const HTML: &str = "text/html";
const TEXT: &str = "text/plain";
const PNG: &str = "image/png";
const WEBP: &str = "image/webp";
const PROTOBUF: &str = "application/x-protobuf";
const XML: &str = "text/xml";
const NDJSON: &str = "application/x-ndjson";
const ATOM: &str = "application/atom+xml";
const MVT: &str = "application/vnd.mapbox-vector-tile";
const MLT: &str = "application/vnd.maplibre-tile";

macro_rules! operations {
    ($($method:literal $path:literal, $id:literal, $tag:literal, $summary:literal, $parameters:expr, [$($answer:expr),*];)*) => {
        /// Every resource.
        pub static OPERATIONS: &[Operation] = &[$(Operation {
            method: $method, path: $path, id: $id, tag: $tag, summary: $summary,
            parameters: $parameters, answers: &[$($answer),*],
        },)*];
    };
}

operations! {
    "get" "/", "landing", "Start", "The web map for a browser; the landing page of the OGC APIs as JSON.", PLAIN, [JSON, HTML];
    "get" "/oembed", "oembed", "Start", "The frame that shows a view of the map in another site (oEmbed 1.0).", OEMBED, [JSON, XML];
    "get" "/conformance", "conformance", "Start", "The conformance classes that hold.", PLAIN, [JSON, HTML];
    "get" "/api", "api", "Start", "This document.", PLAIN, ["application/vnd.oai.openapi+json;version=3.0", HTML];
    "get" "/api.html", "apiPage", "Start", "This document as a page.", &[&LANG], [HTML];
    "get" "/attribution", "attribution", "Start", "The sources of the map: a short line for a map, each sentence once, and the full text of each layer.", PLAIN_JSON, [JSON];
    "get" "/licenses", "licenses", "Start", "Licences and notices of the program, its data, its font and its libraries.", NONE, [TEXT];
    "get" "/worldviews", "worldviews", "Start", "The worldviews, their conventions and the disclaimer.", PLAIN_JSON, [JSON];
    "get" "/collections", "collections", "Features", "The layers.", VIEWED, [JSON, HTML];
    "get" "/collections/{collectionId}", "collection", "Features", "One layer.", VIEWED, [JSON, HTML];
    "get" "/collections/{collectionId}/items", "items", "Features", "Features of a layer, page by page. A parameter named like a queryable is an equality filter.", ITEMS, [GEOJSON, HTML, ATOM];
    "get" "/collections/{collectionId}/items/{featureId}", "item", "Features", "One feature.", ITEM, [GEOJSON, HTML];
    "get" "/collections/{collectionId}/queryables", "queryables", "Features", "What filters can speak of, as a JSON Schema.", VIEWED, ["application/schema+json", HTML];
    "get" "/collections/{collectionId}/schema", "schema", "Features", "What features have, as a JSON Schema.", VIEWED, ["application/schema+json", HTML];
    "get" "/tileMatrixSets", "getTileMatrixSetsList", "Tiles", "The tile matrix sets.", PLAIN, [JSON, HTML];
    "get" "/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", "Tiles", "One tile matrix set.", PLAIN, [JSON, HTML];
    "get" "/tiles", "dataset.vector.getTileSetsList", "Tiles", "The tilesets of all layers together.", TILESET, [JSON, HTML];
    "get" "/tiles/{tileMatrixSetId}", "dataset.vector.getTileSet", "Tiles", "One tileset of all layers together.", TILESET, [JSON, HTML];
    "get" "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "dataset.vector.getTile", "Tiles", "A vector tile of all layers, or of those named.", DATASET_TILE, [MVT, MLT];
    "get" "/collections/{collectionId}/tiles", "collection.vector.getTileSetsList", "Tiles", "The tilesets of a layer.", VIEWED, [JSON, HTML];
    "get" "/collections/{collectionId}/tiles/{tileMatrixSetId}", "collection.vector.getTileSet", "Tiles", "One tileset of a layer.", VIEWED, [JSON, HTML];
    "get" "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "collection.vector.getTile", "Tiles", "A vector tile of a layer.", COLLECTION_TILE, [MVT, MLT];
    "get" "/xyz/{layers}.json", "tilejson", "Tiles", "TileJSON 3.0 of layers, with commas between.", ENCODED, [JSON];
    "get" "/xyz/{layers}/{z}/{x}/{y}.mvt", "xyz", "Tiles", "A vector tile of layers, with commas between.", TILE, [MVT];
    "get" "/xyz/{layers}/{z}/{x}/{y}.mlt", "xyzMlt", "Tiles", "The same as MapLibre Tile.", TILE, [MLT];
    "get" "/maps/{style}.png", "mapPng", "Maps", "A map of a box or a place; `.webp` instead of `.png` too.", MAP, [PNG];
    "get" "/maps/{style}.svg", "mapSvg", "Maps", "The same as SVG.", MAP, ["image/svg+xml"];
    "get" "/maps/{style}.pdf", "mapPdf", "Maps", "The same as PDF, with its text and fonts in it.", MAP, ["application/pdf"];
    "get" "/maps/{style}.json", "mapTilejson", "Maps", "TileJSON of the raster tiles of a style.", STYLE, [JSON];
    "get" "/maps/{style}/{z}/{x}/{y}.png", "rasterTile", "Maps", "A raster tile of 256 pixels; `@2x` before the ending for 512, `.webp` instead of `.png`.", MAP_TILE, [PNG];
    "get" "/map/tiles", "dataset.map.getTileSetsList", "Maps", "The tilesets of map tiles.", STYLE, [JSON];
    "get" "/map/tiles/{tileMatrixSetId}", "dataset.map.getTileSet", "Maps", "One tileset of map tiles.", STYLE, [JSON];
    "get" "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "dataset.map.getTile", "Maps", "A map tile.", DATASET_MAP_TILE, [PNG, WEBP];
    "get" "/collections/{collectionId}/map/tiles", "collection.map.getTileSetsList", "Maps", "The tilesets of map tiles of a layer.", STYLE, [JSON];
    "get" "/collections/{collectionId}/map/tiles/{tileMatrixSetId}", "collection.map.getTileSet", "Maps", "One tileset of map tiles of a layer.", STYLE, [JSON];
    "get" "/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "collection.map.getTile", "Maps", "A map tile of a layer.", COLLECTION_MAP_TILE, [PNG, WEBP];
    "get" "/wmts/1.0.0/WMTSCapabilities.xml", "wmtsCapabilities", "Maps", "WMTS 1.0.0 over the raster tiles; by key and value at `/wmts`.", WMTS, ["application/xml"];
    "get" "/documents/{documentId}/map.png", "documentMap", "Maps", "The places of a document on a map, with the corridor where it speaks of it.", DOCUMENT_MAP, [PNG];
    "get" "/styles", "styles", "Maps", "The styles of the map.", STYLE, [JSON];
    "get" "/styles/{style}.json", "style", "Maps", "A MapLibre style (version 8).", ENCODED, [JSON];
    "get" "/sprites/{style}.json", "spriteIndex", "Maps", "Where the pictures of a style stand; the same with `@2x` before the ending.", JSON_ONLY, [JSON];
    "get" "/sprites/{style}.png", "sprite", "Maps", "The pictures of a style; the same with `@2x` before the ending.", NONE, [PNG];
    "get" "/fonts/{fontstack}/{range}.pbf", "glyphs", "Maps", "Signed distance fields of 256 glyphs, for MapLibre.", NONE, [PROTOBUF];
    "get" "/downloads/{layer}.geojson", "downloadGeojson", "Downloads", "A layer as GeoJSON.", DOWNLOAD, [GEOJSON];
    "get" "/downloads/{layer}.geojsonl", "downloadGeojsonl", "Downloads", "A layer as GeoJSON, a feature a line.", DOWNLOAD, [NDJSON];
    "get" "/downloads/{layer}.csv", "downloadCsv", "Downloads", "A layer as CSV with WKT, longitude and latitude.", DOWNLOAD_PLAIN, ["text/csv"];
    "get" "/downloads/{layer}.kml", "downloadKml", "Downloads", "A layer as KML.", DOWNLOAD_PLAIN, ["application/vnd.google-earth.kml+xml"];
    "get" "/downloads/{layer}.gpkg", "downloadGpkg", "Downloads", "A layer as GeoPackage with a spatial index and a style.", DOWNLOAD_PLAIN, ["application/geopackage+sqlite3"];
    "get" "/downloads/{layer}.fgb", "downloadFgb", "Downloads", "A layer as FlatGeobuf with its index.", DOWNLOAD_PLAIN, ["application/flatgeobuf"];
    "get" "/downloads/{layer}.shp.zip", "downloadShp", "Downloads", "A layer as zipped Shapefile.", DOWNLOAD_PLAIN, ["application/zip"];
    "get" "/downloads/{layer}.parquet", "downloadParquet", "Downloads", "A layer as GeoParquet 1.1.", DOWNLOAD_PLAIN, ["application/vnd.apache.parquet"];
    "get" "/downloads/{layer}.pmtiles", "downloadPmtiles", "Downloads", "A layer as vector tiles in one file, for any static host.", DOWNLOAD_TILES, ["application/vnd.pmtiles"];
    "get" "/downloads/all.gpkg", "downloadAllGpkg", "Downloads", "All layers in one GeoPackage. A layer that a filter does not fit is left out.", DOWNLOAD_ALL, ["application/geopackage+sqlite3"];
    "get" "/downloads/map.pmtiles", "downloadMapPmtiles", "Downloads", "The whole map as vector tiles in one file, for any static host.", DOWNLOAD_TILES, ["application/vnd.pmtiles"];
    "get" "/qgis/{layer}.qlr", "qgisLayer", "Downloads", "A layer file that QGIS opens: the layer from this server, with its title and symbols.", LAYER_FILE, ["application/x-qgis-layer-definition"];
    "get" "/documents", "documents", "Documents", "The documents, page by page in order of arrival; as a feed, newest first.", DOCUMENTS, [JSON, ATOM];
    "post" "/documents", "addDocument", "Documents", "Keeps a document of any format: text, HTML, PDF, DOCX, ODT, RTF, mail, a chat, JSON, a table, a form with a file, or a line of NDJSON each. Needs the server's token.", NEW_DOCUMENT, [JSON, NDJSON];
    "get" "/documents/{documentId}", "document", "Documents", "One document.", TOLD, [JSON];
    "delete" "/documents/{documentId}", "deleteDocument", "Documents", "Deletes a document with everything that was found in it and its rulings; the reason remains. Reads answer 410 from then on, the same text 409. Needs the server's token.", DELETE_DOCUMENT, [JSON];
    "patch" "/documents/{documentId}", "correctDocument", "Documents", "Corrects title, publisher, published, source_url or language, or takes the last correction back. The text never changes, nor does the id. With If-Match, 409 if it was corrected since it was read. Needs the server's token.", NONE, [JSON];
    "get" "/documents/{documentId}/rulings", "documentRulings", "Documents", "All corrections of a document, oldest first, with those that were taken back.", JSON_ONLY, [JSON];
    "delete" "/documents/{documentId}/rulings", "uncorrectDocument", "Documents", "Takes the last correction in force back. Needs the server's token.", UNDO, [JSON];
    "get" "/documents/{documentId}/text", "documentText", "Documents", "Its text, byte for byte.", NONE, [TEXT];
    "get" "/documents/{documentId}/original", "documentOriginal", "Documents", "What its text was reduced from, as plain text, where that is kept.", NONE, [TEXT];
    "get" "/documents/{documentId}/mentions", "documentMentions", "Documents", "The mentions of places in it.", TOLD, [JSON];
    "get" "/documents/{documentId}/claims", "documentClaims", "Documents", "The claims, quantities and attributions in it, with their evidence.", TOLD, [JSON];
    "post" "/documents/{documentId}/mentions", "addMention", "Documents", "Adds a mention that the machine missed: its span, and a place or a point with its precision. Needs the server's token.", NONE, [JSON];
    "post" "/documents/{documentId}/claims", "addClaim", "Documents", "Adds a claim: type, quote, figures, speaker, places, day. Needs the server's token.", NONE, [JSON];
    "get" "/claims/{claimId}", "claim", "Documents", "One claim by the id of its document and its own, `<document>-c1`, with its figures, the edit in force and the machine's reading.", TOLD, [JSON];
    "patch" "/claims/{claimId}", "changeClaim", "Documents", "Corrects a claim, or takes the last edit back. With If-Match, 409 if it was edited since it was read. Needs the server's token.", NONE, [JSON];
    "delete" "/claims/{claimId}", "deleteClaim", "Documents", "Deletes a claim; the machine's reading and the history remain. Needs the server's token.", DELETE_CLAIM, [JSON];
    "get" "/claims/{claimId}/rulings", "claimRulings", "Documents", "All edits of a claim, oldest first, with those that were taken back.", JSON_ONLY, [JSON];
    "delete" "/claims/{claimId}/rulings", "unruleClaim", "Documents", "Takes the last edit in force back. Needs the server's token.", UNDO, [JSON];
    "get" "/documents/{documentId}/annotations", "documentAnnotations", "Documents", "The same as W3C Web Annotations.", TOLD, ["application/ld+json"];
    "get" "/mentions/{mentionId}", "mention", "Documents", "One mention, by the id of its document and its own: `<document>-m1`.", TOLD, [JSON];
    "patch" "/mentions/{mentionId}", "rule", "Documents", "An analyst's ruling on a mention. Needs the server's token.", NONE, [JSON];
    "get" "/mentions/{mentionId}/rulings", "rulings", "Documents", "All rulings on a mention, oldest first, with those that were taken back.", JSON_ONLY, [JSON];
    "delete" "/mentions/{mentionId}/rulings", "unrule", "Documents", "Takes the ruling in force back; the one before holds again. Needs the server's token.", UNDO, [JSON];
    "get" "/histogram", "histogram", "Documents", "How many mentions, documents, claims or killed there are by day, week, month or year.", HISTOGRAM, [JSON];
    "get" "/facets", "facets", "Documents", "How many documents there are by publisher, language, type of claim, speaker, place or unit.", FACETS_OF, [JSON];
    "get" "/events", "events", "Events", "Events, newest first: claims that appear to be about the same thing, by side and date. As CSV with a row for each account in the columns of ACLED, of UCDP GED, or with HXL hashtags.", EVENTS, [JSON, "text/csv", ATOM];
    "get" "/events/{eventId}", "event", "Events", "One event with its accounts side by side. The id of each of its claims, `<document>-c1`, names it.", JSON_ONLY, [JSON];
    "patch" "/events/{eventId}", "ruleEvent", "Events", "Joins events, takes claims out of one, or takes the last such decision back. With If-Match, 409 if the event changed since it was read. Needs the server's token.", NONE, [JSON];
    "get" "/events/{eventId}/rulings", "eventRulings", "Events", "All decisions on the claims of an event, oldest first, with those that were taken back.", JSON_ONLY, [JSON];
    "delete" "/events/{eventId}/rulings", "unruleEvent", "Events", "Takes the last decision in force back. Needs the server's token.", UNDO, [JSON];
    "get" "/events/{eventId}/annotations", "eventAnnotations", "Events", "The words of each account as W3C Web Annotations.", JSON_ONLY, ["application/ld+json"];
    "get" "/events/{eventId}/map.png", "eventMap", "Events", "The area of an event on a map, with its accounts beside it; `.webp`, `.svg` and `.pdf` too.", DOCUMENT_MAP, [PNG];
    "post" "/geoparse", "geoparse", "Documents", "Finds places, described positions, quantities, attributions and claims in a text. Nothing is stored.", PARSE, [JSON, GEOJSON];
    "post" "/table", "table", "Documents", "A table with places: columns of names are resolved, columns of text are geoparsed, dates recognised. CSV, TSV, XLSX, ODS or Parquet in; the same rows with added columns out. Nothing is stored.", TABLE, ["text/csv", "application/vnd.apache.parquet", JSON];
    "get" "/search", "search", "Places", "Places by name, as Nominatim answers.", SEARCH, [JSON, GEOJSON, XML];
    "get" "/reverse", "reverse", "Places", "The place at a position, as Nominatim answers.", REVERSE, [JSON, GEOJSON, XML];
    "get" "/lookup", "lookup", "Places", "Places by id, as Nominatim answers.", LOOKUP, [JSON, GEOJSON, XML];
    "get" "/status", "status", "Places", "The state of the search, as Nominatim answers.", STATUS, [TEXT, JSON];
    "get" "/reconcile", "reconcile", "Reconciliation", "The manifest of the Reconciliation Service API 0.2, or the answer to queries or extend.", RECONCILE, [JSON];
    "post" "/reconcile", "reconcileForm", "Reconciliation", "The answer to queries or extend, sent as a form.", RECONCILE_FORM, [JSON];
    "get" "/reconcile/suggest/{kind}", "suggest", "Reconciliation", "Places, types or properties that begin with a text.", SUGGEST, [JSON];
    "get" "/reconcile/flyout/{kind}", "flyout", "Reconciliation", "A few words of HTML about a place, type or property.", FLYOUT, [JSON];
    "get" "/reconcile/preview", "preview", "Reconciliation", "A small page about a place.", PREVIEW, [HTML];
    "get" "/reconcile/properties", "proposeProperties", "Reconciliation", "The properties that places of a type have.", PROPOSE, [JSON];
    "get" "/crosswalk", "crosswalk", "Places", "The codes of each administrative unit in every system that has them: OCHA p-code with its edition, ISO 3166-2, Wikidata, GeoNames, Who's On First.", CROSSWALK, [JSON, "text/csv"];
    "get" "/corridor", "corridor", "Corridor", "The corridor's definitions, published figures, claims, and the line of one definition.", CORRIDOR, [JSON];
    "get" "/corridor/definitions", "corridorDefinitions", "Corridor", "The corridor's definitions, published figures and claims.", CORRIDOR_VIEW, [JSON];
    "get" "/corridor/locate", "corridorLocate", "Corridor", "Where a position is along the corridor.", LOCATE, [JSON];
    "get" "/corridor/at", "corridorAt", "Corridor", "What is at a chainage.", AT, [GEOJSON];
    "get" "/corridor/profile", "corridorProfile", "Corridor", "Which units the corridor passes, from where to where.", PROFILE, [JSON];
    "get" "/corridor/slice", "corridorSlice", "Corridor", "The corridor between two chainages.", SLICE, [GEOJSON];
    "get" "/corridor/strip", "corridorStrip", "Corridor", "Everything within a distance of the corridor, as a polygon that never meets itself.", STRIP, [GEOJSON];
    "get" "/corridor/posts", "corridorPosts", "Corridor", "Posts along the corridor, with the units beside each.", POSTS, [GEOJSON];
    "get" "/corridor/crossings", "corridorCrossings", "Corridor", "Where rivers cross the corridor; `rivers` lists those that were held against it.", CROSSINGS, [GEOJSON];
    "get" "/changes", "changes", "Documents", "Changes as server-sent events: ids of documents, mentions, claims and events that changed. Last-Event-ID resumes; `reset` says to read again.", NONE, ["text/event-stream"];
    "get" "/feeds", "feeds", "Documents", "The feeds that this server asks: last success, errors, new, known, revised and refused entries.", JSON_ONLY, [JSON];
    "post" "/feeds", "addFeed", "Documents", "Lists a feed, which is asked from then on. Needs the server's token.", NONE, [JSON];
    "delete" "/feeds", "removeFeed", "Documents", "Takes a feed off the list; its documents stay. Needs the server's token.", REMOVE_FEED, [JSON];
    "get" "/control/changes", "controlChanges", "Features", "Disputed areas whose holder on one day is another than on a second day, with both and their sources.", CONTROL_CHANGES, [GEOJSON];
    "get" "/layers", "ownLayers", "Operation", "Layers that the operator brought, with the state and the faults of each.", JSON_ONLY, [JSON];
    "get" "/healthz", "healthz", "Operation", "Whether the process lives.", JSON_ONLY, [JSON];
    "get" "/readyz", "readyz", "Operation", "Whether it can answer.", JSON_ONLY, [JSON];
    "get" "/metrics", "metrics", "Operation", "Counters for Prometheus.", NONE, [TEXT];
}
