//! Metadata of OGC API – Tiles: tile matrix sets and tilesets.

use super::{
    collections::add_convention,
    crs::Crs,
    html,
    links::link,
    negotiate::{self, Format},
    operations as o, parameters as p,
    problem::Problem,
    request_context::{RequestContext, Segments, Shared, carried, layer_of, view_of, with},
    respond::{Answer, media},
    state::{App, View},
    tiles::{LayerNames, matrix_set, tileset_layers},
};
use crate::{
    layers::Bounds,
    tiles::{LayerTiles, MAX_ZOOM, TileId, TileMatrixSet},
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};
use std::{f64::consts::PI, sync::Arc};

/// Half the equator of EPSG:3857, in metres.
const HALF: f64 = 6_378_137.0 * PI;
/// Size of a pixel by which OGC counts scales, in metres.
const PIXEL: f64 = 0.000_28;
/// Metres in a degree at the equator, by which OGC counts scales of degrees.
const DEGREE: f64 = 6_378_137.0 * PI / 180.0;
/// Pixels along the side of a tile, in OGC's definitions of these sets.
const SIDE: f64 = 256.0;

/// `/tileMatrixSets`
pub async fn matrix_sets(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::PLAIN)?;
    let base = ask.base(&app.settings);
    let each = TileMatrixSet::ALL.iter().map(|set| {
        json!({
            "id": set.id(), "title": set.id(), "uri": uri(*set), "crs": set.crs(),
            "links": [link(format!("{base}/tileMatrixSets/{}?f=json", set.id()), "self", media::JSON, set.id())],
        })
    });
    let value = json!({
        "links": [link(format!("{base}/tileMatrixSets?f=json"), "self", media::JSON, "Tile matrix sets")],
        "tileMatrixSets": each.collect::<Vec<_>>(),
    });
    Ok(send(&app, &ask, &query, &value))
}

/// `/tileMatrixSets/{tileMatrixSetId}`
pub async fn one_matrix_set(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let query = ask.query(o::PLAIN)?;
    let value = definition(matrix_set(&id)?);
    Ok(send(&app, &ask, &query, &value))
}

fn uri(set: TileMatrixSet) -> String {
    format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{}", set.id())
}

/// A set as OGC 17-083r4 writes it.
fn definition(set: TileMatrixSet) -> Value {
    let (corner, width, axes, metres) = match set {
        TileMatrixSet::WebMercatorQuad => ([-HALF, HALF], 2.0 * HALF, ["X", "Y"], 1.0),
        TileMatrixSet::WorldCrs84Quad => ([-180.0, 90.0], 360.0, ["Lon", "Lat"], DEGREE),
    };
    let matrices = (0..=MAX_ZOOM).map(|zoom| {
        let [columns, rows] = set.size(zoom);
        let cell = width / f64::from(columns) / SIDE;
        json!({
            "id": zoom.to_string(),
            "scaleDenominator": cell * metres / PIXEL,
            "cellSize": cell,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": corner,
            "tileWidth": SIDE as u32,
            "tileHeight": SIDE as u32,
            "matrixWidth": columns,
            "matrixHeight": rows,
        })
    });
    json!({
        "id": set.id(),
        "title": set.id(),
        "uri": uri(set),
        "crs": set.crs(),
        "orderedAxes": axes,
        "wellKnownScaleSet": match set {
            TileMatrixSet::WebMercatorQuad => "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
            TileMatrixSet::WorldCrs84Quad => "http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad",
        },
        "tileMatrices": matrices.collect::<Vec<_>>(),
    })
}

/// `/tiles`
pub async fn of_dataset(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    list(&app, &ask, None)
}

/// `/collections/{collectionId}/tiles`
pub async fn of_collection(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    list(&app, &ask, Some(&id))
}

/// `/tiles/{tileMatrixSetId}`
pub async fn one_of_dataset(
    State(app): Shared,
    Segments(set): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    one(&app, &ask, None, &set)
}

/// `/collections/{collectionId}/tiles/{tileMatrixSetId}`
pub async fn one_of_collection(
    State(app): Shared,
    Segments((id, set)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    one(&app, &ask, Some(&id), &set)
}

fn list(app: &App, ask: &RequestContext, collection: Option<&str>) -> Result<Response, Problem> {
    let query = ask.query(if collection.is_some() { o::VIEWED } else { o::TILESET })?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    if let Some(id) = collection {
        layer_of(view, id)?;
    }
    let (layers, zooms) = tileset_layers(view, named(collection, &query))?;
    let place = Place {
        base: ask.base(&app.settings),
        collection,
        suffix: suffix_of(&query),
    };
    let sets = TileMatrixSet::ALL
        .iter()
        .map(|set| place.tileset(*set, &layers, zooms, &query, ask, false));
    let mut value = json!({
        "links": [link(format!("{}{}", place.root(), with(&place.suffix, "f=json")), "self", media::JSON, "Tilesets")],
        "tilesets": sets.collect::<Vec<_>>(),
    });
    add_convention(&mut value, view, &app.about, ask.language(&query));
    Ok(send(app, ask, &query, &value))
}

fn one(app: &App, ask: &RequestContext, collection: Option<&str>, set: &str) -> Result<Response, Problem> {
    let query = ask.query(if collection.is_some() { o::VIEWED } else { o::TILESET })?;
    let snapshot = app.snapshot();
    let view: &View = view_of(&snapshot, &query)?;
    let set = matrix_set(set)?;
    if let Some(id) = collection {
        layer_of(view, id)?;
    }
    let (layers, zooms) = tileset_layers(view, named(collection, &query))?;
    let place = Place {
        base: ask.base(&app.settings),
        collection,
        suffix: suffix_of(&query),
    };
    let mut value = place.tileset(set, &layers, zooms, &query, ask, true);
    add_convention(&mut value, view, &app.about, ask.language(&query));
    Ok(send(app, ask, &query, &value))
}

fn named<'q>(collection: Option<&'q str>, query: &'q super::parameter::Query<'_>) -> LayerNames<'q> {
    collection.map_or_else(|| LayerNames::Query(query.text(&p::COLLECTIONS)), LayerNames::Path)
}

fn suffix_of(query: &super::parameter::Query<'_>) -> String {
    let suffix = carried(query);
    match query.text(&p::COLLECTIONS) {
        Some(list) => with(&suffix, &format!("collections={}", super::links::escaped(list))),
        None => suffix,
    }
}

/// Address of a list of tilesets.
struct Place<'p> {
    base: String,
    collection: Option<&'p str>,
    suffix: String,
}

impl Place<'_> {
    fn root(&self) -> String {
        match self.collection {
            Some(id) => format!("{}/collections/{id}/tiles", self.base),
            None => format!("{}/tiles", self.base),
        }
    }

    fn tileset(
        &self,
        set: TileMatrixSet,
        layers: &[&Arc<LayerTiles>],
        zooms: [u8; 2],
        query: &super::parameter::Query<'_>,
        ask: &RequestContext,
        whole: bool,
    ) -> Value {
        let (base, suffix) = (&self.base, &self.suffix);
        let here = format!("{}/{}", self.root(), set.id());
        let language = ask.language(query);
        let title = match layers {
            [one] => one.layer().title.best(language).to_owned(),
            _ => "All layers".to_owned(),
        };
        let mut template = link(
            format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{}", with(suffix, "f=mvt")),
            "item",
            media::MVT,
            "Vector tiles",
        );
        template["templated"] = true.into();
        let mut value = json!({
            "title": title,
            "dataType": "vector",
            "crs": set.crs(),
            "tileMatrixSetId": set.id(),
            "tileMatrixSetURI": uri(set),
            "links": [
                link(format!("{here}{}", with(suffix, "f=json")), "self", media::JSON, "This tileset"),
                link(
                    format!("{base}/tileMatrixSets/{}?f=json", set.id()),
                    "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
                    media::JSON,
                    set.id(),
                ),
                template,
            ],
        });
        let limits = limits_of(layers);
        if let Some(Bounds([west, south, east, north])) = limits {
            value["boundingBox"] = json!({
                "lowerLeft": [west, south], "upperRight": [east, north], "crs": Crs::Crs84.uri(),
            });
        }
        // A layer without features may have some anywhere tomorrow.
        let limits = limits.unwrap_or(Bounds([-180.0, -90.0, 180.0, 90.0]));
        let each = (zooms[0]..=zooms[1]).map(|zoom| limit(set, zoom, limits));
        value["tileMatrixSetLimits"] = each.collect();
        if whole {
            value["layers"] = layers
                .iter()
                .map(|tiles| {
                    let layer = tiles.layer();
                    json!({
                        "id": layer.id,
                        "title": layer.title.best(language),
                        "dataType": "vector",
                        "geometryDimension": dimension(layer.geometry),
                        "minTileMatrix": layer.zooms[0].to_string(),
                        "maxTileMatrix": layer.zooms[1].to_string(),
                        "propertiesSchema": single_types(super::collections::schema(layer, base, "schema", language)),
                    })
                })
                .collect();
        }
        value
    }
}

/// A schema without lists of types, which the schema of tilesets does not have (OGC 17-083r4).
fn single_types(mut schema: Value) -> Value {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut().filter_map(Value::as_object_mut) {
            if property.get("type").is_some_and(Value::is_array) {
                property.remove("type");
            }
        }
    }
    schema
}

fn dimension(kind: crate::layers::GeometryKind) -> u8 {
    use crate::layers::GeometryKind as K;
    match kind {
        K::Point | K::MultiPoint | K::None => 0,
        K::LineString | K::MultiLineString => 1,
        K::Polygon | K::MultiPolygon => 2,
    }
}

/// The box of all features of some layers.
pub fn limits_of(layers: &[&Arc<LayerTiles>]) -> Option<Bounds> {
    let boxes = layers.iter().filter_map(|tiles| tiles.layer().bounds());
    boxes.reduce(Bounds::union)
}

/// True if a tile is among those that the limits of its tileset list at its zoom.
pub fn is_within_limits(set: TileMatrixSet, tile: TileId, Bounds([west, south, east, north]): Bounds) -> bool {
    let (first, last) = (set.tile_at(tile.z, west, north), set.tile_at(tile.z, east, south));
    (first.x..=last.x).contains(&tile.x) && (first.y..=last.y).contains(&tile.y)
}

fn limit(set: TileMatrixSet, zoom: u8, Bounds([west, south, east, north]): Bounds) -> Value {
    let (first, last) = (set.tile_at(zoom, west, north), set.tile_at(zoom, east, south));
    json!({
        "tileMatrix": zoom.to_string(),
        "minTileRow": first.y, "maxTileRow": last.y,
        "minTileCol": first.x, "maxTileCol": last.x,
    })
}

fn send(app: &App, ask: &RequestContext, query: &super::parameter::Query<'_>, value: &Value) -> Response {
    match negotiate::format(query, &ask.headers, &[Format::Json, Format::Html]) {
        Format::Html => html::json(app, value, ask, ask.language(query)).send(&ask.headers),
        _ => Answer::json(value).send(&ask.headers),
    }
}
