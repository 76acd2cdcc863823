//! Filters in CQL2 text and JSON (OGC 21-065r2): parsed, checked against a layer, evaluated.

mod compile;
mod evaluate;
mod expression;
mod json;
mod tangle;
mod term;
mod text;

use super::{QueryError, crs::Crs, echo, parameters as p};
use crate::{
    language::Language,
    layers::{FeatureRef, Layer},
};
use term::Test;

/// A filter that fits a layer.
#[derive(Debug)]
pub(crate) struct Filter(Test);

/// The name of the queryable that is a feature's id.
pub const ID: &str = "id";
/// The name of the queryable that is a feature's geometry.
pub const GEOMETRY: &str = "geometry";
/// The name of the queryable that is a feature's time.
pub const TIME: &str = "datetime";

impl Filter {
    /// Parses a filter; `encoding` is `cql2-text` or `cql2-json`, detected from the first character when absent.
    /// Geometries in it are in `crs`.
    pub fn parse(text: &str, encoding: Option<&str>, layer: &Layer, crs: Crs) -> Result<Self, QueryError> {
        let json = match encoding {
            Some(encoding) => encoding == "cql2-json",
            None => text.trim_start().starts_with('{'),
        };
        let expression = if json {
            json::parse(text).map_err(|why| wrong(&format!("not CQL2 JSON ({})", one_line(&why))))?
        } else {
            text::parse(text).map_err(|why| wrong(&format!("not CQL2 text: {}", one_line(&why))))?
        };
        let compiler = compile::Compiler { layer, crs };
        compiler.test(&expression).map(Self).map_err(|why| wrong(&why))
    }

    /// The text that a field must have for a feature to pass, where the filter says so in plain words.
    pub fn text_equal_to(&self, field: usize) -> Option<&str> {
        self.0.text_equal_to(field)
    }

    /// Cost estimate of a test of one feature, in nanoseconds.
    pub fn cost_ns(&self) -> u64 {
        self.0.cost_ns()
    }

    /// True if a feature passes. An unknown result, such as a comparison with no value, does not pass.
    pub fn matches(&self, feature: FeatureRef<'_>, language: Language) -> bool {
        let subject = evaluate::Subject { feature, language };
        subject.test(&self.0) == Some(true)
    }
}

fn wrong(why: &str) -> QueryError {
    QueryError::parameter(
        p::FILTER.name,
        format!("filter: {why}; it takes a CQL2 expression over the collection's queryables"),
    )
}

/// A parser's message of several lines, as one short one.
fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let joined = words.join(" ");
    match joined.char_indices().nth(300) {
        None => joined,
        Some((end, _)) => echo(&joined[..end]).into_owned(),
    }
}

#[cfg(test)]
mod tests;
