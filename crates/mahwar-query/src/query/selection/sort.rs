//! The order of features.

use super::{
    super::{QueryError, parameter::Query, parameters as p},
    properties::{field_named, field_or_id},
};
use crate::layers::{Layer, ValueRef};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// The values of the fields by which a feature is sorted, each with whether it descends.
#[derive(Clone, Debug)]
pub struct SortKey(pub(super) SmallVec<[(OwnedValue, bool); 2]>);

/// A value that outlives its layer.
#[derive(Clone, Debug)]
pub(super) enum OwnedValue {
    Null,
    Text(Box<str>),
    Number(f64),
    Integer(i64),
    Boolean(bool),
}

impl OwnedValue {
    pub(super) fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Text(text) | ValueRef::Json(text) => Self::Text(text.into()),
            ValueRef::Number(number) => Self::Number(number),
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Boolean(truth) => Self::Boolean(truth),
        }
    }

    fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text),
            Self::Number(number) => ValueRef::Number(*number),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Boolean(truth) => ValueRef::Boolean(*truth),
        }
    }
}

impl SortKey {
    /// The bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let text = |value: &OwnedValue| match value {
            OwnedValue::Text(text) => text.len(),
            _ => 0,
        };
        size_of::<Self>() + self.0.iter().map(|(value, _)| text(value)).sum::<usize>()
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        let orders = pairs.map(|((a, descending), (b, _))| sorted(a.as_ref(), b.as_ref(), *descending));
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortKey {}

/// The order of two values of one field. No value comes last, whichever way.
pub(super) fn sorted(a: ValueRef<'_>, b: ValueRef<'_>, descending: bool) -> Ordering {
    match (a, b) {
        (ValueRef::Null, ValueRef::Null) => Ordering::Equal,
        (ValueRef::Null, _) => Ordering::Greater,
        (_, ValueRef::Null) => Ordering::Less,
        _ if descending => compare(b, a),
        _ => compare(a, b),
    }
}

fn compare(a: ValueRef<'_>, b: ValueRef<'_>) -> Ordering {
    match (a, b) {
        (ValueRef::Text(a) | ValueRef::Json(a), ValueRef::Text(b) | ValueRef::Json(b)) => a.cmp(b),
        (ValueRef::Number(a), ValueRef::Number(b)) => a.total_cmp(&b),
        (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(&b),
        (ValueRef::Boolean(a), ValueRef::Boolean(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

/// The fields that `sortby` names, each with whether it descends.
pub(super) fn sort(query: &Query<'_>, layer: &Layer) -> Result<Vec<(usize, bool)>, QueryError> {
    let Some(list) = query.list(&p::SORTBY) else {
        return Ok(Vec::new());
    };
    let mut sort = Vec::new();
    for word in list {
        let (name, descending) = match word.strip_prefix('-') {
            Some(name) => (name, true),
            None => (word.strip_prefix('+').unwrap_or(word), false),
        };
        // A plus that was not percent-encoded arrives as a space.
        let field = match field_or_id(layer, name.trim()) {
            Some(field) => field,
            None => field_named(layer, name.trim(), p::SORTBY.name)?,
        };
        if !sort.iter().any(|(other, _)| *other == field) {
            sort.push((field, descending));
        }
    }
    Ok(sort)
}
