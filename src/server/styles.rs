//! The MapLibre style in its themes, and the pictures that it names.

use super::{
    description_cache::DescriptionKey,
    links::link,
    operations as o, parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, view_of},
    respond::{Answer, media},
    state::{App, View},
};
use crate::{
    language::Language,
    layers::Layer,
    style::{self, Theme},
    tiles::TileFormat,
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// The media type of a style document.
const STYLE: &str = "application/vnd.mapbox.style+json";

/// `/styles`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::STYLE)?;
    let snapshot = app.snapshot();
    view_of(&snapshot, &query)?;
    let base = ask.base(&app.settings);
    let language = ask.language(&query);
    let suffix = super::request_context::carried(&query);
    let palettes = &app.about.palettes;
    let each = palettes.themes.iter().map(|theme| {
        let id = &theme.id;
        json!({
            "id": id, "title": theme.title.best(language), "titles": theme.title,
            "links": [
                link(format!("{base}/styles/{id}.json{suffix}"), "stylesheet", STYLE, "MapLibre style, version 8"),
            ],
        })
    });
    let value = json!({
        "default": palettes.themes[0].id,
        "styles": each.collect::<Vec<_>>(),
        "links": [link(format!("{base}/styles{suffix}"), "self", media::JSON, "The styles")],
    });
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/styles/{style}.json`
pub async fn one(
    State(app): Shared,
    Segments(file): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let id = file
        .strip_suffix(".json")
        .ok_or_else(|| Problem::not_found("a style's address ends in .json"))?;
    let query = ask.query(o::ENCODED)?;
    let theme = theme(&app, id)?;
    let key = DescriptionKey::new(&app, &ask, ask.language(&query));
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let format = query
        .text(&p::TILE_ENCODING)
        .and_then(TileFormat::named)
        .unwrap_or_default();
    let body = app.descriptions.written(key, || {
        let (language, base) = (ask.language(&query), ask.base(&app.settings));
        document(&app, view, theme, language, &base, format).to_string()
    });
    Ok(Answer::new(media::JSON, body).send(&ask.headers))
}

/// The theme with this id.
pub fn theme<'a>(app: &'a App, id: &str) -> Result<&'a Theme, Problem> {
    let palettes = &app.about.palettes;
    palettes.theme(id).ok_or_else(|| {
        let known: Vec<&str> = palettes.themes.iter().map(|theme| theme.id.as_str()).collect();
        Problem::parameter(
            "style",
            format!("there is no style {:?}; there are {}", echo(id), known.join(", ")),
        )
    })
}

/// The style document for a view.
pub fn document(app: &App, view: &View, theme: &Theme, language: Language, base: &str, format: TileFormat) -> Value {
    let layers: Vec<Arc<Layer>> = view.layers().iter().map(|tiles| Arc::clone(tiles.layer())).collect();
    let worldview = &view.worldview;
    let suffix = if worldview.default {
        String::new()
    } else {
        format!("?worldview={}", super::links::escaped(&worldview.id))
    };
    let archives = super::own::archives(app);
    let base_map = super::own::base_map(app);
    let sheet = style::Sheet {
        palettes: &app.about.palettes,
        theme,
        language,
        layers: &layers,
        archives: &archives,
        base: base_map.as_ref(),
    };
    let frame = style::Frame {
        base,
        worldview: &worldview.id,
        title: app.about.title.best(language),
        convention: worldview.convention.best(language),
        disclaimer: app.about.disclaimer.best(language),
        suffix: &suffix,
        format,
    };
    style::sheet(&sheet, &frame)
}

/// `/sprites/{style}.json`, `/sprites/{style}.png`, each with `@2x` before the ending too
pub async fn sprite(
    State(app): Shared,
    Segments(file): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let wrong = || Problem::not_found("a sprite's address ends in .json, .png, @2x.json or @2x.png");
    let (name, ending) = file.rsplit_once('.').ok_or_else(wrong)?;
    ask.query(if ending == "json" { o::JSON_ONLY } else { o::NONE })?;
    let (id, ratio) = name.strip_suffix("@2x").map_or((name, 1), |id| (id, 2));
    if !matches!(ending, "json" | "png") {
        return Err(wrong());
    }
    let theme = theme(&app, id)?;
    let sheet = style::sprite_sheet(&app.about.palettes, theme, ratio)
        .ok_or_else(|| Problem::internal("the sprite has no picture"))?;
    let answer = if ending == "json" {
        Answer::json(&sheet.index)
    } else {
        let png = sheet.pixels.encode_png().map_err(Problem::internal)?;
        Answer::new(media::PNG, png)
    };
    Ok(answer.send(&ask.headers))
}
