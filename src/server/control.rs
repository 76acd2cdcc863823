//! Holders of the disputed areas on two days, and changes of the holder between them, each with its source.

use super::{
    collections::add_convention,
    links::link,
    operations as o, parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared, carried, view_of},
    respond::{Answer, media},
};
use crate::layers::{FeatureRef, TimeSpan, ValueRef};
use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The layer with one feature a unit and period.
const CONTROL: &str = "control";

/// `/control/changes`: units whose holder on `from` is another than on `to`.
pub async fn changes(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::CONTROL_CHANGES)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    // A land without this layer has no changes.
    let layer = view.layer(CONTROL).map(|tiles| tiles.layer());
    let language = ask.language(&query);
    let day = |parameter: &'static super::parameter::Parameter| -> Result<TimeSpan, Problem> {
        let text = query.text(parameter).unwrap_or_default();
        text.parse().map_err(|_| {
            let detail = format!(
                "{} does not take {:?}; it takes a day such as 2017-10-16",
                parameter.name,
                echo(text)
            );
            Problem::parameter(parameter.name, detail)
        })
    };
    let days = [day(&p::FROM_DAY)?, day(&p::TO_DAY)?];
    let mut units: BTreeMap<String, [Option<FeatureRef<'_>>; 2]> = BTreeMap::new();
    for feature in layer.iter().flat_map(|layer| layer.features()) {
        let ValueRef::Text(unit) = feature.value("pcode") else {
            continue;
        };
        for (nth, day) in days.iter().enumerate() {
            if feature.time().is_some_and(|time| time.meets(*day)) {
                units.entry(unit.to_owned()).or_default()[nth] = Some(feature);
            }
        }
    }
    let party =
        |feature: Option<FeatureRef<'_>>| feature.map_or(Value::Null, |feature| feature.value(CONTROL).to_json());
    let changed = units
        .into_iter()
        .filter(|(_, [before, after])| party(*before) != party(*after));
    let features = changed.filter_map(|(unit, [before, after])| {
        let shown = after.or(before)?;
        let geometry = shown.geometry()?;
        let mut properties = Map::new();
        properties.insert("pcode".to_owned(), unit.clone().into());
        properties.insert("name".to_owned(), json!(shown.name(language)));
        for (end, feature) in [("from", before), ("to", after)] {
            for field in [
                CONTROL,
                "party",
                "control_since",
                "control_source",
                "control_source_date",
                "control_source_url",
                "control_note",
            ] {
                let value = feature.map_or(Value::Null, |feature| feature.value(field).to_json());
                properties.insert(format!("{end}:{field}"), value);
            }
        }
        Some(json!({
            "type": "Feature", "id": unit, "properties": properties,
            "geometry": ::geojson::Geometry::from(&*geometry),
        }))
    });
    let base = ask.base(&app.settings);
    let mut value = json!({
        "type": "FeatureCollection",
        "features": features.collect::<Vec<_>>(),
        "from": query.text(&p::FROM_DAY),
        "to": query.text(&p::TO_DAY),
        "attribution": layer.map(|layer| layer.attribution.as_str()),
        "links": [link(format!("{base}/collections/{CONTROL}{}", carried(&query)), "collection", media::JSON, "All periods")],
    });
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json_as(media::GEOJSON, &value).send(&ask.headers))
}
