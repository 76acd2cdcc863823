//! What the geoparser gives back. The JSON shapes are those of DESIGN: they are public.

use crate::{
    gazetteer::{Level, Place, SameAs},
    language::{Language, Trilingual},
    text::Offsets,
};
use serde::{Deserialize, Serialize};

/// Everything found in one text. All offsets are into that text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Parse {
    /// The language that most of the text is in.
    pub language: Language,
    /// In order of position.
    pub mentions: Vec<Mention>,
    /// In order of position.
    pub quantities: Vec<Quantity>,
    /// In order of position.
    pub attributions: Vec<Attribution>,
    /// In order of evidence.
    pub claims: Vec<Claim>,
}

/// How a place name is used (Gritta, Pilehvar and Collier 2018, "A Pragmatic Guide to Geoparsing Evaluation").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// The place itself: "in Kirkuk".
    Literal,
    /// Something associated with it, such as its government: "talks with Baghdad".
    Associative,
}

/// How finely a mention is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Precision {
    Point,
    Settlement,
    Subdistrict,
    District,
    Governorate,
    Region,
    Country,
}

impl From<Level> for Precision {
    fn from(level: Level) -> Self {
        match level {
            Level::Country => Self::Country,
            Level::Region => Self::Region,
            Level::Governorate => Self::Governorate,
            Level::District => Self::District,
            Level::Subdistrict => Self::Subdistrict,
            Level::Settlement | Level::Neighbourhood => Self::Settlement,
            Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area | Level::Road => Self::Region,
            Level::Site => Self::Point,
        }
    }
}

/// A span of a document that names a place. It holds the name only: no proclitic, no suffix, no type noun.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// `m` and the number of the mention in its text, from 1 (`m1`); with a document's id before it in the store.
    pub id: String,
    /// The document's id; absent for a text that is not stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The name as it stands in the text.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The span in three units.
    pub offsets: Offsets,
    /// Proclitics before the name (`و`, `ب`, `ول`), as they stand in the text; may be empty.
    pub prefix: String,
    /// Suffixes after the name (Sorani `ی`, `دا`, `ەوە`), as they stand in the text; may be empty.
    pub suffix: String,
    /// The type noun that governs it, as it stands in the text (`قضاء`, `محافظات`).
    pub trigger: Option<String>,
    /// The level that the text gives it, or else the level of the place.
    pub level: Option<Level>,
    /// Literal or associative.
    pub reading: Reading,
    /// For an associative reading, the words of the actor (`حكومة بغداد`).
    pub actor: Option<String>,
    /// The place, when one candidate is good enough.
    pub place: Option<MentionPlace>,
    /// Ranked candidates, best first, the chosen one among them.
    pub candidates: Vec<Candidate>,
    /// Probability-like score of the chosen place, 0..=1; 0 when unresolved.
    pub confidence: f64,
    /// How finely it is placed.
    pub precision: Option<Precision>,
}

impl Mention {
    /// Whether it makes a feature: literal, resolved, and not outside the land.
    pub fn is_drawn(&self) -> bool {
        self.reading == Reading::Literal && self.place.as_ref().is_some_and(|place| !place.foreign)
    }
}

/// The resolved place of a mention.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MentionPlace {
    /// Gazetteer id.
    pub id: String,
    /// Preferred names.
    pub name: Trilingual,
    /// Level of the place.
    pub level: Level,
    /// Outside the land.
    pub foreign: bool,
    /// Label point, `[lon, lat]`.
    pub point: [f64; 2],
    /// The place elsewhere.
    pub same_as: SameAs,
}

impl From<&Place> for MentionPlace {
    fn from(place: &Place) -> Self {
        Self {
            id: place.id.to_string(),
            name: place.names.preferred(),
            level: place.level,
            foreign: place.foreign,
            point: place.point,
            same_as: place.same_as.clone(),
        }
    }
}

/// A place that a mention could be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Gazetteer id.
    pub id: String,
    /// 0..=1; the scores of one mention need not add up to 1.
    pub score: f64,
    /// Why, in short English phrases that quote the evidence.
    pub reasons: Vec<String>,
}

/// Words of the text with their span.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Words {
    /// As they stand in the text.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The span in three units.
    pub offsets: Offsets,
}

/// What a quantity counts or measures. The words come from the data folder's lexicon.
pub type Unit = String;

/// A number with a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// `q1`, `q2`, …
    pub id: String,
    /// Number and unit noun as they stand (`206 هجمات`, `محورين`).
    #[serde(flatten)]
    pub words: Words,
    /// The value in `unit`.
    pub value: f64,
    /// Upper end for a range ("5 to 7"), else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// Normalised unit: `attack`, `casualty`, `killed`, `wounded`, `kidnapped`, `person`, `fighter`, `axis`, `km`, `m`, `km2`,
    /// `minute`, `hour`, `day`, `week`, `month`, `year`, `percent`, `dinar`, `dollar`, `village`, `vehicle`, …
    pub unit: Unit,
    /// The unit noun as it stands.
    pub noun: String,
    /// Whether the text calls it approximate.
    pub approximate: bool,
    /// The words that say so (`تقدر بنحو`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximation: Option<String>,
}

/// Who is speaking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speaker {
    /// The speaker's words; for a carried-over speaker those of the earlier sentence.
    #[serde(flatten)]
    pub words: Words,
    /// True when the sentence has no speaker of its own and the one before is meant ("he added").
    pub carried: bool,
}

/// Who said it, with which verb, which words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribution {
    /// `a1`, `a2`, …
    pub id: String,
    /// Who; absent when the text does not say.
    pub speaker: Option<Speaker>,
    /// The verb of saying.
    pub verb: Words,
    /// What was said: the quoted words without the quotation marks, or the reported clause.
    pub quote: Words,
    /// True when `quote` stands between quotation marks.
    pub direct: bool,
}

/// The kinds of claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ClaimType {
    AttackCount,
    Casualties,
    SecurityVacuum,
    CoordinationAxis,
    Meeting,
}

/// A typed statement. Never true or false here: `claimed` when somebody is quoted for it, `reported` when the text itself says it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// `c1`, `c2`, …
    pub id: String,
    /// The document's id; absent for a text that is not stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// `claimed` or `reported`.
    pub status: &'static str,
    /// Ids of the mentions that the claim is about, in order.
    pub mentions: Vec<String>,
    /// Ids of their resolved places, in order, each once.
    pub places: Vec<String>,
    /// Ids of the quantities in it.
    pub quantities: Vec<String>,
    /// Id of the attribution that carries it.
    pub attribution: Option<String>,
    /// The words that make the claim.
    pub evidence: Words,
}
