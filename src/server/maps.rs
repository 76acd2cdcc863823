//! Raster tiles: XYZ, OGC API – Tiles map tiles, TileJSON.

use super::{
    collections::add_convention,
    counting,
    crs::Crs,
    negotiate::Encoding,
    operations as o,
    parameter::{Parameter, Query},
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, carried, is_ruled, layer_of, view_of},
    respond::{self, Answer, media},
    selection::Selection,
    state::{App, Snapshot, View},
    style_compiler,
    styles::theme,
    tile_cache::{KeyRef, ReadyTile, Variant},
    tiles::{matrix_set, send, tile_id, variant_of},
    work::{Budget, WorkKind},
};
use crate::{
    language::Language,
    layers::FeatureRef,
    render::{self, Drawing, FileKind},
    style,
    tiles::{LayerTiles, TileId, TileMatrixSet},
};
use axum::{extract::State, http::Method, response::Response};
use bytes::Bytes;
use rustc_hash::{FxHashMap, FxHasher};
use serde_json::json;
use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Incremented when the renderer would draw the same layers differently: part of every ETag.
const RENDERER: u32 = 1;
/// The greatest zoom of raster tiles.
pub const MAX_TILE_ZOOM: u8 = 19;

/// A raster tile that was asked for.
#[derive(Clone, Debug)]
pub struct RasterTileRequest {
    /// The theme.
    pub style: String,
    /// Tile matrix set.
    pub set: TileMatrixSet,
    /// The tile.
    pub tile: TileId,
    /// Pixels for one: 1 or 2.
    pub ratio: u8,
    /// PNG or WebP.
    pub kind: FileKind,
    /// The only layers to draw, without ground; all that the style shows when absent.
    pub only: Option<Vec<String>>,
}

/// `/maps/{style}/{z}/{x}/{y}.png`, with `@2x` before the ending for twice the pixels, and `.webp`
pub async fn xyz(
    State(app): Shared,
    Segments((style, z, x, file)): Segments<(String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let (y, ratio, kind) = file_of(&file)?;
    let asked = RasterTileRequest {
        style,
        set: TileMatrixSet::WebMercatorQuad,
        tile: tile_id(&z, &x, y)?,
        ratio,
        kind,
        only: None,
    };
    // Viewers add parameters of their own: against caches, for keys.
    let query = ask.known_query(o::MAP_TILE)?;
    answer(&app, &ask, query, asked).await
}

/// Parses `12@2x.png`: the name, the pixel ratio, and the kind of file.
pub fn file_of(file: &str) -> Result<(&str, u8, FileKind), Problem> {
    let parts = file.rsplit_once('.').and_then(|(name, ending)| {
        let kind = FileKind::of_extension(ending).filter(|kind| matches!(kind, FileKind::Png | FileKind::Webp))?;
        Some((name, kind))
    });
    let (name, kind) =
        parts.ok_or_else(|| Problem::not_found("a raster tile's address ends in .png, .webp, @2x.png or @2x.webp"))?;
    Ok(match name.strip_suffix("@2x") {
        Some(name) => (name, 2, kind),
        None => (name, 1, kind),
    })
}

/// `/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`
pub async fn of_dataset(
    State(app): Shared,
    Segments((set, z, row, column)): Segments<(String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    // Viewers add parameters of their own: against caches, for keys.
    let query = ask.known_query(o::DATASET_MAP_TILE)?;
    let only = query
        .list(&p::COLLECTIONS)
        .map(|list| list.map(str::to_owned).collect());
    let asked = ogc(&app, &query, [&set, &z, &row, &column], only)?;
    answer(&app, &ask, query, asked).await
}

/// `/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}`
pub async fn of_collection(
    State(app): Shared,
    Segments((id, set, z, row, column)): Segments<(String, String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    // Viewers add parameters of their own: against caches, for keys.
    let query = ask.known_query(o::COLLECTION_MAP_TILE)?;
    let asked = ogc(&app, &query, [&set, &z, &row, &column], Some(vec![id]))?;
    answer(&app, &ask, query, asked).await
}

fn ogc(
    app: &App,
    query: &Query<'_>,
    [set, z, row, column]: [&str; 4],
    only: Option<Vec<String>>,
) -> Result<RasterTileRequest, Problem> {
    let kind = match query.text(&p::F_MAP) {
        Some("webp") => FileKind::Webp,
        _ => FileKind::Png,
    };
    let style = query
        .text(&p::STYLE_ID)
        .unwrap_or(&app.about.palettes.themes[0].id)
        .to_owned();
    Ok(RasterTileRequest {
        style,
        set: matrix_set(set)?,
        tile: tile_id(z, column, row)?,
        ratio: 1,
        kind,
        only,
    })
}

/// The tile, ready or drawn now.
pub async fn answer(
    app: &Arc<App>,
    ask: &RequestContext,
    query: Query<'_>,
    asked: RasterTileRequest,
) -> Result<Response, Problem> {
    let language = ask.language(&query);
    let snapshot = Arc::clone(&app.snapshot());
    let view = view_of(&snapshot, &query)?;
    theme(app, &asked.style)?;
    check(&asked)?;
    for id in asked.only.iter().flatten() {
        layer_of(view, id).map_err(|problem| match query.text(&p::COLLECTIONS) {
            Some(_) => problem.of_parameter(p::COLLECTIONS.name),
            None => problem,
        })?;
    }
    let tile = Tile {
        address: ask
            .uri
            .path_and_query()
            .map_or("", |address| address.as_str())
            .to_owned(),
        variant: variant_of(&ask.headers),
        fingerprint: fingerprint(&asked, language, &query, view),
        epoch: app.epoch(),
        filtered: selects(&query),
        query: query.into_owned(),
        asked,
        language,
        snapshot: Arc::clone(&snapshot),
    };
    if !tile.filtered
        && let Some(ready) = tile.cached(app)
    {
        return Ok(send(&ready, &ask.headers));
    }
    if ask.method == Method::HEAD && !tile.filtered {
        return Ok(respond::head(media_of(tile.asked.kind)));
    }
    let filter = if tile.filtered { FILTER_COST } else { 0 };
    let cost = TILE_COST * u64::from(tile.asked.ratio).pow(2) + filter;
    let state = Arc::clone(app);
    let draw = move |budget: &Budget| tile.draw(&state, budget);
    let ready = app.work.run(WorkKind::Picture.costing(cost), draw).await?;
    Ok(send(&ready, &ask.headers))
}

/// Cost estimate of a tile of 256 pixels, in microseconds.
const TILE_COST: u64 = 8_000;
/// Extra cost of a filter: it is parsed for each layer, and tested for each feature.
const FILTER_COST: u64 = 22_000;

/// A raster tile to be drawn.
struct Tile {
    query: Query<'static>,
    asked: RasterTileRequest,
    language: Language,
    snapshot: Arc<Snapshot>,
    /// The key of the cache: address and variant.
    address: String,
    variant: Variant,
    fingerprint: u64,
    epoch: u64,
    /// True if the query selects features, which takes work to read.
    filtered: bool,
}

impl Tile {
    fn key(&self) -> KeyRef<'_> {
        KeyRef(&self.address, self.variant)
    }

    fn cached(&self, app: &App) -> Option<Arc<ReadyTile>> {
        app.cache.renewed(self.key(), self.fingerprint, self.epoch)
    }

    fn draw(&self, app: &App, budget: &Budget) -> Result<Arc<ReadyTile>, Problem> {
        let view = view_of(&self.snapshot, &self.query)?;
        let selections = selections(&self.query, view, self.language, self.asked.only.as_deref())?;
        if let Some(ready) = self.cached(app) {
            return Ok(ready);
        }
        app.metrics.tile_made();
        let asked = &self.asked;
        let theme = theme(app, &asked.style)?;
        let mut drawing = drawing_of(app, view, theme, self.language, asked.only.as_deref())?;
        if self.query.text(&p::DATETIME).is_some() {
            Arc::make_mut(&mut drawing).of_a_date();
        }
        let keep =
            |tiles: &LayerTiles, feature: FeatureRef<'_>| !budget.is_spent() && passes(&selections, tiles, feature);
        let deadline = style_compiler::deadline(budget);
        let layers = super::own::filled(
            app,
            view.layers(),
            super::own::around_tile(asked.set, asked.tile),
            |id| drawing.shows(id),
        )?;
        let layers = counted(app, &self.snapshot, view, layers, &selections, is_ruled(&self.query))?;
        let picture = render::Picture {
            drawing: &drawing,
            figures: style::figures(&app.about.palettes, theme),
            layers: &layers,
            language: self.language,
            keep: &keep,
            deadline: deadline.clone(),
        };
        let shown = render::View::of_tile(asked.set, asked.tile);
        let scene = render::paint(picture, &shown, None).map_err(style_compiler::problem)?;
        budget.check()?;
        let pixels = render::pixels(&scene, f32::from(asked.ratio), &deadline).map_err(style_compiler::problem)?;
        let file = match asked.kind {
            FileKind::Webp => render::encode_webp(&pixels),
            _ => render::encode_png(&pixels, false),
        };
        let ready = Arc::new(ReadyTile::of_media(
            media_of(asked.kind),
            Bytes::from(file.map_err(style_compiler::problem)?),
            Encoding::Identity,
            self.fingerprint,
            self.epoch,
        ));
        // Rows of a table may be others at the next request.
        if !view
            .layers()
            .iter()
            .any(|tiles| super::own::is_live(tiles.layer()) && drawing.shows(&tiles.layer().id))
        {
            app.cache.put(self.key(), Arc::clone(&ready));
        }
        Ok(ready)
    }
}

/// The style for a view, with only some layers where they are named.
pub fn drawing_of(
    app: &App,
    view: &View,
    theme: &style::Theme,
    language: Language,
    only: Option<&[String]>,
) -> Result<Arc<Drawing>, Problem> {
    let drawing = app.painter.style(app, view, theme, language)?;
    let Some(only) = only else { return Ok(drawing) };
    let mut drawing = Drawing::clone(&drawing);
    drawing.show_only(|layer| only.iter().any(|id| id == layer));
    drawing.without_ground();
    Ok(Arc::new(drawing))
}

fn check(asked: &RasterTileRequest) -> Result<(), Problem> {
    let RasterTileRequest { set, tile, .. } = asked;
    if tile.z > MAX_TILE_ZOOM {
        return Err(Problem::parameter(
            "z",
            format!(
                "there are no raster tiles at zoom {}; there are from 0 to {MAX_TILE_ZOOM}",
                tile.z
            ),
        ));
    }
    if !set.contains(*tile) {
        let [columns, rows] = set.size(tile.z);
        return Err(Problem::bad_request(format!(
            "tile {}/{}/{} cannot be: at zoom {} there are {columns} columns and {rows} rows",
            tile.z, tile.x, tile.y, tile.z
        )));
    }
    Ok(())
}

/// Selections by layer, for the layers that the query is about.
pub type Selections = FxHashMap<String, Selection>;

/// True if the query selects features.
pub fn selects(query: &Query<'_>) -> bool {
    let selecting: [&Parameter; 4] = [&p::DATETIME, &p::FILTER, &p::FILTER_CRS, &p::MIN_CONFIDENCE];
    selecting.iter().any(|parameter| query.text(parameter).is_some())
}

/// The selections that ask for something. A filter that fits none of the layers is refused: of those that are asked for, or
/// of all.
pub fn selections(
    query: &Query<'_>,
    view: &View,
    language: Language,
    only: Option<&[String]>,
) -> Result<Selections, Problem> {
    let mut all = Selections::default();
    if !selects(query) {
        return Ok(all);
    }
    let mut refusal = None;
    let mut fits = false;
    let is_asked = |tiles: &&Arc<LayerTiles>| only.is_none_or(|ids| ids.contains(&tiles.layer().id));
    for tiles in view.layers().iter().filter(is_asked) {
        let layer = tiles.layer();
        match Selection::read(query, layer, &Crs::offered(layer.bounds()), language) {
            Ok(selection) => {
                fits = true;
                all.insert(layer.id.clone(), selection);
            }
            // The ground stays under a filter that speaks of other layers' properties.
            Err(problem) if problem.parameter.as_deref() == Some(p::FILTER.name) => refusal = Some(problem),
            Err(problem) => return Err(problem.into()),
        }
    }
    match refusal {
        Some(problem) if !fits => Err(problem.into()),
        _ => Ok(all),
    }
}

/// The layers of a picture: those that are sums have the sums of the period, type of claim and speaker of the request.
///
/// # Errors
/// If the store does not answer.
pub fn counted<'l>(
    app: &App,
    snapshot: &Snapshot,
    view: &View,
    layers: Cow<'l, [Arc<LayerTiles>]>,
    selections: &Selections,
    ruled: bool,
) -> Result<Cow<'l, [Arc<LayerTiles>]>, Problem> {
    let mut layers = layers;
    for at in 0..layers.len() {
        let Some(selection) = selections.get(&layers[at].layer().id) else {
            continue;
        };
        let made = counting::layer_for(app, snapshot, &view.worldview.id, &layers[at], selection, ruled)?;
        if !Arc::ptr_eq(&made, &layers[at]) {
            layers.to_mut()[at] = made;
        }
    }
    Ok(layers)
}

/// True if a feature is drawn. A filter applies to the layers that have its properties; the others are drawn in full.
pub fn passes(selections: &Selections, tiles: &LayerTiles, feature: FeatureRef<'_>) -> bool {
    let selection = selections.get(&tiles.layer().id);
    selection.is_none_or(|selection| selection.passes(feature))
}

fn fingerprint(asked: &RasterTileRequest, language: Language, query: &Query<'_>, view: &View) -> u64 {
    let mut hasher = FxHasher::default();
    (RENDERER, &asked.style, asked.set, asked.tile, asked.ratio, asked.kind).hash(&mut hasher);
    (language, &asked.only).hash(&mut hasher);
    let selecting: [&Parameter; 6] = [
        &p::DATETIME,
        &p::TIME_OF,
        &p::FILTER,
        &p::FILTER_LANG,
        &p::FILTER_CRS,
        &p::MIN_CONFIDENCE,
    ];
    for parameter in selecting {
        query.text(parameter).hash(&mut hasher);
    }
    for tiles in view.layers() {
        tiles.layer().revision.hash(&mut hasher);
    }
    hasher.finish()
}

/// The media type of a kind of file.
pub fn media_of(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Png => media::PNG,
        FileKind::Webp => "image/webp",
        FileKind::Svg => "image/svg+xml",
        FileKind::Pdf => "application/pdf",
    }
}

/// `/maps/{style}.json`: TileJSON of the raster tiles
pub fn tilejson(app: &App, ask: &RequestContext, style: &str) -> Result<Response, Problem> {
    let query = ask.query(o::STYLE)?;
    let theme = theme(app, style)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let language = ask.language(&query);
    let base = ask.base(&app.settings);
    let bounds = view.bounds().map_or([-180.0, -85.0, 180.0, 85.0], |bounds| bounds.0);
    let [west, south, east, north] = bounds;
    let suffix = carried(&query);
    let mut value = json!({
        "tilejson": "3.0.0",
        "name": format!("{} · {}", app.about.title.best(language), theme.title.best(language)),
        "attribution": format!("{} · {}", app.about.attribution, app.about.disclaimer.best(language)),
        "version": env!("CARGO_PKG_VERSION"),
        "scheme": "xyz", "format": "png", "tileSize": 256,
        "tiles": [format!("{base}/maps/{style}/{{z}}/{{x}}/{{y}}.png{suffix}")],
        // TileJSON 3.0 has it of every tileset; pictures have no layers.
        "vector_layers": [],
        "minzoom": 0, "maxzoom": MAX_TILE_ZOOM,
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2.0, (south + north) / 2.0, 6],
    });
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json(&value).send(&ask.headers))
}

/// A bounding box of an address: four numbers in degrees, with an area, not across the antimeridian.
pub fn box_of(text: &str) -> Result<[f64; 4], Problem> {
    let wrong = |what: &str| {
        Problem::parameter(
            p::BBOX.name,
            format!(
                "bbox of {:?} {what}; it takes west,south,east,north in degrees, -180 to 180 and -85 to 85",
                echo(text)
            ),
        )
    };
    let numbers: Vec<f64> = text
        .split(',')
        .map(str::trim)
        .filter(|number| super::parameter::is_plain_number(number))
        .filter_map(|number| number.parse().ok())
        .collect();
    let parts: [f64; 4] = numbers.try_into().map_err(|_| wrong("is no box"))?;
    let [west, south, east, north] = parts;
    if text.split(',').count() != 4 || parts.iter().any(|number| !number.is_finite()) {
        return Err(wrong("is no box"));
    }
    if !(-180.0..=180.0).contains(&west) || !(-180.0..=180.0).contains(&east) || south < -85.06 || north > 85.06 {
        return Err(wrong("reaches beyond the map"));
    }
    if west >= east || south >= north {
        return Err(wrong("has no area"));
    }
    Ok(parts)
}
