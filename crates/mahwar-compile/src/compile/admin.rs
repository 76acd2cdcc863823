//! Administrative units as places: names from the boundary files and the hand-written tables, label points, parents.

use super::{
    CompileError, label,
    names::prefer,
    script::{Script, script_of},
    tables::{HandName, Table, Tables, items},
    unit::Unit,
};
use crate::{
    gazetteer::{KnownCodes, Level, Names, Place, SameAs},
    language::Language,
};
use ecow::EcoString;
use geo::MultiPolygon;
use std::{collections::HashMap, num::NonZeroU64};

/// Places for all units and for the units derived from them.
///
/// # Errors
/// A table row that names no unit, or a name in the wrong script.
pub fn admin_places(units: &[Unit], tables: &Tables) -> Result<Vec<Place>, CompileError> {
    let mut places: Vec<Place> = units.iter().map(unit_place).collect();
    derive_units(units, tables, &mut places)?;
    contest_parents(tables, &mut places)?;
    check_parents(tables, &places)?;
    add_codes(tables, &mut places)?;
    add_hand_names(&tables.admin_names, &mut places)?;
    Ok(places)
}

fn unit_place(unit: &Unit) -> Place {
    let level =
        [Level::Country, Level::Governorate, Level::District, Level::Subdistrict][usize::from(unit.level.min(3))];
    Place {
        id: unit.pcode.as_str().into(),
        level,
        kind: EcoString::default(),
        point: label::label_point(&unit.geometry).unwrap_or_default(),
        parents: unit.parent.iter().cloned().collect(),
        foreign: false,
        population: None,
        rank: admin_rank(level),
        names: Names::new([unit.ar.iter().cloned().collect(), Vec::new(), vec![unit.en.clone()]]),
        same_as: SameAs {
            codes: KnownCodes {
                pcode: Some(unit.pcode.clone()),
                ..KnownCodes::default()
            }
            .into(),
            ..SameAs::default()
        },
        derived: false,
        approximate: false,
    }
}

/// Ranks of units: below the city of the same name, which a bare name mostly means, above all villages.
fn admin_rank(level: Level) -> u8 {
    match level {
        Level::Country => 100,
        Level::Region => 98,
        Level::Governorate => 94,
        Level::District => 69,
        _ => 49,
    }
}

fn derive_units(units: &[Unit], tables: &Tables, places: &mut Vec<Place>) -> Result<(), CompileError> {
    for row in &tables.derived_units.rows {
        let complain = |what: String| tables.derived_units.complain(row.line, what);
        let level: Level = row.row.level.parse().map_err(complain)?;
        let members = items(&row.row.members);
        let mut outline = MultiPolygon(Vec::new());
        for member in &members {
            let unit = units.iter().find(|unit| unit.pcode == *member);
            let unit = unit.ok_or_else(|| complain(format!("the member {member:?} is no unit")))?;
            outline.0.extend(unit.geometry.0.iter().cloned());
        }
        places.push(Place {
            id: row.row.id.as_str().into(),
            level,
            kind: EcoString::default(),
            point: label::label_point(&outline).ok_or_else(|| complain("has no members".to_owned()))?,
            parents: items(&row.row.parents).into(),
            foreign: false,
            population: None,
            rank: admin_rank(level),
            names: Names::default(),
            same_as: SameAs {
                codes: KnownCodes {
                    pcode: (members.len() == 1).then(|| members[0].clone()),
                    ..KnownCodes::default()
                }
                .into(),
                ..SameAs::default()
            },
            derived: row.row.derived == "yes",
            approximate: false,
        });
        // A region is between its governorates and the country.
        if level == Level::Region {
            for place in places
                .iter_mut()
                .filter(|place| members.iter().any(|member| *member == place.id))
            {
                place.parents = [row.row.id.clone()].into();
            }
        }
    }
    Ok(())
}

fn contest_parents(tables: &Tables, places: &mut [Place]) -> Result<(), CompileError> {
    for row in &tables.contested_parents.rows {
        let complain = |what: String| tables.contested_parents.complain(row.line, what);
        if !places.iter().any(|place| place.id == row.row.parent) {
            return Err(complain(format!("the parent {:?} is no unit", row.row.parent)));
        }
        let place = places.iter_mut().find(|place| place.id == row.row.pcode);
        let place = place.ok_or_else(|| complain(format!("{:?} is no unit", row.row.pcode)))?;
        place.parents = place.parents.iter().chain([&row.row.parent]).cloned().collect();
    }
    Ok(())
}

/// Every unit's parents are units, and no unit lies in itself.
fn check_parents(tables: &Tables, places: &[Place]) -> Result<(), CompileError> {
    let above: HashMap<&str, &[String]> = places
        .iter()
        .map(|place| (place.id.as_str(), &place.parents[..]))
        .collect();
    for place in places {
        let wrong = |what: String| {
            let file = &tables.derived_units.file;
            CompileError::file(
                file,
                format!("with {}: {what}", tables.contested_parents.file.display()),
            )
        };
        let mut seen: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = place.parents.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if id == place.id {
                return Err(wrong(format!("{id} lies in itself")));
            }
            if !seen.contains(&id) {
                seen.push(id);
                let parents = above.get(id);
                let parents =
                    parents.ok_or_else(|| wrong(format!("{} has the parent {id:?}, which is no unit", place.id)))?;
                open.extend(parents.iter().map(String::as_str));
            }
        }
    }
    Ok(())
}

fn add_codes(tables: &Tables, places: &mut [Place]) -> Result<(), CompileError> {
    for row in &tables.admin_codes.rows {
        let code = &row.row;
        let place = places.iter_mut().find(|place| place.id == code.id);
        let place = place.ok_or_else(|| {
            tables
                .admin_codes
                .complain(row.line, format!("{:?} is no unit", code.id))
        })?;
        place.same_as.codes.iso3166_2.clone_from(&code.iso3166_2);
        place.same_as.codes.wikidata.clone_from(&code.wikidata);
        place.same_as.geonames = code.geonames.and_then(NonZeroU64::new);
        place.same_as.wof = code.wof.and_then(NonZeroU64::new);
    }
    Ok(())
}

/// Adds hand-written names to their places: preferred ones first, in the table's order.
///
/// # Errors
/// A row that names no place, an unknown language or kind, a name in the wrong script.
pub fn add_hand_names(table: &Table<HandName>, places: &mut [Place]) -> Result<(), CompileError> {
    let by_id: HashMap<String, usize> = places
        .iter()
        .enumerate()
        .map(|(index, place)| (place.id.to_string(), index))
        .collect();
    // Backwards, so that each preferred name goes in front of those that follow it in the table.
    for row in table.rows.iter().rev().filter(|row| row.row.kind == "preferred") {
        let (names, language) = hand_names(table, row.line, &row.row, &by_id, places)?;
        names.change(language, |names| prefer(names, row.row.name.clone()));
    }
    for row in table.rows.iter().filter(|row| row.row.kind != "preferred") {
        if row.row.kind != "variant" {
            return Err(table.complain(
                row.line,
                format!("unknown kind {:?}; accepted: preferred, variant", row.row.kind),
            ));
        }
        let (names, language) = hand_names(table, row.line, &row.row, &by_id, places)?;
        // A spelling written by hand is added even if it differs only by folded letters.
        if !names.of(language).any(|name| name == row.row.name) {
            names.change(language, |names| names.push(row.row.name.clone()));
        }
    }
    Ok(())
}

fn hand_names<'a>(
    table: &Table<HandName>,
    line: usize,
    row: &HandName,
    by_id: &HashMap<String, usize>,
    places: &'a mut [Place],
) -> Result<(&'a mut Names, Language), CompileError> {
    let language: Language = row
        .lang
        .parse()
        .map_err(|error: crate::language::UnknownLanguage| table.complain(line, error.to_string()))?;
    check_name(&row.name, language).map_err(|what| table.complain(line, what))?;
    let index = by_id
        .get(&row.id)
        .ok_or_else(|| table.complain(line, format!("no place has the id {:?}", row.id)))?;
    Ok((&mut places[*index].names, language))
}

/// Checks if a name can be in the file under this language.
pub fn check_name(name: &str, language: Language) -> Result<(), String> {
    if name.trim() != name || name.is_empty() || name.contains(['|', '\t', '\n']) {
        return Err(format!("{name:?} is empty, has a blank at its edge, a tab or a |"));
    }
    if language == Language::Arabic && name.contains(['ی', 'ک', 'ھ']) {
        return Err(format!(
            "{name:?} has a Persian or Kurdish ya, kaf or heh; Arabic names have ي, ك, ه"
        ));
    }
    // Arabic spelling of a Kurdish or Turkmen name may hold a non-joiner after heh.
    let joined = name.replace('\u{200c}', "");
    let written = if language == Language::Arabic {
        joined.as_str()
    } else {
        name
    };
    let right = match (language, script_of(written)) {
        (Language::Arabic, Script::Arabic) | (Language::Sorani, Script::Arabic | Script::Sorani) => true,
        (Language::English, Script::Latin) => true,
        // "حي 17" and the like have digits beside letters; a bare number is no name.
        _ => false,
    };
    if right {
        Ok(())
    } else {
        Err(format!("{name:?} is not in the script of {language}"))
    }
}
