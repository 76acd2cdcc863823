//! Applies `corrections.csv` to the sources' records before anything is compiled from them.
//!
//! | field | effect | old | new |
//! | --- | --- | --- | --- |
//! | `name:ar`, `name:ckb`, `name:en` | one name | the name; empty adds | the name; empty removes |
//! | `lon`, `lat` | one coordinate | degrees as in the source | degrees |
//! | `placetype`, `population`, `wikidata`, `geonames`, `feature_code` | the value | as in the source | the value |
//! | `undelete` | a living place that the source retired | | `1` |
//! | `drop` | leaves the record out | | `1` |
//! | `merge_into` | the record is the same place as another, which takes over its names | | id of the other |
//!
//! A correction whose `old` differs from the source is an error: the source has changed, and the correction must be
//! looked at again.

use super::{
    CompileError,
    tables::{Correction, Row, Table},
    unit::Unit,
    wof::Record,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    str::FromStr,
};

/// Corrects records and units in place.
///
/// # Errors
/// A correction that matches nothing, with file and row.
pub fn correct(table: &Table<Correction>, records: &mut Vec<Record>, units: &mut [Unit]) -> Result<(), CompileError> {
    let by_id: HashMap<String, usize> = records
        .iter()
        .enumerate()
        .map(|(index, record)| (format!("wof-{}", record.id), index))
        .collect();
    let mut dropped = HashSet::new();
    // Records are joined last, so that faults of one do not pass into the other.
    let (joins, changes): (Vec<_>, Vec<_>) = table.rows.iter().partition(|row| row.row.field == "merge_into");
    for row in changes {
        let complain = |what: String| complain(table, row, &what);
        if let Some(&index) = by_id.get(&row.row.id) {
            match row.row.field.as_str() {
                "drop" if is_flag(&row.row) => {
                    dropped.insert(records[index].id);
                }
                _ => correct_record(&mut records[index], &row.row).map_err(complain)?,
            }
        } else if let Some(unit) = units.iter_mut().find(|unit| unit.pcode == row.row.id) {
            correct_unit(unit, &row.row).map_err(complain)?;
        } else {
            return Err(complain("no record or unit has this id".to_owned()));
        }
    }
    for row in &joins {
        let index = |id: &str| {
            let index = by_id.get(id).copied();
            index.ok_or_else(|| complain(table, row, &format!("no record has the id {id:?}")))
        };
        let (from, mut into) = (index(&row.row.id)?, index(&row.row.new)?);
        // If the target is itself joined to a third record, that one is the target.
        for _ in 0..joins.len() {
            let id = format!("wof-{}", records[into].id);
            match joins.iter().find(|next| next.row.id == id) {
                Some(next) => into = index(&next.row.new)?,
                None => break,
            }
        }
        if from == into || dropped.contains(&records[into].id) {
            return Err(complain(table, row, "the other record is this one, or is dropped"));
        }
        let taken = records[from].clone();
        absorb(&mut records[into], &taken);
        dropped.insert(taken.id);
    }
    records.retain(|record| !dropped.contains(&record.id));
    Ok(())
}

fn complain(table: &Table<Correction>, row: &Row<Correction>, what: &str) -> CompileError {
    table.complain(row.line, format!("{}: {what}", row.row.id))
}

fn is_flag(correction: &Correction) -> bool {
    correction.old.is_empty() && correction.new == "1"
}

fn absorb(record: &mut Record, other: &Record) {
    record.population = record.population.or(other.population);
    record.wd_id = record.wd_id.take().or_else(|| other.wd_id.clone());
    record.gn_id = record.gn_id.or(other.gn_id);
    for (language, kinds) in &other.names {
        let mine = record.names.entry(language.clone()).or_default();
        let has_preferred = mine.contains_key("preferred");
        for (kind, names) in kinds {
            // Its preferred names are variants here, where there is a preferred name already.
            let kind = if kind == "preferred" && has_preferred {
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
    match field.as_str() {
        "name:ar" => correct_name(record, &["ara", "und", "kur", "fas"], old, new),
        "name:ckb" => correct_name(record, &["ckb", "kur", "und"], old, new),
        "name:en" => {
            let own = record.name == *old && !old.is_empty();
            if own {
                new.clone_into(&mut record.name);
            }
            let listed = correct_name(record, &["eng", "und", "kur", "ara"], old, new);
            if own { Ok(()) } else { listed }
        }
        "lon" => correct_degrees(&mut record.lon, 180.0, old, new),
        "lat" => correct_degrees(&mut record.lat, 90.0, old, new),
        "placetype" => {
            let mut placetype = Some(std::mem::take(&mut record.placetype));
            let done = correct_value(&mut placetype, field, old, new);
            record.placetype = placetype.unwrap_or_default();
            done
        }
        "population" => correct_value(&mut record.population, field, old, new),
        "geonames" => correct_value(&mut record.gn_id, field, old, new),
        "wikidata" => correct_value(&mut record.wd_id, field, old, new),
        "feature_code" => correct_value(&mut record.gn_fcode, field, old, new),
        "undelete" if is_flag(correction) => {
            if !record.is_retired() {
                return Err("the source has not retired it".to_owned());
            }
            record.ceased = None;
            record.deprecated = None;
            Ok(())
        }
        _ => Err(format!(
            "unknown field {field:?} or value; accepted: name:ar, name:ckb, name:en, lon, lat, placetype, population, \
             geonames, wikidata, feature_code, undelete, drop, merge_into"
        )),
    }
}

fn correct_value<T: ToString + FromStr>(
    value: &mut Option<T>,
    field: &str,
    old: &str,
    new: &str,
) -> Result<(), String> {
    let found = value.as_ref().map(T::to_string).unwrap_or_default();
    if found != old {
        return Err(format!("{field} is {found:?}, not {old:?}"));
    }
    *value = match new {
        "" => None,
        text => Some(text.parse().map_err(|_| format!("{new:?} is no {field}"))?),
    };
    Ok(())
}

fn correct_degrees(value: &mut f64, limit: f64, old: &str, new: &str) -> Result<(), String> {
    if old.parse() != Ok(*value) {
        return Err(format!("the coordinate is {value}, not {old:?}"));
    }
    match new.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= limit => *value = degrees,
        _ => return Err(format!("{new:?} is no coordinate in degrees")),
    }
    Ok(())
}

/// Replaces, adds or removes one name in the languages under which a source may have it.
fn correct_name(record: &mut Record, languages: &[&str], old: &str, new: &str) -> Result<(), String> {
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
        let kinds = record.names.get_mut(*language);
        for names in kinds.into_iter().flat_map(BTreeMap::values_mut) {
            found |= names.iter().any(|name| name == old);
            if new.is_empty() {
                names.retain(|name| name != old);
            } else {
                let same = names.iter_mut().filter(|name| *name == old);
                same.for_each(|name| new.clone_into(name));
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
    match field.as_str() {
        "name:ar" => correct_value(&mut unit.ar, field, old, new),
        "name:en" => {
            let mut en = Some(std::mem::take(&mut unit.en));
            let done = correct_value(&mut en, field, old, new);
            unit.en = en.unwrap_or_default();
            done
        }
        _ => Err(format!("unknown field {field:?} of a unit; accepted: name:ar, name:en")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn table(rows: &[(&str, &str, &str, &str)]) -> Table<Correction> {
        let row = |(index, (id, field, old, new)): (usize, &(&str, &str, &str, &str))| Row {
            line: index + 2,
            row: Correction {
                id: (*id).to_owned(),
                field: (*field).to_owned(),
                old: (*old).to_owned(),
                new: (*new).to_owned(),
            },
        };
        Table {
            file: PathBuf::from("corrections.csv"),
            rows: rows.iter().enumerate().map(row).collect(),
        }
    }

    fn record(id: u64, name: &str, arabic: &str) -> Record {
        let line = format!(
            r#"{{"id":{id},"name":"{name}","placetype":"locality","lon":44.6,"lat":34.9,"names":{{"ara":{{"preferred":["{arabic}"]}}}}}}"#
        );
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn a_wrong_name_is_replaced() {
        let mut records = vec![record(1, "Taza", "تازة")];
        let rows = [("wof-1", "name:ar", "تازة", "طوز"), ("wof-1", "name:en", "Taza", "Tuz")];
        correct(&table(&rows), &mut records, &mut []).unwrap();
        assert_eq!(records[0].names["ara"]["preferred"], ["طوز"]);
        assert_eq!(records[0].name, "Tuz");
    }

    #[test]
    fn a_correction_that_matches_nothing_names_its_file_and_row() {
        for rows in [
            [("wof-1", "name:ar", "كركوك", "طوز")],
            [("wof-9", "name:ar", "تازة", "طوز")],
            [("wof-1", "lon", "44.7", "44.8")],
            [("wof-1", "undelete", "", "1")],
            [("wof-1", "merge_into", "", "wof-1")],
            [("wof-1", "colour", "", "1")],
        ] {
            let error = correct(&table(&rows), &mut vec![record(1, "Taza", "تازة")], &mut []).unwrap_err();
            let text = error.to_string();
            assert!(
                text.contains("corrections.csv, row 2") && text.contains("wof-"),
                "{text}"
            );
        }
    }

    #[test]
    fn records_joined_in_a_chain_end_in_the_last_one() {
        let mut records = vec![record(1, "A", "أ"), record(2, "B", "ب"), record(3, "C", "ج")];
        let rows = [
            ("wof-1", "merge_into", "", "wof-2"),
            ("wof-2", "merge_into", "", "wof-3"),
        ];
        correct(&table(&rows), &mut records, &mut []).unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].id, 3);
        assert_eq!(records[0].names["ara"]["variant"], ["أ", "ب"]);
    }
}
