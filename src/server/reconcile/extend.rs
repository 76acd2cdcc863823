//! Data extension: values of properties for places that were matched.

use super::{PROPERTIES, ROWS, object, property::Property};
use crate::{
    language::Language,
    server::{
        parameters as p,
        problem::{Problem, echo},
        services::PlaceMatch,
        state::App,
        work,
    },
};
use serde_json::{Map, Value, json};

/// Answers `{"ids": […], "properties": [{"id": …}, …]}`.
pub(super) fn answer(app: &App, text: &str, language: Language) -> Result<Value, Problem> {
    let asked = object(p::EXTEND.name, text)?;
    let wrong = |what: String| Problem::parameter(p::EXTEND.name, what);
    let list = |name: &str| match asked.get(name) {
        Some(Value::Array(list)) => Ok(list),
        _ => Err(wrong(format!("extend has a list {name}"))),
    };
    let ids = list("ids")?;
    let ids: Option<Vec<&str>> = ids.iter().map(Value::as_str).collect();
    let ids = ids.ok_or_else(|| wrong("ids are texts".to_owned()))?;
    if ids.len() > ROWS {
        return Err(wrong(format!(
            "at most {ROWS} ids are fetched at a time, not {}",
            ids.len()
        )));
    }
    let properties: Vec<Property> = list("properties")?
        .iter()
        .map(|property| {
            let id = property["id"].as_str().or_else(|| property.as_str());
            let id = id.ok_or_else(|| {
                let property = property.to_string();
                wrong(format!("{:?} is no property: it is {{\"id\": …}}", echo(&property)))
            })?;
            Property::from_id(id).map_err(wrong)
        })
        .collect::<Result<_, _>>()?;
    if properties.len() > PROPERTIES {
        return Err(wrong(format!(
            "at most {PROPERTIES} properties are fetched at a time, not {}",
            properties.len()
        )));
    }
    let rows: Map<String, Value> = ids
        .into_iter()
        .map(|id| {
            work::check()?;
            let found = app.services.places.lookup(&[id]).pop();
            Ok((id.to_owned(), row(found.as_ref(), &properties, language)))
        })
        .collect::<Result<_, Problem>>()?;
    let meta: Vec<Value> = properties.iter().map(|property| meta(*property)).collect();
    Ok(json!({"meta": meta, "rows": rows}))
}

/// A place's values; an id that is not known has none.
fn row(found: Option<&PlaceMatch>, properties: &[Property], language: Language) -> Value {
    let cells = |property: &Property| {
        let cells = found.map(|found| property.cells(found, language));
        (property.id(), Value::Array(cells.unwrap_or_default()))
    };
    Value::Object(properties.iter().map(cells).collect())
}

fn meta(property: Property) -> Value {
    let mut meta = property.json();
    if let Some(level) = property.level() {
        meta["type"] = super::kind(level);
    }
    meta
}
