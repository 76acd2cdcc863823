//! Reconciliation queries: names with types and properties, and the candidates for each.

use super::{BATCH, BATCH_VALUES, PROPERTIES, VALUES, description, kind, name_of, object, property};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    server::{
        parameters as p,
        problem::{Problem, echo},
        services::{Found, SearchQuery},
        state::App,
        work,
    },
};
use property::Constraint;
use serde_json::{Map, Value, json};

/// Candidates for a query that does not say how many.
const DEFAULT_LIMIT: usize = 10;
/// The most candidates given.
const MAX_LIMIT: usize = 50;
/// How many of the likeliest places are tested against properties.
const TESTED: usize = 200;

/// One query, read.
struct Asked {
    query: Option<String>,
    levels: Vec<Level>,
    limit: usize,
    constraints: Vec<Constraint>,
}

/// Answers a batch.
pub(super) fn answer(app: &App, text: &str, language: Language) -> Result<Value, Problem> {
    let batch = object(p::QUERIES.name, text)?;
    if batch.len() > BATCH {
        return Err(Problem {
            detail: format!("a batch has at most {BATCH} queries, not {}", batch.len()),
            parameter: Some(p::QUERIES.name.to_owned()),
            ..Problem::too_large(BATCH)
        });
    }
    check_values(&batch)?;
    // All are read before any is answered: a wrong one is refused without work.
    let asked: Vec<(String, Asked)> = batch
        .into_iter()
        .map(|(key, query)| Asked::read(app, &key, query, language).map(|asked| (key, asked)))
        .collect::<Result<_, _>>()?;
    let results = asked.into_iter().map(|(key, asked)| {
        work::check()?;
        let candidates = asked.candidates(app, language);
        // A scan of all places ends early when the budget is spent.
        work::check()?;
        Ok((key, json!({"result": candidates})))
    });
    Ok(Value::Object(results.collect::<Result<_, Problem>>()?))
}

/// Refuses more properties and values than can be looked up in time, before any is looked up.
fn check_values(batch: &Map<String, Value>) -> Result<(), Problem> {
    let refuse = |what: String, limit| Problem {
        detail: what,
        parameter: Some(p::QUERIES.name.to_owned()),
        ..Problem::too_large(limit)
    };
    let mut all = 0;
    for (key, query) in batch {
        let Some(properties) = query.get("properties").and_then(Value::as_array) else {
            continue;
        };
        let key = echo(key);
        if properties.len() > PROPERTIES {
            let given = properties.len();
            let what = format!("query {key:?}: a query has at most {PROPERTIES} properties, not {given}");
            return Err(refuse(what, PROPERTIES));
        }
        for property in properties {
            let values = property.get("v").map_or(0, |v| v.as_array().map_or(1, Vec::len));
            if values > VALUES {
                let what = format!("query {key:?}: a property has at most {VALUES} values (v), not {values}");
                return Err(refuse(what, VALUES));
            }
            all += values;
        }
    }
    match all > BATCH_VALUES {
        true => Err(refuse(
            format!("the properties of a batch have at most {BATCH_VALUES} values together, not {all}"),
            BATCH_VALUES,
        )),
        false => Ok(()),
    }
}

impl Asked {
    fn read(app: &App, key: &str, query: Value, language: Language) -> Result<Self, Problem> {
        let wrong = |what: String| {
            let key = echo(key);
            Problem::parameter(p::QUERIES.name, format!("query {key:?}: {what}"))
        };
        let Value::Object(members) = query else {
            return Err(wrong(
                "it is a JSON object with query, type, limit, properties".to_owned(),
            ));
        };
        let query = match members.get("query") {
            None => None,
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(_) => return Err(wrong("query is a text that is not empty".to_owned())),
        };
        let limit = match members.get("limit") {
            None | Some(Value::Null) => DEFAULT_LIMIT,
            Some(limit) => match limit.as_u64() {
                Some(limit) if limit > 0 => limit.min(MAX_LIMIT as u64) as usize,
                _ => return Err(wrong("limit is a whole number above 0".to_owned())),
            },
        };
        if let Some(strict) = members.get("type_strict")
            && !["any", "all", "should"].iter().any(|word| strict == word)
        {
            return Err(wrong("type_strict is any, all or should".to_owned()));
        }
        let levels = levels(&members).map_err(wrong)?;
        let constraints = constraints(app, &members, language).map_err(wrong)?;
        if query.is_none() && constraints.is_empty() {
            return Err(wrong("it needs query or properties".to_owned()));
        }
        Ok(Self {
            query,
            levels,
            limit,
            constraints,
        })
    }

    fn fits(&self, place: &Place) -> bool {
        (self.levels.is_empty() || self.levels.contains(&place.level))
            && self.constraints.iter().all(|constraint| constraint.fits(place))
    }

    fn candidates(&self, app: &App, language: Language) -> Vec<Value> {
        let places = &app.services.places;
        let Some(query) = &self.query else {
            let budget = work::budget();
            let scanned = places.all().iter().take_while(|_| !budget.is_spent());
            let fitting = scanned.filter(|place| self.fits(place)).take(self.limit);
            let ids: Vec<&str> = fitting.map(|place| place.id.as_str()).collect();
            let found = places.lookup(&ids);
            let only = found.len() == 1;
            return found
                .iter()
                .map(|found| candidate(found, 100.0, only, language))
                .collect();
        };
        let by_id = places.lookup(&[query]);
        if !by_id.is_empty() {
            let fitting = by_id.iter().filter(|found| self.fits(&found.place));
            return fitting.map(|found| candidate(found, 100.0, true, language)).collect();
        }
        let asked = SearchQuery {
            text: query,
            language,
            limit: if self.constraints.is_empty() {
                self.limit.max(DEFAULT_LIMIT)
            } else {
                TESTED
            },
            viewbox: None,
            bounded: false,
            levels: &self.levels,
        };
        let mut found = places.search(&asked);
        found.retain(|found| self.fits(&found.place));
        // Sure only when one place has that very name.
        let sure = found.iter().filter(|found| found.has_the_name()).count() == 1;
        let candidates = found.iter().take(self.limit).map(|found| {
            let score = (found.importance * 10_000.0).round() / 100.0;
            candidate(found, score, sure && found.has_the_name(), language)
        });
        candidates.collect()
    }
}

/// `type`: an id, or a list of ids.
fn levels(members: &Map<String, Value>) -> Result<Vec<Level>, String> {
    let given: Vec<&Value> = match members.get("type") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    };
    let read = |value: &Value| {
        let word = value.as_str().or_else(|| value["id"].as_str()).unwrap_or_default();
        word.parse().map_err(|_| {
            let known = Level::ALL.map(Level::word).join(", ");
            format!("type {:?} is not known; types are {known}", echo(&value.to_string()))
        })
    };
    given.into_iter().map(read).collect()
}

/// `properties`: a list of `{"pid": …, "v": …}`.
fn constraints(app: &App, members: &Map<String, Value>, language: Language) -> Result<Vec<Constraint>, String> {
    let list = match members.get("properties") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err("properties is a list".to_owned()),
    };
    let read = |one: &Value| {
        let (Some(id), Some(value)) = (one["pid"].as_str(), one.get("v")) else {
            return Err("each of properties has pid and v".to_owned());
        };
        Constraint::read(app, id, value, language)
    };
    list.iter().map(read).collect()
}

fn candidate(found: &Found, score: f64, certain: bool, language: Language) -> Value {
    json!({
        "id": found.place.id,
        "name": name_of(found, language),
        "description": description(found, language),
        "type": [kind(found.place.level)],
        "score": score,
        "match": certain,
        "features": [
            {"id": "same_name", "value": found.has_the_name()},
            {"id": "rank", "value": found.place.rank},
        ],
    })
}
