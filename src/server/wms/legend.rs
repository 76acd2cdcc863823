//! GetLegendGraphic (OGC 05-078r4, 12.3; OGC 02-070, 12.2): the rows of the map's legend for a layer, or for the whole map.

use super::{
    Refusal,
    request::{Format, Pairs, colour, layers, style, transparency},
    selecting,
};
use crate::{
    language::Language,
    layers::Layer,
    render::{self, Legend},
    server::{
        maps::drawing_of,
        parameter::Query,
        parameters as p,
        problem::Problem,
        request_context::{RequestContext, view_of},
        respond::Answer,
        state::{App, Snapshot, View},
        style_compiler,
        styles::theme,
        work,
    },
    style::{self, Sample, Shape},
};
use axum::response::Response;
use std::sync::Arc;

/// A legend that is asked for.
pub struct LegendRequest {
    snapshot: Arc<Snapshot>,
    query: Query<'static>,
    /// The layers in question; the whole map if absent.
    only: Option<Vec<String>>,
    style: String,
    format: Format,
    /// The colour under the rows; none of a transparent picture.
    ground: Option<[u8; 3]>,
}

impl LegendRequest {
    /// Reads the parameters. Clients add those of GetMap (a box, sizes, scales) and of other servers: they change nothing.
    pub fn read(app: &App, pairs: &Pairs) -> Result<Self, Refusal> {
        let snapshot = Arc::clone(&app.snapshot());
        let query = selecting(pairs)?;
        let list = pairs.given("layer").or_else(|| pairs.given("layers"));
        let name = pairs.given("style").or_else(|| pairs.given("styles"));
        let format = pairs.get("format").map(Format::of).transpose()?.unwrap_or(Format::Png);
        let ground = match transparency(pairs)? && format != Format::Jpeg {
            true => None,
            false => Some(pairs.get("bgcolor").map(colour).transpose()?.unwrap_or([255, 255, 255])),
        };
        Ok(Self {
            only: layers(&snapshot, &query, list, "layer")?,
            style: style(app, name)?,
            snapshot,
            query,
            format,
            ground,
        })
    }
}

/// Rows of the legend of all layers.
pub fn samples(app: &App, view: &View, language: Language, theme: &style::Theme) -> Vec<Sample> {
    let layers: Vec<Arc<Layer>> = view.layers().iter().map(|tiles| Arc::clone(tiles.layer())).collect();
    style::samples(&style::Sheet {
        palettes: &app.about.palettes,
        theme,
        language,
        layers: &layers,
        archives: &[],
        base: None,
    })
}

/// The rows of one layer; words alone where the legend has no sample of it.
pub fn of_layer(all: &[Sample], layer: &Layer, language: Language) -> Vec<Sample> {
    let rows: Vec<Sample> = all.iter().filter(|sample| sample.layer == layer.id).cloned().collect();
    if !rows.is_empty() {
        return rows;
    }
    vec![Sample {
        layer: layer.id.clone(),
        title: layer.title.best(language).to_owned(),
        shape: Shape::Area,
        properties: serde_json::Value::Null,
    }]
}

/// Answers with the picture.
///
/// # Errors
/// A picture that takes too long.
pub fn answer(app: &App, ask: &RequestContext, legend: &LegendRequest) -> Result<Response, Problem> {
    let budget = work::budget();
    let view = view_of(&legend.snapshot, &legend.query)?;
    let asked = legend.query.language(&p::LANG);
    let language = asked.unwrap_or_else(|| ask.language(&legend.query));
    let theme = theme(app, &legend.style)?;
    // Layers that the map does not show at first are shown where they are asked for.
    let drawing = drawing_of(app, view, theme, language, legend.only.as_deref())?;
    let mut rows = samples(app, view, language, theme);
    match &legend.only {
        None => rows.retain(|sample| drawing.shows(&sample.layer)),
        Some(only) => {
            let layers = only.iter().filter_map(|id| view.layer(id));
            rows = layers
                .flat_map(|tiles| of_layer(&rows, tiles.layer(), language))
                .collect();
        }
    }
    let size = Legend::size(&rows);
    let scene = Legend {
        drawing: &drawing,
        samples: &rows,
        theme,
        figures: style::figures(&app.about.palettes, theme),
        language,
    }
    .scene();
    let deadline = style_compiler::deadline(&budget);
    let pixels = render::pixels(&scene, 1.0, &deadline).map_err(style_compiler::problem)?;
    let pixels = render::stretch(pixels, size, legend.ground).map_err(style_compiler::problem)?;
    let body = legend.format.encode(&pixels).map_err(style_compiler::problem)?;
    Ok(Answer::new(legend.format.media(), body).send_from(app, &ask.headers))
}
