//! Own layers of the operator: their state, tiles of archives, and layers whose rows are in a table of a database.

use super::{
    archive::blocking,
    links::{escaped, link},
    negotiate::Encoding,
    operations as o,
    problem::Problem,
    request_context::{RequestContext, Shared},
    respond::{Answer, media},
    services::{Cursor, DocumentService, FeaturePage, FeatureQuery},
    state::App,
    tile_cache::{KeyRef, ReadyTile},
    tiles::{send, tile_id, variant_of},
    work::WorkKind,
};
use crate::{
    layers::{Bounds, Feature, Layer},
    render::Place,
    sources::{Archive, Content, LiveTable, TableQuery},
    style::{BASE, BaseMap, Schema, TileArchive},
    tiles::{LayerTiles, TileId, TileMatrixSet},
};
use axum::{extract::State, http::header, response::Response};
use bytes::Bytes;
use serde_json::{Value, json};
use std::{borrow::Cow, io::Read, sync::Arc};

/// Features of a table that one tile or picture has at most.
const MAX_FEATURES: usize = 10_000;
/// Rows of a table that are read at once.
const PAGE: usize = 2_000;
/// Cost estimate of a tile of an archive, in microseconds.
const ARCHIVE_COST: u64 = 500;
/// The longest tile of an archive that is unpacked for a client that takes no gzip, in bytes.
const MAX_UNPACKED: u64 = 64 << 20;

/// Source of a layer's features that are not in memory.
pub enum Behind<'a> {
    /// In the store.
    Store(&'a dyn DocumentService),
    /// In a table of a database.
    Table(Arc<LiveTable>),
}

impl Behind<'_> {
    /// The next features of the layer.
    pub fn stretch(
        &self,
        layer: &str,
        ruled: bool,
        wanted: &FeatureQuery,
        after: Cursor,
    ) -> Result<FeaturePage, Problem> {
        match self {
            Self::Store(store) => Ok(store.stretch(layer, ruled, wanted, after)?),
            Self::Table(table) => {
                let limit = PAGE
                    .min(wanted.rows.max(1))
                    .min(wanted.skip.saturating_add(wanted.most).max(1));
                let page = table.page(TableQuery {
                    bbox: wanted.bbox,
                    after: (after != (0, 0)).then_some(after.0),
                    limit,
                })?;
                let mut features = page.features;
                let skipped = wanted.skip.min(features.len());
                features.drain(..skipped);
                features.truncate(wanted.most);
                Ok(FeaturePage {
                    features,
                    skipped,
                    next: page.next.map(|key| (key, 1)),
                })
            }
        }
    }

    /// Some features as a layer.
    pub fn layer(&self, layer: &str, features: &mut dyn Iterator<Item = Feature>) -> Option<Layer> {
        match self {
            Self::Store(store) => store.layer(layer, features),
            Self::Table(table) => Some(table.layer(features)),
        }
    }

    /// Changes with each change that shows; a table is read for each request.
    pub fn version(&self) -> u64 {
        match self {
            Self::Store(store) => store.version() as u64,
            Self::Table(_) => moment(),
        }
    }

    /// The feature with an id, in a table.
    pub fn one(&self, id: &str) -> Option<Result<Vec<Feature>, Problem>> {
        match self {
            Self::Store(_) => None,
            Self::Table(table) => Some(
                table
                    .one(id)
                    .map(|found| found.into_iter().collect())
                    .map_err(Problem::from),
            ),
        }
    }
}

/// A number that no two requests have.
fn moment() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = jiff::Timestamp::now().as_nanosecond() as u64;
    now ^ COUNT.fetch_add(1, Ordering::Relaxed).rotate_left(48)
}

/// The table with the rows of an own layer, if they are not in memory.
pub fn table_of(app: &App, layer: &Layer) -> Option<Arc<LiveTable>> {
    if !is_live(layer) {
        return None;
    }
    match app.own()?.get(&layer.id) {
        Some(Content::Table(table)) => Some(table),
        _ => None,
    }
}

/// True for a layer whose rows are read for each request.
pub fn is_live(layer: &Layer) -> bool {
    layer.own && layer.partial.is_some()
}

/// Layers with the rows of tables that meet a box, as far as a tile or picture takes them. Of several layers, one whose
/// database is away is empty; alone it is a problem.
pub fn filled<'l>(
    app: &App,
    layers: &'l [Arc<LayerTiles>],
    Bounds(bbox): Bounds,
    is_shown: impl Fn(&str) -> bool,
) -> Result<Cow<'l, [Arc<LayerTiles>]>, Problem> {
    let is_asked = |layer: &Layer| is_live(layer) && is_shown(&layer.id);
    if !layers.iter().any(|tiles| is_asked(tiles.layer())) {
        return Ok(Cow::Borrowed(layers));
    }
    let is_alone = layers.iter().filter(|tiles| is_shown(&tiles.layer().id)).count() == 1;
    let filled = layers.iter().map(|tiles| {
        let table = table_of(app, tiles.layer()).filter(|_| is_asked(tiles.layer()));
        let Some(table) = table else {
            return Ok(Arc::clone(tiles));
        };
        match table.in_box(bbox, MAX_FEATURES) {
            Ok(features) => Ok(Arc::new(LayerTiles::new(Arc::new(table.layer(features))))),
            Err(error) if is_alone => Err(error.into()),
            Err(error) => {
                tracing::warn!(layer = table.name(), %error, "a table is left out of a map");
                Ok(Arc::clone(tiles))
            }
        }
    });
    filled.collect::<Result<Vec<_>, Problem>>().map(Cow::Owned)
}

/// The box of a tile with a margin.
pub fn around_tile(set: TileMatrixSet, tile: TileId) -> Bounds {
    const MARGIN: f64 = 0.1;
    let Bounds([west, south, east, north]) = set.bounds(tile, MARGIN);
    Bounds([west.max(-180.0), south.max(-90.0), east.min(180.0), north.min(90.0)])
}

/// A box that holds a map of this place and size in pixels.
pub fn around_map(place: Place, [width, height]: [u32; 2]) -> Bounds {
    let [west, south, east, north] = match place {
        // A map has another shape than the box that it must show.
        Place::Box(Bounds([west, south, east, north])) => {
            let side =
                (east - west).max(north - south) * f64::from(width.max(height)) / f64::from(width.min(height).max(1));
            [west - side, south - side, east + side, north + side]
        }
        Place::Around([lon, lat], zoom) => {
            let half = 360.0 * f64::from(width.max(height)) / 512.0 / zoom.exp2();
            [lon - half, lat - half, lon + half, lat + half]
        }
    };
    Bounds([west.max(-180.0), south.max(-90.0), east.min(180.0), north.min(90.0)])
}

/// The archive of tiles with this name.
pub fn archive_of(app: &App, name: &str) -> Option<Arc<Archive>> {
    match app.own()?.get(name) {
        Some(Content::Archive(archive)) => Some(archive),
        _ => None,
    }
}

/// The base map, if there is one that can be drawn.
pub fn base_map(app: &App) -> Option<BaseMap> {
    let Some(archive) = archive_of(app, BASE) else {
        return app.settings.base.clone();
    };
    let about = &archive.about;
    let schema = match about.kind.is_vector() {
        true => Schema::of_layers(&archive.tile_layers())?,
        false => Schema::Raster,
    };
    Some(BaseMap {
        tiles: format!("/xyz/{BASE}/{{z}}/{{x}}/{{y}}.{}", about.kind.extension()),
        schema,
        zooms: about.zooms,
        bounds: about.bounds,
        attribution: about.attribution.clone(),
    })
}

/// A content security policy that lets pictures of the base map's server in.
pub fn policy(app: &App, policy: &'static str) -> Cow<'static, str> {
    let origin = app.settings.base.as_ref().and_then(|map| {
        let (scheme, rest) = map.tiles.split_once("://")?;
        let host = rest
            .split(['/', '?'])
            .next()
            .filter(|host| !host.contains([' ', ';', ',', '\'', '"', '{']))?;
        Some(format!("{scheme}://{host}"))
    });
    match origin {
        None => Cow::Borrowed(policy),
        Some(origin) => policy
            .replace("img-src 'self'", &format!("img-src 'self' {origin}"))
            .into(),
    }
}

/// A number that changes when an archive or the base map does.
pub fn revision(app: &App) -> u64 {
    let contents = app.own().map(|shelf| shelf.contents()).unwrap_or_default();
    contents.iter().fold(0, |all, content| match content {
        Content::Archive(archive) => {
            all.rotate_left(1) ^ archive.revision ^ super::respond::hash(archive.name.as_bytes())
        }
        _ => all,
    })
}

/// The archives, as the style draws them.
pub fn archives(app: &App) -> Vec<TileArchive> {
    let contents = app.own().map(|shelf| shelf.contents()).unwrap_or_default();
    let archives = contents.into_iter().filter_map(|content| match content {
        Content::Archive(archive) if archive.name != BASE => Some(TileArchive {
            id: archive.name.clone(),
            title: archive.spec.full_title(),
            extension: archive.about.kind.extension().to_owned(),
            zooms: archive.about.zooms,
            bounds: archive.about.bounds,
            attribution: match archive.spec.attribution.as_str() {
                "" => archive.about.attribution.clone(),
                own => own.to_owned(),
            },
            layers: match archive.about.kind.is_vector() {
                true => archive.tile_layers().into_iter().map(str::to_owned).collect(),
                false => Vec::new(),
            },
            paint: archive.spec.paint.unwrap_or_default(),
            shown: archive.spec.shown,
        }),
        _ => None,
    });
    archives.collect()
}

/// `/layers`: the own layers with their state.
pub async fn layers(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let base = ask.base(&app.settings);
    let status = app.own().map(|shelf| shelf.status()).unwrap_or_default();
    let layers = status.into_iter().map(|status| {
        let name = escaped(&status.name);
        let mut links = Vec::new();
        match app.own().and_then(|shelf| shelf.get(&status.name)) {
            None => {}
            Some(Content::Archive(_)) => {
                links.push(link(
                    format!("{base}/xyz/{name}.json"),
                    "describedby",
                    media::JSON,
                    "TileJSON",
                ));
            }
            Some(_) => links.push(link(
                format!("{base}/collections/{name}"),
                "collection",
                media::JSON,
                "The layer",
            )),
        }
        let mut value = json!(status);
        // Where the files are is the operator's matter.
        value["source"] = shown(&status.source).into();
        value["error"] = status
            .error
            .map(|error| error.replace(&status.source, shown(&status.source)))
            .into();
        value["links"] = json!(links);
        value
    });
    let value = json!({
        "layers": layers.collect::<Vec<_>>(),
        "links": [link(format!("{base}/layers"), "self", media::JSON, "Own layers of the operator")],
    });
    Ok(Answer::json(&value).send(&ask.headers))
}

/// A source without its folders, host and user.
fn shown(source: &str) -> &str {
    match source.split_once("://") {
        Some((scheme, _)) => scheme,
        None => source.rsplit(['/', '\\']).next().unwrap_or(source),
    }
}

/// Names of own layers that cannot be served as they are now, for `/readyz`.
pub fn troubled(app: &App) -> Vec<Value> {
    let status = app.own().map(|shelf| shelf.status()).unwrap_or_default();
    let troubled = status.into_iter().filter(|status| status.state != "ready");
    troubled
        .map(|status| json!({"name": status.name, "state": status.state}))
        .collect()
}

/// A tile of an archive: `/xyz/{name}/{z}/{x}/{y}.{extension}`.
pub async fn tile(
    app: &Arc<App>,
    archive: Arc<Archive>,
    [z, x, file]: [&str; 3],
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::TILE)?;
    let kind = archive.about.kind;
    let (y, extension) = file.split_once('.').unwrap_or((file, ""));
    let is_known =
        extension == kind.extension() || matches!((kind.extension(), extension), ("mvt", "pbf") | ("jpg", "jpeg"));
    if !is_known {
        let what = format!("the tiles of {} end in .{}", archive.name, kind.extension());
        return Err(Problem::not_found(what));
    }
    let tile = tile_id(z, x, y)?;
    let [least, greatest] = archive.about.zooms;
    if !(least..=greatest).contains(&tile.z) {
        let what = format!(
            "there are no tiles at zoom {}; there are from {least} to {greatest}",
            tile.z
        );
        return Err(Problem::not_found(what));
    }
    let address = ask
        .uri
        .path_and_query()
        .map_or("", |address| address.as_str())
        .to_owned();
    let fingerprint = super::respond::hash(address.as_bytes()) ^ archive.revision;
    let (variant, epoch) = (variant_of(&ask.headers), app.epoch());
    if let Some(ready) = app.cache.renewed(KeyRef(&address, variant), fingerprint, epoch) {
        return Ok(send(&ready, &ask.headers));
    }
    blocking(app, WorkKind::Tile.costing(ARCHIVE_COST), move |app| {
        let (body, encoding) = read(&archive, tile, &ask)?;
        let media = archive.about.kind.media_type();
        let ready = Arc::new(ReadyTile::of_media(media, body, encoding, fingerprint, epoch));
        app.cache.put(KeyRef(&address, variant), Arc::clone(&ready));
        Ok(send(&ready, &ask.headers))
    })
    .await
}

/// A tile in an encoding that the client takes; empty where the archive has none.
fn read(archive: &Archive, tile: TileId, ask: &RequestContext) -> Result<(Bytes, Encoding), Problem> {
    let Some(found) = archive.tile(tile.z, tile.x, tile.y)? else {
        return Ok((Bytes::new(), Encoding::Identity));
    };
    let accepted = ask
        .headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let takes_gzip = accepted.is_some_and(|value| value.contains("gzip") && !value.contains("gzip;q=0"));
    Ok(match (found.is_gzip, takes_gzip) {
        (true, true) => (found.bytes.into(), Encoding::Gzip),
        (true, false) => {
            let mut plain = Vec::new();
            let reader = flate2::read::GzDecoder::new(found.bytes.as_slice());
            let unpacked = reader.take(MAX_UNPACKED).read_to_end(&mut plain);
            unpacked.map_err(|error| Problem::internal(format!("a tile of {}: {error}", archive.name)))?;
            (plain.into(), Encoding::Identity)
        }
        (false, _) => (found.bytes.into(), Encoding::Identity),
    })
}

/// TileJSON of an archive.
pub fn tilejson(app: &App, archive: &Archive, ask: &RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::STYLE)?;
    let language = ask.language(&query);
    let base = ask.base(&app.settings);
    let about = &archive.about;
    let Bounds([west, south, east, north]) = about.bounds.unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0]));
    let spec = &archive.spec;
    let attribution = match spec.attribution.as_str() {
        "" => &about.attribution,
        own => own,
    };
    let mut value = json!({
        "tilejson": "3.0.0",
        "name": spec.full_title().best(language),
        "attribution": attribution,
        "scheme": "xyz",
        "tiles": [format!("{base}/xyz/{}/{{z}}/{{x}}/{{y}}.{}", archive.name, about.kind.extension())],
        "minzoom": about.zooms[0],
        "maxzoom": about.zooms[1],
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2.0, (south + north) / 2.0, about.zooms[0]],
        "format": about.kind.extension(),
    });
    if about.kind.is_vector() {
        value["vector_layers"] = json!(about.vector_layers);
    }
    Ok(Answer::json(&value).send(&ask.headers))
}
