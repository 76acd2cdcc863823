//! Query parameters that select features of a layer, once.

use super::parameter::{Kind, MAX_QUERY};

/// The longest filter, in characters.
const MAX_FILTER: usize = MAX_QUERY;

/// Declares parameters, one in a row: constant, name, kind, description, example. The first word is `true` if requests
/// without them are refused.
///
/// ```
/// use mahwar_query::query::parameter::Kind;
///
/// mahwar_query::parameters! { false:
///     LIMIT = "limit", Kind::Integer { min: 1, max: 100, default: Some(10), clamp: true }, "Features on a page.", "20";
/// }
/// assert_eq!(LIMIT.takes(), "a whole number from 1 to 100");
/// ```
#[macro_export]
macro_rules! parameters {
    ($required:literal: $($id:ident = $name:literal, $kind:expr, $about:literal, $example:literal;)*) => {
        $(#[doc = $about] pub static $id: $crate::query::parameter::Parameter = $crate::query::parameter::Parameter {
            name: $name, kind: $kind, required: $required, about: $about, example: $example,
        };)*
    };
}

parameters! { false:
    BBOX = "bbox", Kind::Bbox, "Only features that meet this box. West greater than east means a box across the antimeridian.", "43.5,34.5,45.5,36.0";
    BBOX_CRS = "bbox-crs", Kind::Crs, "The coordinate reference system of `bbox`; CRS84 when absent.", "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    DATETIME = "datetime", Kind::Datetime, "Only features whose time meets this one; features without a time always do.", "2021-01-01/..";
    TIME_OF = "time-of", Kind::OneOf(&["published", "event"]), "Which time `datetime` is compared with: that of publication, or the one that the text gives for what happened. With `event`, mentions and claims without such a time are left out.", "event";
    FILTER = "filter", Kind::Text { max: MAX_FILTER }, "A CQL2 expression over the queryables of the collection.", "level = 'district'";
    FILTER_LANG = "filter-lang", Kind::OneOf(&["cql2-text", "cql2-json"]), "The encoding of `filter`; told from its first character when absent.", "cql2-text";
    FILTER_CRS = "filter-crs", Kind::Crs, "The coordinate reference system of geometries in `filter`; CRS84 when absent.", "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    MIN_CONFIDENCE = "min_confidence", Kind::Number { min: 0.0, max: 1.0 }, "Only features of at least this confidence; layers without one are answered whole.", "0.9";
    SORTBY = "sortby", Kind::List { max: 1024 }, "Fields to sort by, each with - before it for descending.", "-name";
    PROPERTIES = "properties", Kind::List { max: 4096 }, "The only properties to answer with.", "name,level";
    DOWNLOAD_LIMIT = "limit", Kind::Integer { min: 1, max: 10_000_000, default: None, clamp: false }, "The greatest number of features; all when absent.", "1000";
}
