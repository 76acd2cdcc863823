//! One claim as an account of something that happened.

use super::{Days, Site, Sketch};
use crate::{
    geoparse::{Bound, ClaimType},
    language::Language,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A claim, by its document and its position in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClaimRef {
    /// The document's number in order of arrival.
    pub number: i64,
    /// Position among the claims of the document, from 1.
    pub ordinal: u32,
    /// The document's id.
    pub document: String,
    /// The claim's own id, such as `c1`.
    pub claim: String,
}

impl fmt::Display for ClaimRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.document, self.claim)
    }
}

/// A figure of an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Subject of the count: the role (`killed`), or the unit where there is none (`attack`).
    pub what: String,
    /// The number; absent where the text gives none ("dozens").
    pub value: Option<f64>,
    /// Upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The least and the most that a word without a number commonly means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Whether the number is exact or a limit.
    pub bound: Bound,
    /// Unit.
    pub unit: String,
    /// The words of the text.
    pub text: String,
}

/// One claim with everything by which it is compared with others, and shown beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Which claim.
    pub claim: ClaimRef,
    /// First byte and one past the last byte of its words.
    pub span: [usize; 2],
    /// First code point and one past the last code point.
    pub offsets: [usize; 2],
    /// Type of the claim.
    pub kind: ClaimType,
    /// `claimed` or `reported`.
    pub status: String,
    /// When.
    pub days: Days,
    /// The words that say when, where the text has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_text: Option<String>,
    /// Where.
    pub site: Site,
    /// Who says so, in the words of the text; absent where the report itself does.
    pub speaker: Option<String>,
    /// Who published it, or the host of its address.
    pub outlet: Option<String>,
    /// Title of the document.
    pub title: String,
    /// Address of the document.
    pub source_url: Option<String>,
    /// Publication date of the document.
    pub published: Option<String>,
    /// Language of the document.
    pub language: Language,
    /// The words of the claim.
    pub quote: String,
    /// Its figures, in order of position.
    pub figures: Vec<Figure>,
    /// Who did it, in the words of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// To whom, in the words of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Id of the actor in the land's list of parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_party: Option<String>,
    /// Id of the target in the land's list of parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_party: Option<String>,
    /// Sketch of the text.
    #[serde(skip)]
    pub sketch: Sketch,
}

impl Account {
    /// Distinguishes sides: the speaker without marks and case.
    pub(super) fn side(&self) -> Option<String> {
        self.speaker.as_deref().map(folded)
    }

    /// Distinguishes outlets.
    pub(super) fn outlet_key(&self) -> Option<String> {
        self.outlet.as_deref().map(folded)
    }
}

fn folded(words: &str) -> String {
    let folded = crate::text::fold(words);
    let words = folded.split(|sign: char| !sign.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && *word != "the").collect();
    words.join(" ")
}
