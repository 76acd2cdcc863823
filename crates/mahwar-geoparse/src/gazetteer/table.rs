//! The gazetteer's file: `places.tsv`, one place a line.
//!
//! Columns: `id kind lon lat in rank ar ckb en geonames more`. Names are separated by `|`, preferred first; a name has no
//! tab and no `|`. Coordinates have five decimals (about a metre).
//!
//! The file says nothing twice:
//! - `id` of digits alone is a Who's On First id, the place `wof-<id>`.
//! - `kind` is the level and, after a `/`, the finer kind: `site/dam`, `river`; empty is `settlement/village`.
//! - `in` names the nearest units; those above them are added on reading. Empty is the same as in the row above, `-` none.
//! - `lon` and `lat` are empty where only the unit is known: the place is given that unit's point and is
//!   [`Place::approximate`].
//! - `more` has rare fields: `foreign`, `derived`, `population=…`, `pcode=…`, `wof=…`, `wikidata=…`, `iso3166_2=…`.

use super::{Level, Names, Place, SameAs};
use crate::{language::Language, threads::joined};
use ecow::eco_format;
use rustc_hash::FxHashMap;
use std::{borrow::Cow, fmt::Write, sync::Arc, thread};

/// Errors of a gazetteer.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum GazetteerError {
    #[error("line {line}: {what}")]
    Row { line: usize, what: String },
    #[error("the place id {0:?} stands twice")]
    Duplicate(String),
    #[error("more than 4,294,967,295 places")]
    TooMany,
}

const HEADER: &str = "id\tkind\tlon\tlat\tin\trank\tar\tckb\ten\tgeonames\tmore";

/// The kind of a place whose cell is empty: nine of ten are that.
const USUAL: (Level, &str) = (Level::Settlement, "village");

/// The prefix of ids of Who's On First, left out in the file.
const WOF: &str = "wof-";

/// Reads `places.tsv`. Names are borrowed from a static text, and copied from an owned one.
pub fn read_places(text: impl Into<Cow<'static, str>>) -> Result<Vec<Place>, GazetteerError> {
    match text.into() {
        Cow::Borrowed(text) => read(text, Cow::Borrowed),
        Cow::Owned(text) => read(&text, |names| Cow::Owned(names.to_owned())),
    }
}

/// How the names of a row are stored: borrowed or copied.
trait Keep<'t>: Fn(&'t str) -> Cow<'static, str> + Copy + Send {}
impl<'t, F: Fn(&'t str) -> Cow<'static, str> + Copy + Send> Keep<'t> for F {}

fn read<'t>(text: &'t str, keep: impl Keep<'t>) -> Result<Vec<Place>, GazetteerError> {
    if text.lines().next() != Some(HEADER) {
        return Err(GazetteerError::Row {
            line: 1,
            what: format!("the header must be {HEADER:?}"),
        });
    }
    // Rows are independent, so each half is read by its own thread.
    let rows = text.find('\n').map_or("", |end| &text[end + 1..]);
    let middle = rows.as_bytes()[rows.len() / 2..].iter().position(|byte| *byte == b'\n');
    let (first, second) = rows.split_at(middle.map_or(rows.len(), |at| rows.len() / 2 + at + 1));
    let (head, tail) = thread::scope(|scope| {
        let tail = scope.spawn(move || read_rows(second, keep));
        let head = read_rows(first, keep);
        (head, joined(tail))
    });
    let (mut places, withins) = head.map_err(|(row, what)| GazetteerError::Row { line: row + 2, what })?;
    let (more, more_withins) = tail.map_err(|(row, what)| GazetteerError::Row {
        line: first.lines().count() + row + 2,
        what,
    })?;
    places.extend(more);
    let mut parents: Vec<&str> = Vec::with_capacity(places.len());
    for within in withins.into_iter().chain(more_withins) {
        parents.push(match within {
            "" => parents.last().copied().unwrap_or_default(),
            "-" => "",
            units => units,
        });
    }
    add_parents(&mut places, &parents);
    add_points(&mut places)?;
    Ok(places)
}

/// Sets the point of each place without one to that of the nearest unit that has one.
fn add_points(places: &mut [Place]) -> Result<(), GazetteerError> {
    if !places.iter().any(|place| place.approximate) {
        return Ok(());
    }
    let known = places
        .iter()
        .filter(|place| !place.approximate && place.level.is_administrative());
    let points: FxHashMap<String, [f64; 2]> = known.map(|unit| (unit.id.to_string(), unit.point)).collect();
    for (place, line) in places.iter_mut().zip(2..).filter(|(place, _)| place.approximate) {
        let unit = place.parents.iter().find_map(|unit| points.get(unit));
        place.point = *unit.ok_or_else(|| GazetteerError::Row {
            line,
            what: format!("{:?} has neither a point nor a unit that has one", place.id),
        })?;
    }
    Ok(())
}

/// Sets the parents of each place: the units of its row and all units above them.
fn add_parents(places: &mut [Place], rows: &[&str]) {
    let units = places
        .iter()
        .zip(rows)
        .filter(|(place, _)| place.level.is_administrative());
    let direct: FxHashMap<&str, &str> = units.map(|(unit, row)| (unit.id.as_str(), *row)).collect();
    // Thousands of places share few units: each list is computed once.
    let mut whole: FxHashMap<&str, Arc<[String]>> = FxHashMap::default();
    for row in rows {
        whole.entry(row).or_insert_with(|| closure(row, &direct).into());
    }
    for (place, row) in places.iter_mut().zip(rows) {
        if let Some(parents) = whole.get(row) {
            place.parents = if parents.iter().any(|parent| *parent == place.id) {
                parents.iter().filter(|parent| **parent != place.id).cloned().collect()
            } else {
                Arc::clone(parents)
            };
        }
    }
}

/// The units and all units above them, breadth first: both of two contested parents precede their own parents.
fn closure(row: &str, direct: &FxHashMap<&str, &str>) -> Vec<String> {
    let mut all = list(row);
    let mut next = 0;
    while let Some(parent) = all.get(next) {
        for ancestor in list(direct.get(parent.as_str()).copied().unwrap_or_default()) {
            if !all.contains(&ancestor) {
                all.push(ancestor);
            }
        }
        next += 1;
    }
    all
}

/// The places of some rows, and the units that each row names.
type Rows<'t> = (Vec<Place>, Vec<&'t str>);

/// Reads rows; for a wrong one returns its number, from zero, and the fault.
fn read_rows<'t>(rows: &'t str, keep: impl Keep<'t>) -> Result<Rows<'t>, (usize, String)> {
    let mut places = Vec::with_capacity(rows.len() / 80);
    let mut withins = Vec::with_capacity(rows.len() / 80);
    for (row, line) in rows.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let (place, within) = read_row(line, keep).map_err(|what| (row, what))?;
        places.push(place);
        withins.push(within);
    }
    Ok((places, withins))
}

/// A row's place, still without parents, and the parents as the row has them.
fn read_row<'t>(line: &'t str, keep: impl Keep<'t>) -> Result<(Place, &'t str), String> {
    let mut columns = split(line, b'\t');
    let id = match columns.cell("id")? {
        "" => return Err("the id is empty".to_owned()),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => eco_format!("{WOF}{number}"),
        id => id.into(),
    };
    let (level, kind) = match columns.cell("kind")? {
        "" => USUAL,
        text => {
            let (level, kind) = text.split_once('/').unwrap_or((text, ""));
            (level.parse()?, kind)
        }
    };
    let (lon, lat) = (columns.cell("lon")?, columns.cell("lat")?);
    let approximate = lon.is_empty() && lat.is_empty();
    let point = if approximate {
        [0.0, 0.0]
    } else {
        [coordinate("lon", lon, 180.0)?, coordinate("lat", lat, 90.0)?]
    };
    let within = columns.cell("in")?;
    let rank = columns.cell("rank")?;
    let rank = rank.parse().ok().filter(|rank| *rank <= 100);
    let rank = rank.ok_or_else(|| "rank is not a number from 0 to 100".to_owned())?;
    let names = columns.rest.unwrap_or_default();
    for language in Language::ALL {
        columns.cell(language.tag())?;
    }
    let behind = columns.rest.map_or(0, |rest| rest.len() + 1);
    let names = Names::from_cells(keep(&names[..names.len() - behind]));
    let geonames = match columns.cell("geonames")? {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| format!("geonames {text:?} is not a whole number above zero"))?,
        ),
    };
    let mut place = Place {
        level,
        kind: kind.into(),
        point,
        approximate,
        parents: Arc::default(),
        foreign: false,
        population: None,
        rank,
        names,
        same_as: SameAs {
            geonames,
            wof: id.strip_prefix(WOF).and_then(|number| number.parse().ok()),
            ..SameAs::default()
        },
        derived: false,
        id,
    };
    read_more(columns.cell("more")?, &mut place)?;
    if let Some(rest) = columns.next() {
        return Err(format!("{rest:?} stands after the last column, more"));
    }
    Ok((place, within))
}

fn read_more(text: &str, place: &mut Place) -> Result<(), String> {
    for item in split(text, b'|').filter(|item| !item.is_empty()) {
        let (key, value) = item.split_once('=').unwrap_or((item, ""));
        let number = || {
            value
                .parse()
                .map_err(|_| format!("{item:?} is not a whole number above zero"))
        };
        match key {
            "foreign" if value.is_empty() => place.foreign = true,
            "derived" if value.is_empty() => place.derived = true,
            "population" => place.population = Some(number()?),
            "pcode" => place.same_as.codes.pcode = Some(value.to_owned()),
            "wof" => place.same_as.wof = Some(number()?),
            "wikidata" => place.same_as.codes.wikidata = Some(value.to_owned()),
            "iso3166_2" => place.same_as.codes.iso3166_2 = Some(value.to_owned()),
            _ => return Err(format!("more has the unknown item {item:?}")),
        }
    }
    Ok(())
}

/// The parts of a text between separators. `str::split` is slower on parts this short.
struct Split<'t> {
    rest: Option<&'t str>,
    separator: u8,
}

fn split(text: &str, separator: u8) -> Split<'_> {
    Split {
        rest: Some(text),
        separator,
    }
}

impl<'t> Split<'t> {
    /// The next part, which must be there.
    fn cell(&mut self, name: &str) -> Result<&'t str, String> {
        self.next().ok_or_else(|| format!("column {name} is missing"))
    }
}

impl<'t> Iterator for Split<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest?;
        match text.bytes().position(|byte| byte == self.separator) {
            Some(at) => {
                self.rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => self.rest.take(),
        }
    }
}

fn list(text: &str) -> Vec<String> {
    split(text, b'|')
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn coordinate(name: &str, text: &str, limit: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() <= limit => Ok(value),
        _ => Err(format!("{name} {text:?} is not a number from -{limit} to {limit}")),
    }
}

/// Writes `places.tsv`. Places of one unit should be adjacent: the unit is then written once.
pub fn write_places(places: &[Place]) -> String {
    let mut out = String::with_capacity(places.len() * 100);
    out.push_str(HEADER);
    out.push('\n');
    let mut above: Option<&[String]> = None;
    for place in places {
        let id = place.id.strip_prefix(WOF).filter(|id| own_wof(place) == Some(*id));
        let _ = write!(out, "{}\t", id.unwrap_or(&place.id));
        if (place.level, place.kind.as_str()) != USUAL {
            let slash = if place.kind.is_empty() { "" } else { "/" };
            let _ = write!(out, "{}{slash}{}", place.level, place.kind);
        }
        if place.approximate {
            out.push_str("\t\t");
        } else {
            let [lon, lat] = place.point.map(|degrees| (degrees * 1e5).round() / 1e5);
            let _ = write!(out, "\t{lon}\t{lat}");
        }
        let within = match &*place.parents {
            same if above == Some(same) => String::new(),
            [] => "-".to_owned(),
            units => units.join("|"),
        };
        above = Some(&place.parents);
        let geonames = place.same_as.geonames.map(|id| id.to_string());
        let _ = writeln!(
            out,
            "\t{within}\t{}\t{}\t{}\t{}",
            place.rank,
            place.names.cells(),
            geonames.unwrap_or_default(),
            more(place).join("|"),
        );
    }
    out
}

/// The number in an id of Who's On First, if the id alone determines it.
fn own_wof(place: &Place) -> Option<&str> {
    let number = place.id.strip_prefix(WOF)?;
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (plain && place.same_as.wof?.to_string() == number).then_some(number)
}

fn more(place: &Place) -> Vec<String> {
    let same_as = &place.same_as;
    let wof = same_as.wof.filter(|_| own_wof(place).is_none());
    let pair = |key: &str, value: Option<String>| value.map(|value| format!("{key}={value}"));
    [
        place.foreign.then(|| "foreign".to_owned()),
        place.derived.then(|| "derived".to_owned()),
        pair("population", place.population.map(|people| people.to_string())),
        pair("pcode", same_as.codes.pcode.clone()),
        pair("wof", wof.map(|id| id.to_string())),
        pair("wikidata", same_as.codes.wikidata.clone()),
        pair("iso3166_2", same_as.codes.iso3166_2.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::num::NonZeroU64;

    fn place(id: &str, level: Level, parents: &[&str]) -> Place {
        Place {
            id: id.into(),
            level,
            kind: "".into(),
            point: [44.0, 36.0],
            parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
            foreign: false,
            population: None,
            rank: 5,
            names: Names::default(),
            same_as: SameAs::default(),
            derived: false,
            approximate: false,
        }
    }

    #[test]
    fn units_above_the_parents_are_added_and_contested_ones_stand_side_by_side() {
        let places = [
            place("IQ", Level::Country, &[]),
            place("G11", Level::Governorate, &["IQ"]),
            place("G15", Level::Governorate, &["IQ"]),
            place("Q04", Level::District, &["G11", "G15"]),
            place("wof-1", Level::Settlement, &["Q04"]),
        ];
        let read = read_places(write_places(&places)).unwrap();
        assert_eq!(*read[4].parents, ["Q04", "G11", "G15", "IQ"]);
        assert_eq!(read[4].same_as.wof, NonZeroU64::new(1));
    }

    #[test]
    fn a_place_known_by_its_unit_alone_has_the_point_of_the_unit_and_says_so() {
        let mut district = place("Q04", Level::District, &[]);
        district.point = [43.5, 35.5];
        let mut camp = place("camp-x", Level::Site, &["Q04"]);
        camp.approximate = true;
        let read = read_places(write_places(&[district, camp])).unwrap();
        assert!(read[1].approximate && !read[0].approximate);
        assert_eq!(read[1].point, [43.5, 35.5]);
    }

    #[test]
    fn what_most_places_share_is_written_once() {
        let mut village = place("wof-890440315", Level::Settlement, &["Q04"]);
        village.kind = "village".into();
        village.same_as.wof = NonZeroU64::new(890_440_315);
        let mut next = village.clone();
        next.id = "wof-7".into();
        next.same_as.wof = NonZeroU64::new(7);
        let mut alone = village.clone();
        (alone.id, alone.same_as.wof, alone.parents) = ("wof-8".into(), NonZeroU64::new(8), [].into());
        let places = [village, next, alone];
        let text = write_places(&places);
        let rows: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(rows[0], "890440315\t\t44\t36\tQ04\t5\t\t\t\t\t");
        assert_eq!(rows[1], "7\t\t44\t36\t\t5\t\t\t\t\t");
        assert_eq!(rows[2], "8\t\t44\t36\t-\t5\t\t\t\t\t");
        assert_eq!(read_places(text).unwrap(), places);
    }

    #[test]
    fn names_are_the_same_where_they_stay_and_where_they_are_copied() {
        const TEXT: &str = "id\tkind\tlon\tlat\tin\trank\tar\tckb\ten\tgeonames\tmore\n\
            1\t\t44\t36\t-\t5\tأ|ب\t\tA\t\t\n2\t\t44\t36\t-\t5\t|أ||ب|\t\tA|\t\t\n3\t\t44\t36\t-\t5\t\t\t\t\t\n";
        let (stay, copied) = (read_places(TEXT).unwrap(), read_places(TEXT.to_owned()).unwrap());
        assert_eq!(stay, copied);
        assert!(stay[0].names.of(Language::Arabic).eq(["أ", "ب"]));
        assert_eq!(stay[1].names, stay[0].names, "an empty name is none");
        assert_eq!(stay[2].names, Names::default());
    }

    #[test]
    fn parents_in_a_circle_end() {
        let places = [place("A", Level::District, &["B"]), place("B", Level::District, &["A"])];
        let read = read_places(write_places(&places)).unwrap();
        assert_eq!(*read[0].parents, ["B"]);
    }

    #[test]
    fn a_broken_row_is_named_with_its_line_and_column() {
        let good = write_places(&[place("IQ", Level::Country, &[])]);
        for (from, to, told) in [
            ("\t44\t", "\t444\t", "lon"),
            ("\t5\t", "\t101\t", "rank"),
            ("country", "planet", "planet"),
            ("IQ\t", "\t", "id is empty"),
            ("\t\n", "\tcapital\n", "capital"),
            ("44\t36", "\t", "neither a point"),
            ("\n", "", "header"),
        ] {
            let error = read_places(good.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("line"), "{error}");
        }
        let short = good.trim_end_matches('\n').rsplit_once('\t').unwrap().0;
        assert!(
            read_places(short.to_owned())
                .unwrap_err()
                .to_string()
                .contains("more is missing")
        );
    }

    #[test]
    fn every_wrong_row_is_named_with_its_own_line() {
        let places: Vec<Place> = (0..9).map(|nth| place(&format!("P{nth}"), Level::Site, &[])).collect();
        let good = write_places(&places);
        for nth in 0..9 {
            let error = read_places(good.replace(&format!("P{nth}\tsite"), "P\tplanet")).unwrap_err();
            assert!(error.to_string().starts_with(&format!("line {}:", nth + 2)), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            id in "[a-z]{1,8}-[0-9]{1,6}",
            lon in -18_000_000i32..=18_000_000,
            lat in -9_000_000i32..=9_000_000,
            rank in 0u8..=100,
            population in proptest::option::of(0u64..1 << 40),
            ar in proptest::collection::vec("[ا-ي]{1,6}", 0..4),
            en in proptest::collection::vec("[A-Za-z' -]{1,9}", 0..4),
            wof in proptest::option::of(0u64..1 << 40),
            foreign: bool,
            derived: bool,
        ) {
            let mut place = place(&id, Level::Settlement, &["X", "Y"]);
            place.point = [f64::from(lon) / 1e5, f64::from(lat) / 1e5];
            place.rank = rank;
            place.population = population.and_then(NonZeroU64::new);
            place.names = Names::new([ar, Vec::new(), en]);
            place.same_as.wof = wof.and_then(NonZeroU64::new);
            place.foreign = foreign;
            place.derived = derived;
            prop_assume!(!place.id.starts_with("wof-"));
            let read = read_places(write_places(std::slice::from_ref(&place))).unwrap();
            prop_assert_eq!(read, vec![place]);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*", rows in "([a-z0-9|=\t.-]{0,40}\n){0,5}") {
            let _ = read_places(text);
            let _ = read_places(format!("{HEADER}\n{rows}"));
        }
    }
}
