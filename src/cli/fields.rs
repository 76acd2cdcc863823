//! `--fields`: which members of an answer are written.

use serde_json::{Map, Value};
use std::str::FromStr;

/// Members of an answer at its top.
const TOP: [&str; 9] = [
    "id",
    "language",
    "supported",
    "mentions",
    "quantities",
    "attributions",
    "claims",
    "positions",
    "times",
];

/// A choice of members: `language,mentions.text,mentions.place.id`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields {
    /// Members by name; one without members of its own is written whole.
    inside: Vec<(String, Fields)>,
}

impl FromStr for Fields {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut fields = Self::default();
        for path in text.split(',').map(str::trim).filter(|path| !path.is_empty()) {
            let top = path.split('.').next().unwrap_or_default();
            if !TOP.contains(&top) {
                return Err(format!("there is no member {top:?}; there are {}", TOP.join(", ")));
            }
            fields.add(path);
        }
        match fields.inside.is_empty() {
            true => Err(format!("name at least one of {}", TOP.join(", "))),
            false => Ok(fields),
        }
    }
}

impl Fields {
    fn add(&mut self, path: &str) {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let at = match self.inside.iter().position(|(own, _)| own == name) {
            // It is written whole already.
            Some(at) if self.inside[at].1.inside.is_empty() => return,
            Some(at) => at,
            None => {
                self.inside.push((name.to_owned(), Self::default()));
                self.inside.len() - 1
            }
        };
        match rest {
            Some(rest) => self.inside[at].1.add(rest),
            None => self.inside[at].1.inside.clear(),
        }
    }

    /// The chosen members of a value; of a list, those of each entry.
    pub(super) fn of(&self, value: Value) -> Value {
        if self.inside.is_empty() {
            return value;
        }
        match value {
            Value::Array(list) => list.into_iter().map(|value| self.of(value)).collect(),
            Value::Object(mut object) => {
                let mut chosen = Map::new();
                for (name, inside) in &self.inside {
                    if let Some(value) = object.get_mut(name) {
                        chosen.insert(name.clone(), inside.of(value.take()));
                    }
                }
                Value::Object(chosen)
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn chosen_members_are_written_in_their_order() {
        let answer = json!({"id": 1, "language": "ar", "mentions": [{"text": "a", "place": {"id": "x", "level": "city"}}, {"text": "b", "place": null}]});
        for (fields, expected) in [
            ("language", json!({"language": "ar"})),
            (
                "mentions.place.id,id",
                json!({"mentions": [{"place": {"id": "x"}}, {"place": null}], "id": 1}),
            ),
            (
                "mentions.text,mentions",
                answer["mentions"]
                    .clone()
                    .as_array()
                    .map(|list| json!({"mentions": list}))
                    .unwrap(),
            ),
            ("mentions,mentions.text", json!({"mentions": answer["mentions"]})),
        ] {
            assert_eq!(
                fields.parse::<Fields>().unwrap().of(answer.clone()),
                expected,
                "{fields}"
            );
        }
        for wrong in ["", " , ", "mention", "text"] {
            assert!(wrong.parse::<Fields>().unwrap_err().contains("mentions"), "{wrong}");
        }
    }
}
