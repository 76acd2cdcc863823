//! Evidence from texts: named places, claims, coordination axes. Size shows how often, look shows how finely placed and
//! how sure.

use super::{
    expression::{get, number},
    sheet::{BOLD, Draft, Label},
};
use crate::language::Language;
use serde_json::{Value, json};

/// Below this confidence a place is drawn as uncertain.
const UNCERTAIN: f64 = 0.6;

/// Up to this uncertainty in kilometres the area of an event is drawn as a fine one.
const FINE_KM: f64 = 10.0;

/// Side in pixels of the ring pictures; they are scaled to the size of the mark.
pub const RING: f64 = 48.0;

/// From how many documents on a unit is drawn stronger, and how strong.
pub const STEPS: [(u32, f64); 4] = [(1, 0.14), (10, 0.3), (100, 0.48), (1000, 0.68)];

/// Units by the number of their documents: governorates from afar, then districts, then subdistricts.
pub fn counts(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let mut colour = vec![
        json!("step"),
        json!(["coalesce", get("documents"), 0]),
        json!(theme.mention_fill.alpha(0.0)),
    ];
    for (least, strength) in STEPS {
        colour.extend([json!(least), json!(theme.mention_fill.alpha(strength))]);
    }
    let colour = Value::Array(colour);
    let Some(mut layer) = draft.layer("unit_counts") else {
        return;
    };
    let levels = [
        ("unit_counts", "governorate", 0.0, 6.0),
        ("unit_counts-districts", "district", 6.0, 8.0),
        ("unit_counts-subdistricts", "subdistrict", 8.0, 30.0),
    ];
    for (id, level, from, to) in levels {
        // A finer level takes the place of the coarser one.
        let nothing = theme.mention_fill.alpha(0.0);
        let first = if from == 0.0 { colour.clone() } else { json!(nothing) };
        let paint = json!({"fill-color": ["step", ["zoom"], first, f64::max(from, 0.1), colour, to, nothing]});
        layer.fill(id, Some(json!(["==", get("level"), level])), paint);
    }
}

pub fn axes(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("coordination_axes") {
        layer.fill("coordination_axes", None, json!({"fill-pattern": "hatch-axis"}));
        layer.line(
            "coordination_axes-edge",
            None,
            json!({"line-color": theme.claim.to_string(), "line-width": 1.5, "line-dasharray": [1, 2]}),
        );
    }
}

/// Areas of events: the less certain the place, the larger and the fainter.
pub fn events(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let Some(mut layer) = draft.layer("events") else { return };
    let is_fine = json!(["<=", ["coalesce", get("uncertainty_km"), 0], FINE_KM]);
    for (id, filter, share) in [
        ("events-fine", is_fine.clone(), 0.24),
        ("events-wide", json!(["!", is_fine]), 0.1),
    ] {
        layer.fill(id, Some(filter), json!({"fill-color": theme.claim.alpha(share)}));
    }
    let differ = json!(["!=", ["coalesce", get("differs_in"), ""], ""]);
    let edge = json!({"line-color": theme.claim.to_string(), "line-width": 1.5});
    let mut dashed = edge.clone();
    dashed["line-dasharray"] = json!([3, 2]);
    layer.line("events-edge", Some(json!(["!", differ])), edge);
    // Accounts that contradict each other.
    layer.line("events-edge-differ", Some(differ), dashed);
}

/// Expression that is true if the place is certain enough.
fn sure() -> Value {
    json!([">=", ["coalesce", get("confidence"), 1], UNCERTAIN])
}

/// Expression that is true if a text names the place itself: positions may only be described from it.
fn named_here() -> Value {
    json!([">", ["coalesce", get("count"), 1], 0])
}

/// How finely the place is known: `fine`, `middle` or `coarse`, and certain.
fn placed(look: &str) -> Value {
    let known = json!([
        "match",
        get("precision"),
        ["point", "settlement", "neighbourhood", "site"],
        "fine",
        ["subdistrict", "district"],
        "middle",
        "coarse"
    ]);
    json!(["all", named_here(), sure(), ["==", known, look]])
}

/// Pixels for the number of mentions, with a multiple and something more; smaller where the whole land is in sight.
fn radius(times: f64, more: f64) -> Value {
    let count = json!(["max", 1, ["coalesce", get("count"), 1]]);
    let size = json!(["min", 24, ["+", 5.5, ["*", 3, ["sqrt", count]]]]);
    let at = |share: f64| json!(["*", times, ["+", more, ["*", share, size]]]);
    json!(["interpolate", ["linear"], ["zoom"], 4.8, at(0.75), 5.4, at(1.0)])
}

pub fn marks(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("claims") {
        layer.icon(
            "claims",
            None,
            json!({"icon-image": "diamond", "icon-offset": [0, -22], "icon-allow-overlap": true}),
        );
    }
    if let Some(mut layer) = draft.layer("mentions") {
        layer.circle(
            "mentions",
            None,
            json!({
                "circle-radius": 3, "circle-color": theme.paper.to_string(),
                "circle-stroke-color": theme.mention.to_string(), "circle-stroke-width": 1.25,
            }),
        );
    }
    if let Some(mut layer) = draft.layer("mention_places") {
        let ring = |image: &str, more: f64| {
            json!({
                "icon-image": image, "icon-size": radius(2.0 / (RING - 4.0), more),
                "icon-allow-overlap": true, "icon-ignore-placement": true,
            })
        };
        layer.icon(
            "mention_places-coarse",
            Some(placed("coarse")),
            ring("ring-coarse", 3.0),
        );
        let unsure = json!(["all", named_here(), ["!", sure()]]);
        layer.icon("mention_places-unsure", Some(unsure), ring("ring-unsure", 0.0));
        for (look, fill, edge, width) in [
            ("middle", theme.mention_fill.alpha(0.34), theme.mention, 1.75),
            ("fine", theme.mention_fill.to_string(), theme.gap_casing, 2.0),
        ] {
            layer.circle(
                &format!("mention_places-{look}"),
                Some(placed(look)),
                json!({
                    "circle-radius": radius(1.0, 0.0), "circle-color": fill,
                    "circle-stroke-color": edge.to_string(), "circle-stroke-width": width,
                }),
            );
        }
    }
}

/// The number of accounts in the middle of an event.
fn event_counts(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let language = draft.language;
    let Some(mut layer) = draft.label_layer("events") else {
        return;
    };
    layer.label(
        "events-accounts",
        None,
        Label {
            text: number(json!(["coalesce", get("accounts"), 1]), language),
            size: json!(12),
            font: BOLD,
            colour: theme.claim.to_string(),
            halo: theme.halo,
            layout: json!({"text-offset": [0, -1.1]}),
        },
    );
}

pub fn names(draft: &mut Draft<'_>) {
    event_counts(draft);
    let theme = draft.theme;
    let name = draft.name();
    let language = draft.language;
    let Some(mut layer) = draft.layer("mention_places") else {
        return;
    };
    layer.label(
        "mention_places-names",
        Some(named_here()),
        Label {
            text: name,
            size: json!(13),
            font: BOLD,
            colour: theme.mention.to_string(),
            halo: theme.halo,
            layout: json!({
                "text-anchor": "top", "text-offset": [0, 0.75], "symbol-sort-key": ["-", 0, ["coalesce", get("count"), 1]],
            }),
        },
    );
    // The number is drawn on the mark, over any other label.
    let several = json!([">", ["coalesce", get("count"), 1], 1]);
    for (look, ink, halo) in [
        ("fine", theme.paper, theme.mention_fill),
        ("middle", theme.mention, theme.halo),
        ("coarse", theme.mention, theme.halo),
    ] {
        let filter = if look == "fine" {
            json!(["all", several, placed(look)])
        } else {
            placed(look)
        };
        layer.label(
            &format!("mention_places-count-{look}"),
            Some(filter),
            Label {
                text: number(json!(["coalesce", get("count"), 1]), language),
                size: json!(11),
                font: BOLD,
                colour: ink.to_string(),
                halo,
                layout: json!({"text-allow-overlap": true, "text-ignore-placement": true}),
            },
        );
    }
    // An uncertain place shows a question mark instead of a number.
    let mark = if language == Language::English { "?" } else { "؟" };
    layer.label(
        "mention_places-unsure-mark",
        Some(json!(["all", named_here(), ["!", sure()]])),
        Label {
            text: json!(mark),
            size: json!(11),
            font: BOLD,
            colour: theme.mention.to_string(),
            halo: theme.halo,
            layout: json!({"text-allow-overlap": true, "text-ignore-placement": true}),
        },
    );
}
