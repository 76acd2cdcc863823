//! Values of edits as clients send them: spans, places, points, days, figures. Each error names the member.

use super::{
    problem::{Problem, echo},
    state::App,
};
use crate::{
    gazetteer::{Level, SameAs},
    geoparse::{Bound, ClaimType, MentionPlace, Part, Role},
    language::Trilingual,
    layers::ReadDocument,
    store::{Figure, SpanKey},
};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, sync::Arc};

/// Members of a JSON object, each read once; the rest are unknown members.
pub struct Members(Map<String, Value>);

/// The greatest figure that is accepted.
const MAX_VALUE: f64 = 1e12;
/// Figures and places that one claim may have.
const MAX_LIST: usize = 50;
/// Precisions of a point, each with its level.
const PRECISIONS: [(&str, Level); 6] = [
    ("point", Level::Site),
    ("quarter", Level::Neighbourhood),
    ("settlement", Level::Settlement),
    ("subdistrict", Level::Subdistrict),
    ("district", Level::District),
    ("governorate", Level::Governorate),
];

fn wrong(name: &str, takes: impl std::fmt::Display) -> Problem {
    Problem::parameter(name, format!("{name} takes {takes}"))
}

impl Members {
    /// Reads the body of a write.
    ///
    /// # Errors
    /// 400 for a body that is no JSON object.
    pub fn read(bytes: &[u8], example: &str) -> Result<Self, Problem> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Problem::bad_request(format!(
                "the body is not an object like {example}"
            ))),
            Err(error) => Err(Problem::bad_request(format!(
                "the body is not JSON like {example}: {}",
                crate::ingest::json_error(&error)
            ))),
        }
    }

    /// Takes a member; `None` where it is absent.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Takes a text; `null` counts as absent.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name, "a text")),
        }
    }

    /// True if no member is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends reading.
    ///
    /// # Errors
    /// 400 that names the first member that is left.
    pub fn end(self, known: &str) -> Result<(), Problem> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(Problem::parameter(
                &echo(name),
                format!("{:?} is no member of this body; it takes {known}", echo(name)),
            )),
        }
    }
}

/// A span of a document: an object with `start` and `end` in code points, or with `byte`, `codepoint` or `utf16` and two
/// numbers; `in` says `title` for the title, and `text` repeats the words as a check.
///
/// # Errors
/// 400 for a span that is no slice of the text or whose words differ.
pub fn span(read: &ReadDocument, value: &Value, name: &str) -> Result<SpanKey, Problem> {
    const TAKES: &str = "a span of the text: {\"start\": 0, \"end\": 5} in code points, or {\"byte\": [0, 9]}, \
         {\"codepoint\": [0, 5]} or {\"utf16\": [0, 5]}, with \"in\": \"title\" for the title and \"text\" for the words";
    let refuse = || wrong(name, TAKES);
    let object = value.as_object().ok_or_else(refuse)?;
    const KNOWN: [&str; 7] = ["start", "end", "byte", "codepoint", "utf16", "in", "text"];
    if object.keys().any(|key| !KNOWN.contains(&key.as_str())) {
        return Err(refuse());
    }
    let part = match object.get("in").map(Value::as_str) {
        None | Some(Some("text")) => Part::Text,
        Some(Some("title")) => Part::Title,
        Some(_) => return Err(refuse()),
    };
    let of = match part {
        Part::Text => &read.document.text,
        Part::Title => &read.document.title,
    };
    let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
    let pair = |value: &Value| match value.as_array().map(Vec::as_slice) {
        Some([start, end]) => number(start).zip(number(end)),
        _ => None,
    };
    let given = ["byte", "codepoint", "utf16"].map(|unit| object.get(unit));
    let own = object.get("start").zip(object.get("end"));
    let bytes = match (given, own) {
        ([Some(bytes), None, None], None) => pair(bytes),
        ([None, Some(points), None], None) => pair(points).and_then(|span| bytes_at(of, span, |_| 1)),
        ([None, None, Some(units)], None) => pair(units).and_then(|span| bytes_at(of, span, char::len_utf16)),
        ([None, None, None], Some((start, end))) => {
            let span = number(start).zip(number(end)).ok_or_else(refuse)?;
            bytes_at(of, span, |_| 1)
        }
        _ => return Err(refuse()),
    };
    let words = bytes.and_then(|(start, end)| of.get(start..end).filter(|words| !words.trim().is_empty()));
    let (Some((start, end)), Some(words)) = (bytes, words) else {
        return Err(Problem::parameter(
            name,
            format!(
                "{name} names no words of the {}; it takes a slice of it",
                part_name(part)
            ),
        ));
    };
    match object.get("text") {
        Some(Value::String(text)) if text != words => Err(Problem::parameter(
            name,
            format!(
                "{name}: the {} says {:?} there, not {:?}",
                part_name(part),
                echo(words),
                echo(text)
            ),
        )),
        Some(value) if !value.is_string() => Err(refuse()),
        _ => Ok(part.key([start, end])),
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Text => "text",
        Part::Title => "title",
    }
}

/// The bytes of a span in another unit, each letter of which has a size.
fn bytes_at(text: &str, (start, end): (usize, usize), size: impl Fn(char) -> usize) -> Option<(usize, usize)> {
    let (mut at, mut first) = (0, None);
    for (byte, letter) in text.char_indices() {
        if at == start {
            first = Some(byte);
        }
        if at == end {
            return Some((first?, byte));
        }
        at += size(letter);
    }
    (at == end).then_some((first?, text.len()))
}

/// The speaker: a span, or words of the text, of which the nearest to the quote count.
///
/// # Errors
/// 400 for words that the text does not have.
pub fn speaker(read: &ReadDocument, value: &Value, near: Option<SpanKey>) -> Result<SpanKey, Problem> {
    let Value::String(name) = value else {
        return span(read, value, "speaker");
    };
    let name = name.trim();
    let missing = || {
        Problem::parameter(
            "speaker",
            format!(
                "speaker takes words of the text or a span; the text does not have {:?}",
                echo(name)
            ),
        )
    };
    if name.is_empty() {
        return Err(missing());
    }
    let near = near.map_or(0, |span| Part::of_key(span).1[0]);
    let found = read.document.text.match_indices(name).map(|(at, _)| at);
    let at = found.min_by_key(|at| at.abs_diff(near)).ok_or_else(missing)?;
    Ok(Part::Text.key([at, at + name.len()]))
}

/// A place by its id or a point with its precision; `None` where neither is given.
///
/// # Errors
/// 400 for both, an unknown id, a point outside the land or without a precision.
pub fn place(app: &App, members: &mut Members) -> Result<Option<MentionPlace>, Problem> {
    let id = members.text("place")?;
    let at = members.take("point").filter(|point| !point.is_null());
    let precision = members.text("precision")?;
    place_of(app, id.as_deref(), at.as_ref(), precision.as_deref())
}

/// [`place`] of members that are read already.
///
/// # Errors
/// As [`place`].
pub fn place_of(
    app: &App,
    id: Option<&str>,
    at: Option<&Value>,
    precision: Option<&str>,
) -> Result<Option<MentionPlace>, Problem> {
    match (id, at) {
        (Some(_), Some(_)) => Err(Problem::parameter(
            "point",
            "place and point are given; give one of them",
        )),
        (Some(_), None) if precision.is_some() => Err(Problem::parameter(
            "precision",
            "precision belongs to a point, and a place is given",
        )),
        (Some(id), None) => known_place(app, "place", id).map(Some),
        (None, Some(at)) => point(app, at, precision).map(Some),
        (None, None) if precision.is_some() => Err(Problem::parameter("precision", "precision needs a point")),
        (None, None) => Ok(None),
    }
}

/// A place of the gazetteer.
///
/// # Errors
/// 400 for an unknown id.
pub fn known_place(app: &App, name: &str, id: &str) -> Result<MentionPlace, Problem> {
    let found = super::documents::library(app)?.place(id);
    found.ok_or_else(|| Problem::parameter(name, format!("there is no place {:?}; see /search", echo(id))))
}

/// A point of the map as a place of its own.
fn point(app: &App, value: &Value, precision: Option<&str>) -> Result<MentionPlace, Problem> {
    let numbers: Vec<f64> = value
        .as_array()
        .map(|numbers| numbers.iter().filter_map(Value::as_f64).collect())
        .unwrap_or_default();
    let [lon, lat] = numbers[..] else {
        return Err(wrong("point", "[longitude, latitude] in degrees"));
    };
    let words = PRECISIONS.map(|(word, _)| word).join(", ");
    let level = precision.and_then(|word| PRECISIONS.iter().find(|(known, _)| *known == word));
    let Some((_, level)) = level else {
        return Err(Problem::parameter(
            "precision",
            format!("a point needs precision: how finely the text places it, one of {words}"),
        ));
    };
    let is_inside = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
    let found = match is_inside {
        true => app.services.places.reverse(lon, lat, Level::Country),
        false => None,
    };
    if found.is_none_or(|found| found.place.foreign) {
        return Err(Problem::parameter(
            "point",
            format!("point {lon}, {lat} lies outside the land; it takes [longitude, latitude] in degrees"),
        ));
    }
    // Five decimals are a metre: no report is finer.
    let [lon, lat] = [lon, lat].map(|degrees| (degrees * 1e5).round() / 1e5);
    let name = format!("{lat:.5}, {lon:.5}");
    let precision = precision.unwrap_or_default();
    Ok(MentionPlace {
        id: format!("point-{lat:.5}-{lon:.5}-{precision}"),
        name: Trilingual {
            ar: Some(name.clone()),
            ckb: Some(name.clone()),
            en: Some(name),
        },
        level: *level,
        foreign: false,
        point: [lon, lat],
        same_as: SameAs::default(),
        within: Arc::default(),
    })
}

/// The places of a claim: `places` with ids, or `point` with `precision`; `None` where neither is given.
///
/// # Errors
/// 400 as [`place`].
pub fn places(app: &App, members: &mut Members) -> Result<Option<Vec<MentionPlace>>, Problem> {
    let list = members.take("places");
    let single = place(app, members)?;
    let Some(list) = list else {
        return Ok(single.map(|place| vec![place]));
    };
    if single.is_some() {
        return Err(Problem::parameter(
            "places",
            "places and another place are given; give one of them",
        ));
    }
    let refuse = || wrong("places", format_args!("a list of at most {MAX_LIST} ids of places"));
    let Value::Array(ids) = list else {
        return Err(refuse());
    };
    if ids.len() > MAX_LIST {
        return Err(refuse());
    }
    let mut seen = BTreeSet::new();
    let mut places = Vec::new();
    for id in &ids {
        let id = id.as_str().ok_or_else(refuse)?;
        if seen.insert(id) {
            places.push(known_place(app, "places", id)?);
        }
    }
    Ok(Some(places))
}

/// The days of a claim: a day, two days with a slash between, or `null` for none.
///
/// # Errors
/// 400 for a text that is no day, and for an end before the beginning.
pub fn days(value: &Value) -> Result<Option<[String; 2]>, Problem> {
    let refuse = || wrong("day", "a day (2021-12-03), two days (2021-12-03/2021-12-05), or null");
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => return Err(refuse()),
    };
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let day = |text: &str| {
        let day: Option<jiff::civil::Date> = text.parse().ok().filter(|_| text.len() == 10);
        day.ok_or_else(refuse)
    };
    let (from, to) = (day(from)?, day(to)?);
    match from <= to {
        true => Ok(Some([from.to_string(), to.to_string()])),
        false => Err(Problem::parameter("day", "day: the end lies before the beginning")),
    }
}

/// The type of a claim.
///
/// # Errors
/// 400 for an unknown word.
pub fn kind(text: &str) -> Result<ClaimType, Problem> {
    ClaimType::named(text).ok_or_else(|| {
        let known = ClaimType::ALL.map(|(_, name)| name).join(", ");
        Problem::parameter(
            "type",
            format!("type does not take {:?}; it takes one of {known}", echo(text)),
        )
    })
}

/// The figures of a claim.
///
/// # Errors
/// 400 that names the figure and its member.
pub fn figures(read: &ReadDocument, value: &Value) -> Result<Vec<Figure>, Problem> {
    const EXAMPLE: &str = "{\"value\": 5, \"unit\": \"person\", \"role\": \"killed\", \"bound\": \"at_least\"}";
    let refuse = || {
        wrong(
            "figures",
            format_args!("a list of at most {MAX_LIST} objects like {EXAMPLE}, with quote for their words"),
        )
    };
    let list = value
        .as_array()
        .filter(|list| list.len() <= MAX_LIST)
        .ok_or_else(refuse)?;
    let figures = list.iter().map(|figure| {
        let mut members = Members(figure.as_object().cloned().ok_or_else(refuse)?);
        let number = |value: Option<Value>, name: &str| match value {
            None | Some(Value::Null) => Ok::<_, Problem>(None),
            Some(value) => {
                let number = value.as_f64().filter(|number| (0.0..=MAX_VALUE).contains(number));
                let number = number.ok_or_else(|| {
                    Problem::parameter("figures", format!("figures: {name} takes a number from 0 to {MAX_VALUE}"))
                })?;
                Ok(Some(number))
            }
        };
        let value = number(members.take("value"), "value")?;
        let upper = number(members.take("upper"), "upper")?;
        if upper.is_some_and(|upper| value.is_none_or(|value| upper < value)) {
            return Err(Problem::parameter(
                "figures",
                "figures: upper is the greater end of a range that begins at value",
            ));
        }
        let role = members.text("role")?;
        let role = role.map(|word| {
            Role::named(&word).ok_or_else(|| {
                let known = Role::ALL.map(|(_, name)| name).join(", ");
                Problem::parameter(
                    "figures",
                    format!("figures: role does not take {:?}; it takes one of {known}", echo(&word)),
                )
            })
        });
        let role = role.transpose()?;
        let bound = match members.text("bound")?.as_deref() {
            None if value.is_none() => Bound::Vague,
            None | Some("exact") => Bound::Exact,
            Some("vague") => Bound::Vague,
            Some(word) => Bound::named(word).ok_or_else(|| {
                Problem::parameter(
                    "figures",
                    format!(
                        "figures: bound does not take {:?}; it takes one of exact, about, at_least, at_most, more_than, vague",
                        echo(word)
                    ),
                )
            })?,
        };
        let unit = members.text("unit")?.unwrap_or_else(|| "person".to_owned());
        let is_word = |unit: &str| {
            (1..=40).contains(&unit.len())
                && unit
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        if !is_word(&unit) {
            return Err(Problem::parameter(
                "figures",
                "figures: unit takes a word of small letters, such as person, village, km",
            ));
        }
        let quote = members.take("quote").filter(|quote| !quote.is_null());
        let quote = quote.map(|quote| span(read, &quote, "figures")).transpose()?;
        members
            .end("value, upper, unit, role, bound, quote")
            .map_err(|problem| problem.of_parameter("figures"))?;
        Ok(Figure {
            value,
            upper,
            unit,
            role,
            bound,
            span: quote,
        })
    });
    figures.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_every_unit_are_the_same_bytes() {
        let text = "a😀مخمور b";
        assert_eq!(bytes_at(text, (2, 7), |_| 1), Some((5, 15)));
        assert_eq!(bytes_at(text, (3, 8), char::len_utf16), Some((5, 15)));
        // In the middle of a letter of two units.
        assert_eq!(bytes_at(text, (2, 8), char::len_utf16), None);
        assert_eq!(bytes_at(text, (7, 9), |_| 1), Some((15, 17)));
        assert_eq!(bytes_at(text, (7, 10), |_| 1), None);
        assert_eq!(bytes_at("", (0, 0), |_| 1), None);
    }

    #[test]
    fn days_are_checked() {
        let read = |text: &str| days(&Value::from(text));
        assert_eq!(
            read("2021-12-03").unwrap(),
            Some(["2021-12-03".to_owned(), "2021-12-03".to_owned()])
        );
        assert!(read("2021-12-03/2021-12-05").is_ok());
        for wrong in [
            "2021-12-05/2021-12-03",
            "2021-13-01",
            "",
            "/",
            "2021-12-03T00:00:00Z",
            "P1D",
        ] {
            assert_eq!(read(wrong).unwrap_err().parameter.as_deref(), Some("day"), "{wrong}");
        }
        assert_eq!(days(&Value::Null).unwrap(), None);
    }
}
