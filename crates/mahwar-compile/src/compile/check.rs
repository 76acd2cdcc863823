//! Checks of a data folder: conditions on compiled data, stated as expected and found.

use super::{
    admin::check_name,
    label::metres_to,
    names::key,
    settlement::metres,
    tables::{Seat, Table},
};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    territory::Boundaries,
};
use geo::Point;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::{self, Write as _},
};

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Subject of the check.
    pub name: String,
    /// Expected result.
    pub expected: String,
    /// Result; if it is wrong, the first wrong row.
    pub found: String,
    /// True if the check passed.
    pub ok: bool,
}

impl Check {
    /// A check of any two values that read alike when they are right.
    pub fn equal<T: PartialEq + fmt::Display>(name: impl Into<String>, expected: T, found: T) -> Self {
        Self {
            name: name.into(),
            ok: expected == found,
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    /// A check that nothing is wrong: `wrong` describes each thing that is, with its file and row.
    pub fn none_wrong(name: impl Into<String>, checked: usize, wrong: &[String]) -> Self {
        Self {
            name: name.into(),
            expected: format!("all {checked} right"),
            found: match wrong {
                [] => format!("all {checked} right"),
                [first] => format!("1 wrong: {first}"),
                [first, ..] => format!("{} wrong, the first: {first}", wrong.len()),
            },
            ok: wrong.is_empty(),
        }
    }
}

/// The checks as a table with a verdict in front of each.
pub fn table(checks: &[Check]) -> String {
    let width = |text: fn(&Check) -> &str| {
        checks
            .iter()
            .map(|check| text(check).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (name, expected) = (width(|check| &check.name), width(|check| &check.expected));
    let mut out = String::new();
    for check in checks {
        let verdict = if check.ok { "ok   " } else { "WRONG" };
        let _ = writeln!(
            out,
            "{verdict}  {:name$}  {:expected$}  {}",
            check.name, check.expected, check.found
        );
    }
    out
}

/// The checks as a JSON array of objects with `name`, `expected`, `found`, `ok`.
pub fn json(checks: &[Check]) -> String {
    let checks = serde_json::to_string_pretty(checks).unwrap_or_default();
    checks + "\n"
}

/// Table `[expected]` of `land.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Expected {
    /// Places by level word: exact number.
    #[serde(default)]
    pub places: BTreeMap<String, usize>,
    /// Places by level word: least number.
    #[serde(default)]
    pub at_least: BTreeMap<String, usize>,
    /// Levels whose places must have a name in these languages, by language tag.
    #[serde(default)]
    pub names: BTreeMap<String, Vec<Level>>,
}

/// Checks of the gazetteer by itself. Rows are those of `places.tsv`, in its order.
pub fn check_places(places: &[Place], expected: &Expected, bbox: [f64; 4]) -> Vec<Check> {
    let mut checks = counts(places, expected);
    checks.push(ids(places));
    checks.push(parents_exist(places));
    checks.push(levels_fit(places));
    checks.push(names_by_script(places));
    checks.extend(required_names(places, expected));
    checks.push(inside_box(places, bbox));
    checks.push(no_twins(places));
    checks.extend(codes_once(places));
    checks
}

fn counts(places: &[Place], expected: &Expected) -> Vec<Check> {
    let count = |level: &str| {
        places
            .iter()
            .filter(|place| !place.foreign && place.level.word() == level)
            .count()
    };
    let exact = expected.places.iter();
    let exact = exact.map(|(level, number)| Check::equal(format!("places: {level}"), *number, count(level)));
    let least = expected.at_least.iter().map(|(level, number)| Check {
        name: format!("places: {level}"),
        expected: format!("at least {number}"),
        found: count(level).to_string(),
        ok: count(level) >= *number,
    });
    exact.chain(least).collect()
}

/// Wrong rows of the places, each with its fault.
fn wrong_rows(places: &[Place], wrong: impl Fn(&Place) -> Option<String>) -> Vec<String> {
    let rows = places.iter().zip(2..);
    rows.filter_map(|(place, row)| Some(format!("places.tsv row {row}, {}: {}", place.id, wrong(place)?)))
        .collect()
}

fn ids(places: &[Place]) -> Check {
    let mut seen = HashMap::new();
    let mut wrong = Vec::new();
    for (place, row) in places.iter().zip(2..) {
        if let Some(before) = seen.insert(place.id.as_str(), row) {
            wrong.push(format!(
                "places.tsv row {row}, {}: stands in row {before} too",
                place.id
            ));
        }
    }
    Check::none_wrong("ids stand once", places.len(), &wrong)
}

fn parents_exist(places: &[Place]) -> Check {
    let ids: HashSet<&str> = places.iter().map(|place| place.id.as_str()).collect();
    let wrong = wrong_rows(places, |place| {
        let missing = place.parents.iter().find(|parent| !ids.contains(parent.as_str()))?;
        Some(format!("its parent {missing:?} is no place"))
    });
    Check::none_wrong("parents exist", places.len(), &wrong)
}

fn levels_fit(places: &[Place]) -> Check {
    let levels: HashMap<&str, Level> = places.iter().map(|place| (place.id.as_str(), place.level)).collect();
    let wrong = wrong_rows(places, |place| {
        let fits = |parent: &&String| {
            let level = levels.get(parent.as_str()).copied();
            level.is_none_or(|level| level < place.level || place.foreign && level == Level::Country)
        };
        let parent = place.parents.iter().find(|parent| !fits(parent))?;
        Some(format!("a {} cannot lie in {parent}", place.level))
    });
    Check::none_wrong("parents are of a higher level", places.len(), &wrong)
}

fn names_by_script(places: &[Place]) -> Check {
    let wrong = wrong_rows(places, |place| {
        if place.names.iter().next().is_none() {
            return Some("has no name".to_owned());
        }
        let mut wrong = place.names.iter().filter_map(|(language, name)| {
            let plain = plain_text(name).and_then(|()| check_name(name, language));
            plain.err()
        });
        wrong.next()
    });
    let names = places.iter().map(|place| place.names.iter().count()).sum();
    Check::none_wrong("names are in the script of their language", names, &wrong)
}

/// Names are plain text: no presentation forms, no bidi controls, no tatweel.
fn plain_text(name: &str) -> Result<(), String> {
    let unwanted = |c: &char| {
        matches!(*c, '\u{640}' | '\u{200d}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(*c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
            || c.is_control()
    };
    match name.chars().find(unwanted) {
        Some(c) => Err(format!(
            "{name:?} has U+{:04X}, which is no letter of plain text",
            u32::from(c)
        )),
        None => Ok(()),
    }
}

fn required_names(places: &[Place], expected: &Expected) -> Vec<Check> {
    let languages = Language::ALL.into_iter();
    let rows = languages.filter_map(|language| Some((language, expected.names.get(language.tag())?)));
    rows.map(|(language, levels)| {
        let concerned = |place: &&Place| !place.foreign && levels.contains(&place.level);
        let wrong = wrong_rows(places, |place| {
            let lacks = concerned(&place) && place.names.first(language).is_none();
            lacks.then(|| format!("a {} must have a name in {language}", place.level))
        });
        let words: Vec<&str> = levels.iter().map(|level| level.word()).collect();
        let name = format!("names in {language}: {}", words.join(", "));
        Check::none_wrong(name, places.iter().filter(concerned).count(), &wrong)
    })
    .collect()
}

/// How far a point may lie outside the box, in degrees: settlements on the border, terminals at sea.
const BOX_MARGIN: f64 = 0.3;

fn inside_box(places: &[Place], [west, south, east, north]: [f64; 4]) -> Check {
    let wrong = wrong_rows(places, |place| {
        let [lon, lat] = place.point;
        let inside = lon >= west - BOX_MARGIN
            && lon <= east + BOX_MARGIN
            && lat >= south - BOX_MARGIN
            && lat <= north + BOX_MARGIN;
        (!place.foreign && !inside).then(|| format!("({lon}, {lat}) lies outside the land's box"))
    });
    let own = places.iter().filter(|place| !place.foreign).count();
    Check::none_wrong("points lie in the land's box", own, &wrong)
}

/// No two settlements of one preferred name within a kilometre.
fn no_twins(places: &[Place]) -> Check {
    const TWIN_METRES: f64 = 1_000.0;
    let mut by_name: BTreeMap<String, Vec<(usize, &Place)>> = BTreeMap::new();
    let settlements = places
        .iter()
        .zip(2..)
        .filter(|(place, _)| place.level == Level::Settlement);
    for (place, row) in settlements.clone() {
        if let Some(name) = place.names.first(Language::Arabic) {
            by_name.entry(key(name)).or_default().push((row, place));
        }
    }
    let mut wrong = Vec::new();
    for namesakes in by_name.values() {
        for (at, (row, place)) in namesakes.iter().enumerate() {
            let twin = namesakes[..at]
                .iter()
                .find(|(_, other)| metres(place.point, other.point) < TWIN_METRES);
            if let Some((before, other)) = twin {
                wrong.push(format!(
                    "places.tsv row {row}, {}: the place of row {before}, {}",
                    place.id, other.id
                ));
            }
        }
    }
    Check::none_wrong("settlements stand once", settlements.count(), &wrong)
}

/// Codes of other registers name one place each.
fn codes_once(places: &[Place]) -> Vec<Check> {
    let check = |name: &str, code: fn(&Place) -> Option<String>| {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut wrong = Vec::new();
        let mut checked = 0;
        for (place, row) in places.iter().zip(2..) {
            let Some(code) = code(place) else { continue };
            checked += 1;
            if let Some(before) = seen.insert(code.clone(), row) {
                wrong.push(format!(
                    "places.tsv row {row}, {}: {code} is also that of row {before}",
                    place.id
                ));
            }
        }
        Check::none_wrong(name, checked, &wrong)
    };
    vec![
        check("ISO 3166-2 codes stand once", |place| {
            place.same_as.codes.iso3166_2.clone()
        }),
        check("Who's On First ids stand once", |place| {
            place.same_as.wof.map(|id| id.to_string())
        }),
        check("GeoNames ids stand once by level", |place| {
            Some(format!("{} {}", place.level, place.same_as.geonames?))
        }),
        check("Wikidata items stand once by level", |place| {
            Some(format!("{} {}", place.level, place.same_as.codes.wikidata.as_ref()?))
        }),
    ]
}

/// Checks of the gazetteer against the boundaries and the table of seats.
pub fn check_units(places: &[Place], boundaries: &Boundaries, seats: &Table<Seat>) -> Vec<Check> {
    vec![
        units_agree(places, boundaries),
        labels_inside(places, boundaries),
        settlements_inside(places, boundaries, seats),
        seats_inside(places, seats),
    ]
}

fn units_agree(places: &[Place], boundaries: &Boundaries) -> Check {
    let ids: HashSet<&str> = places.iter().map(|place| place.id.as_str()).collect();
    let mut wrong = wrong_rows(places, |place| {
        let pcode = place.same_as.codes.pcode.as_deref()?;
        boundaries
            .unit(pcode)
            .is_none()
            .then(|| format!("boundaries.topojson has no unit {pcode}"))
    });
    let units = boundaries.units();
    let lost = units.iter().filter(|unit| !ids.contains(unit.pcode.as_str()));
    wrong.extend(lost.map(|unit| format!("boundaries.topojson, {}: places.tsv has no such unit", unit.pcode)));
    Check::none_wrong("units stand in gazetteer and boundaries", units.len(), &wrong)
}

fn labels_inside(places: &[Place], boundaries: &Boundaries) -> Check {
    let units = places.iter().filter(|place| place.same_as.codes.pcode.is_some());
    let wrong = wrong_rows(places, |place| {
        let outline = boundaries.geometry(place.same_as.codes.pcode.as_deref()?)?;
        let away = metres_to(&outline, Point::new(place.point[0], place.point[1]));
        (away > 0.0).then(|| format!("its label lies {away:.0} m outside it"))
    });
    Check::none_wrong("labels lie in their unit", units.count(), &wrong)
}

/// A settlement lies in its unit or within two kilometres of it; a seat may lie farther off, where boundaries are
/// generalised, but stays within fifteen.
fn settlements_inside(places: &[Place], boundaries: &Boundaries, seats: &Table<Seat>) -> Check {
    let seats: HashSet<&str> = seats.rows.iter().map(|row| row.row.id.as_str()).collect();
    let is_local = |place: &Place| matches!(place.level, Level::Settlement | Level::Neighbourhood) && !place.foreign;
    let wrong = wrong_rows(places, |place| {
        let unit = place.parents.first().filter(|_| is_local(place))?;
        let holds = boundaries.unit_at(Level::Subdistrict, place.point);
        if holds.is_some_and(|holds| holds.pcode == *unit) {
            return None;
        }
        let away = metres_to(&boundaries.geometry(unit)?, Point::new(place.point[0], place.point[1]));
        let most = if seats.contains(place.id.as_str()) {
            15_000.0
        } else {
            2_000.0
        };
        (away > most).then(|| format!("lies {:.1} km outside {unit}", away / 1000.0))
    });
    let local = places.iter().filter(|place| is_local(place)).count();
    Check::none_wrong("settlements lie in their unit", local, &wrong)
}

fn seats_inside(places: &[Place], seats: &Table<Seat>) -> Check {
    let by_id: HashMap<&str, &Place> = places.iter().map(|place| (place.id.as_str(), place)).collect();
    let wrong = seats.rows.iter().filter_map(|row| {
        let seat = &row.row;
        let complain = |what: String| Some(format!("seats.csv row {}, {}: {what}", row.line, seat.pcode));
        let (Some(unit), Some(place)) = (by_id.get(seat.pcode.as_str()), by_id.get(seat.id.as_str())) else {
            return complain("the unit or the settlement is no place".to_owned());
        };
        // A unit derived from another (Halabja governorate) contains the same places.
        let codes = [Some(unit.id.as_str()), unit.same_as.codes.pcode.as_deref()];
        let inside = place.parents.iter().any(|parent| codes.contains(&Some(parent)));
        if inside {
            None
        } else {
            complain(format!("{} is not inside", place.id))
        }
    });
    Check::none_wrong(
        "seats are inside their unit",
        seats.rows.len(),
        &wrong.collect::<Vec<_>>(),
    )
}
