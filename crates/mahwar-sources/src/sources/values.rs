//! Types of columns: found from the values, one type for a whole column.

use super::rows::RawRow;
use crate::layers::{FieldType, TimeSpan};
use serde_json::{Number, Value};

/// The type that all values of a column have; text where they differ, or where there is none.
pub fn kind_of(rows: &[RawRow], column: usize, is_text: bool) -> FieldType {
    let mut found: Option<FieldType> = None;
    for row in rows {
        let Some(value) = row.values.get(column) else { continue };
        let kind = match value {
            Value::Null => continue,
            Value::String(text) if text.is_empty() && is_text => continue,
            Value::String(text) if is_text => kind_of_text(text),
            Value::String(text) if is_time(text) => FieldType::Date,
            Value::String(_) => FieldType::String,
            Value::Bool(_) => FieldType::Boolean,
            Value::Number(number) if number.is_i64() => FieldType::Integer,
            Value::Number(_) => FieldType::Number,
            Value::Array(_) | Value::Object(_) => FieldType::Json,
        };
        found = match (found, kind) {
            (None, kind) => Some(kind),
            (Some(old), kind) if old == kind => found,
            (Some(FieldType::Integer | FieldType::Number), FieldType::Integer | FieldType::Number) => {
                Some(FieldType::Number)
            }
            _ => return FieldType::String,
        };
    }
    found.unwrap_or(FieldType::String)
}

fn kind_of_text(text: &str) -> FieldType {
    if as_integer(text).is_some() {
        FieldType::Integer
    } else if as_number(text).is_some() {
        FieldType::Number
    } else if as_boolean(text).is_some() {
        FieldType::Boolean
    } else if is_time(text) {
        FieldType::Date
    } else {
        FieldType::String
    }
}

/// A whole number; not one with zeros before it or more digits than tables keep exactly, which are codes.
fn as_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_code = digits.len() > 15 || digits.len() > 1 && digits.starts_with('0');
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && !is_code).then(|| text.parse().ok()).flatten()
}

fn as_number(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    let begins = text.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '.'));
    let is_code = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    // Whole numbers of more digits than tables keep exactly are codes too.
    let is_long = text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let number: f64 = text.parse().ok()?;
    (plain && begins && !is_code && !is_long && number.is_finite()).then_some(number)
}

fn as_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A value in the type of its column.
pub fn converted(value: Value, kind: FieldType, is_text: bool) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() && is_text => Value::Null,
        Value::String(text) if is_text => {
            let converted = match kind {
                FieldType::Integer => as_integer(&text).map(Value::from),
                FieldType::Number => as_number(&text).and_then(Number::from_f64).map(Value::Number),
                FieldType::Boolean => as_boolean(&text).map(Value::Bool),
                _ => None,
            };
            converted.unwrap_or(Value::String(text))
        }
        Value::String(text) => Value::String(text),
        other if kind == FieldType::String => Value::String(other.to_string()),
        other => other,
    }
}

/// The time that a text means. GDAL writes times without a zone; they count as UTC.
pub fn time(text: &str) -> Option<TimeSpan> {
    let text = text.trim();
    let with_zone = || format!("{}Z", text.replacen(' ', "T", 1)).parse().ok();
    text.parse().ok().or_else(with_zone)
}

fn is_time(text: &str) -> bool {
    time(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(texts: &[&str]) -> FieldType {
        let row = |text: &&str| RawRow {
            number: 1,
            id: None,
            geometry: None,
            values: vec![Value::from(*text)],
        };
        let rows: Vec<RawRow> = texts.iter().map(row).collect();
        kind_of(&rows, 0, true)
    }

    #[test]
    fn a_column_has_the_type_that_all_its_values_have() {
        assert_eq!(kind(&["1", "", "-20"]), FieldType::Integer);
        assert_eq!(kind(&["1", "2.5"]), FieldType::Number);
        assert_eq!(kind(&["0.5", "1e3"]), FieldType::Number);
        assert_eq!(kind(&["2021-12-03", "2021-12-03T10:00:00Z"]), FieldType::Date);
        assert_eq!(kind(&["true", "FALSE"]), FieldType::Boolean);
        assert_eq!(kind(&["", ""]), FieldType::String);
        // Codes keep their zeros: a p-code, a telephone number, a long account number.
        for code in ["007", "0750123", "12345678901234567", "+964750", "NaN", "1-2"] {
            assert_eq!(kind(&["1", code]), FieldType::String, "{code}");
        }
    }

    #[test]
    fn mixed_values_become_text() {
        assert_eq!(converted(Value::from(5), FieldType::String, false), Value::from("5"));
        assert_eq!(converted(Value::from("12"), FieldType::Integer, true), Value::from(12));
        assert_eq!(converted(Value::from(""), FieldType::String, true), Value::Null);
    }
}
