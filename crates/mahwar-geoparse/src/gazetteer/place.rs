//! One entry of the gazetteer.

use super::{Codes, Level};
use crate::language::{Language, Trilingual};
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, num::NonZeroU64, sync::Arc};

/// Position of a place in its [`super::Gazetteer`]; valid for that gazetteer only.
pub type PlaceIndex = u32;

/// Names of a place: for each language the preferred name first, then variants.
///
/// They are stored as in the file, languages separated by tabs and names by `|`, and are split on request: lists of
/// texts would take several times the memory, and most places are never requested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Cow<'static, str>);

impl Names {
    /// Names as a row has them: one cell a language, in the order of [`Language::ALL`].
    pub(super) fn from_cells(cells: Cow<'static, str>) -> Self {
        let is_tidy = |cell: &str| cell.is_empty() || cell.split('|').all(|name| !name.is_empty());
        match &*cells {
            "\t\t" => Self::default(),
            tidy if tidy.split('\t').all(is_tidy) => Self(cells),
            _ => {
                let names = Self(cells);
                Self::new(Language::ALL.map(|language| names.list(language)))
            }
        }
    }

    /// Names by language, in the order of [`Language::ALL`]; none has a tab or a `|` in it.
    ///
    /// ```
    /// use mahwar_geoparse::{gazetteer::Names, language::Language};
    /// let names = Names::new([vec!["كركوك".into()], Vec::new(), vec!["Kirkuk".into(), "Karkuk".into()]]);
    /// assert_eq!(names.first(Language::English), Some("Kirkuk"));
    /// ```
    pub fn new(lists: [Vec<String>; 3]) -> Self {
        match lists.iter().all(Vec::is_empty) {
            true => Self::default(),
            false => Self(Cow::Owned(lists.map(|names| names.join("|")).join("\t"))),
        }
    }

    /// Changes the names of one language.
    ///
    /// ```
    /// use mahwar_geoparse::{gazetteer::Names, language::Language};
    /// let mut names = Names::default();
    /// names.change(Language::Arabic, |list| list.push("كركوك".into()));
    /// assert_eq!(names.first(Language::Arabic), Some("كركوك"));
    /// ```
    pub fn change(&mut self, language: Language, change: impl FnOnce(&mut Vec<String>)) {
        let mut lists = Language::ALL.map(|language| self.list(language));
        change(&mut lists[language as usize]);
        *self = Self::new(lists);
    }

    fn list(&self, language: Language) -> Vec<String> {
        self.of(language).map(str::to_owned).collect()
    }

    /// The names of all languages as a row has them.
    pub(super) fn cells(&self) -> &str {
        if self.0.is_empty() { "\t\t" } else { &self.0 }
    }

    /// Names in one language, preferred first.
    ///
    /// ```
    /// use mahwar_geoparse::{gazetteer::Names, language::Language};
    /// let names = Names::new([Vec::new(), Vec::new(), vec!["Erbil".into(), "Arbil".into()]]);
    /// assert_eq!(names.of(Language::English).collect::<Vec<_>>(), ["Erbil", "Arbil"]);
    /// ```
    pub fn of(&self, language: Language) -> impl Iterator<Item = &str> + Clone {
        let cell = self.0.split('\t').nth(language as usize).unwrap_or_default();
        cell.split('|').filter(|name| !name.is_empty())
    }

    /// Every name with its language.
    ///
    /// ```
    /// use mahwar_geoparse::{gazetteer::Names, language::Language};
    /// let names = Names::new([vec!["أربيل".into()], Vec::new(), vec!["Erbil".into()]]);
    /// assert_eq!(names.iter().count(), 2);
    /// assert_eq!(names.iter().next(), Some((Language::Arabic, "أربيل")));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (Language, &str)> {
        Language::ALL
            .into_iter()
            .flat_map(|language| self.of(language).map(move |name| (language, name)))
    }

    /// The preferred name in one language.
    pub fn first(&self, language: Language) -> Option<&str> {
        self.of(language).next()
    }

    /// The same names, with those of `first` as the preferred ones.
    ///
    /// ```
    /// use mahwar_geoparse::{gazetteer::Names, language::{Language, Trilingual}};
    /// let names = Names::new([Vec::new(), Vec::new(), vec!["Kirkuk".into(), "Karkuk".into()]]);
    /// let first = Trilingual { en: Some("Karkuk".into()), ..Trilingual::default() };
    /// assert_eq!(names.preferring(&first).of(Language::English).collect::<Vec<_>>(), ["Karkuk", "Kirkuk"]);
    /// ```
    #[must_use]
    pub fn preferring(&self, first: &Trilingual) -> Self {
        let mut names = self.clone();
        let preferred = [
            (Language::Arabic, &first.ar),
            (Language::Sorani, &first.ckb),
            (Language::English, &first.en),
        ];
        for (language, name) in preferred {
            let Some(name) = name.as_deref().filter(|name| names.first(language) != Some(*name)) else {
                continue;
            };
            names.change(language, |list| {
                list.retain(|other| other != name);
                list.insert(0, name.to_owned());
            });
        }
        names
    }

    /// The preferred names.
    ///
    /// ```
    /// use mahwar_geoparse::gazetteer::Names;
    /// let names = Names::new([vec!["أربيل".into()], Vec::new(), vec!["Erbil".into()]]);
    /// assert_eq!(names.preferred().en.as_deref(), Some("Erbil"));
    /// assert_eq!(names.preferred().ckb, None);
    /// ```
    pub fn preferred(&self) -> Trilingual {
        let first = |language| self.first(language).map(str::to_owned);
        Trilingual {
            ar: first(Language::Arabic),
            ckb: first(Language::Sorani),
            en: first(Language::English),
        }
    }
}

/// Identifiers of the same place elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SameAs {
    /// Who's On First id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wof: Option<NonZeroU64>,
    /// GeoNames id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geonames: Option<NonZeroU64>,
    /// Codes that few places have.
    #[serde(flatten)]
    pub codes: Codes,
}

/// A gazetteer entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// P-code (`IQG11Q04`), `wof-<id>`, ISO 3166-1 code of a country, or a slug of our own (`nat-hamrin`).
    pub id: EcoString,
    /// Kind of the place.
    pub level: Level,
    /// Finer kind where known: `city`, `town`, `village`, `capital`, `reservoir`, …; may be empty.
    pub kind: EcoString,
    /// Label point, degrees on WGS 84; longitude then latitude. Inside the unit for administrative units.
    pub point: [f64; 2],
    /// Only its nearest unit is known: the point is that unit's, and is never drawn as its own.
    pub approximate: bool,
    /// Ids of the units that contain it, nearest first. A contested parent gives two ids of one level (Makhmour:
    /// `IQG11` and `IQG15`); the formal one is first.
    /// Thousands of places have one list.
    pub parents: Arc<[String]>,
    /// Outside the country that the land folder is about; never drawn on it.
    pub foreign: bool,
    /// Inhabitants where a source says so.
    pub population: Option<NonZeroU64>,
    /// Relative importance 0..=100 among places of one name: seats and large towns high, hamlets low.
    pub rank: u8,
    /// Names.
    pub names: Names,
    /// The same place elsewhere.
    pub same_as: SameAs,
    /// Not in the source as such, but derived (Halabja governorate from its district).
    pub derived: bool,
}
