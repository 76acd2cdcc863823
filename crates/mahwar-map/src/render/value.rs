//! Values of expressions.

use crate::layers::ValueRef;
use std::borrow::Cow;

/// A value while an expression is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    pub fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(truth) => Cow::Owned(truth.to_string()),
            Self::Null => Cow::Borrowed(""),
        }
    }
}

impl<'a> From<ValueRef<'a>> for Value<'a> {
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Text(text) | ValueRef::Json(text) => Self::Text(Cow::Borrowed(text)),
            ValueRef::Number(number) => Self::Number(number),
            ValueRef::Integer(number) => Self::Number(number as f64),
            ValueRef::Boolean(truth) => Self::Bool(truth),
        }
    }
}
