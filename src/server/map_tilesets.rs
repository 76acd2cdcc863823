//! Metadata of OGC API – Tiles for map tiles.

use super::{
    collections::add_convention,
    links::link,
    maps::MAX_TILE_ZOOM,
    operations as o,
    problem::Problem,
    request_context::{RequestContext, Segments, Shared, carried, layer_of, view_of, with},
    respond::{Answer, media},
    state::App,
    tiles::matrix_set,
};
use crate::tiles::TileMatrixSet;
use axum::{extract::State, response::Response};
use serde_json::{Value, json};

/// `/map/tiles`
pub async fn of_dataset(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    list(&app, &ask, None)
}

/// `/collections/{collectionId}/map/tiles`
pub async fn of_collection(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    list(&app, &ask, Some(&id))
}

/// `/map/tiles/{tileMatrixSetId}`
pub async fn one_of_dataset(
    State(app): Shared,
    Segments(set): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    one(&app, &ask, None, &set)
}

/// `/collections/{collectionId}/map/tiles/{tileMatrixSetId}`
pub async fn one_of_collection(
    State(app): Shared,
    Segments((id, set)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    one(&app, &ask, Some(&id), &set)
}

fn root(base: &str, collection: Option<&str>) -> String {
    match collection {
        Some(id) => format!("{base}/collections/{id}/map/tiles"),
        None => format!("{base}/map/tiles"),
    }
}

fn list(app: &App, ask: &RequestContext, collection: Option<&str>) -> Result<Response, Problem> {
    let query = ask.query(o::STYLE)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    if let Some(id) = collection {
        layer_of(view, id)?;
    }
    let root = root(&ask.base(&app.settings), collection);
    let suffix = carried(&query);
    let language = ask.language(&query);
    let sets = TileMatrixSet::ALL.map(|set| tileset(app, ask, &root, &suffix, set, language));
    let mut value = json!({
        "links": [link(format!("{root}{suffix}"), "self", media::JSON, "Tilesets of the map")],
        "tilesets": sets,
    });
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json(&value).send(&ask.headers))
}

fn one(app: &App, ask: &RequestContext, collection: Option<&str>, set: &str) -> Result<Response, Problem> {
    let query = ask.query(o::STYLE)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let set = matrix_set(set)?;
    if let Some(id) = collection {
        layer_of(view, id)?;
    }
    let root = root(&ask.base(&app.settings), collection);
    let language = ask.language(&query);
    let mut value = tileset(app, ask, &root, &carried(&query), set, language);
    if let Some(bounds) = view.bounds() {
        let [west, south, east, north] = bounds.0;
        value["boundingBox"] = json!({"lowerLeft": [west, south], "upperRight": [east, north], "crs": TileMatrixSet::WorldCrs84Quad.crs()});
    }
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json(&value).send(&ask.headers))
}

fn tileset(
    app: &App,
    ask: &RequestContext,
    root: &str,
    suffix: &str,
    set: TileMatrixSet,
    language: crate::language::Language,
) -> Value {
    let base = ask.base(&app.settings);
    let id = set.id();
    let template = |kind: &str| {
        let address = format!(
            "{root}/{id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{}",
            with(suffix, &format!("f={kind}"))
        );
        let mut link = link(
            address,
            "item",
            if kind == "png" { media::PNG } else { "image/webp" },
            "Map tiles",
        );
        link["templated"] = json!(true);
        link
    };
    json!({
        "title": app.about.title.best(language),
        "dataType": "map",
        "crs": set.crs(),
        "tileMatrixSetId": id,
        "tileMatrixSetURI": format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{id}"),
        "tileMatrixSetLimits": (0..=MAX_TILE_ZOOM).map(|zoom| {
            let [columns, rows] = set.size(zoom);
            json!({"tileMatrix": zoom.to_string(), "minTileRow": 0, "maxTileRow": rows - 1, "minTileCol": 0, "maxTileCol": columns - 1})
        }).collect::<Vec<_>>(),
        "links": [
            link(format!("{root}/{id}{suffix}"), "self", media::JSON, "This tileset"),
            link(
                format!("{base}/tileMatrixSets/{id}?f=json"),
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", media::JSON, "The tile matrix set",
            ),
            template("png"), template("webp"),
        ],
    })
}
