//! The land as seen from each side: parents of contested units, first names, classes of lines, and which governorates
//! count. All of it is read from `worldviews.toml`.

use super::{Boundaries, UnknownUnit};
use crate::{
    gazetteer::Level,
    language::{Language, Trilingual},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A side from which the land is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Worldview {
    /// Takes no side.
    #[default]
    Neutral,
    /// The federal government's.
    Federal,
    /// The autonomous region's.
    Region,
}

impl Worldview {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Neutral, Self::Federal, Self::Region];

    /// The word for it in URLs and files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Federal => "federal",
            Self::Region => "region",
        }
    }
}

impl fmt::Display for Worldview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no worldview.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown worldview {0:?}; accepted: neutral, federal, region")]
pub struct UnknownWorldview(pub String);

impl FromStr for Worldview {
    type Err = UnknownWorldview;

    fn from_str(word: &str) -> Result<Self, UnknownWorldview> {
        let found = Self::ALL.into_iter().find(|view| view.word() == word);
        found.ok_or_else(|| UnknownWorldview(word.to_owned()))
    }
}

/// Errors of `worldviews.toml`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum WorldviewError {
    #[error("worldviews.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("worldviews.toml, {table} {row}: {what}")]
    Row {
        table: &'static str,
        row: usize,
        what: String,
    },
    #[error("worldviews.toml: the worldview {0} is missing; neutral, federal and region are needed")]
    Missing(Worldview),
}

/// One side's title and convention.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Which one.
    pub id: Worldview,
    /// Its title.
    pub title: Trilingual,
    /// The sentence that is printed on every map and included in every answer.
    pub convention: Trilingual,
    /// Order of the languages of a label with two lines.
    pub label_languages: Vec<Language>,
    /// Why.
    pub source: String,
}

/// One row in which a view departs from the formal boundaries, for readers who check it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Departure {
    /// The view.
    pub worldview: Worldview,
    /// `parent`, `name`, `class` or `governorate`.
    pub kind: &'static str,
    /// The unit or layer.
    pub subject: String,
    /// The value in this view.
    pub value: String,
    /// Source of the value.
    pub source: String,
}

/// A governorate in one view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Governorate {
    /// P-code, or the id of a governorate that the boundaries do not have.
    pub id: String,
    /// The units that it is made of in this view.
    pub units: Vec<String>,
    /// Made from units of another governorate because the boundaries do not have it.
    pub derived: bool,
    /// True if its units are other than the formal ones.
    pub changed: bool,
}

/// A governorate that the boundaries do not have.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DerivedGovernorate {
    /// Its id (ISO 3166-2).
    pub id: String,
    /// The units that it is made of.
    pub units: Vec<String>,
    /// Its names.
    #[serde(flatten)]
    pub name: Trilingual,
    /// Note for readers.
    pub note: String,
    /// Which views count it.
    pub counts: Vec<Counted>,
}

/// One view's decision about a derived governorate.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The view.
    pub worldview: Worldview,
    /// True if it does.
    pub counts: bool,
    /// Since which day.
    pub since: String,
    /// Source of the decision.
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    worldview: Worldview,
    layer: String,
    class: String,
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parent {
    worldview: Worldview,
    unit: String,
    parent: String,
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Name {
    worldview: Worldview,
    unit: String,
    #[serde(flatten)]
    name: Trilingual,
    source: String,
}

/// All worldviews of a land.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worldviews {
    default: Worldview,
    disclaimer: Trilingual,
    parties: BTreeMap<String, Trilingual>,
    worldviews: Vec<View>,
    #[serde(default)]
    classes: Vec<Class>,
    #[serde(default)]
    parents: Vec<Parent>,
    #[serde(default)]
    names: Vec<Name>,
    #[serde(default)]
    governorates: Vec<DerivedGovernorate>,
}

impl Worldviews {
    /// Reads `worldviews.toml` against the boundaries.
    pub fn parse(text: &str, land: &Boundaries) -> Result<Self, WorldviewError> {
        let read: Self = toml::from_str(text)?;
        if let Some(missing) = Worldview::ALL
            .into_iter()
            .find(|id| !read.worldviews.iter().any(|view| view.id == *id))
        {
            return Err(WorldviewError::Missing(missing));
        }
        let known = |table, row, units: &[&String], source: &str| {
            let what = if let Some(unit) = units.iter().find(|unit| land.unit(unit).is_none()) {
                UnknownUnit((*unit).clone()).to_string()
            } else if source.is_empty() {
                "the source is empty".to_owned()
            } else {
                return Ok(());
            };
            Err(WorldviewError::Row { table, row, what })
        };
        for (row, parent) in (1..).zip(&read.parents) {
            known("parents", row, &[&parent.unit, &parent.parent], &parent.source)?;
        }
        for (row, name) in (1..).zip(&read.names) {
            known("names", row, &[&name.unit], &name.source)?;
        }
        for (row, class) in (1..).zip(&read.classes) {
            known("classes", row, &[], &class.source)?;
        }
        for (row, governorate) in (1..).zip(&read.governorates) {
            known(
                "governorates",
                row,
                &governorate.units.iter().collect::<Vec<_>>(),
                &governorate.note,
            )?;
            for counted in &governorate.counts {
                known("governorates", row, &[], &counted.source)?;
            }
        }
        Ok(read)
    }

    /// The default view.
    pub fn default_view(&self) -> Worldview {
        self.default
    }

    /// Title and convention of a view.
    pub fn view(&self, view: Worldview) -> &View {
        let found = self.worldviews.iter().find(|candidate| candidate.id == view);
        // `parse` refuses a file without all three.
        found.unwrap_or(&self.worldviews[0])
    }

    /// The sentence that states the convention in force.
    pub fn convention(&self, view: Worldview, language: Language) -> &str {
        self.view(view).convention.best(language)
    }

    /// The sentence that every view needs.
    pub fn disclaimer(&self) -> &Trilingual {
        &self.disclaimer
    }

    /// The name of a party.
    pub fn party(&self, id: &str) -> Option<&Trilingual> {
        self.parties.get(id)
    }

    /// The ids of all parties.
    pub fn party_ids(&self) -> Vec<&str> {
        self.parties.keys().map(String::as_str).collect()
    }

    /// Pairs of a unit and a parent that some view gives it.
    pub fn other_parents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parents.iter().map(|row| (row.unit.as_str(), row.parent.as_str()))
    }

    /// The unit above this one in a view: the derived governorate that it makes up, the contested parent, or else the
    /// formal parent.
    pub fn parent_of<'a>(&'a self, view: Worldview, land: &'a Boundaries, pcode: &str) -> Option<&'a str> {
        let made_of = |governorate: &&DerivedGovernorate| governorate.units.iter().any(|unit| unit == pcode);
        let derived = self
            .governorates
            .iter()
            .filter(|governorate| self.counts_as_governorate(view, &governorate.id));
        if let Some(governorate) = derived.into_iter().find(made_of) {
            return Some(&governorate.id);
        }
        let contested = self
            .parents
            .iter()
            .find(|row| row.worldview == view && row.unit == pcode);
        contested.map(|row| row.parent.as_str()).or_else(|| land.parent(pcode))
    }

    /// The governorate that a unit belongs to in a view: a p-code or the id of a derived governorate.
    pub fn governorate_of<'a>(&'a self, view: Worldview, land: &'a Boundaries, pcode: &'a str) -> Option<&'a str> {
        let mut unit = pcode;
        loop {
            let found = land.unit(unit);
            if found.is_none_or(|found| found.level == Level::Governorate) {
                return self.derived(unit).map(|_| unit).or(found.map(|_| unit));
            }
            unit = self.parent_of(view, land, unit)?;
        }
    }

    /// A governorate that the boundaries do not have.
    pub fn derived(&self, id: &str) -> Option<&DerivedGovernorate> {
        self.governorates.iter().find(|governorate| governorate.id == id)
    }

    /// All governorates that the boundaries do not have, whether or not a view counts them.
    pub fn derived_governorates(&self) -> &[DerivedGovernorate] {
        &self.governorates
    }

    /// True if a view counts a derived governorate.
    pub fn counts_as_governorate(&self, view: Worldview, id: &str) -> bool {
        self.derived(id)
            .is_some_and(|governorate| governorate.counts.iter().any(|row| row.worldview == view && row.counts))
    }

    /// All governorates of a view with the districts that make them up, in the order of the boundaries, derived ones last.
    pub fn governorates(&self, view: Worldview, land: &Boundaries) -> Vec<Governorate> {
        let counted = self
            .governorates
            .iter()
            .filter(|governorate| self.counts_as_governorate(view, &governorate.id));
        let formal = land
            .units_of(Level::Governorate)
            .map(|unit| (unit.pcode.as_str(), false));
        let all = formal.chain(counted.map(|governorate| (governorate.id.as_str(), true)));
        all.map(|(id, derived)| {
            let mine = |unit: &&super::Unit| self.parent_of(view, land, &unit.pcode) == Some(id);
            let units: Vec<String> = land
                .units_of(Level::District)
                .filter(mine)
                .map(|unit| unit.pcode.clone())
                .collect();
            let changed = derived
                || !units
                    .iter()
                    .map(String::as_str)
                    .eq(land.children(id).map(|unit| unit.pcode.as_str()));
            Governorate {
                id: id.to_owned(),
                units,
                derived,
                changed,
            }
        })
        .collect()
    }

    /// The first name of a unit in a view, where that view has one of its own.
    pub fn name(&self, view: Worldview, pcode: &str, language: Language) -> Option<&str> {
        let row = self
            .names
            .iter()
            .find(|row| row.worldview == view && row.unit == pcode)?;
        row.name.get(language)
    }

    /// The class by which styles draw a layer in a view.
    pub fn class(&self, view: Worldview, layer: &str) -> Option<&str> {
        let row = self
            .classes
            .iter()
            .find(|row| row.worldview == view && row.layer == layer);
        row.map(|row| row.class.as_str())
    }

    /// Every row in which views depart from each other or from the formal boundaries, with its source.
    pub fn departures(&self) -> Vec<Departure> {
        let departure = |worldview, kind, subject: &str, value: String, source: &str| Departure {
            worldview,
            kind,
            subject: subject.to_owned(),
            value,
            source: source.to_owned(),
        };
        let parents = self.parents.iter();
        let parents = parents.map(|row| departure(row.worldview, "parent", &row.unit, row.parent.clone(), &row.source));
        let names = self.names.iter().map(|row| {
            let names: Vec<&str> = Language::ALL
                .into_iter()
                .filter_map(|language| row.name.get(language))
                .collect();
            departure(row.worldview, "name", &row.unit, names.join(", "), &row.source)
        });
        let classes = self.classes.iter();
        let classes = classes.map(|row| departure(row.worldview, "class", &row.layer, row.class.clone(), &row.source));
        let counted = self.governorates.iter().flat_map(|governorate| {
            let row = move |row: &Counted| {
                let value = format!(
                    "{} since {}",
                    if row.counts { "counted" } else { "not counted" },
                    row.since
                );
                departure(row.worldview, "governorate", &governorate.id, value, &row.source)
            };
            governorate.counts.iter().map(row)
        });
        parents.chain(names).chain(classes).chain(counted).collect()
    }
}
