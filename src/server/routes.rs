//! The resources, a row for each: method and path, description, parameters, media types, handler, and the work that it is.
//!
//! The router and the OpenAPI document are made of these rows. A test compares the kinds of work with `ARCHITECTURE.md`.

use super::{
    changes, control, corridor, counting, crosswalk, deletion, document_list, documents, downloads, edits,
    event_rulings, events, features, feeds, fonts, html, landing, local_names, map_tilesets, maps, metrics, oembed,
    operations::*,
    operator, own,
    parameter::Parameter,
    parameters::*,
    qgis, reconcile, rulings, search,
    state::App,
    static_maps, styles, table, tiles, tilesets, wms, wmts,
    work::{self, WorkKind, WorkKind::*},
    writes,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{self, MethodRouter},
};
use std::sync::Arc;

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
    /// Who answers.
    pub(super) route: Route,
}

impl Operation {
    /// The kind of its work; `None` for work that costs the same for every request, and runs on the threads that answer.
    pub fn kind(&self) -> Option<WorkKind> {
        self.route.kind
    }

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

/// Who answers a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    /// The path of the router, where several operations share it.
    path: &'static str,
    handler: fn() -> MethodRouter<Arc<App>>,
    kind: Option<WorkKind>,
    /// The cost in microseconds of a handler that runs entirely on a worker; the others choose by the request.
    cost: Option<u64>,
}

/// The kind of work, and its cost where the whole handler is that work.
type Work = (Option<WorkKind>, Option<u64>);

/// The whole handler runs on a worker, for a cost in microseconds.
const fn on(kind: WorkKind, cost: u64) -> Work {
    (Some(kind), Some(cost))
}

/// The handler gives work of this kind to a worker.
const fn by(kind: WorkKind) -> Work {
    (Some(kind), None)
}

/// Work that costs the same for every request.
const HERE: Work = (None, None);

impl Route {
    const fn new(path: &'static str, work: Work, handler: fn() -> MethodRouter<Arc<App>>) -> Self {
        Self {
            path,
            handler,
            kind: work.0,
            cost: work.1,
        }
    }
}

/// Adds every resource to a router.
pub(super) fn with_routes(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    let mut known = Vec::new();
    let listed = OPERATIONS.iter().map(|operation| (operation.method, operation.route));
    let all = listed.chain(UNLISTED.iter().map(|route| ("get", *route)));
    all.fold(router, |router, (method, route)| {
        // Operations that differ in the end of the path have one handler.
        if known.contains(&(method, route.path)) {
            return router;
        }
        known.push((method, route.path));
        let mut handler = (route.handler)();
        if let (Some(kind), Some(cost)) = (route.kind, route.cost) {
            let state = (Arc::clone(app), kind, cost);
            handler = handler.route_layer(middleware::from_fn_with_state(state, work::on_worker));
        }
        if route.path == "/documents" {
            handler = handler.layer(DefaultBodyLimit::max(writes::FORM_ROOM));
        }
        router.route(route.path, handler)
    })
}

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

macro_rules! route_path {
    ($path:literal) => {
        $path
    };
    ($path:literal $at:literal) => {
        $at
    };
}

macro_rules! operations {
    ($(
        $method:ident $path:literal $(at $at:literal)?, $id:literal, $tag:literal, $summary:literal, $parameters:expr, [$($answer:expr),*]
            => $handler:path, $work:expr;
    )*) => {
        /// Every resource.
        pub static OPERATIONS: &[Operation] = &[$(Operation {
            method: stringify!($method), path: $path, id: $id, tag: $tag, summary: $summary,
            parameters: $parameters, answers: &[$($answer),*],
            route: Route::new(route_path!($path $($at)?), $work, || routing::$method($handler)),
        },)*];
    };
}

operations! {
    get "/", "landing", "Start", "The web map for a browser; the landing page of the OGC APIs as JSON.", PLAIN, [JSON, HTML]
        => landing::landing, on(Query, 1_000);
    get "/oembed", "oembed", "Start", "The frame that shows a view of the map in another site (oEmbed 1.0).", OEMBED, [JSON, XML]
        => oembed::oembed, on(Query, 1_000);
    get "/conformance", "conformance", "Start", "The conformance classes that hold.", PLAIN, [JSON, HTML]
        => landing::conformance, on(Query, 1_000);
    get "/api", "api", "Start", "This document.", PLAIN, ["application/vnd.oai.openapi+json;version=3.0", HTML]
        => landing::api, on(Query, 1_000);
    get "/api.html", "apiPage", "Start", "This document as a page.", &[&LANG], [HTML]
        => landing::api_page, on(Query, 1_000);
    get "/attribution", "attribution", "Start", "The sources of the map: a short line for a map, each sentence once, and the full text of each layer.", PLAIN_JSON, [JSON]
        => landing::attribution, on(Query, 1_000);
    get "/licenses", "licenses", "Start", "Licences and notices of the program, its data, its font and its libraries.", NONE, [TEXT]
        => landing::licenses, on(Query, 1_000);
    get "/worldviews", "worldviews", "Start", "The worldviews, their conventions and the disclaimer.", PLAIN_JSON, [JSON]
        => landing::worldviews, on(Query, 1_000);
    get "/collections", "collections", "Features", "The layers.", VIEWED, [JSON, HTML]
        => features::all, on(Query, 1_000);
    get "/collections/{collectionId}", "collection", "Features", "One layer.", VIEWED, [JSON, HTML]
        => features::one, on(Query, 1_000);
    get "/collections/{collectionId}/items", "items", "Features", "Features of a layer, page by page. A parameter named like a queryable is an equality filter.", ITEMS, [GEOJSON, HTML, ATOM]
        => features::items, by(Query);
    get "/collections/{collectionId}/items/{featureId}", "item", "Features", "One feature.", ITEM, [GEOJSON, HTML]
        => features::item, by(Query);
    get "/collections/{collectionId}/queryables", "queryables", "Features", "What filters can speak of, as a JSON Schema.", VIEWED, ["application/schema+json", HTML]
        => features::queryables, on(Query, 1_000);
    get "/collections/{collectionId}/schema", "schema", "Features", "What features have, as a JSON Schema.", VIEWED, ["application/schema+json", HTML]
        => features::schema, on(Query, 1_000);
    get "/tileMatrixSets", "getTileMatrixSetsList", "Tiles", "The tile matrix sets.", PLAIN, [JSON, HTML]
        => tilesets::matrix_sets, on(Query, 1_000);
    get "/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", "Tiles", "One tile matrix set.", PLAIN, [JSON, HTML]
        => tilesets::one_matrix_set, on(Query, 1_000);
    get "/tiles", "dataset.vector.getTileSetsList", "Tiles", "The tilesets of all layers together.", TILESET, [JSON, HTML]
        => tilesets::of_dataset, on(Query, 1_000);
    get "/tiles/{tileMatrixSetId}", "dataset.vector.getTileSet", "Tiles", "One tileset of all layers together.", TILESET, [JSON, HTML]
        => tilesets::one_of_dataset, on(Query, 1_000);
    get "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "dataset.vector.getTile", "Tiles", "A vector tile of all layers, or of those named.", DATASET_TILE, [MVT, MLT]
        => tiles::of_dataset, by(Tile);
    get "/collections/{collectionId}/tiles", "collection.vector.getTileSetsList", "Tiles", "The tilesets of a layer.", VIEWED, [JSON, HTML]
        => tilesets::of_collection, on(Query, 1_000);
    get "/collections/{collectionId}/tiles/{tileMatrixSetId}", "collection.vector.getTileSet", "Tiles", "One tileset of a layer.", VIEWED, [JSON, HTML]
        => tilesets::one_of_collection, on(Query, 1_000);
    get "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "collection.vector.getTile", "Tiles", "A vector tile of a layer.", COLLECTION_TILE, [MVT, MLT]
        => tiles::of_collection, by(Tile);
    get "/xyz/{layers}.json" at "/xyz/{file}", "tilejson", "Tiles", "TileJSON 3.0 of layers, with commas between.", ENCODED, [JSON]
        => tiles::tilejson, on(Query, 1_000);
    get "/xyz/{layers}/{z}/{x}/{y}.mvt" at "/xyz/{layers}/{z}/{x}/{y}", "xyz", "Tiles", "A vector tile of layers, with commas between.", TILE, [MVT]
        => tiles::xyz, by(Tile);
    get "/xyz/{layers}/{z}/{x}/{y}.mlt" at "/xyz/{layers}/{z}/{x}/{y}", "xyzMlt", "Tiles", "The same as MapLibre Tile.", TILE, [MLT]
        => tiles::xyz, by(Tile);
    get "/maps/{style}.png" at "/maps/{file}", "mapPng", "Maps", "A map of a box or a place; `.webp` instead of `.png` too.", MAP, [PNG]
        => static_maps::map, by(Map);
    get "/maps/{style}.svg" at "/maps/{file}", "mapSvg", "Maps", "The same as SVG.", MAP, ["image/svg+xml"]
        => static_maps::map, by(Map);
    get "/maps/{style}.pdf" at "/maps/{file}", "mapPdf", "Maps", "The same as PDF, with its text and fonts in it.", MAP, ["application/pdf"]
        => static_maps::map, by(Map);
    get "/maps/{style}.json" at "/maps/{file}", "mapTilejson", "Maps", "TileJSON of the raster tiles of a style.", STYLE, [JSON]
        => static_maps::map, by(Map);
    get "/maps/{style}/{z}/{x}/{y}.png" at "/maps/{style}/{z}/{x}/{file}", "rasterTile", "Maps", "A raster tile of 256 pixels; `@2x` before the ending for 512, `.webp` instead of `.png`.", MAP_TILE, [PNG]
        => maps::xyz, by(Picture);
    get "/map/tiles", "dataset.map.getTileSetsList", "Maps", "The tilesets of map tiles.", STYLE, [JSON]
        => map_tilesets::of_dataset, on(Query, 1_000);
    get "/map/tiles/{tileMatrixSetId}", "dataset.map.getTileSet", "Maps", "One tileset of map tiles.", STYLE, [JSON]
        => map_tilesets::one_of_dataset, on(Query, 1_000);
    get "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "dataset.map.getTile", "Maps", "A map tile.", DATASET_MAP_TILE, [PNG, WEBP]
        => maps::of_dataset, by(Picture);
    get "/collections/{collectionId}/map/tiles", "collection.map.getTileSetsList", "Maps", "The tilesets of map tiles of a layer.", STYLE, [JSON]
        => map_tilesets::of_collection, on(Query, 1_000);
    get "/collections/{collectionId}/map/tiles/{tileMatrixSetId}", "collection.map.getTileSet", "Maps", "One tileset of map tiles of a layer.", STYLE, [JSON]
        => map_tilesets::one_of_collection, on(Query, 1_000);
    get "/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "collection.map.getTile", "Maps", "A map tile of a layer.", COLLECTION_MAP_TILE, [PNG, WEBP]
        => maps::of_collection, by(Picture);
    get "/wmts/1.0.0/WMTSCapabilities.xml", "wmtsCapabilities", "Maps", "WMTS 1.0.0 over the raster tiles; by key and value at `/wmts`.", WMTS, ["application/xml"]
        => wmts::capabilities_file, on(Query, 1_000);
    get "/documents/{documentId}/map.png" at "/documents/{documentId}/{file}", "documentMap", "Maps", "The places of a document on a map, with the corridor where it speaks of it.", DOCUMENT_MAP, [PNG]
        => static_maps::of_document, by(Map);
    get "/styles", "styles", "Maps", "The styles of the map.", STYLE, [JSON]
        => styles::all, on(Query, 1_000);
    get "/styles/{style}.json" at "/styles/{file}", "style", "Maps", "A MapLibre style (version 8).", ENCODED, [JSON]
        => styles::one, on(Query, 1_000);
    get "/sprites/{style}.json" at "/sprites/{file}", "spriteIndex", "Maps", "Where the pictures of a style stand; the same with `@2x` before the ending.", JSON_ONLY, [JSON]
        => styles::sprite, on(Query, 1_000);
    get "/sprites/{style}.png" at "/sprites/{file}", "sprite", "Maps", "The pictures of a style; the same with `@2x` before the ending.", NONE, [PNG]
        => styles::sprite, on(Query, 1_000);
    get "/fonts/{fontstack}/{range}.pbf" at "/fonts/{fontstack}/{file}", "glyphs", "Maps", "Signed distance fields of 256 glyphs, for MapLibre.", NONE, [PROTOBUF]
        => fonts::glyphs, on(Query, 1_000);
    get "/downloads/{layer}.geojson" at "/downloads/{file}", "downloadGeojson", "Downloads", "A layer as GeoJSON.", DOWNLOAD, [GEOJSON]
        => downloads::download, by(Download);
    get "/downloads/{layer}.geojsonl" at "/downloads/{file}", "downloadGeojsonl", "Downloads", "A layer as GeoJSON, a feature a line.", DOWNLOAD, [NDJSON]
        => downloads::download, by(Download);
    get "/downloads/{layer}.csv" at "/downloads/{file}", "downloadCsv", "Downloads", "A layer as CSV with WKT, longitude and latitude.", DOWNLOAD_PLAIN, ["text/csv"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.kml" at "/downloads/{file}", "downloadKml", "Downloads", "A layer as KML.", DOWNLOAD_PLAIN, ["application/vnd.google-earth.kml+xml"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.gpkg" at "/downloads/{file}", "downloadGpkg", "Downloads", "A layer as GeoPackage with a spatial index and a style.", DOWNLOAD_PLAIN, ["application/geopackage+sqlite3"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.fgb" at "/downloads/{file}", "downloadFgb", "Downloads", "A layer as FlatGeobuf with its index.", DOWNLOAD_PLAIN, ["application/flatgeobuf"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.shp.zip" at "/downloads/{file}", "downloadShp", "Downloads", "A layer as zipped Shapefile.", DOWNLOAD_PLAIN, ["application/zip"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.parquet" at "/downloads/{file}", "downloadParquet", "Downloads", "A layer as GeoParquet 1.1.", DOWNLOAD_PLAIN, ["application/vnd.apache.parquet"]
        => downloads::download, by(Download);
    get "/downloads/{layer}.pmtiles" at "/downloads/{file}", "downloadPmtiles", "Downloads", "A layer as vector tiles in one file, for any static host.", DOWNLOAD_TILES, ["application/vnd.pmtiles"]
        => downloads::download, by(Download);
    get "/downloads/all.gpkg" at "/downloads/{file}", "downloadAllGpkg", "Downloads", "All layers in one GeoPackage. A layer that a filter does not fit is left out.", DOWNLOAD_ALL, ["application/geopackage+sqlite3"]
        => downloads::download, by(Download);
    get "/downloads/map.pmtiles" at "/downloads/{file}", "downloadMapPmtiles", "Downloads", "The whole map as vector tiles in one file, for any static host.", DOWNLOAD_TILES, ["application/vnd.pmtiles"]
        => downloads::download, by(Download);
    get "/qgis/{layer}.qlr" at "/qgis/{file}", "qgisLayer", "Downloads", "A layer file that QGIS opens: the layer from this server, with its title and symbols.", LAYER_FILE, ["application/x-qgis-layer-definition"]
        => qgis::layer_file, on(Query, 1_000);
    get "/documents", "documents", "Documents", "The documents, page by page in order of arrival; as a feed, newest first.", DOCUMENTS, [JSON, ATOM]
        => document_list::all, on(Document, 5_000);
    post "/documents", "addDocument", "Documents", "Keeps a document of any format: text, HTML, PDF, DOCX, ODT, RTF, mail, a chat, JSON, a table, a form with a file, or a line of NDJSON each. Needs the server's token.", NEW_DOCUMENT, [JSON, NDJSON]
        => writes::add, by(Document);
    get "/documents/{documentId}", "document", "Documents", "One document.", TOLD, [JSON]
        => documents::one, on(Document, 5_000);
    delete "/documents/{documentId}", "deleteDocument", "Documents", "Deletes a document with everything that was found in it and its rulings; the reason remains. Reads answer 410 from then on, the same text 409. Needs the server's token.", DELETE_DOCUMENT, [JSON]
        => deletion::delete, by(Document);
    patch "/documents/{documentId}", "correctDocument", "Documents", "Corrects title, publisher, published, source_url or language, or takes the last correction back. The text never changes, nor does the id. With If-Match, 409 if it was corrected since it was read. Needs the server's token.", NONE, [JSON]
        => edits::correct_document, by(Document);
    get "/documents/{documentId}/rulings", "documentRulings", "Documents", "All corrections of a document, oldest first, with those that were taken back.", JSON_ONLY, [JSON]
        => edits::document_history, on(Document, 5_000);
    delete "/documents/{documentId}/rulings", "uncorrectDocument", "Documents", "Takes the last correction in force back. Needs the server's token.", UNDO, [JSON]
        => edits::undo_document, by(Document);
    get "/documents/{documentId}/text", "documentText", "Documents", "Its text, byte for byte.", NONE, [TEXT]
        => documents::text, on(Document, 5_000);
    get "/documents/{documentId}/original", "documentOriginal", "Documents", "What its text was reduced from, as plain text, where that is kept.", NONE, [TEXT]
        => documents::original, on(Document, 5_000);
    get "/documents/{documentId}/mentions", "documentMentions", "Documents", "The mentions of places in it.", TOLD, [JSON]
        => documents::mentions, on(Document, 5_000);
    get "/documents/{documentId}/claims", "documentClaims", "Documents", "The claims, quantities and attributions in it, with their evidence.", TOLD, [JSON]
        => documents::claims, on(Document, 5_000);
    post "/documents/{documentId}/mentions", "addMention", "Documents", "Adds a mention that the machine missed: its span, and a place or a point with its precision. Needs the server's token.", NONE, [JSON]
        => edits::add_mention, by(Document);
    post "/documents/{documentId}/claims", "addClaim", "Documents", "Adds a claim: type, quote, figures, speaker, places, day. Needs the server's token.", NONE, [JSON]
        => edits::add_claim, by(Document);
    get "/claims/{claimId}", "claim", "Documents", "One claim by the id of its document and its own, `<document>-c1`, with its figures, the edit in force and the machine's reading.", TOLD, [JSON]
        => edits::claim, on(Document, 5_000);
    patch "/claims/{claimId}", "changeClaim", "Documents", "Corrects a claim, or takes the last edit back. With If-Match, 409 if it was edited since it was read. Needs the server's token.", NONE, [JSON]
        => edits::change_claim, by(Document);
    delete "/claims/{claimId}", "deleteClaim", "Documents", "Deletes a claim; the machine's reading and the history remain. Needs the server's token.", DELETE_CLAIM, [JSON]
        => edits::change_claim, by(Document);
    get "/claims/{claimId}/rulings", "claimRulings", "Documents", "All edits of a claim, oldest first, with those that were taken back.", JSON_ONLY, [JSON]
        => edits::claim_history, on(Document, 5_000);
    delete "/claims/{claimId}/rulings", "unruleClaim", "Documents", "Takes the last edit in force back. Needs the server's token.", UNDO, [JSON]
        => edits::undo_claim, by(Document);
    get "/documents/{documentId}/annotations", "documentAnnotations", "Documents", "The same as W3C Web Annotations.", TOLD, ["application/ld+json"]
        => documents::annotations, on(Document, 5_000);
    get "/local-names", "localNames", "Documents", "Spellings and places that analysts added to the gazetteer, oldest first. 404 where the operator named no file for them.", JSON_ONLY, [JSON]
        => local_names::all, on(Document, 5_000);
    post "/local-names", "addLocalName", "Documents", "Adds a spelling of a place, or a new place by point and level. Later texts are read with it, stored ones by `mahwar reparse`. Needs the server's token.", NONE, [JSON]
        => local_names::add, by(Document);
    delete "/local-names", "removeLocalName", "Documents", "Removes a spelling that was added; a new place goes with its last name. Needs the server's token.", LOCAL_NAME, [JSON]
        => local_names::remove, by(Document);
    get "/mentions/{mentionId}", "mention", "Documents", "One mention, by the id of its document and its own: `<document>-m1`.", TOLD, [JSON]
        => rulings::mention, on(Document, 5_000);
    patch "/mentions/{mentionId}", "rule", "Documents", "An analyst's ruling on a mention. With If-Match, 409 if somebody ruled on it since it was read. Needs the server's token.", NONE, [JSON]
        => rulings::rule, by(Document);
    get "/mentions/{mentionId}/rulings", "rulings", "Documents", "All rulings on a mention, oldest first, with those that were taken back.", JSON_ONLY, [JSON]
        => rulings::history, on(Document, 5_000);
    delete "/mentions/{mentionId}/rulings", "unrule", "Documents", "Takes the ruling in force back; the one before holds again. Needs the server's token.", UNDO, [JSON]
        => rulings::undo, by(Document);
    get "/histogram", "histogram", "Documents", "How many mentions, documents, claims or killed there are by day, week, month or year.", HISTOGRAM, [JSON]
        => counting::histogram, by(Document);
    get "/facets", "facets", "Documents", "How many documents there are by publisher, language, type of claim, speaker, place or unit.", FACETS_OF, [JSON]
        => counting::facets, by(Document);
    get "/events", "events", "Events", "Events, newest first: claims that appear to be about the same thing, by side and date. As CSV with a row for each account in the columns of ACLED, of UCDP GED, or with HXL hashtags.", EVENTS, [JSON, "text/csv", ATOM]
        => events::all, by(Document);
    get "/events/{eventId}", "event", "Events", "One event with its accounts side by side. The id of each of its claims, `<document>-c1`, names it.", JSON_ONLY, [JSON]
        => events::one, on(Document, 5_000);
    patch "/events/{eventId}", "ruleEvent", "Events", "Joins events, takes claims out of one, or takes the last such decision back. With If-Match, 409 if the event changed since it was read. Needs the server's token.", NONE, [JSON]
        => event_rulings::rule, by(Document);
    get "/events/{eventId}/rulings", "eventRulings", "Events", "All decisions on the claims of an event, oldest first, with those that were taken back.", JSON_ONLY, [JSON]
        => event_rulings::history, on(Document, 5_000);
    delete "/events/{eventId}/rulings", "unruleEvent", "Events", "Takes the last decision in force back. Needs the server's token.", UNDO, [JSON]
        => event_rulings::undo, by(Document);
    get "/events/{eventId}/annotations", "eventAnnotations", "Events", "The words of each account as W3C Web Annotations.", JSON_ONLY, ["application/ld+json"]
        => events::annotations, on(Document, 5_000);
    get "/events/{eventId}/map.png" at "/events/{eventId}/{file}", "eventMap", "Events", "The area of an event on a map, with its accounts beside it; `.webp`, `.svg` and `.pdf` too.", DOCUMENT_MAP, [PNG]
        => static_maps::of_event, by(Map);
    post "/geoparse", "geoparse", "Documents", "Finds places, described positions, quantities, attributions and claims in a text. Nothing is stored.", PARSE, [JSON, GEOJSON]
        => documents::geoparse, by(Geoparse);
    post "/table", "table", "Documents", "A table with places: columns of names are resolved, columns of text are geoparsed, dates recognised. CSV, TSV, XLSX, ODS or Parquet in; the same rows with added columns out. Nothing is stored.", TABLE, ["text/csv", "application/vnd.apache.parquet", JSON]
        => table::read, by(Geoparse);
    get "/search", "search", "Places", "Places by name, as Nominatim answers.", SEARCH, [JSON, GEOJSON, XML]
        => search::search, on(Search, 2_000);
    get "/reverse", "reverse", "Places", "The place at a position, as Nominatim answers.", REVERSE, [JSON, GEOJSON, XML]
        => search::reverse, on(Search, 2_000);
    get "/lookup", "lookup", "Places", "Places by id, as Nominatim answers.", LOOKUP, [JSON, GEOJSON, XML]
        => search::lookup, on(Search, 2_000);
    get "/status", "status", "Places", "The state of the search, as Nominatim answers.", STATUS, [TEXT, JSON]
        => search::status, HERE;
    get "/reconcile", "reconcile", "Reconciliation", "The manifest of the Reconciliation Service API 0.2, or the answer to queries or extend.", RECONCILE, [JSON]
        => reconcile::get, by(Query);
    post "/reconcile", "reconcileForm", "Reconciliation", "The answer to queries or extend, sent as a form.", RECONCILE_FORM, [JSON]
        => reconcile::post, by(Search);
    get "/reconcile/suggest/{kind}", "suggest", "Reconciliation", "Places, types or properties that begin with a text.", SUGGEST, [JSON]
        => reconcile::suggest, on(Search, 2_000);
    get "/reconcile/flyout/{kind}", "flyout", "Reconciliation", "A few words of HTML about a place, type or property.", FLYOUT, [JSON]
        => reconcile::flyout, on(Search, 2_000);
    get "/reconcile/preview", "preview", "Reconciliation", "A small page about a place.", PREVIEW, [HTML]
        => reconcile::preview, on(Search, 2_000);
    get "/reconcile/properties", "proposeProperties", "Reconciliation", "The properties that places of a type have.", PROPOSE, [JSON]
        => reconcile::propose, on(Search, 2_000);
    get "/crosswalk", "crosswalk", "Places", "The codes of each administrative unit in every system that has them: OCHA p-code with its edition, ISO 3166-2, Wikidata, GeoNames, Who's On First.", CROSSWALK, [JSON, "text/csv"]
        => crosswalk::crosswalk, on(Query, 2_000);
    get "/corridor", "corridor", "Corridor", "The corridor's definitions, published figures, claims, and the line of one definition.", CORRIDOR, [JSON]
        => corridor::overview, on(Query, 2_000);
    get "/corridor/definitions", "corridorDefinitions", "Corridor", "The corridor's definitions, published figures and claims.", CORRIDOR_VIEW, [JSON]
        => corridor::definitions, on(Query, 20_001);
    get "/corridor/locate", "corridorLocate", "Corridor", "Where a position is along the corridor.", LOCATE, [JSON]
        => corridor::locate, on(Query, 50);
    get "/corridor/at", "corridorAt", "Corridor", "What is at a chainage.", AT, [GEOJSON]
        => corridor::at, on(Query, 50);
    get "/corridor/profile", "corridorProfile", "Corridor", "Which units the corridor passes, from where to where.", PROFILE, [JSON]
        => corridor::profile, on(Query, 20_001);
    get "/corridor/slice", "corridorSlice", "Corridor", "The corridor between two chainages.", SLICE, [GEOJSON]
        => corridor::slice, on(Query, 5_000);
    get "/corridor/strip", "corridorStrip", "Corridor", "Everything within a distance of the corridor, as a polygon that never meets itself.", STRIP, [GEOJSON]
        => corridor::strip, on(Query, 130_000);
    get "/corridor/posts", "corridorPosts", "Corridor", "Posts along the corridor, with the units beside each.", POSTS, [GEOJSON]
        => corridor::posts, on(Query, 60_000);
    get "/corridor/crossings", "corridorCrossings", "Corridor", "Where rivers cross the corridor; `rivers` lists those that were held against it.", CROSSINGS, [GEOJSON]
        => corridor::crossings, on(Query, 30_000);
    get "/changes", "changes", "Documents", "Changes as server-sent events: ids of documents, mentions, claims and events that changed. Last-Event-ID resumes; `reset` says to read again.", NONE, ["text/event-stream"]
        => changes::stream, by(Document);
    get "/feeds", "feeds", "Documents", "The feeds that this server asks: last success, errors, new, known, revised and refused entries.", JSON_ONLY, [JSON]
        => feeds::all, by(Document);
    post "/feeds", "addFeed", "Documents", "Lists a feed, which is asked from then on. Needs the server's token.", NONE, [JSON]
        => feeds::add, by(Document);
    delete "/feeds", "removeFeed", "Documents", "Takes a feed off the list; its documents stay. Needs the server's token.", REMOVE_FEED, [JSON]
        => feeds::remove, by(Document);
    get "/control/changes", "controlChanges", "Features", "Disputed areas whose holder on one day is another than on a second day, with both and their sources.", CONTROL_CHANGES, [GEOJSON]
        => control::changes, on(Query, 10_000);
    get "/layers", "ownLayers", "Operation", "Layers that the operator brought, with the state and the faults of each.", JSON_ONLY, [JSON]
        => own::layers, on(Query, 1_000);
    get "/healthz", "healthz", "Operation", "Whether the process lives.", JSON_ONLY, [JSON]
        => metrics::healthz, HERE;
    get "/readyz", "readyz", "Operation", "Whether it can answer.", JSON_ONLY, [JSON]
        => metrics::readyz, HERE;
    get "/metrics", "metrics", "Operation", "Counters for Prometheus.", NONE, [TEXT]
        => metrics::metrics, HERE;
}

macro_rules! unlisted {
    ($($method:ident $path:literal => $handler:path, $work:expr;)*) => {
        /// Resources that `/api` does not list: pages, services that describe themselves, and addresses of older Nominatim
        /// servers, which clients still have.
        static UNLISTED: &[Route] = &[$(Route::new($path, $work, || routing::$method($handler)),)*];
    };
}

unlisted! {
    get "/embed" => landing::embed, on(Query, 1_000);
    get "/pages.css" => html::style, HERE;
    get "/logo" => operator::logo, HERE;
    get "/wms" => wms::kvp, HERE;
    get "/wmts" => wmts::kvp, HERE;
    get "/wmts/{layer}/{style}/{set}/{matrix}/{row}/{file}" => wmts::restful, HERE;
    get "/search.php" => search::search, on(Search, 2_000);
    get "/reverse.php" => search::reverse, on(Search, 2_000);
    get "/lookup.php" => search::lookup, on(Search, 2_000);
    get "/status.php" => search::status, HERE;
}
