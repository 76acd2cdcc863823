//! Described positions: areas without a sharp edge, because their limits are only estimated.

use super::sheet::Draft;
use serde_json::json;

/// Widths in pixels and opacities of the lines that blur the edge, the widest first.
const EDGES: [(u8, f64); 3] = [(14, 0.07), (8, 0.09), (3, 0.12)];

pub fn draw(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let Some(mut layer) = draft.layer("positions") else {
        return;
    };
    layer.fill("positions", None, json!({"fill-color": theme.mention_fill.alpha(0.16)}));
    for (width, opacity) in EDGES {
        layer.line(
            &format!("positions-edge-{width}"),
            None,
            json!({"line-color": theme.mention_fill.alpha(opacity), "line-width": width}),
        );
    }
}
