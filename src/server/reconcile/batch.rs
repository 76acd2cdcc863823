//! Reconciliation queries: names with types and properties, and the candidates for each.

use super::{BATCH, BATCH_VALUES, PROPERTIES, VALUES, description, kind, name_of, object, property};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    server::{
        parameters as p,
        problem::{Problem, echo},
        services::{PlaceMatch, SearchQuery},
        state::App,
        work,
    },
};
use property::{Constraint, Fit};
use serde_json::{Map, Value, json};

/// Candidates for a query that does not say how many.
const DEFAULT_LIMIT: usize = 10;
/// The most candidates given.
const MAX_LIMIT: usize = 50;
/// How many of the likeliest places are tested against properties.
const TESTED: usize = 200;

/// How a property that a place does not have lowers its score: it is multiplied by this.
const UNFIT: f64 = 0.6;

/// One query, read.
struct BatchQuery {
    query: Option<String>,
    levels: Vec<Level>,
    /// True if only types were given that are not known: nothing is then found.
    unknown_type: bool,
    limit: usize,
    constraints: Vec<Constraint>,
}

/// Answers a batch. A query that cannot be read has no candidates; the others are answered all the same.
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
    let results = batch.into_iter().map(|(key, query)| {
        work::check()?;
        let asked = BatchQuery::read(app, &query, language);
        let candidates = asked.map_or_else(Vec::new, |asked| asked.candidates(app, language));
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

impl BatchQuery {
    /// A query as far as it can be read; nothing where nothing is asked.
    fn read(app: &App, query: &Value, language: Language) -> Option<Self> {
        let members = query.as_object()?;
        let query = match members.get("query") {
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            // Cells may hold numbers and truth values.
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(truth)) => Some(truth.to_string()),
            _ => None,
        };
        // A cell without a name is blank, whatever stands beside it.
        if query.as_ref().is_some_and(String::is_empty) || members.get("query").is_some_and(Value::is_null) {
            return None;
        }
        let limit = members.get("limit").and_then(Value::as_u64).filter(|limit| *limit > 0);
        let (levels, unknown_type) = levels(members);
        let asked = Self {
            query,
            levels,
            unknown_type,
            limit: limit.map_or(DEFAULT_LIMIT, |limit| limit.min(MAX_LIMIT as u64) as usize),
            constraints: constraints(app, members, language),
        };
        (asked.query.is_some() || !asked.constraints.is_empty()).then_some(asked)
    }

    fn has_level(&self, place: &Place) -> bool {
        self.levels.is_empty() || self.levels.contains(&place.level)
    }

    /// How far a place has the properties asked for, 0 to 1, and whether it has all of them for certain.
    fn fit(&self, place: &Place) -> (f64, bool) {
        let fits = self.constraints.iter().map(|constraint| constraint.fit(place));
        fits.fold((1.0, true), |(score, certain), fit| match fit {
            Fit::Certain => (score, certain),
            Fit::Likely => (score, false),
            Fit::Unfit => (score * UNFIT, false),
        })
    }

    fn candidates(&self, app: &App, language: Language) -> Vec<Value> {
        // No place has a type that is not known.
        if self.unknown_type {
            return Vec::new();
        }
        let places = &app.services.places;
        let Some(query) = &self.query else {
            let budget = work::budget();
            let scanned = places.all().iter().take_while(|_| !budget.is_spent());
            let fits = |place: &&Place| self.has_level(place) && self.fit(place) == (1.0, true);
            let ids: Vec<&str> = (scanned.filter(fits).take(self.limit))
                .map(|place| place.id.as_str())
                .collect();
            let found = places.lookup(&ids);
            let only = found.len() == 1;
            return found
                .iter()
                .map(|found| candidate(found, 100.0, only, language))
                .collect();
        };
        let by_id = places.lookup(&[query]);
        if !by_id.is_empty() {
            let fitting = by_id.iter().filter(|found| self.has_level(&found.place));
            let each = fitting.map(|found| {
                let (fit, certain) = self.fit(&found.place);
                candidate(found, rounded(fit), certain, language)
            });
            return each.collect();
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
        let found = places.search(&asked);
        let mut weighed: Vec<(f64, bool, &PlaceMatch)> = found
            .iter()
            .filter(|found| self.has_level(&found.place))
            .map(|found| {
                let (fit, certain) = self.fit(&found.place);
                let certain = certain && found.has_the_name() && places.fits_noun(query, found);
                (found.importance * fit, certain, found)
            })
            .collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        // Sure only when one place has that very name and all that was asked for.
        let sure = weighed.iter().filter(|(_, certain, _)| *certain).count() == 1;
        let candidates = weighed
            .iter()
            .take(self.limit)
            .map(|(score, certain, found)| candidate(found, rounded(*score), sure && *certain, language));
        candidates.collect()
    }
}

/// A score of the protocol, 0 to 100 with two digits.
fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 100.0
}

/// The levels that `type` names, an id or a list of ids, and whether only unknown ones were named.
fn levels(members: &Map<String, Value>) -> (Vec<Level>, bool) {
    let given: Vec<&Value> = match members.get("type") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    };
    let words = given.into_iter().map(|value| {
        value
            .as_str()
            .or_else(|| value["id"].as_str())
            .unwrap_or_default()
            .trim()
    });
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let known: Vec<Level> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let unknown = known.is_empty() && !words.is_empty();
    (known, unknown)
}

/// `properties`: a list of `{"pid": …, "v": …}`. Unreadable and empty entries are ignored.
fn constraints(app: &App, members: &Map<String, Value>, language: Language) -> Vec<Constraint> {
    let list = members.get("properties").and_then(Value::as_array);
    let read = |one: &Value| Constraint::read(app, one["pid"].as_str()?, one.get("v")?, language);
    list.into_iter().flatten().filter_map(read).collect()
}

fn candidate(found: &PlaceMatch, score: f64, certain: bool, language: Language) -> Value {
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
