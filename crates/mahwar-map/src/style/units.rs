//! Administrative units and settlements, with their names.

use super::{
    expression::{get, is, stepped, zoomed},
    sheet::{BOLD, Draft, Label, REGULAR, SEMIBOLD},
};
use serde_json::{Value, json};

pub fn lines(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("subdistricts") {
        let width = zoomed(&[(6.0, 0.5), (9.0, 1.0)]);
        layer.from(6.0).line(
            "subdistricts",
            None,
            json!({"line-color": theme.subdistrict.to_string(), "line-width": width}),
        );
    }
    if let Some(mut layer) = draft.layer("districts") {
        let width = zoomed(&[(4.0, 0.25), (6.0, 0.75), (9.0, 1.5)]);
        layer.line(
            "districts",
            None,
            json!({"line-color": theme.district.to_string(), "line-width": width}),
        );
    }
    if let Some(mut layer) = draft.layer("governorates") {
        let paint = |dashes: Option<Value>| {
            let width = zoomed(&[(3.0, 0.75), (6.0, 1.25), (9.0, 2.25)]);
            let mut paint = json!({"line-color": theme.governorate.to_string(), "line-width": width});
            if let Some(dashes) = dashes {
                paint["line-dasharray"] = dashes;
            }
            paint
        };
        let derived = is("derived", true);
        layer.line("governorates", Some(json!(["!", derived])), paint(None));
        layer.line("governorates-derived", Some(derived), paint(Some(json!([4, 2.5]))));
    }
}

pub fn unit_names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    if let Some(mut layer) = draft.label_layer("subdistricts") {
        layer.from(8.5).label(
            "subdistricts-names",
            None,
            Label {
                text: name.clone(),
                size: json!(11),
                font: REGULAR,
                colour: theme.text_soft.alpha(0.85),
                halo: theme.halo,
                layout: json!({}),
            },
        );
    }
    if let Some(mut layer) = draft.label_layer("districts") {
        layer.from(6.8).label(
            "districts-names",
            None,
            Label {
                text: name.clone(),
                size: zoomed(&[(6.0, 11.0), (9.0, 14.0)]),
                font: REGULAR,
                colour: theme.text_soft.to_string(),
                halo: theme.halo,
                layout: json!({}),
            },
        );
    }
    if let Some(mut layer) = draft.label_layer("governorates") {
        layer.from(4.25).label(
            "governorates-names",
            None,
            Label {
                text: name,
                size: zoomed(&[(4.0, 12.0), (6.0, 15.0), (9.0, 19.0)]),
                font: SEMIBOLD,
                colour: theme.text_soft.alpha(0.95),
                halo: theme.halo,
                layout: json!({}),
            },
        );
    }
}

/// Settlements important enough for a zoom.
fn worth() -> Value {
    let rank = stepped(101, &[(5, 90), (6, 80), (7, 65), (8, 50), (9, 40), (10, 10), (11, 0)]);
    json!(["all", is("level", "settlement"), [">=", get("rank"), rank]])
}

pub fn town_dots(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("places") {
        let radius = json!(["case", [">=", get("rank"), 90], 3, 2.25]);
        layer.circle(
            "places",
            Some(worth()),
            json!({
                "circle-radius": radius, "circle-color": theme.text.to_string(),
                "circle-stroke-color": theme.halo.to_string(), "circle-stroke-width": 1.25,
            }),
        );
    }
    if let Some(mut layer) = draft.layer("settlements_context") {
        layer.circle(
            "settlements_context",
            None,
            json!({"circle-radius": 2, "circle-color": theme.text_soft.to_string()}),
        );
    }
}

pub fn town_names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let name = draft.name();
    let above = json!({"text-anchor": "bottom", "text-offset": [0, -0.3]});
    if let Some(mut layer) = draft.layer("settlements_context") {
        layer.from(5.0).label(
            "settlements_context-names",
            None,
            Label {
                text: name.clone(),
                size: json!(11),
                font: REGULAR,
                colour: theme.text_soft.to_string(),
                halo: theme.abroad,
                layout: above.clone(),
            },
        );
    }
    if let Some(mut layer) = draft.layer("places") {
        let order = json!({"symbol-sort-key": ["-", 0, get("rank")]});
        for (id, font, size, large) in [
            ("places-names", REGULAR, 11.5, false),
            ("places-names-large", BOLD, 13.0, true),
        ] {
            let mut layout = above.clone();
            layout["symbol-sort-key"] = order["symbol-sort-key"].clone();
            let test = if large { ">=" } else { "<" };
            let filter = json!(["all", worth(), [test, get("rank"), 90]]);
            layer.label(
                id,
                Some(filter),
                Label {
                    text: name.clone(),
                    size: json!(size),
                    font,
                    colour: theme.text.to_string(),
                    halo: theme.halo,
                    layout,
                },
            );
        }
    }
}
