//! Values that fields must equal.

use super::{
    super::{
        QueryError, echo,
        parameter::{flag, is_plain_number},
    },
    properties::ID_FIELD,
};
use crate::layers::{FieldType, Layer, TimeSpan, ValueRef};

/// A value that a field must equal.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
    Time(TimeSpan),
}

impl Value {
    /// True if a feature has this value.
    pub(super) fn is(&self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::Text(wanted), ValueRef::Text(text) | ValueRef::Json(text)) => wanted == text,
            (Self::Number(wanted), ValueRef::Number(number)) => *wanted == number,
            (Self::Number(wanted), ValueRef::Integer(number)) => *wanted == number as f64,
            (Self::Integer(wanted), ValueRef::Integer(number)) => *wanted == number,
            (Self::Integer(wanted), ValueRef::Number(number)) => *wanted as f64 == number,
            (Self::Time(wanted), ValueRef::Text(text)) => TimeSpan::of_client(text).is_ok_and(|time| time == *wanted),
            (Self::Boolean(wanted), ValueRef::Boolean(truth)) => *wanted == truth,
            _ => false,
        }
    }
}

/// Parses the value that a field must equal, by the type of the field.
pub(super) fn wanted(layer: &Layer, field: usize, value: &str) -> Result<Value, QueryError> {
    if field == ID_FIELD {
        return Ok(Value::Text(value.to_owned()));
    }
    let field = &layer.fields[field];
    let wrong = |takes: &str| {
        QueryError::parameter(
            &field.name,
            format!("{} does not take {:?}; it takes {takes}", field.name, echo(value)),
        )
    };
    match field.kind {
        FieldType::String | FieldType::Json => Ok(Value::Text(value.to_owned())),
        FieldType::Date | FieldType::DateTime | FieldType::Time => match TimeSpan::of_client(value) {
            Ok(time) => Ok(Value::Time(time)),
            Err(_) => Err(wrong("an RFC 3339 date or date-time")),
        },
        FieldType::Number | FieldType::Integer => match value.parse::<f64>() {
            Ok(_) if value.parse::<i64>().is_ok() && is_plain_number(value) => {
                Ok(value.parse().map_or(Value::Number(0.0), Value::Integer))
            }
            Ok(number) if is_plain_number(value) && number.is_finite() => Ok(Value::Number(number)),
            _ => Err(wrong("a number")),
        },
        // GDAL writes 1 and 0.
        FieldType::Boolean => flag(value)
            .map(Value::Boolean)
            .ok_or_else(|| wrong("true or false, 1 or 0")),
    }
}
