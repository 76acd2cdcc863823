//! The ground: neighbours, the land, water.

use super::{
    expression::{is, zoomed},
    sheet::{Draft, Label},
};
use serde_json::json;

/// Whether a country is another than the land's.
fn abroad() -> serde_json::Value {
    is("foreign", true)
}

pub fn draw(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    draft.background("sea", json!({"background-color": theme.sea.to_string()}));
    if let Some(mut layer) = draft.layer("countries") {
        let abroad_colour = theme.abroad.to_string();
        layer.fill(
            "abroad",
            Some(abroad()),
            json!({"fill-color": abroad_colour, "fill-antialias": false}),
        );
        // Closes slivers between the neighbours' outline and the land's, which come from different sources.
        layer.line(
            "abroad-edge",
            Some(abroad()),
            json!({"line-color": abroad_colour, "line-width": 6}),
        );
        let own = json!(["!", abroad()]);
        layer.fill("land", Some(own), json!({"fill-color": theme.land.to_string()}));
    }
    if let Some(mut layer) = draft.layer("governorates") {
        let land = theme.land.to_string();
        layer.fill("land-units", None, json!({"fill-color": land, "fill-antialias": false}));
        layer.line("land-edge", None, json!({"line-color": land, "line-width": 1}));
    }
    if let Some(mut layer) = draft.layer("countries") {
        let width = zoomed(&[(3.0, 0.75), (8.0, 1.5)]);
        layer.line(
            "countries",
            None,
            json!({"line-color": theme.abroad_line.to_string(), "line-width": width}),
        );
    }
    water(draft);
}

fn water(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let edge = theme.water_line.to_string();
    if let Some(mut layer) = draft.layer("lakes") {
        layer.fill("lakes", None, json!({"fill-color": theme.water.to_string()}));
        layer.line("lakes-edge", None, json!({"line-color": edge, "line-width": 0.75}));
    }
    if let Some(mut layer) = draft.layer("rivers") {
        let width = zoomed(&[(3.0, 0.75), (6.0, 1.5), (9.0, 3.0)]);
        layer.line("rivers", None, json!({"line-color": edge, "line-width": width}));
    }
}

/// Names of rivers, along them.
pub fn names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    if let Some(mut layer) = draft.layer("rivers") {
        layer.from(5.5).label(
            "rivers-names",
            None,
            Label {
                text: name,
                size: json!(11),
                font: 0,
                colour: theme.water_text.to_string(),
                halo: theme.halo,
                layout: json!({"symbol-placement": "line-center", "text-max-angle": 60}),
            },
        );
    }
}
