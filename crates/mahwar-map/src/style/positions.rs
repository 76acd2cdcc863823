//! Described positions: areas without a sharp edge, because their limits are only estimated. An area that is a part of the
//! land, such as "the north of the country", has no fill, which would cover everything in it.

use super::{expression::get, sheet::Draft};
use serde_json::json;

/// Uncertainty in kilometres up to which an area is filled.
const FILLED_KM: u32 = 50;
/// Opacity of a fill: areas that several texts describe lie over each other.
const FILL: f64 = 0.12;
/// Widths in pixels and opacities of the lines that blur the edge, the widest first.
const EDGES: [(u8, f64); 3] = [(14, 0.07), (8, 0.09), (3, 0.12)];

pub fn draw(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let Some(mut layer) = draft.layer("positions") else {
        return;
    };
    let is_fine = json!(["<=", ["coalesce", get("uncertainty_km"), 0], FILLED_KM]);
    layer.fill(
        "positions",
        Some(is_fine.clone()),
        json!({"fill-color": theme.mention_fill.alpha(FILL)}),
    );
    for (width, opacity) in EDGES {
        // The thinnest edge alone shows a wide area.
        let filter = (width > EDGES[EDGES.len() - 1].0).then(|| is_fine.clone());
        layer.line(
            &format!("positions-edge-{width}"),
            filter,
            json!({"line-color": theme.mention_fill.alpha(opacity), "line-width": width}),
        );
    }
}
