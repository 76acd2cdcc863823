//! Vector tiles over HTTP: XYZ and OGC API – Tiles addresses, TileJSON.

use super::{
    archive,
    collections::add_convention,
    conditions::{self, Condition},
    counting,
    crs::Crs,
    maps,
    negotiate::{self, Encoding},
    operations as o, own,
    parameter::{Parameter, Query},
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, carried, is_ruled, layer_of, view_of},
    respond::{self, Answer},
    selection::Selection,
    state::{App, Snapshot, View},
    tile_cache::{KeyRef, ReadyTile, Variant},
    tilesets,
    work::{self, WorkKind},
};
use crate::{
    language::Language,
    layers::{Bounds, GeometryKind, sentences_once},
    tiles::{LayerTiles, MAX_ZOOM, Scratch, TileFormat, TileId, TileMatrixSet, TileOptions, to_mlt},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use rustc_hash::FxHasher;
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Incremented when the encoder would write the same layers differently: part of every ETag.
const ENCODER: u32 = 3;
/// The bytes that a tile may have before it is compressed. Points beyond them are left out and counted.
const BUDGET: usize = 500_000;

/// `/xyz/{layers}/{z}/{x}/{y}.mvt`
pub async fn xyz(
    State(app): Shared,
    Segments((layers, z, x, y)): Segments<(String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    if let Some(archive) = own::archive_of(&app, &layers) {
        return own::tile(&app, archive, [&z, &x, &y], ask).await;
    }
    let named = [
        (".mvt", TileFormat::Mvt),
        (".pbf", TileFormat::Mvt),
        (".mlt", TileFormat::Mlt),
    ];
    let named = named
        .iter()
        .find_map(|(ending, format)| Some((y.strip_suffix(ending)?, *format)));
    let (y, format) = named.ok_or_else(|| Problem::not_found("a tile's address ends in .mvt or .mlt"))?;
    let query = ask.query(o::TILE)?;
    let tile = tile_id(&z, &x, y)?;
    let request = TileRequest {
        query: query.into_owned(),
        format,
        ask,
        set: TileMatrixSet::WebMercatorQuad,
        tile,
        path: Some(layers),
    };
    answer(&app, request).await
}

/// `/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`
pub async fn of_collection(
    State(app): Shared,
    Segments((id, set, z, row, column)): Segments<(String, String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let query = ask.query(o::COLLECTION_TILE)?;
    let set = matrix_set(&set)?;
    let tile = tile_id(&z, &column, &row)?;
    if id.contains(',') {
        return Err(Problem::not_found(format!("there is no layer {:?}", echo(&id))));
    }
    within_limits(&app, &query, set, tile, LayerNames::Path(&id))?;
    let format = format_of(&query, &ask.headers);
    let request = TileRequest {
        query: query.into_owned(),
        format,
        ask,
        set,
        tile,
        path: Some(id),
    };
    answer(&app, request).await
}

/// `/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`
pub async fn of_dataset(
    State(app): Shared,
    Segments((set, z, row, column)): Segments<(String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let query = ask.query(o::DATASET_TILE)?;
    let set = matrix_set(&set)?;
    let tile = tile_id(&z, &column, &row)?;
    within_limits(&app, &query, set, tile, LayerNames::Query(query.text(&p::COLLECTIONS)))?;
    let format = format_of(&query, &ask.headers);
    let request = TileRequest {
        query: query.into_owned(),
        format,
        ask,
        set,
        tile,
        path: None,
    };
    answer(&app, request).await
}

/// Refuses a tile that is in its matrix but outside the limits that its tileset lists (OGC 20-057, 7.1.6): a client
/// of that standard knows them. Addresses of XYZ have no limits; a tile without features is 204 there.
fn within_limits(
    app: &App,
    query: &Query<'_>,
    set: TileMatrixSet,
    tile: TileId,
    named: LayerNames<'_>,
) -> Result<(), Problem> {
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, query)?;
    let layers = layers_named(view, named)?;
    let limits = tilesets::limits_of(&layers).filter(|_| set.contains(tile));
    match limits {
        Some(bounds) if !tilesets::is_within_limits(set, tile, bounds) => Err(Problem::not_found(format!(
            "tile {}/{}/{} is outside the tileMatrixSetLimits of the tileset",
            tile.z, tile.y, tile.x
        ))),
        _ => Ok(()),
    }
}

/// The tile matrix set with this id.
pub fn matrix_set(id: &str) -> Result<TileMatrixSet, Problem> {
    TileMatrixSet::from_id(id).ok_or_else(|| {
        let known: Vec<&str> = TileMatrixSet::ALL.iter().map(|set| set.id()).collect();
        Problem::not_found(format!(
            "there is no tile matrix set {:?}; there are {}",
            echo(id),
            known.join(", ")
        ))
    })
}

/// The tile that an address names.
pub fn tile_id(z: &str, x: &str, y: &str) -> Result<TileId, Problem> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    match (number(z), number(x), number(y)) {
        (Some(z), Some(x), Some(y)) => Ok(TileId {
            z: z.min(255) as u8,
            x,
            y,
        }),
        _ => Err(Problem::bad_request(format!(
            "{}/{}/{} is no tile: zoom, column and row are whole numbers",
            echo(z),
            echo(x),
            echo(y)
        ))),
    }
}

/// Part of a request with the names of layers, with commas between.
#[derive(Clone, Copy, Debug)]
pub enum LayerNames<'q> {
    /// In its path: a resource that may not be there.
    Path(&'q str),
    /// In its query: a parameter that may be wrong; all layers when absent.
    Query(Option<&'q str>),
}

/// The layers that are named, each once; all that have a geometry when none is.
fn layers_named<'v>(view: &'v View, named: LayerNames<'_>) -> Result<Vec<&'v Arc<LayerTiles>>, Problem> {
    match named {
        LayerNames::Path(list) => layers_listed(view, list),
        LayerNames::Query(Some(list)) => {
            layers_listed(view, list).map_err(|problem| problem.of_parameter(p::COLLECTIONS.name))
        }
        LayerNames::Query(None) => Ok(view.layers().iter().filter(is_drawn).collect()),
    }
}

fn is_drawn(tiles: &&Arc<LayerTiles>) -> bool {
    tiles.layer().geometry != GeometryKind::None
}

fn layers_listed<'v>(view: &'v View, list: &str) -> Result<Vec<&'v Arc<LayerTiles>>, Problem> {
    let mut listed: Vec<&Arc<LayerTiles>> = Vec::new();
    for id in list.split(',').map(str::trim) {
        let tiles = layer_of(view, id)?;
        if !is_drawn(&tiles) {
            return Err(Problem::not_found(format!(
                "layer {} has no geometry and so no tiles",
                echo(id)
            )));
        }
        // A repeated id adds nothing, and no work.
        if !listed.iter().any(|other| Arc::ptr_eq(other, tiles)) {
            listed.push(tiles);
        }
    }
    Ok(listed)
}

/// The least and the greatest zoom of some layers.
fn zooms(layers: &[&Arc<LayerTiles>]) -> [u8; 2] {
    let zooms = layers.iter().map(|tiles| tiles.layer().zooms);
    zooms
        .reduce(|all, one| [all[0].min(one[0]), all[1].max(one[1])])
        .unwrap_or([0, MAX_ZOOM])
}

/// A vector tile that is asked for.
struct TileRequest {
    ask: RequestContext,
    query: Query<'static>,
    set: TileMatrixSet,
    tile: TileId,
    /// The layers that are named in the path.
    path: Option<String>,
    format: TileFormat,
}

/// The format that `f` names, or else the one that `Accept` likes best; MVT where it likes none.
fn format_of(query: &Query<'_>, headers: &HeaderMap) -> TileFormat {
    let named = query.text(&p::F_TILE).and_then(TileFormat::named);
    named.unwrap_or_else(|| negotiate::tile_format(headers))
}

async fn answer(app: &Arc<App>, request: TileRequest) -> Result<Response, Problem> {
    let epoch = app.epoch();
    let snapshot = Arc::clone(&app.snapshot());
    let filtered = maps::selects(&request.query);
    if !filtered {
        // A tile whose layers did not change since it was made needs no work.
        let found = request.layers(&snapshot)?;
        let is_live = found.iter().any(|tiles| own::is_live(tiles.layer()));
        let language = request.ask.language(&request.query);
        let variant = variant_of(&request.ask.headers);
        let fingerprint = request.fingerprint(language, &found);
        let key = KeyRef(request.address(), variant);
        if let Some(ready) = app.cache.renewed(key, fingerprint, epoch).filter(|_| !is_live) {
            return Ok(send(&ready, &request.ask.headers));
        }
    }
    let cost = if filtered { FILTERED_COST } else { COST };
    let cost = match request.format {
        TileFormat::Mvt => cost,
        TileFormat::Mlt => cost + MLT_COST,
    };
    let task = WorkKind::Tile.costing(cost);
    archive::blocking(app, task, move |app| request.answer(app, &snapshot, epoch)).await
}

/// Cost estimate of a tile, in microseconds.
const COST: u64 = 1_000;
/// Cost estimate of writing a tile as MLT, in microseconds.
const MLT_COST: u64 = 10_000;
/// Cost estimate of a tile with a filter, which is read for each layer.
const FILTERED_COST: u64 = 5_000;

impl TileRequest {
    fn address(&self) -> &str {
        self.ask.uri.path_and_query().map_or("", |address| address.as_str())
    }

    /// The layers, if the tile exists in their zooms.
    fn layers<'s>(&self, snapshot: &'s Snapshot) -> Result<Vec<&'s Arc<LayerTiles>>, Problem> {
        let (set, tile) = (self.set, self.tile);
        let view = view_of(snapshot, &self.query)?;
        let named = match &self.path {
            Some(list) => LayerNames::Path(list),
            None => LayerNames::Query(self.query.text(&p::COLLECTIONS)),
        };
        let layers = layers_named(view, named)?;
        let [least, greatest] = zooms(&layers);
        if !(least..=greatest).contains(&tile.z) {
            return Err(Problem::not_found(format!(
                "there are no tiles at zoom {}; there are from {least} to {greatest}",
                tile.z
            )));
        }
        if !set.contains(tile) {
            let [columns, rows] = set.size(tile.z);
            return Err(Problem::bad_request(format!(
                "tile {}/{}/{} cannot be: at zoom {} there are {columns} columns and {rows} rows",
                tile.z, tile.x, tile.y, tile.z
            )));
        }
        Ok(layers)
    }

    fn answer(&self, app: &App, snapshot: &Snapshot, epoch: u64) -> Result<Response, Problem> {
        let query = &self.query;
        let layers = self.layers(snapshot)?;
        let language = self.ask.language(query);
        let (layers, selections) = selected(query, layers, language)?;
        if layers.iter().any(|tiles| own::is_live(tiles.layer())) {
            return self.live(app, &layers, &selections, language);
        }
        let view = view_of(snapshot, query)?;
        let counted = layers.iter().zip(&selections).map(|(tiles, selection)| {
            counting::layer_for(app, snapshot, &view.worldview.id, tiles, selection, is_ruled(query))
        });
        let counted = counted.collect::<Result<Vec<_>, Problem>>()?;
        let layers: Vec<&Arc<LayerTiles>> = counted.iter().collect();
        let variant = variant_of(&self.ask.headers);
        let fingerprint = self.fingerprint(language, &layers);
        let key = KeyRef(self.address(), variant);
        if let Some(ready) = app.cache.renewed(key, fingerprint, epoch) {
            return Ok(send(&ready, &self.ask.headers));
        }
        app.metrics.tile_made();
        let body = self.make(language, &layers, &selections, variant.encoding)?;
        let ready = Arc::new(ReadyTile::new(self.format, body, variant.encoding, fingerprint, epoch));
        app.cache.put(key, Arc::clone(&ready));
        Ok(send(&ready, &self.ask.headers))
    }
}

impl TileRequest {
    /// A tile with rows of a table, which may be others at the next request: it is not kept.
    fn live(
        &self,
        app: &App,
        layers: &[&Arc<LayerTiles>],
        selections: &[Selection],
        language: Language,
    ) -> Result<Response, Problem> {
        app.metrics.tile_made();
        let layers: Vec<Arc<LayerTiles>> = layers.iter().map(|tiles| Arc::clone(tiles)).collect();
        let filled = own::filled(app, &layers, own::around_tile(self.set, self.tile), |_| true)?;
        let filled: Vec<&Arc<LayerTiles>> = filled.iter().collect();
        let encoding = variant_of(&self.ask.headers).encoding;
        let body = self.make(language, &filled, selections, encoding)?;
        let tag = respond::hash(&body) ^ respond::hash(self.address().as_bytes());
        let mut ready = ReadyTile::new(self.format, body, encoding, tag, 0);
        for headers in [&mut ready.headers, &mut ready.unchanged] {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        Ok(send(&ready, &self.ask.headers))
    }
}

/// The layers that the query fits, each with its selection. Of several layers, one without a property that the filter
/// names has no value for it, so nothing of it passes: it is left out. A filter that fits none is refused.
fn selected<'v>(
    query: &Query<'_>,
    layers: Vec<&'v Arc<LayerTiles>>,
    language: Language,
) -> Result<(Vec<&'v Arc<LayerTiles>>, Vec<Selection>), Problem> {
    let mut kept = Vec::with_capacity(layers.len());
    let mut selections = Vec::with_capacity(layers.len());
    let mut refusal = None;
    for tiles in layers {
        let offered = Crs::offered(tiles.layer().bounds());
        match Selection::read(query, tiles.layer(), &offered, language) {
            Ok(selection) => {
                kept.push(tiles);
                selections.push(selection);
            }
            Err(problem) if problem.parameter.as_deref() == Some(p::FILTER.name) => refusal = Some(problem),
            Err(problem) => return Err(problem.into()),
        }
    }
    match refusal {
        Some(problem) if kept.is_empty() => Err(problem.into()),
        _ => Ok((kept, selections)),
    }
}

/// The parts of a request's headers that choose a tile's bytes.
pub fn variant_of(headers: &HeaderMap) -> Variant {
    Variant {
        encoding: Encoding::accepted(headers),
        language: negotiate::accepted_language(headers),
        format: negotiate::tile_format(headers),
    }
}

impl TileRequest {
    fn fingerprint(&self, language: Language, layers: &[&Arc<LayerTiles>]) -> u64 {
        let mut hasher = FxHasher::default();
        (ENCODER, self.set, self.tile, language, self.format).hash(&mut hasher);
        let selecting: [&Parameter; 5] = [&p::DATETIME, &p::TIME_OF, &p::FILTER, &p::FILTER_LANG, &p::FILTER_CRS];
        for parameter in selecting {
            self.query.text(parameter).hash(&mut hasher);
        }
        for tiles in layers {
            tiles.layer().revision.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Encodes and compresses.
    fn make(
        &self,
        language: Language,
        layers: &[&Arc<LayerTiles>],
        selections: &[Selection],
        encoding: Encoding,
    ) -> Result<Bytes, Problem> {
        let budget = work::budget();
        thread_local! {
            static ROOM: RefCell<(Scratch, Vec<u8>)> = RefCell::default();
        }
        ROOM.with_borrow_mut(|(scratch, out)| {
            out.clear();
            for (tiles, selection) in layers.iter().zip(selections) {
                budget.check()?;
                let keep = |feature: crate::layers::FeatureRef<'_>| !budget.is_spent() && selection.passes(feature);
                let keep: Option<&dyn Fn(crate::layers::FeatureRef<'_>) -> bool> =
                    if selection.is_everything() { None } else { Some(&keep) };
                let options = TileOptions {
                    language,
                    keep,
                    last: false,
                };
                tiles.encode_within(self.set, self.tile, options, BUDGET, scratch, out);
            }
            budget.check()?;
            if out.is_empty() {
                return Ok(Bytes::new());
            }
            match self.format {
                TileFormat::Mvt => Ok(respond::compress_kept(out, encoding)),
                TileFormat::Mlt => {
                    let mlt = to_mlt(out).map_err(Problem::internal)?;
                    Ok(respond::compress_kept(&mlt, encoding))
                }
            }
        })
    }
}

/// A ready tile as a response: 304 when the client has it, 412 when it expects another, 204 when nothing is in it.
pub fn send(ready: &ReadyTile, request: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    match conditions::check(request, ready.etag.as_bytes()) {
        Condition::Holds => {}
        Condition::NotModified => {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = ready.unchanged.clone();
            return response;
        }
        Condition::Failed => return Problem::precondition_failed().into_response(),
    }
    *response.headers_mut() = ready.headers.clone();
    if ready.body.is_empty() {
        *response.status_mut() = StatusCode::NO_CONTENT;
    } else {
        *response.body_mut() = Body::from(ready.body.clone());
    }
    response
}

/// `/xyz/{layers}.json`
pub async fn tilejson(
    State(app): Shared,
    Segments(file): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let list = file
        .strip_suffix(".json")
        .ok_or_else(|| Problem::not_found("a TileJSON's address ends in .json"))?;
    if let Some(archive) = own::archive_of(&app, list) {
        return own::tilejson(&app, &archive, &ask);
    }
    let query = ask.query(o::ENCODED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layers = layers_named(view, LayerNames::Path(list))?;
    let language = ask.language(&query);
    let mut value = tilejson_of(
        &app,
        view,
        &layers,
        &ask.base(&app.settings),
        &carried(&query),
        language,
    );
    if let Some(format) = query.text(&p::TILE_ENCODING).and_then(TileFormat::named) {
        if let Some(Value::String(address)) = value["tiles"].get_mut(0) {
            *address = address.replacen("/{y}.mvt", &format!("/{{y}}.{}", format.word()), 1);
        }
        value["encoding"] = format.word().into();
    }
    Ok(Answer::json(&value).send(&ask.headers))
}

fn tilejson_of(
    app: &App,
    view: &View,
    layers: &[&Arc<LayerTiles>],
    base: &str,
    suffix: &str,
    language: Language,
) -> Value {
    let ids: Vec<&str> = layers.iter().map(|tiles| tiles.layer().id.as_str()).collect();
    let titles: Vec<&str> = layers.iter().map(|tiles| tiles.layer().title.best(language)).collect();
    let attribution = sentences_once(layers.iter().map(|tiles| tiles.layer().attribution.as_str()));
    let [least, greatest] = zooms(layers);
    let bounds = layers
        .iter()
        .filter_map(|tiles| tiles.layer().bounds())
        .reduce(Bounds::union);
    let Bounds([west, south, east, north]) = bounds.unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0]));
    let mut value = json!({
        "tilejson": "3.0.0",
        "name": titles.join(", "),
        "description": app.about.description.best(language),
        "attribution": attribution,
        "version": env!("CARGO_PKG_VERSION"),
        "scheme": "xyz",
        "tiles": [format!("{base}/xyz/{}/{{z}}/{{x}}/{{y}}.mvt{suffix}", ids.join(","))],
        "minzoom": least,
        "maxzoom": greatest,
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2.0, (south + north) / 2.0, least],
        "vector_layers": layers.iter().flat_map(|tiles| tiles.vector_layers(language)).collect::<Vec<_>>(),
    });
    add_convention(&mut value, view, &app.about, language);
    value
}

/// The layers and their common zooms, for tilesets.
pub fn tileset_layers<'v>(
    view: &'v View,
    named: LayerNames<'_>,
) -> Result<(Vec<&'v Arc<LayerTiles>>, [u8; 2]), Problem> {
    let layers = layers_named(view, named)?;
    let zooms = zooms(&layers);
    Ok((layers, zooms))
}
