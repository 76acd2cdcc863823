//! Disputed areas, the Region line, the corridor: drawn as the worldview in force classes them.

use super::{
    expression::{get, is, number, zoomed},
    palette::Class,
    sheet::{Draft, Label, SEMIBOLD},
    sprite::hatch_name,
};
use crate::{
    language::Language,
    layers::{Layer, ValueRef},
};
use serde_json::{Value, json};

/// The zoom at which hatching ends.
const HATCH_END: f64 = 9.5;

/// The parties of layer `control` by id, with their names, in the order of the classes.
pub fn parties(layer: &Layer, language: Language) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let name_field = layer.field("party");
    for feature in layer.features() {
        let ValueRef::Text(id) = feature.value("control") else {
            continue;
        };
        if found.iter().any(|(known, _)| known == id) {
            continue;
        }
        let name = match name_field.map(|field| feature.field_value(field, language)) {
            Some(ValueRef::Text(name)) if !name.is_empty() => Some(name.to_owned()),
            _ => None,
        };
        found.push((id.to_owned(), name.unwrap_or_else(|| id.to_owned())));
    }
    found.sort();
    found
}

/// Who holds a disputed area now; a request with a date shows who held it then.
fn control(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let mut fill = vec![json!("match"), get("control")];
    let mut line = fill.clone();
    for class in draft.palettes.classes_of("control") {
        let ink = theme.ink_of(class);
        fill.extend([json!(class.class), json!(ink.alpha(0.35))]);
        line.extend([json!(class.class), json!(ink.to_string())]);
    }
    // No public source says.
    fill.push(json!(theme.text_soft.alpha(0.08)));
    line.push(json!(theme.text_soft.to_string()));
    if fill.len() < 4 {
        return;
    }
    let lasts = || Some(json!(["==", ["coalesce", get("control_until"), ""], ""]));
    if let Some(mut layer) = draft.layer("control") {
        layer.fill("control", lasts(), json!({"fill-color": fill}));
        layer.line("control-edge", lasts(), json!({"line-color": line, "line-width": 1}));
    }
}

pub fn areas(draft: &mut Draft<'_>) {
    control(draft);
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("security_gap_area") {
        layer.fill("security_gap_area", None, json!({"fill-color": theme.gap.alpha(0.13)}));
        layer.line(
            "security_gap_area-edge",
            None,
            json!({"line-color": theme.gap.alpha(0.35), "line-width": 0.75}),
        );
    }
    let patterns = patterns(draft, "disputed_areas");
    if let Some(mut layer) = draft.layer("disputed_areas") {
        // The outline says that they are disputed, in every worldview; the hatching says how that side sees them.
        if let Some(pattern) = patterns {
            // Close by it would fill the screen: a tint takes its place.
            layer
                .until(HATCH_END)
                .fill("disputed_areas", None, json!({"fill-pattern": pattern}));
            layer.until(f64::INFINITY).from(HATCH_END).fill(
                "disputed_areas-tint",
                None,
                json!({"fill-color": theme.disputed.alpha(0.06), "fill-antialias": false}),
            );
            layer.from(0.0);
        }
        // Dashes of two neighbours would fill each other's gaps: a client that knows which edges two areas share says so
        // (`border`), and draws each once.
        let inner = || is("border", "inner");
        let width = zoomed(&[(4.0, 1.25), (7.0, 2.0), (10.0, 2.5)]);
        layer.line(
            "disputed_areas-edge",
            Some(json!(["!", inner()])),
            json!({"line-color": theme.disputed.to_string(), "line-width": width, "line-dasharray": [3.5, 2.5]}),
        );
        layer.line(
            "disputed_areas-inner",
            Some(inner()),
            json!({"line-color": theme.disputed.alpha(0.75), "line-width": 1, "line-dasharray": [3, 3]}),
        );
    }
}

/// The hatching of each class; the first class where a feature has another.
fn patterns(draft: &Draft<'_>, layer: &str) -> Option<Value> {
    let mut hatched = draft.palettes.classes_of(layer).filter(|class| class.hatch.is_some());
    let first = hatched.next()?;
    let mut expression = vec![json!("match"), get("class")];
    for class in hatched {
        expression.extend([json!(class.class), json!(hatch_name(class))]);
    }
    if expression.len() == 2 {
        return Some(json!(hatch_name(first)));
    }
    expression.push(json!(hatch_name(first)));
    Some(Value::Array(expression))
}

pub fn lines(draft: &mut Draft<'_>) {
    region_line(draft);
    corridor(draft);
}

fn region_line(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let classes: Vec<Class> = draft.palettes.classes_of("region_line").cloned().collect();
    let Some(mut layer) = draft.layer("region_line") else {
        return;
    };
    let width = |more: f64| zoomed(&[(4.0, 1.5 + more), (8.0, 2.5 + more)]);
    layer.line(
        "region_line-casing",
        None,
        json!({"line-color": theme.halo.alpha(0.7), "line-width": width(2.0)}),
    );
    let Some((first, others)) = classes.split_first() else {
        return;
    };
    // Dashes do not depend on the feature in the specification: a layer of the style for each class.
    let mut unclassed = vec![json!("all")];
    unclassed.extend(others.iter().map(|class| json!(["!=", get("class"), class.class])));
    let each = others.iter().map(|class| (class, is("class", class.class.as_str())));
    for (class, filter) in std::iter::once((first, Value::Array(unclassed))).chain(each) {
        let mut paint = json!({"line-color": theme.ink_of(class).to_string(), "line-width": width(class.widen)});
        if !class.dashes.is_empty() {
            paint["line-dasharray"] = json!(class.dashes);
        }
        layer.line(&format!("region_line-{}", class.class), Some(filter), paint);
    }
}

fn corridor(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    if let Some(mut layer) = draft.layer("security_gap") {
        // Other definitions are drawn only when a user selects one.
        let default = || Some(json!(["!=", get("default"), false]));
        // No bolder than the line of the other party.
        let width = |more: f64| zoomed(&[(4.0, 1.5 + more), (8.0, 2.5 + more)]);
        layer.line(
            "security_gap-casing",
            default(),
            json!({"line-color": theme.gap_casing.to_string(), "line-width": width(2.0)}),
        );
        layer.line(
            "security_gap",
            default(),
            json!({"line-color": theme.gap.to_string(), "line-width": width(0.0)}),
        );
    }
    if let Some(mut layer) = draft.layer("security_gap_posts") {
        let filter = json!(["any", [">=", ["zoom"], 7], fiftieth()]);
        layer.from(5.5).circle(
            "security_gap_posts",
            Some(filter),
            json!({
                "circle-radius": 3, "circle-color": theme.gap_casing.to_string(),
                "circle-stroke-color": theme.gap.to_string(), "circle-stroke-width": 1.75,
            }),
        );
    }
}

/// Names of disputed areas precede those of districts, which most of them are.
pub fn area_names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let text = draft.name();
    if let Some(mut layer) = draft.label_layer("disputed_areas") {
        layer.from(5.3).label(
            "disputed_areas-names",
            None,
            Label {
                text,
                size: zoomed(&[(6.0, 11.0), (9.0, 14.0)]),
                font: SEMIBOLD,
                colour: theme.disputed.to_string(),
                halo: theme.halo,
                layout: json!({}),
            },
        );
    }
}

/// Every fiftieth kilometre.
fn fiftieth() -> Value {
    json!(["==", ["%", get("km"), 50], 0])
}

/// Kilometres beside the posts, on the right and on the side of it that the line leaves free.
pub fn post_names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let text = number(get("km"), draft.language);
    let Some(mut layer) = draft.layer("security_gap_posts") else {
        return;
    };
    // A line that runs to the north-east or to the south-west crosses the place above.
    let slope = json!(["%", ["coalesce", get("heading"), 0], 180]);
    let crosses = json!(["all", [">", slope, 10], ["<", slope, 75]]);
    let shown = json!(["any", [">=", ["zoom"], 9], fiftieth()]);
    for (id, is_here, rise) in [
        ("security_gap_posts-names", json!(["!", crosses]), -0.7),
        ("security_gap_posts-names-below", crosses.clone(), 0.7),
    ] {
        layer.from(5.5).label(
            id,
            Some(json!(["all", shown, is_here])),
            Label {
                text: text.clone(),
                size: json!(11),
                font: SEMIBOLD,
                colour: theme.gap.to_string(),
                halo: theme.halo,
                layout: json!({"text-anchor": "left", "text-offset": [0.7, rise]}),
            },
        );
    }
}
