//! GetMap: draws the picture.

use super::request::MapRequest;
use crate::{
    layers::FeatureRef,
    render,
    server::{
        maps::{counted, drawing_of, passes, selections},
        problem::Problem,
        request_context::{RequestContext, is_ruled, view_of},
        respond::{self, Answer},
        state::App,
        style_compiler,
        styles::theme,
        work,
    },
    style,
    tiles::LayerTiles,
};
use axum::{http::Method, response::Response};
use std::borrow::Cow;

const WHITE: [u8; 3] = [255, 255, 255];

/// Answers with the picture.
///
/// # Errors
/// A filter that fits no layer, a picture that takes too long.
pub fn answer(app: &App, ask: &RequestContext, map: &MapRequest) -> Result<Response, Problem> {
    let budget = work::budget();
    let view = view_of(&map.snapshot, &map.query)?;
    let language = map.language.unwrap_or_else(|| ask.language(&map.query));
    let selections = selections(&map.query, view, language, map.only.as_deref())?;
    if ask.method == Method::HEAD {
        return Ok(respond::head(map.format.media()));
    }
    let theme = theme(app, &map.style)?;
    let drawing = drawing_of(app, view, theme, language, map.only.as_deref())?;
    let keep = |tiles: &LayerTiles, feature: FeatureRef<'_>| !budget.is_spent() && passes(&selections, tiles, feature);
    let deadline = style_compiler::deadline(&budget);
    let layers = Cow::Borrowed(view.layers());
    let layers = counted(app, &map.snapshot, view, layers, &selections, is_ruled(&map.query))?;
    let picture = render::Picture {
        drawing: &drawing,
        figures: style::figures(&app.about.palettes, theme),
        layers: &layers,
        language,
        keep: &keep,
        deadline: deadline.clone(),
    };
    let scene = render::paint(picture, &map.view, None).map_err(style_compiler::problem)?;
    budget.check()?;
    let pixels = render::pixels(&scene, 1.0, &deadline).map_err(style_compiler::problem)?;
    // The whole map has a ground of its own.
    let ground = match (map.ground, map.transparent) {
        (_, true) => None,
        (ground, false) => Some(ground.unwrap_or(WHITE)),
    };
    let pixels = render::stretch(pixels, map.size, ground).map_err(style_compiler::problem)?;
    let body = map.format.encode(&pixels).map_err(style_compiler::problem)?;
    Ok(Answer::new(map.format.media(), body).send_from(app, &ask.headers))
}
