//! Kinds of places.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The level of a place, from the whole country down to a quarter of a town, and natural features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Level {
    Country,
    /// A federal region such as the Kurdistan Region.
    Region,
    /// ADM1.
    Governorate,
    /// ADM2.
    District,
    /// ADM3.
    Subdistrict,
    /// A city, town or village.
    Settlement,
    /// A quarter of a settlement.
    Neighbourhood,
    River,
    Lake,
    Mountain,
    Valley,
    /// A plain, desert or other stretch of land with no border.
    Area,
    Road,
    /// A building or installation: dam, airport, field, base, camp.
    Site,
}

impl Level {
    /// Every level, in declaration order.
    pub const ALL: [Self; 14] = [
        Self::Country,
        Self::Region,
        Self::Governorate,
        Self::District,
        Self::Subdistrict,
        Self::Settlement,
        Self::Neighbourhood,
        Self::River,
        Self::Lake,
        Self::Mountain,
        Self::Valley,
        Self::Area,
        Self::Road,
        Self::Site,
    ];

    /// The word for it in data files, JSON and queries.
    ///
    /// ```
    /// use mahwar_geoparse::gazetteer::Level;
    /// assert_eq!(Level::District.word(), "district");
    /// assert_eq!("district".parse(), Ok(Level::District));
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Governorate => "governorate",
            Self::District => "district",
            Self::Subdistrict => "subdistrict",
            Self::Settlement => "settlement",
            Self::Neighbourhood => "neighbourhood",
            Self::River => "river",
            Self::Lake => "lake",
            Self::Mountain => "mountain",
            Self::Valley => "valley",
            Self::Area => "area",
            Self::Road => "road",
            Self::Site => "site",
        }
    }

    /// True for the administrative levels that have a boundary.
    ///
    /// ```
    /// use mahwar_geoparse::gazetteer::Level;
    /// assert!(Level::Governorate.is_administrative());
    /// assert!(!Level::River.is_administrative());
    /// ```
    pub fn is_administrative(self) -> bool {
        matches!(
            self,
            Self::Country | Self::Region | Self::Governorate | Self::District | Self::Subdistrict
        )
    }

    /// True for waters, mountains, valleys and stretches of land, which nobody built.
    ///
    /// ```
    /// use mahwar_geoparse::gazetteer::Level;
    /// assert!(Level::River.is_natural());
    /// assert!(!Level::Site.is_natural());
    /// ```
    pub fn is_natural(self) -> bool {
        matches!(
            self,
            Self::River | Self::Lake | Self::Mountain | Self::Valley | Self::Area
        )
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|level| level.word() == word)
            .ok_or_else(|| format!("unknown level {word:?}"))
    }
}
