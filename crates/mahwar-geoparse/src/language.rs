//! The three languages of the project and texts that exist in each of them.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A language that documents, names and the interface are in (BCP 47 tags `ar`, `ckb`, `en`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// Arabic.
    #[serde(rename = "ar")]
    Arabic,
    /// Central Kurdish (Sorani).
    #[serde(rename = "ckb")]
    Sorani,
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Any other language: names that cannot be mistaken are found in it, and nothing else is read.
    #[serde(rename = "und")]
    Undetermined,
}

impl Language {
    /// The languages that are read and that labels exist in, in the order in which labels fall back.
    pub const ALL: [Self; 3] = [Self::Arabic, Self::Sorani, Self::English];

    /// The BCP 47 tag.
    ///
    /// ```
    /// use mahwar_geoparse::language::Language;
    /// assert_eq!(Language::Sorani.tag(), "ckb");
    /// assert_eq!("ckb-IQ".parse::<Language>().unwrap(), Language::Sorani);
    /// ```
    pub fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::Sorani => "ckb",
            Self::English => "en",
            Self::Undetermined => "und",
        }
    }

    /// True for the languages whose grammar is known here.
    ///
    /// ```
    /// use mahwar_geoparse::language::Language;
    /// assert!(Language::Arabic.is_supported());
    /// assert!(!Language::Undetermined.is_supported());
    /// ```
    pub fn is_supported(self) -> bool {
        self != Self::Undetermined
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A tag that names none of the three languages.
#[derive(Debug, thiserror::Error)]
#[error("unknown language {0:?}; accepted: ar, ckb, en")]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ar" => Ok(Self::Arabic),
            "ckb" | "ku" => Ok(Self::Sorani),
            "en" => Ok(Self::English),
            "und" => Ok(Self::Undetermined),
            _ => Err(UnknownLanguage(tag.to_owned())),
        }
    }
}

/// One text in up to three languages: a title, a preferred name, a disclaimer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trilingual {
    /// Arabic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ar: Option<String>,
    /// Central Kurdish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ckb: Option<String>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Trilingual {
    /// The text in exactly this language.
    ///
    /// ```
    /// use mahwar_geoparse::language::{Language, Trilingual};
    /// let title = Trilingual { en: Some("Districts".into()), ..Trilingual::default() };
    /// assert_eq!(title.get(Language::English), Some("Districts"));
    /// assert_eq!(title.get(Language::Arabic), None);
    /// ```
    pub fn get(&self, language: Language) -> Option<&str> {
        match language {
            Language::Arabic => self.ar.as_deref(),
            Language::Sorani => self.ckb.as_deref(),
            Language::English => self.en.as_deref(),
            Language::Undetermined => None,
        }
    }

    /// The text in this language, or in the first other language that has one; empty when none has.
    ///
    /// ```
    /// use mahwar_geoparse::language::{Language, Trilingual};
    /// let title = Trilingual { en: Some("Districts".into()), ..Trilingual::default() };
    /// assert_eq!(title.best(Language::Arabic), "Districts");
    /// ```
    pub fn best(&self, language: Language) -> &str {
        self.get(language)
            .or_else(|| Language::ALL.into_iter().find_map(|other| self.get(other)))
            .unwrap_or_default()
    }
}
