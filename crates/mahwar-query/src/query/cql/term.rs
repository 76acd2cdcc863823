//! A filter after it was checked: tests over terms whose types are known.

use crate::layers::{Bounds, TimeSpan};
use geo::{CoordsIter, Geometry};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// Something that is true, false or unknown of a feature.
#[derive(Clone, Debug)]
pub enum Test {
    /// Always the same.
    Constant(bool),
    /// All of them.
    All(Vec<Test>),
    /// One of them.
    Any(Vec<Test>),
    /// The contrary.
    Not(Box<Test>),
    /// A field that is true or false.
    Truth(Term),
    /// `=`, `<>`, `<`, …
    Compare(Comparison, Term, Term),
    /// `LIKE`.
    Like(Term, Term),
    /// `IN`, of values that are not all constants.
    In(Term, Vec<Term>),
    /// `IN`, of constants.
    OneOf(Term, Constants),
    /// `BETWEEN`.
    Between(Term, Term, Term),
    /// `IS NULL`.
    IsNull(Term),
    /// A spatial relation of the feature's geometry to this one.
    Spatial(Relation, Box<Shape>),
    /// A temporal relation.
    Temporal(Timing, Term, Term),
    /// An array relation.
    Array(Listing, Term, Term),
}

/// The constants of a list, found by their hash or by halves.
#[derive(Clone, Debug)]
pub enum Constants {
    /// Texts.
    Texts(FxHashSet<Box<str>>),
    /// Numbers in ascending order.
    Numbers(Vec<Number>),
}

/// A number as exact as it was written.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// A floating-point number, never NaN.
    Float(f64),
}

impl Number {
    /// As a floating-point number.
    pub fn float(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// The exact order of two numbers.
    pub fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Self::Integer(a), Self::Float(b)) => order_mixed(a, b),
            (Self::Float(a), Self::Integer(b)) => order_mixed(b, a).reverse(),
        }
    }
}

fn order_mixed(whole: i64, other: f64) -> Ordering {
    /// Just beyond the greatest whole number of 64 bits.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if other >= BEYOND {
        return Ordering::Less;
    }
    if other < -BEYOND {
        return Ordering::Greater;
    }
    let rest = 0.0_f64.partial_cmp(&other.fract()).unwrap_or(Ordering::Equal);
    whole.cmp(&(other.trunc() as i64)).then(rest)
}

/// Cost of reading a field and comparing it, in nanoseconds.
const PLAIN_NS: u64 = 15;
/// Cost of folding a text of a name's length: to lower case, or with letters decomposed and composed.
const FOLDED_NS: u64 = 100;
/// Cost of a pattern for each of its letters.
const LETTER_NS: u64 = 2;
/// Cost of a spatial relation for each point of the filter's geometry, for features near it.
const POINT_NS: u64 = 20;

impl Test {
    /// A test for membership.
    pub fn one_of(subject: Term, items: Vec<Term>) -> Self {
        let text = |item: &Term| match item {
            Term::Text(text) => Some(text.as_str().into()),
            _ => None,
        };
        let number = |item: &Term| match item {
            Term::Number(number) => Some(Number::Float(*number)),
            Term::Integer(number) => Some(Number::Integer(*number)),
            _ => None,
        };
        if let Some(texts) = items.iter().map(text).collect() {
            return Self::OneOf(subject, Constants::Texts(texts));
        }
        if let Some(mut numbers) = items.iter().map(number).collect::<Option<Vec<_>>>() {
            numbers.sort_by(|a, b| a.order(*b));
            return Self::OneOf(subject, Constants::Numbers(numbers));
        }
        Self::In(subject, items)
    }

    /// Cost estimate for one feature, in nanoseconds: low, since a test often ends early.
    pub fn cost_ns(&self) -> u64 {
        match self {
            Self::Constant(_) => 0,
            Self::All(tests) | Self::Any(tests) => tests.iter().map(Self::cost_ns).sum(),
            Self::Not(test) => test.cost_ns(),
            Self::Truth(term) | Self::IsNull(term) => term.cost_ns(),
            Self::Compare(_, left, right) | Self::Temporal(_, left, right) | Self::Array(_, left, right) => {
                PLAIN_NS + left.cost_ns() + right.cost_ns()
            }
            Self::Like(subject, pattern) => {
                let letters = match pattern {
                    Term::Text(text) => text.len() as u64,
                    _ => 0,
                };
                PLAIN_NS + subject.cost_ns() + pattern.cost_ns() + letters * LETTER_NS
            }
            Self::In(subject, items) => {
                let each = items.iter().map(|item| PLAIN_NS + item.cost_ns() + subject.cost_ns());
                each.sum()
            }
            Self::OneOf(subject, _) => 2 * PLAIN_NS + subject.cost_ns(),
            Self::Between(subject, low, high) => 2 * subject.cost_ns() + low.cost_ns() + high.cost_ns(),
            Self::Spatial(_, shape) => PLAIN_NS + shape.geometry.coords_count() as u64 * POINT_NS,
        }
    }

    /// The text that a field must have, where this says so as a whole or in one of several parts that must all hold.
    pub fn text_equal_to(&self, field: usize) -> Option<&str> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.text_equal_to(field)),
            Self::Compare(Comparison::Equal, Term::Field(own), Term::Text(text))
            | Self::Compare(Comparison::Equal, Term::Text(text), Term::Field(own)) => {
                (*own == field).then_some(text.as_str())
            }
            _ => None,
        }
    }
}

/// Comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Relation of two geometries; the feature's is the first.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Relation {
    Intersects,
    Disjoint,
    Within,
    Contains,
    Equals,
    Touches,
    Overlaps,
    Crosses,
    /// Not farther than this many metres.
    WithinMetres(f64),
    /// Farther than this many metres.
    BeyondMetres(f64),
}

impl Relation {
    /// The same relation with the operands exchanged.
    pub fn turned(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            other => other,
        }
    }
}

/// Relation of two spans of time (Allen 1983).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Timing {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

/// Relation of two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Listing {
    Equals,
    Contains,
    ContainedBy,
    Overlaps,
}

/// A geometry of a filter, in degrees.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The geometry.
    pub geometry: Geometry<f64>,
    /// Its bounds.
    pub bounds: Bounds,
}

/// Something that has a value for a feature.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The field at this position.
    Field(usize),
    /// The feature's id.
    Id,
    /// The feature's validity in time.
    Time,
    /// The feature's geometry; only for `IS NULL`.
    Geometry,
    /// No value.
    Null,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number that a floating-point number does not hold exactly.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// A span of time.
    Span(TimeSpan),
    /// A span from the start of one to the end of the other.
    Interval(Box<Term>, Box<Term>),
    /// A date field as a span of time.
    Dated(usize),
    /// A text in lower case.
    Folded(Box<Term>),
    /// A text without accents and other marks.
    Bare(Box<Term>),
    /// A list of texts, numbers and truth values, as JSON.
    List(Vec<serde_json::Value>),
    /// Arithmetic.
    Arithmetic(char, Box<Term>, Box<Term>),
}

impl Term {
    /// True for a value that a feature has by itself.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Field(_) | Self::Id)
    }

    /// True for a text or number that does not depend on the feature.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Number(_) | Self::Integer(_))
    }

    fn cost_ns(&self) -> u64 {
        match self {
            Self::Folded(term) | Self::Bare(term) => FOLDED_NS + term.cost_ns(),
            Self::Arithmetic(_, left, right) => PLAIN_NS + left.cost_ns() + right.cost_ns(),
            Self::Interval(start, end) => start.cost_ns() + end.cost_ns(),
            _ => PLAIN_NS,
        }
    }
}

/// The type of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Type {
    Text,
    Number,
    Boolean,
    Time,
    List,
    Geometry,
    Nothing,
}
