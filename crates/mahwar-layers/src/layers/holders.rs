//! The administrative units that contain a place, as columns of a row: a row can then be counted by unit without the
//! map.

use super::Properties;
use crate::{
    gazetteer::{Gazetteer, Level, Place},
    language::Language,
};
use serde_json::{Value, json};

/// The levels of units with the field of their name and the field of their code.
const LEVELS: [(Level, &str, &str); 3] = [
    (Level::Governorate, "governorate", "governorate_code"),
    (Level::District, "district", "district_code"),
    (Level::Subdistrict, "subdistrict", "subdistrict_code"),
];

/// Finds the units that contain places.
#[derive(Clone, Copy, Debug)]
pub struct Holders<'g>(pub &'g Gazetteer);

impl<'g> Holders<'g> {
    /// Adds name and code of each level's unit that contains the places. If there are several (a contested place is in
    /// the units of both sides, a claim may have several places), they are listed with `; ` between.
    ///
    /// Names are added by language, as a layer expects them; codes are the ids of the units in the gazetteer.
    pub fn add_to(self, properties: &mut Properties, places: &[&str]) {
        let mut units: Vec<&Place> = Vec::new();
        for place in places {
            self.collect(place, &mut units);
        }
        for (level, name, code) in LEVELS {
            let held = units.iter().filter(|unit| unit.level == level);
            let held: Vec<&Place> = held.copied().collect();
            let codes: Vec<&str> = held.iter().map(|unit| unit.id.as_str()).collect();
            properties.insert(name.to_owned(), names(&held));
            properties.insert(code.to_owned(), json!((!codes.is_empty()).then(|| codes.join("; "))));
        }
    }

    /// The place and the units above it, nearest first, each once.
    fn collect(self, place: &str, units: &mut Vec<&'g Place>) {
        let mut open: Vec<&Place> = self.0.get(place).into_iter().collect();
        let mut at = 0;
        while let Some(place) = open.get(at).copied() {
            at += 1;
            let above = place.parents.iter().filter_map(|id| self.0.get(id));
            for place in above {
                if !open.iter().any(|known| known.id == place.id) {
                    open.push(place);
                }
            }
        }
        for place in open.into_iter().filter(|place| !place.foreign) {
            if !units.iter().any(|known| known.id == place.id) {
                units.push(place);
            }
        }
    }
}

/// The names of units in each language; a unit without a name in it has that of the first other language.
fn names(units: &[&Place]) -> Value {
    if units.is_empty() {
        return Value::Null;
    }
    let names: Vec<_> = units.iter().map(|unit| unit.names.preferred()).collect();
    let by_language = Language::ALL.map(|language| {
        let each: Vec<&str> = names.iter().map(|names| names.best(language)).collect();
        (language.tag().to_owned(), Value::from(each.join("; ")))
    });
    Value::Object(by_language.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::read_places;

    #[test]
    fn a_contested_place_names_the_units_of_both_sides() {
        let table = "id\tkind\tlon\tlat\tin\trank\tar\tckb\ten\tgeonames\tmore\n\
            G1\tgovernorate\t44.0\t35.0\t-\t90\t\u{623}\t\tOne\t\t\n\
            G2\tgovernorate\t43.0\t36.0\t-\t90\t\t\tTwo\t\t\n\
            D1\tdistrict\t43.5\t35.7\tG1|G2\t60\t\t\tMakhmour\t\t\n\
            T1\tsettlement/town\t43.6\t35.8\tD1\t50\t\t\tTown\t\t\n";
        let gazetteer = Gazetteer::new(read_places(table).unwrap()).unwrap();
        let mut row = Properties::new();
        Holders(&gazetteer).add_to(&mut row, &["T1", "T1"]);
        assert_eq!(
            row["governorate"],
            json!({"ar": "\u{623}; Two", "ckb": "\u{623}; Two", "en": "One; Two"})
        );
        assert_eq!(row["governorate_code"], "G1; G2");
        assert_eq!(
            (&row["district"]["en"], &row["district_code"]),
            (&json!("Makhmour"), &json!("D1"))
        );
        assert_eq!(
            (&row["subdistrict"], &row["subdistrict_code"]),
            (&Value::Null, &Value::Null)
        );
    }
}
