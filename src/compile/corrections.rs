//! Applies `corrections.csv` to the sources' records before anything is compiled from them.
//!
//! | field | what it changes |
//! | --- | --- |
//! | `name` | a record's own Latin name |
//! | `ar`, `ckb`, `en` | one name in one language; empty `old` adds a preferred name, empty `new` takes the name away |
//! | `point` | `lon lat` |
//! | `placetype`, `population`, `wikidata`, `geonames`, `feature_code` | the value |
//! | `retired` | `yes` to nothing: a living place that the source retired |
//! | `drop` | leaves the record out (`old` is its name) |
//! | `merge` | `old` is the id of a record that is the same place; its names come here |
//!
//! A correction whose `old` is not what the source says is an error: the source has changed, and the
//! correction must be looked at again.

use super::{
    CompileError,
    tables::{Correction, Table},
    unit::Unit,
    wof::Record,
};
use std::collections::{BTreeMap, HashMap};

/// Corrects records and units in place.
///
/// # Errors
/// A correction that matches nothing, with file and row.
pub fn correct(table: &Table<Correction>, records: &mut Vec<Record>, units: &mut [Unit]) -> Result<(), CompileError> {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    by_id.extend(
        records
            .iter()
            .enumerate()
            .map(|(index, record)| (format!("wof-{}", record.id), index)),
    );
    let mut dropped = Vec::new();
    for row in &table.rows {
        let correction = &row.row;
        let complain = |what: String| table.complain(row.line, format!("{}: {what}", correction.id));
        if let Some(&index) = by_id.get(&correction.id) {
            if correction.field == "merge" {
                let &other = by_id
                    .get(&correction.old)
                    .ok_or_else(|| complain(format!("no record {}", correction.old)))?;
                let taken = records[other].clone();
                absorb(&mut records[index], &taken);
                dropped.push(taken.id);
            } else if correction.field == "drop" {
                if records[index].name != correction.old {
                    return Err(complain(format!(
                        "the name is {:?}, not {:?}",
                        records[index].name, correction.old
                    )));
                }
                dropped.push(records[index].id);
            } else {
                correct_record(&mut records[index], correction).map_err(complain)?;
            }
        } else if let Some(unit) = units.iter_mut().find(|unit| unit.pcode == correction.id) {
            correct_unit(unit, correction).map_err(complain)?;
        } else {
            return Err(complain("no record or unit has this id".to_owned()));
        }
    }
    records.retain(|record| !dropped.contains(&record.id));
    Ok(())
}

fn absorb(record: &mut Record, other: &Record) {
    record.population = record.population.or(other.population);
    record.wd_id = record.wd_id.take().or_else(|| other.wd_id.clone());
    record.gn_id = record.gn_id.or(other.gn_id);
    for (language, kinds) in &other.names {
        let mine = record.names.entry(language.clone()).or_default();
        for (kind, names) in kinds {
            // Its preferred names are variants here, where there is a preferred name already.
            let kind = if kind == "preferred" && mine.contains_key("preferred") {
                "variant"
            } else {
                kind
            };
            mine.entry(kind.to_owned()).or_default().extend(names.iter().cloned());
        }
    }
}

fn correct_record(record: &mut Record, correction: &Correction) -> Result<(), String> {
    let Correction { field, old, new, .. } = correction;
    let found = match field.as_str() {
        "name" => replace(&mut record.name, old, new),
        "ar" => return replace_name(record, &["ara", "und", "kur"], old, new),
        "ckb" => return replace_name(record, &["ckb", "kur", "und"], old, new),
        "en" => return replace_name(record, &["eng", "und", "kur", "ara"], old, new),
        "placetype" => replace(&mut record.placetype, old, new),
        "point" => {
            let found = format!("{} {}", record.lon, record.lat);
            if found == *old {
                (record.lon, record.lat) = point(new)?;
            }
            found
        }
        "population" => replace_optional(&mut record.population, old, new)?,
        "geonames" => replace_optional(&mut record.gn_id, old, new)?,
        "wikidata" => replace_optional(&mut record.wd_id, old, new)?,
        "feature_code" => replace_optional(&mut record.gn_fcode, old, new)?,
        "retired" => {
            let found = if record.is_retired() { "yes" } else { "" };
            if !new.is_empty() {
                return Err("retired can only be taken away".to_owned());
            }
            record.ceased = None;
            record.deprecated = None;
            found.to_owned()
        }
        _ => {
            let known = "name, ar, ckb, en, point, placetype, population, geonames, wikidata, feature_code, retired, drop, merge";
            return Err(format!("unknown field {field:?}; accepted: {known}"));
        }
    };
    if found == *old {
        Ok(())
    } else {
        Err(format!("{field} is {found:?}, not {old:?}"))
    }
}

fn replace(value: &mut String, old: &str, new: &str) -> String {
    let found = value.clone();
    if found == old {
        new.clone_into(value);
    }
    found
}

fn replace_optional<T: ToString + std::str::FromStr>(
    value: &mut Option<T>,
    old: &str,
    new: &str,
) -> Result<String, String> {
    let found = value.as_ref().map(T::to_string).unwrap_or_default();
    if found == old {
        *value = match new {
            "" => None,
            text => Some(text.parse().map_err(|_| format!("{new:?} is no value of this field"))?),
        };
    }
    Ok(found)
}

fn point(text: &str) -> Result<(f64, f64), String> {
    let (lon, lat) = text
        .split_once(' ')
        .ok_or_else(|| format!("{text:?} is not `lon lat`"))?;
    match (lon.parse::<f64>(), lat.parse::<f64>()) {
        (Ok(lon), Ok(lat)) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Ok((lon, lat)),
        _ => Err(format!("{text:?} is not `lon lat` in degrees")),
    }
}

fn replace_name(record: &mut Record, languages: &[&str], old: &str, new: &str) -> Result<(), String> {
    if old.is_empty() {
        let kinds = record.names.entry(languages[0].to_owned()).or_default();
        kinds
            .entry("preferred".to_owned())
            .or_default()
            .insert(0, new.to_owned());
        return Ok(());
    }
    let mut found = false;
    for language in languages {
        for names in record
            .names
            .get_mut(*language)
            .into_iter()
            .flat_map(BTreeMap::values_mut)
        {
            found |= names.iter().any(|name| name == old);
            if new.is_empty() {
                names.retain(|name| name != old);
            } else {
                names
                    .iter_mut()
                    .filter(|name| *name == old)
                    .for_each(|name| new.clone_into(name));
            }
        }
    }
    if found {
        Ok(())
    } else {
        Err(format!("the record has no name {old:?}"))
    }
}

fn correct_unit(unit: &mut Unit, correction: &Correction) -> Result<(), String> {
    let Correction { field, old, new, .. } = correction;
    let found = match field.as_str() {
        "en" => replace(&mut unit.en, old, new),
        "ar" => replace_optional(&mut unit.ar, old, new)?,
        _ => return Err(format!("unknown field {field:?} of a unit; accepted: ar, en")),
    };
    if found == *old {
        Ok(())
    } else {
        Err(format!("{field} is {found:?}, not {old:?}"))
    }
}
