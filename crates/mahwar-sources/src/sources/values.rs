//! Types of columns: found from the values, one type for a whole column.

use super::{
    numerals::{Marks, Numeral, numeral},
    rows::RawRow,
};
use crate::layers::{FieldType, TimeSpan, rfc3339};
use serde_json::{Number, Value};

/// The type of a column, and how its numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// The type that all its values have; text where they differ, or where there is none.
    pub kind: FieldType,
    /// The marks of its numbers, in text.
    marks: Marks,
}

/// The type of a column of rows.
pub fn column_type(rows: &[RawRow], column: usize, is_text: bool) -> ColumnType {
    let values = || rows.iter().filter_map(|row| row.values.get(column));
    match is_text {
        true => type_of_texts(
            values()
                .filter_map(Value::as_str)
                .filter(|text| !text.trim().is_empty()),
        ),
        false => ColumnType {
            kind: type_of_values(values()),
            marks: Marks::Point,
        },
    }
}

fn type_of_values<'v>(values: impl Iterator<Item = &'v Value>) -> FieldType {
    let kinds = values.filter_map(|value| match value {
        Value::Null => None,
        Value::String(text) => Some(temporal(text).unwrap_or(FieldType::String)),
        Value::Bool(_) => Some(FieldType::Boolean),
        Value::Number(number) if number.is_i64() => Some(FieldType::Integer),
        Value::Number(_) => Some(FieldType::Number),
        Value::Array(_) | Value::Object(_) => Some(FieldType::Json),
    });
    joined(kinds)
}

/// The type that holds values of all these types.
fn joined(kinds: impl Iterator<Item = FieldType>) -> FieldType {
    let mut found: Option<FieldType> = None;
    for kind in kinds {
        found = match (found, kind) {
            (None, kind) => Some(kind),
            (Some(old), kind) if old == kind => found,
            (Some(FieldType::Integer | FieldType::Number), FieldType::Integer | FieldType::Number) => {
                Some(FieldType::Number)
            }
            (Some(old), kind) if old.is_temporal() && kind.is_temporal() => Some(FieldType::Time),
            _ => return FieldType::String,
        };
    }
    found.unwrap_or(FieldType::String)
}

/// A day or a moment, if the text is one.
fn temporal(text: &str) -> Option<FieldType> {
    let written = rfc3339(text)?;
    Some(match written.len() {
        10 => FieldType::Date,
        _ => FieldType::DateTime,
    })
}

fn type_of_texts<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> ColumnType {
    let plain = |kind| ColumnType {
        kind,
        marks: Marks::Point,
    };
    let numerals = || texts.clone().map(numeral);
    if let Some(marks) = Marks::of(numerals()) {
        let kind = joined(numerals().flatten().map(|numeral| match numeral.is_whole(marks) {
            true => FieldType::Integer,
            false => FieldType::Number,
        }));
        return match is_code(numerals().flatten()) || texts.clone().next().is_none() {
            true => plain(FieldType::String),
            false => ColumnType { kind, marks },
        };
    }
    plain(joined(texts.map(|text| match as_boolean(text) {
        Some(_) => FieldType::Boolean,
        None => temporal(text).unwrap_or(FieldType::String),
    })))
}

/// Whole numbers that all have the same number of digits, more than tables keep exactly, are codes: accounts, documents.
fn is_code<'t>(numerals: impl Iterator<Item = Numeral<'t>>) -> bool {
    /// Digits that every program keeps of a number.
    const KEPT: usize = 15;
    let mut lengths = numerals.map(|numeral| numeral.digits());
    match lengths.next() {
        Some(first) => first > KEPT && lengths.all(|length| length == first),
        None => false,
    }
}

fn as_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A value in the type of its column.
pub fn converted(value: Value, column: ColumnType, is_text: bool) -> Value {
    let kind = column.kind;
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() && is_text => Value::Null,
        Value::String(text) if kind.is_temporal() => match rfc3339(&text) {
            Some(written) => Value::String(written.into_owned()),
            None => Value::String(text),
        },
        Value::String(text) if is_text => {
            let number = || numeral(&text)?.read(column.marks);
            let converted = match kind {
                FieldType::Integer => number().and_then(|text| text.parse::<i64>().ok()).map(Value::from),
                FieldType::Number => number()
                    .and_then(|text| text.parse().ok())
                    .and_then(Number::from_f64)
                    .map(Value::Number),
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

/// The time that a text means. A time without a zone counts as UTC.
pub fn time(text: &str) -> Option<TimeSpan> {
    TimeSpan::of_client(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&str]) -> Vec<RawRow> {
        let row = |text: &&str| RawRow {
            number: 1,
            id: None,
            geometry: None,
            values: vec![Value::from(*text)],
        };
        texts.iter().map(row).collect()
    }

    fn kind(texts: &[&str]) -> FieldType {
        column_type(&rows(texts), 0, true).kind
    }

    fn read(texts: &[&str]) -> Vec<Value> {
        let column = column_type(&rows(texts), 0, true);
        texts
            .iter()
            .map(|text| converted(Value::from(*text), column, true))
            .collect()
    }

    #[test]
    fn a_column_has_the_type_that_all_its_values_have() {
        assert_eq!(kind(&["1", "", "-20"]), FieldType::Integer);
        assert_eq!(kind(&["1", "2.5"]), FieldType::Number);
        assert_eq!(kind(&["0.5", "1e3"]), FieldType::Number);
        assert_eq!(kind(&["2021-12-03", "2021/12/04"]), FieldType::Date);
        assert_eq!(kind(&["2021-12-03 10:00", "2021-12-03T10:00:00Z"]), FieldType::DateTime);
        assert_eq!(kind(&["2021-12-03", "2021-12-03T10:00:00Z"]), FieldType::Time);
        assert_eq!(kind(&["true", "FALSE"]), FieldType::Boolean);
        assert_eq!(kind(&["", ""]), FieldType::String);
        // Codes keep their zeros: a p-code, a telephone number.
        for code in ["007", "0750123", "+964750", "NaN", "1-2", "٠٠٧"] {
            assert_eq!(kind(&["1", code]), FieldType::String, "{code}");
        }
    }

    #[test]
    fn a_long_number_is_a_code_where_all_are_of_one_length() {
        assert_eq!(kind(&["12345678901234567", "12345678901234568"]), FieldType::String);
        assert_eq!(kind(&["1", "-5", "9007199254740993"]), FieldType::Integer);
        assert_eq!(
            read(&["1", "9007199254740993"])[1],
            Value::from(9_007_199_254_740_993_i64)
        );
        // More than 64 bits: as a number it would lose digits.
        assert_eq!(kind(&["1", "92233720368547758080"]), FieldType::String);
    }

    #[test]
    fn numbers_are_read_with_the_marks_of_their_column() {
        let numbers = |texts: &[&str]| read(texts).into_iter().map(|value| value.as_f64()).collect::<Vec<_>>();
        assert_eq!(numbers(&["2,5", "3,75"]), [Some(2.5), Some(3.75)]);
        assert_eq!(numbers(&["1.234,5", "2,5"]), [Some(1234.5), Some(2.5)]);
        assert_eq!(numbers(&["1,234.5", "2"]), [Some(1234.5), Some(2.0)]);
        assert_eq!(numbers(&["٥", "١٢"]), [Some(5.0), Some(12.0)]);
        assert_eq!(numbers(&["٢٫٥", "١٬٢٣٤٫٥"]), [Some(2.5), Some(1234.5)]);
        assert_eq!(numbers(&["1,234,567", "1,200"]), [Some(1_234_567.0), Some(1200.0)]);
        assert_eq!(kind(&["1,234,567", "1,200"]), FieldType::Integer);
        // A thousand and two hundred, or one and a fifth: nobody can say.
        assert_eq!(kind(&["1,200", "300"]), FieldType::String);
        assert_eq!(kind(&["1,200", "2,5", "1,234,567"]), FieldType::String);
        assert_eq!(kind(&["2,5", "1.234"]), FieldType::String);
        assert_eq!(kind(&["35,755", "٣٥٫٨٧"]), FieldType::String);
        assert_eq!(numbers(&["1.234", "1.234,5"]), [Some(1234.0), Some(1234.5)]);
    }

    #[test]
    fn times_are_served_as_rfc_3339_has_them() {
        assert_eq!(
            read(&["2014/06/10 12:00:00+00", "2024-01-06 10:00"]),
            ["2014-06-10T12:00:00+00:00", "2024-01-06T10:00:00Z"]
        );
    }

    #[test]
    fn mixed_values_become_text() {
        let text = column_type(&rows(&["a"]), 0, false);
        assert_eq!(converted(Value::from(5), text, false), Value::from("5"));
        let whole = column_type(&rows(&["1"]), 0, true);
        assert_eq!(converted(Value::from("12"), whole, true), Value::from(12));
        assert_eq!(converted(Value::from(""), whole, true), Value::Null);
    }
}
