//! Codes that few places have, stored separately so that other places need no memory for them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Deref, DerefMut};

/// The codes themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownCodes {
    /// OCHA p-code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pcode: Option<String>,
    /// Wikidata item (`Q…`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
    /// ISO 3166-2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso3166_2: Option<String>,
}

static NONE: KnownCodes = KnownCodes {
    pcode: None,
    wikidata: None,
    iso3166_2: None,
};

/// [`KnownCodes`], or none of them.
#[derive(Clone, Debug, Default)]
pub struct Codes(Option<Box<KnownCodes>>);

impl From<KnownCodes> for Codes {
    fn from(codes: KnownCodes) -> Self {
        Self((codes != NONE).then(|| Box::new(codes)))
    }
}

impl Deref for Codes {
    type Target = KnownCodes;

    fn deref(&self) -> &KnownCodes {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Codes {
    fn deref_mut(&mut self) -> &mut KnownCodes {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for Codes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Codes {}

impl Serialize for Codes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KnownCodes::deserialize(deserializer).map(Self::from)
    }
}
