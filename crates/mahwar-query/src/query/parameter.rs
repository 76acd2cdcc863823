//! Query parameters: one table that the code reads queries by and the OpenAPI document is made of.

use super::{QueryError, echo};
use crate::language::Language;
use smallvec::SmallVec;
use std::borrow::Cow;

/// The longest query string, in bytes: a list of some hundred Arabic names, percent-encoded. The library for addresses ends at
/// 65,534 bytes with the path.
pub const MAX_QUERY: usize = 64_000;

/// Accepted values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A text of 1 to `max` characters.
    Text {
        /// Greatest length in characters.
        max: usize,
    },
    /// A text of at most `max` characters that is as absent when it is empty: part of an address.
    Part {
        /// Greatest length in characters.
        max: usize,
    },
    /// A remark of 1 to `max` characters besides the blanks around it.
    Remark {
        /// Greatest length in characters.
        max: usize,
    },
    /// Names of JavaScript with points between, or nothing.
    ScriptName {
        /// Greatest length in characters.
        max: usize,
    },
    /// A date or date-time of RFC 3339.
    Day,
    /// A whole number. Values above `max` count as `max` when `clamp` is set: OGC API wants that of `limit`.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
        /// When absent.
        default: Option<i64>,
        /// True if a greater value is cut rather than refused.
        clamp: bool,
    },
    /// A finite number.
    Number {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// `1` or `0`, or the words that programs write for them.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `ar`, `ckb` or `en`.
    Language,
    /// The id of a worldview of the land.
    Worldview,
    /// Four or six numbers, with commas.
    Bbox,
    /// The URI of a coordinate reference system that the collection offers.
    Crs,
    /// An RFC 3339 time or an interval of two with `/`, `..` for open.
    Datetime,
    /// Ids of layers, with commas between.
    Layers,
    /// The id of a definition of the corridor.
    Definition,
    /// Words with commas between.
    List {
        /// Greatest length in bytes.
        max: usize,
    },
}

/// A query parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its accepted values.
    pub kind: Kind,
    /// True if a request without it is refused.
    pub required: bool,
    /// Its effect, in English.
    pub about: &'static str,
    /// A value that works.
    pub example: &'static str,
}

/// The greatest `limit` beyond which even a cut is refused: no client means it.
const ABSURD: i64 = i32::MAX as i64;

/// A query that was read by its table.
///
/// ```
/// use mahwar_query::query::{parameter::Query, parameters::{BBOX, SORTBY}};
///
/// let query = Query::read(Some("sortby=-published%2Cname"), &[&BBOX, &SORTBY]).unwrap();
/// assert_eq!(query.text(&BBOX), None);
/// assert_eq!(query.list(&SORTBY).unwrap().collect::<Vec<_>>(), ["-published", "name"]);
/// let error = Query::read(Some("sort=name"), &[&BBOX, &SORTBY]).unwrap_err();
/// assert_eq!(error.to_string(), "unknown parameter \"sort\"; accepted: bbox, sortby");
/// ```
#[derive(Debug)]
pub struct Query<'q> {
    given: SmallVec<[(&'static Parameter, Cow<'q, str>); 8]>,
    /// Parameters named like a field of the collection: equality filters.
    pub fields: Vec<(usize, Cow<'q, str>)>,
}

impl<'q> Query<'q> {
    /// Reads a query string: every parameter known, once, decodable, and of its kind.
    ///
    /// # Errors
    /// For a query that is too long, and for the first parameter that is unknown, repeated, wrong or missing.
    pub fn read(raw: Option<&'q str>, table: &[&'static Parameter]) -> Result<Self, QueryError> {
        Self::read_with_fields(raw, table, |_| None)
    }

    /// [`Self::read`], where names that the table does not have may be fields of a collection.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_with_fields(
        raw: Option<&'q str>,
        table: &[&'static Parameter],
        field: impl Fn(&str) -> Option<usize>,
    ) -> Result<Self, QueryError> {
        Self::read_with(raw, table, field, false)
    }

    /// [`Self::read`] for resources to which viewers add parameters of their own, such as keys: names that the table does not
    /// have change nothing.
    ///
    /// # Errors
    /// As [`Self::read`], for the parameters of the table.
    pub fn read_known(raw: Option<&'q str>, table: &[&'static Parameter]) -> Result<Self, QueryError> {
        Self::read_with(raw, table, |_| None, true)
    }

    fn read_with(
        raw: Option<&'q str>,
        table: &[&'static Parameter],
        field: impl Fn(&str) -> Option<usize>,
        skips_unknown: bool,
    ) -> Result<Self, QueryError> {
        let mut query = Self {
            given: SmallVec::new(),
            fields: Vec::new(),
        };
        let raw = raw.unwrap_or_default();
        if raw.len() > MAX_QUERY {
            return Err(QueryError::too_long(MAX_QUERY));
        }
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| undecodable(name))?;
            let value = decode(value).ok_or_else(|| undecodable(&name))?;
            if let Some(parameter) = table.iter().find(|parameter| parameter.name == name) {
                if query.given.iter().any(|(other, _)| other.name == name) {
                    return Err(twice(&name));
                }
                if value.trim().is_empty() && matches!(parameter.kind, Kind::Part { .. }) {
                    continue;
                }
                parameter.check(&value)?;
                query.given.push((parameter, value));
            } else if let Some(position) = field(&name) {
                if query.fields.iter().any(|(other, _)| *other == position) {
                    return Err(twice(&name));
                }
                query.fields.push((position, value));
            } else if !skips_unknown {
                let accepted: Vec<&str> = table.iter().map(|parameter| parameter.name).collect();
                return Err(QueryError::unknown_parameter(&name, &accepted.join(", ")));
            }
        }
        query.check_required(table)?;
        Ok(query)
    }

    /// [`Self::read`] for resources to which standard clients add parameters of their own: names that the table does not
    /// have and values that are empty count as absent, and of a repeated parameter the first value counts.
    ///
    /// # Errors
    /// For a query that is too long, and for the first parameter that is wrong or missing.
    pub fn read_leniently(raw: Option<&'q str>, table: &[&'static Parameter]) -> Result<Self, QueryError> {
        let mut query = Self {
            given: SmallVec::new(),
            fields: Vec::new(),
        };
        let raw = raw.unwrap_or_default();
        if raw.len() > MAX_QUERY {
            return Err(QueryError::too_long(MAX_QUERY));
        }
        for pair in raw.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(parameter) = table.iter().find(|parameter| parameter.name == name) else {
                continue;
            };
            if query.given.iter().any(|(other, _)| other.name == name) {
                continue;
            }
            let value = decode(value).ok_or_else(|| undecodable(name))?;
            if value.is_empty() && !parameter.required {
                continue;
            }
            if !value.is_empty() {
                parameter.check(&value)?;
            }
            query.given.push((parameter, value));
        }
        query.check_required(table)?;
        Ok(query)
    }

    fn check_required(&self, table: &[&'static Parameter]) -> Result<(), QueryError> {
        for parameter in table.iter().filter(|parameter| parameter.required) {
            if !self.given.iter().any(|(other, _)| other.name == parameter.name) {
                return Err(QueryError::parameter(
                    parameter.name,
                    format!("{} is required: {}", parameter.name, parameter.takes()),
                ));
            }
        }
        Ok(())
    }

    /// The same query without the lifetime of the request, for work on another thread.
    pub fn into_owned(self) -> Query<'static> {
        let owned = |value: Cow<'_, str>| Cow::Owned(value.into_owned());
        let given = self.given.into_iter();
        let fields = self.fields.into_iter();
        Query {
            given: given.map(|(parameter, value)| (parameter, owned(value))).collect(),
            fields: fields.map(|(field, value)| (field, owned(value))).collect(),
        }
    }

    /// The value as it was given.
    pub fn text(&self, parameter: &Parameter) -> Option<&str> {
        let found = self.given.iter().find(|(given, _)| given.name == parameter.name);
        found.map(|(_, value)| value.as_ref())
    }

    /// A whole number, or the parameter's default.
    pub fn integer(&self, parameter: &Parameter) -> Option<i64> {
        let Kind::Integer { max, default, .. } = parameter.kind else {
            return None;
        };
        match self.text(parameter) {
            // Checked when it was read.
            Some(text) => text.parse().ok().map(|number: i64| number.min(max)),
            None => default,
        }
    }

    /// A number.
    pub fn number(&self, parameter: &Parameter) -> Option<f64> {
        self.text(parameter)?.parse().ok()
    }

    /// True if a flag is given and set.
    pub fn flag(&self, parameter: &Parameter) -> bool {
        self.text(parameter).and_then(flag) == Some(true)
    }

    /// A language.
    pub fn language(&self, parameter: &Parameter) -> Option<Language> {
        self.text(parameter)?.parse().ok()
    }

    /// Words between commas.
    pub fn list(&self, parameter: &Parameter) -> Option<impl Iterator<Item = &str>> {
        Some(self.text(parameter)?.split(',').map(str::trim))
    }
}

impl Parameter {
    /// The accepted values, in words.
    pub fn takes(&self) -> String {
        match self.kind {
            Kind::Text { max } => format!("a text of 1 to {max} characters"),
            Kind::Part { max } => format!("a text of at most {max} characters"),
            Kind::Remark { max } => format!("a text of 1 to {max} characters that are not all blank"),
            Kind::ScriptName { .. } => {
                "the name of a function: letters, digits, _ and $, not a digit first, and points between names".to_owned()
            }
            Kind::Day => "a date or date-time of RFC 3339, such as 2017-10-16".to_owned(),
            Kind::Integer { min, max, .. } => format!("a whole number from {min} to {max}"),
            Kind::Number { min, max } if min == f64::MIN && max == f64::MAX => "a number".to_owned(),
            Kind::Number { min, max } => format!("a number from {min} to {max}"),
            Kind::Flag => "one of 0, 1, true, false".to_owned(),
            Kind::OneOf(words) => format!("one of {}", words.join(", ")),
            Kind::Language => "one of ar, ckb, en".to_owned(),
            Kind::Worldview => "the id of a worldview, see /worldviews".to_owned(),
            Kind::Bbox => "west,south,east,north (four numbers; six with heights)".to_owned(),
            Kind::Crs => "a URI listed under `crs` of the collection".to_owned(),
            Kind::Datetime => {
                "a date or date-time of RFC 3339, or two with a slash between; of the two one may be .. for an open end \
                 or a duration of ISO 8601 (P2D)"
                    .to_owned()
            }
            Kind::Layers => "ids of layers with commas between, see /collections".to_owned(),
            Kind::Definition => "the id of a definition, see /corridor/definitions".to_owned(),
            Kind::List { max } => format!("words with commas between, at most {max} bytes"),
        }
    }

    fn check(&self, value: &str) -> Result<(), QueryError> {
        let good = match self.kind {
            Kind::Part { max } => value.chars().count() <= max && !value.contains('\0'),
            Kind::Text { max } => (1..=max).contains(&value.chars().count()) && !value.contains('\0'),
            Kind::Remark { max } => (1..=max).contains(&value.trim().chars().count()),
            Kind::ScriptName { max } => {
                value.is_empty() || (value.len() <= max && value.split('.').all(is_script_name))
            }
            Kind::List { max } => {
                (1..=max).contains(&value.len()) && value.split(',').all(|word| !word.trim().is_empty())
            }
            Kind::Integer { min, max, clamp, .. } => {
                let plain = value.strip_prefix('-').unwrap_or(value);
                !plain.is_empty()
                    && plain.bytes().all(|byte| byte.is_ascii_digit())
                    && value
                        .parse()
                        .is_ok_and(|number: i64| number >= min && number <= if clamp { ABSURD } else { max })
            }
            Kind::Number { min, max } => {
                is_plain_number(value)
                    && value
                        .parse()
                        .is_ok_and(|number: f64| number.is_finite() && number >= min && number <= max)
            }
            Kind::Flag => flag(value).is_some(),
            Kind::OneOf(words) => words.contains(&value),
            Kind::Language => matches!(value, "ar" | "ckb" | "en"),
            Kind::Worldview | Kind::Crs | Kind::Bbox | Kind::Datetime | Kind::Day | Kind::Layers | Kind::Definition => {
                !value.is_empty()
            }
        };
        if good { Ok(()) } else { Err(self.wrong(value)) }
    }

    /// The error of a value that it does not take.
    pub fn wrong(&self, value: &str) -> QueryError {
        QueryError::parameter(
            self.name,
            format!(
                "{} does not take {:?}; it takes {}",
                self.name,
                echo(value),
                self.takes()
            ),
        )
    }
}

fn is_script_name(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with(|letter: char| letter.is_ascii_digit())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

/// The value of a flag in any letter case.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

/// Digits, sign, point and exponent only: no `inf`, no `nan`, no hexadecimal.
pub fn is_plain_number(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'))
}

fn twice(name: &str) -> QueryError {
    QueryError::parameter(name, format!("{name} is given twice; it is taken once"))
}

fn undecodable(name: &str) -> QueryError {
    QueryError::parameter(
        &echo(name),
        format!(
            "{:?} is not percent-encoded UTF-8 without control characters",
            echo(name)
        ),
    )
}

/// Percent-decodes strictly: every `%` with two hexadecimal digits, UTF-8 as the result, no control characters but
/// line ends and tabs.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => decoded.push(b' '),
            b'%' => {
                let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
                let (high, low) = (digit(bytes.get(at + 1))?, digit(bytes.get(at + 2))?);
                decoded.push((high * 16 + low) as u8);
                at += 2;
            }
            byte => decoded.push(byte),
        }
        at += 1;
    }
    let decoded = String::from_utf8(decoded).ok()?;
    let is_forbidden = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    (!decoded.contains(is_forbidden)).then_some(Cow::Owned(decoded))
}

#[cfg(test)]
mod tests {
    use super::{super::QueryErrorKind, *};

    static LIMIT: Parameter = Parameter {
        name: "limit",
        kind: Kind::Integer {
            min: 1,
            max: 100,
            default: Some(10),
            clamp: true,
        },
        required: false,
        about: "",
        example: "10",
    };

    fn limit(raw: &str) -> Result<Option<i64>, QueryError> {
        Query::read(Some(raw), &[&LIMIT]).map(|query| query.integer(&LIMIT))
    }

    #[test]
    fn a_limit_is_cut_defaulted_or_refused() {
        assert_eq!(limit("limit=7"), Ok(Some(7)));
        assert_eq!(limit(""), Ok(Some(10)));
        assert_eq!(limit("limit=5000"), Ok(Some(100)));
        for wrong in ["0", "-1", "1000000000000", "", "ten", "1.5", "+5", "NaN", "%31%", "٣"] {
            let error = limit(&format!("limit={wrong}")).unwrap_err();
            assert_eq!(error.parameter.as_deref(), Some("limit"), "{wrong}");
            assert_eq!(error.kind, QueryErrorKind::BadParameter);
        }
    }

    #[test]
    fn unknown_and_repeated_parameters_are_refused_by_name() {
        assert_eq!(limit("limits=7").unwrap_err().parameter.as_deref(), Some("limits"));
        assert_eq!(
            limit("limit=7&limit=8").unwrap_err().parameter.as_deref(),
            Some("limit")
        );
    }

    #[test]
    fn decoding_is_strict() {
        assert_eq!(decode("a%20b+c").as_deref(), Some("a b c"));
        assert_eq!(decode("%D9%83"), Some(Cow::Borrowed("ك")));
        assert_eq!(decode("a%0D%0Ab%09"), Some(Cow::Borrowed("a\r\nb\t")));
        for broken in [
            "%", "%2", "%zz", "%D9", "%FF", "%+1", "a%00b", "%01", "%1b", "%7F", "%C2%85",
        ] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
