//! One entry of the gazetteer.

use super::Level;
use crate::language::{Language, Trilingual};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Position of a place in its [`super::Gazetteer`]; valid for that gazetteer only.
pub type PlaceIndex = u32;

/// Names of a place: for each language the preferred name first, then variants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Arabic names.
    pub ar: Vec<String>,
    /// Central Kurdish names in Arabic script.
    pub ckb: Vec<String>,
    /// English names and other Latin spellings.
    pub en: Vec<String>,
}

impl Names {
    /// Names in one language, preferred first.
    pub fn of(&self, language: Language) -> &[String] {
        match language {
            Language::Arabic => &self.ar,
            Language::Sorani => &self.ckb,
            Language::English => &self.en,
        }
    }

    /// Every name with its language.
    pub fn iter(&self) -> impl Iterator<Item = (Language, &str)> {
        Language::ALL
            .into_iter()
            .flat_map(|language| self.of(language).iter().map(move |name| (language, name.as_str())))
    }

    /// The preferred names.
    pub fn preferred(&self) -> Trilingual {
        Trilingual {
            ar: self.ar.first().cloned(),
            ckb: self.ckb.first().cloned(),
            en: self.en.first().cloned(),
        }
    }
}

/// Identifiers of the same place elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SameAs {
    /// OCHA p-code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pcode: Option<String>,
    /// Who's On First id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wof: Option<u64>,
    /// GeoNames id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geonames: Option<u64>,
    /// Wikidata item (`Q…`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
    /// ISO 3166-2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso3166_2: Option<String>,
}

/// A gazetteer entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// P-code (`IQG11Q04`), `wof-<id>`, ISO 3166-1 code of a country, or a slug of our own (`nat-hamrin`).
    pub id: String,
    /// What kind of thing it is.
    pub level: Level,
    /// Finer kind where known: `city`, `town`, `village`, `capital`, `reservoir`, …; may be empty.
    pub kind: String,
    /// Label point, degrees on WGS 84; longitude then latitude. Inside the unit for administrative units.
    pub point: [f64; 2],
    /// All that is known of where it lies is its nearest unit: the point is that unit's, and is never drawn as its own.
    pub approximate: bool,
    /// Ids of the units that contain it, nearest first. A contested parent gives two ids of one level
    /// (Makhmour: `IQG11` and `IQG15`); the formal one stands first.
    /// Thousands of places have one list.
    pub parents: Arc<[String]>,
    /// Outside the country that the land folder is about; never drawn on it.
    pub foreign: bool,
    /// Inhabitants where a source says so.
    pub population: Option<u64>,
    /// Relative importance 0..=100 among places of one name: seats and large towns high, hamlets low.
    pub rank: u8,
    /// Names.
    pub names: Names,
    /// The same place elsewhere.
    pub same_as: SameAs,
    /// Not in the source as such, but derived (Halabja governorate from its district).
    pub derived: bool,
}
