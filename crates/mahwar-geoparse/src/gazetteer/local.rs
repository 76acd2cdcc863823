//! Local names: spellings and places that analysts add to the gazetteer of a land, in a file of their own.
//!
//! Columns: `place language name lon lat level in author time reason`, separated by tabs. A row with coordinates is a new
//! place with its first name; every other row is one more spelling of a place of the gazetteer or of a row above.

use super::{GazetteerError, Level, Names, Place, SameAs};
use crate::language::Language;
use rustc_hash::FxHashMap;

const HEADER: &str = "place\tlanguage\tname\tlon\tlat\tlevel\tin\tauthor\ttime\treason";
/// The most rows that a file may have.
pub const MAX_LOCAL_NAMES: usize = 10_000;
/// Rank of a new place: that of a village.
const RANK: u8 = 10;

/// One row: a spelling of a place, or a new place with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalName {
    /// Id of the place.
    pub place: String,
    /// Language of the name.
    pub language: Language,
    /// The name.
    pub name: String,
    /// Set for a new place.
    pub new: Option<LocalPlace>,
    /// Name of the token that added it; may be empty.
    pub author: String,
    /// Time of the addition (RFC 3339).
    pub time: String,
    /// May be empty.
    pub reason: String,
}

/// Position and kind of a new place.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalPlace {
    /// Longitude and latitude, degrees on WGS 84.
    pub point: [f64; 2],
    /// Kind of the place; never an administrative unit.
    pub level: Level,
    /// Id of the finest unit that contains it.
    pub unit: String,
}

/// Reads the file.
///
/// # Errors
/// The first row that is not of this shape.
///
/// ```
/// use mahwar_geoparse::gazetteer::{read_local_names, write_local_names};
/// let text = "place\tlanguage\tname\tlon\tlat\tlevel\tin\tauthor\ttime\treason\n\
///             IQG11Q04\ten\tMakhmoor\t\t\t\t\tdesk\t2026-11-30T10:00:00Z\tseen in wires\n";
/// let names = read_local_names(text).unwrap();
/// assert_eq!((names[0].name.as_str(), &names[0].new), ("Makhmoor", &None));
/// assert_eq!(write_local_names(&names), text);
/// ```
pub fn read_local_names(text: &str) -> Result<Vec<LocalName>, GazetteerError> {
    let mut lines = text.lines();
    if lines
        .next()
        .is_none_or(|line| line.trim_start_matches('\u{feff}') != HEADER)
    {
        return Err(row(1, format!("the header must be {HEADER:?}")));
    }
    let mut names = Vec::new();
    for (line, number) in lines.zip(2..).filter(|(line, _)| !line.is_empty()) {
        if names.len() == MAX_LOCAL_NAMES {
            return Err(row(number, format!("more than {MAX_LOCAL_NAMES} names")));
        }
        names.push(read_row(line).map_err(|what| row(number, what))?);
    }
    Ok(names)
}

fn row(line: usize, what: String) -> GazetteerError {
    GazetteerError::Row { line, what }
}

fn read_row(line: &str) -> Result<LocalName, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [place, language, name, lon, lat, level, unit, author, time, reason] = cells[..] else {
        return Err(format!("{} columns; 10 are expected", cells.len()));
    };
    if place.is_empty() || name.trim().is_empty() || name.contains('|') {
        return Err("place and name must not be empty, and a name has no |".to_owned());
    }
    let language = language
        .parse()
        .ok()
        .filter(|language: &Language| language.is_supported());
    let language = language.ok_or("language is ar, ckb or en")?;
    let new = match (lon, lat, level) {
        ("", "", "") => None,
        _ => Some(LocalPlace {
            point: [degrees(lon, 180.0)?, degrees(lat, 90.0)?],
            level: level
                .parse::<Level>()
                .ok()
                .filter(|level| !level.is_administrative())
                .ok_or_else(|| format!("{level:?} is no level of a new place, such as settlement or site"))?,
            unit: unit.to_owned(),
        }),
    };
    Ok(LocalName {
        place: place.to_owned(),
        language,
        name: name.trim().to_owned(),
        new,
        author: author.to_owned(),
        time: time.to_owned(),
        reason: reason.to_owned(),
    })
}

fn degrees(text: &str, most: f64) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.abs() <= most);
    number.ok_or_else(|| format!("{text:?} is no number of degrees from -{most} to {most}"))
}

/// The file of these names. Cells must have no tab and no line break.
pub fn write_local_names(names: &[LocalName]) -> String {
    let mut text = format!("{HEADER}\n");
    for name in names {
        let place = name.new.as_ref().map(|new| {
            let [lon, lat] = new.point;
            [
                format!("{lon:.5}"),
                format!("{lat:.5}"),
                new.level.to_string(),
                new.unit.clone(),
            ]
        });
        let [lon, lat, level, unit] = place.unwrap_or_default();
        let cells = [
            name.place.as_str(),
            name.language.tag(),
            &name.name,
            &lon,
            &lat,
            &level,
            &unit,
            &name.author,
            &name.time,
            &name.reason,
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// Adds spellings and places to those of the land.
///
/// # Errors
/// The first row whose place or unit the land does not have, or whose new place it has already.
pub fn add_local_names(places: &mut Vec<Place>, names: &[LocalName]) -> Result<(), GazetteerError> {
    if names.is_empty() {
        return Ok(());
    }
    let mut known: FxHashMap<String, usize> = (0..places.len()).map(|at| (places[at].id.to_string(), at)).collect();
    for (name, line) in names.iter().zip(2..) {
        match (&name.new, known.get(&name.place)) {
            (None, Some(at)) => places[*at].names.change(name.language, |list| {
                if !list.contains(&name.name) {
                    list.push(name.name.clone());
                }
            }),
            (None, None) => return Err(row(line, format!("there is no place {:?}", name.place))),
            (Some(_), Some(_)) => return Err(row(line, format!("the place {:?} is there already", name.place))),
            (Some(new), None) => {
                let unit = known.get(&new.unit).map(|at| &places[*at]);
                let unit = unit.filter(|unit| unit.level.is_administrative());
                let unit = unit.ok_or_else(|| row(line, format!("there is no unit {:?}", new.unit)))?;
                let parents = std::iter::once(unit.id.to_string()).chain(unit.parents.iter().cloned());
                let parents = parents.collect();
                let mut own = Names::default();
                own.change(name.language, |list| list.push(name.name.clone()));
                known.insert(name.place.clone(), places.len());
                places.push(Place {
                    id: name.place.as_str().into(),
                    level: new.level,
                    kind: if new.level == Level::Settlement { "village" } else { "" }.into(),
                    point: new.point,
                    approximate: false,
                    parents,
                    foreign: false,
                    population: None,
                    rank: RANK,
                    names: own,
                    same_as: SameAs::default(),
                    derived: false,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::read_places;

    const PLACES: &str = "id\tkind\tlon\tlat\tin\trank\tar\tckb\ten\tgeonames\tmore\n\
        IQ\tcountry\t43\t33\t-\t100\tالعراق\t\tIraq\t\t\n\
        IQG11\tgovernorate\t44\t36\tIQ\t90\tأربيل\t\tErbil\t\t\n\
        IQG11Q04\tdistrict\t43.6\t35.8\tIQG11\t60\tمخمور\t\tMakhmur\t\t\n";

    fn file(rows: &[&str]) -> Result<Vec<LocalName>, GazetteerError> {
        read_local_names(&format!("{HEADER}\n{}\n", rows.join("\n")))
    }

    fn added(rows: &[&str]) -> Result<Vec<Place>, GazetteerError> {
        let mut places = read_places(PLACES.to_owned()).unwrap();
        add_local_names(&mut places, &file(rows)?)?;
        Ok(places)
    }

    #[test]
    fn a_spelling_is_one_more_name_and_a_new_place_lies_in_its_units() {
        let places = added(&[
            "IQG11Q04\ten\tMakhmoor\t\t\t\t\t\t\t",
            "local-1\tar\tتل البنات\t43.70000\t35.75000\tsettlement\tIQG11Q04\tdesk\t\t",
            "local-1\ten\tTall al-Banat\t\t\t\t\t\t\t",
        ])
        .unwrap();
        let makhmur = places.iter().find(|place| place.id == "IQG11Q04").unwrap();
        assert_eq!(
            makhmur.names.of(Language::English).collect::<Vec<_>>(),
            ["Makhmur", "Makhmoor"]
        );
        let new = places.last().unwrap();
        assert_eq!(new.parents.to_vec(), ["IQG11Q04", "IQG11", "IQ"]);
        assert_eq!(new.names.first(Language::English), Some("Tall al-Banat"));
    }

    #[test]
    fn rows_that_cannot_be_applied_are_named_by_their_line() {
        for (rows, line) in [
            (&["IQG99\ten\tNowhere\t\t\t\t\t\t\t"][..], 2),
            (
                &[
                    "IQG11Q04\ten\tA\t\t\t\t\t\t\t",
                    "IQG11Q04\ten\tB\t43\t35\tsettlement\tIQG11\t\t\t",
                ],
                3,
            ),
            (&["local-1\ten\tA\t43\t35\tsettlement\tIQG99\t\t\t"], 2),
            (&["local-1\ten\tA\t43\t35\tdistrict\tIQG11\t\t\t"], 2),
            (&["local-1\ten\tA\t443\t35\tsite\tIQG11\t\t\t"], 2),
            (&["IQG11Q04\tfr\tA\t\t\t\t\t\t\t"], 2),
            (&["IQG11Q04\ten\tA|B\t\t\t\t\t\t\t"], 2),
            (&["IQG11Q04\ten"], 2),
        ] {
            let error = added(rows).unwrap_err();
            assert!(error.to_string().starts_with(&format!("line {line}:")), "{error}");
        }
        assert!(read_local_names("").is_err());
    }
}
