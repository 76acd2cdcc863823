//! The ground: neighbours, the land, water.

use super::{
    expression::{get, is, number, zoomed},
    sheet::{Draft, Label, REGULAR, SEMIBOLD},
};
use serde_json::json;

/// The zoom at which rivers of a small scale are no longer drawn.
const RIVERS_END: f64 = 9.5;

/// Expression that is true for countries other than the land's.
fn abroad() -> serde_json::Value {
    is("foreign", true)
}

pub fn draw(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    // Land, so that nothing appears under water while tiles load or fail.
    draft.background("sea", json!({"background-color": theme.abroad.to_string()}));
    if let Some(mut layer) = draft.layer("countries") {
        let abroad_colour = theme.abroad.to_string();
        layer.fill(
            "abroad",
            Some(abroad()),
            json!({"fill-color": abroad_colour, "fill-antialias": false}),
        );
        // Closes slivers between the neighbours and the land where a zoom simplifies only one of them.
        layer.line(
            "abroad-edge",
            Some(abroad()),
            json!({"line-color": abroad_colour, "line-width": 6}),
        );
    }
    if let Some(mut layer) = draft.layer("seas") {
        layer.fill("seas-water", None, json!({"fill-color": theme.sea.to_string()}));
    }
    if let Some(mut layer) = draft.layer("countries") {
        let own = json!(["!", abroad()]);
        layer.fill("land", Some(own), json!({"fill-color": theme.land.to_string()}));
    }
    if let Some(mut layer) = draft.layer("governorates") {
        let land = theme.land.to_string();
        layer.fill("land-units", None, json!({"fill-color": land, "fill-antialias": false}));
        layer.line("land-edge", None, json!({"line-color": land, "line-width": 1}));
    }
    if let Some(mut layer) = draft.layer("urban_areas") {
        let colour = theme.text_soft.alpha(0.14);
        layer.fill(
            "urban_areas",
            None,
            json!({"fill-color": colour, "fill-antialias": false}),
        );
    }
    water(draft);
}

/// The international borders, each once, over the lines of units and the outlines of areas that end at them.
pub fn borders(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("borders") {
        let width = zoomed(&[(3.0, 1.0), (6.0, 1.75), (9.0, 3.0)]);
        layer.line(
            "borders",
            None,
            json!({"line-color": theme.governorate.to_string(), "line-width": width}),
        );
    }
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
        // Beyond their scale they would zigzag beside borders that do not.
        layer
            .until(RIVERS_END)
            .line("rivers", None, json!({"line-color": edge, "line-width": width}));
    }
}

/// Names of rivers, along them.
pub fn names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    if let Some(mut layer) = draft.layer("rivers") {
        layer.from(5.5).until(RIVERS_END).label(
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

/// Names of neighbours and seas.
pub fn country_names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    if let Some(mut layer) = draft.label_layer("countries") {
        layer.until(9.0).label(
            "countries-names",
            Some(abroad()),
            Label {
                text: name.clone(),
                size: zoomed(&[(3.0, 11.0), (6.0, 15.0), (9.0, 18.0)]),
                font: SEMIBOLD,
                colour: theme.text_soft.alpha(0.8),
                halo: theme.abroad,
                layout: json!({}),
            },
        );
    }
    if let Some(mut layer) = draft.label_layer("seas") {
        layer.from(4.5).label(
            "seas-names",
            None,
            Label {
                text: name,
                size: json!(12),
                font: REGULAR,
                colour: theme.water_text.to_string(),
                halo: theme.sea,
                layout: json!({}),
            },
        );
    }
}

/// Airports and peaks, from the zoom at which they help to find one's way.
pub fn landmarks(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    if let Some(mut layer) = draft.layer("airports") {
        layer.from(8.0).circle(
            "airports",
            None,
            json!({
                "circle-radius": 2.5, "circle-color": theme.halo.to_string(),
                "circle-stroke-color": theme.text_soft.to_string(), "circle-stroke-width": 1.25,
            }),
        );
        layer.label(
            "airports-names",
            None,
            landmark(name.clone(), theme.text_soft.to_string(), theme.halo),
        );
    }
    // A peak of which no height is known has none beside it; no peak lies so deep.
    const UNKNOWN: i32 = -10_000;
    let known = json!(["coalesce", get("elevation"), UNKNOWN]);
    let height = json!([
        "case",
        ["==", known, UNKNOWN],
        "",
        number(known.clone(), draft.language)
    ]);
    if let Some(mut layer) = draft.layer("peaks") {
        layer.from(8.0).circle(
            "peaks",
            None,
            json!({"circle-radius": 2, "circle-color": theme.governorate.to_string()}),
        );
        layer.label(
            "peaks-names",
            None,
            landmark(name, theme.text_soft.to_string(), theme.halo),
        );
        let mut height = landmark(height, theme.text_soft.to_string(), theme.halo);
        height.layout = json!({"text-anchor": "top", "text-offset": [0, 0.4]});
        layer.label("peaks-heights", None, height);
    }
}

fn landmark(text: serde_json::Value, colour: String, halo: super::palette::Colour) -> Label {
    Label {
        text,
        size: json!(10.5),
        font: REGULAR,
        colour,
        halo,
        layout: json!({"text-anchor": "bottom", "text-offset": [0, -0.4]}),
    }
}
