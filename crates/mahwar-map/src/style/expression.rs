//! Expressions of the style specification, as JSON.

use crate::language::Language;
use serde_json::{Value, json};

/// The value of a property.
pub fn get(property: &str) -> Value {
    json!(["get", property])
}

/// Expression that is true if a property has a value.
pub fn is(property: &str, value: impl Into<Value>) -> Value {
    json!(["==", get(property), value.into()])
}

/// Changes evenly between zooms.
pub fn zoomed(stops: &[(f64, f64)]) -> Value {
    let mut expression = vec![json!("interpolate"), json!(["linear"]), json!(["zoom"])];
    for (zoom, value) in stops {
        expression.extend([json!(zoom), json!(value)]);
    }
    Value::Array(expression)
}

/// Changes at whole zooms.
pub fn stepped(first: i64, stops: &[(i64, i64)]) -> Value {
    let mut expression = vec![json!("step"), json!(["zoom"]), json!(first)];
    for (zoom, value) in stops {
        expression.extend([json!(zoom), json!(value)]);
    }
    Value::Array(expression)
}

/// A feature's name in a language, or in the first other that has one.
pub fn name(language: Language) -> Value {
    let others = Language::ALL.into_iter().filter(|other| *other != language);
    let mut expression = vec![json!("coalesce"), get(&format!("name:{language}"))];
    expression.extend(others.map(|other| get(&format!("name:{other}"))));
    expression.push(get("name"));
    Value::Array(expression)
}

/// A number in the digits of a language.
pub fn number(value: Value, language: Language) -> Value {
    let locale = match language {
        // Sorani writes the same digits, and browsers know them by this tag.
        Language::Arabic | Language::Sorani => "ar-u-nu-arab",
        Language::English | Language::Undetermined => "en",
    };
    json!(["number-format", value, {"locale": locale, "max-fraction-digits": 0}])
}
