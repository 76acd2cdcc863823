//! Results of the geoparser. The JSON shapes are those of DESIGN: they are public.

use super::{
    dateline::Setting,
    position::{Position, PositionRef},
    time::Time,
};
use crate::{
    gazetteer::{Gazetteer, Level, Place, SameAs},
    language::{Language, Trilingual},
    text::Offsets,
};
use ecow::EcoString;
use serde::{Deserialize, Serialize, Serializer};
use std::{collections::BTreeMap, sync::Arc};

/// Everything found in one text. All offsets are into that text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Parse {
    /// The language that most of the text is in.
    pub language: Language,
    /// Present and false where that language is not read: only names that cannot be mistaken were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supported: Option<bool>,
    /// In order of position.
    pub mentions: Vec<Mention>,
    /// In order of position.
    pub quantities: Vec<Quantity>,
    /// In order of position.
    pub attributions: Vec<Attribution>,
    /// In order of evidence.
    pub claims: Vec<Claim>,
    /// Positions that the text describes from other places or by coordinates, in order.
    #[serde(serialize_with = "serialize_positions")]
    pub positions: Vec<Arc<Position>>,
    /// Root mean square distance of the places of mentions from their label points, in km, by gazetteer id.
    #[serde(skip)]
    pub place_radii: BTreeMap<String, f64>,
    /// In order of position.
    #[serde(serialize_with = "serialize_times")]
    pub times: Vec<Arc<Time>>,
}

impl Parse {
    /// The value of [`Parse::supported`] for a language.
    pub fn support(language: Language) -> Option<bool> {
        (!language.is_supported()).then_some(false)
    }

    /// The described positions as they are written.
    pub fn position_list(&self) -> Vec<&Position> {
        self.positions.iter().map(AsRef::as_ref).collect()
    }

    /// A mention by its id.
    pub fn mention(&self, id: &str) -> Option<&Mention> {
        Some(&self.mentions[self.mention_index(id)?])
    }

    /// Position of a mention by its id. Ids are numbers in order of position, so that this takes constant time; it takes
    /// longer only for ids in another form.
    pub fn mention_index(&self, id: &str) -> Option<usize> {
        index(&self.mentions, id, |mention| &mention.id)
    }

    /// Position of a quantity by its id.
    pub fn quantity_index(&self, id: &str) -> Option<usize> {
        index(&self.quantities, id, |quantity| &quantity.id)
    }

    /// An attribution by its id.
    pub fn attribution(&self, id: &str) -> Option<&Attribution> {
        Some(&self.attributions[self.attribution_index(id)?])
    }

    /// Position of an attribution by its id.
    pub fn attribution_index(&self, id: &str) -> Option<usize> {
        index(&self.attributions, id, |attribution| &attribution.id)
    }

    /// The quantities of a claim, in order of position.
    pub fn quantities_of(&self, claim: &Claim) -> Vec<&Quantity> {
        let mut at: Vec<usize> = claim
            .quantities
            .iter()
            .filter_map(|id| self.quantity_index(id))
            .collect();
        at.sort_unstable();
        at.dedup();
        at.into_iter().map(|at| &self.quantities[at]).collect()
    }
}

fn index<T>(parts: &[T], id: &str, id_of: impl Fn(&T) -> &str) -> Option<usize> {
    let number = id
        .rsplit(|sign: char| !sign.is_ascii_digit())
        .next()
        .unwrap_or_default();
    let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let at = at.filter(|at| parts.get(*at).is_some_and(|part| id_of(part) == id));
    at.or_else(|| parts.iter().position(|part| id_of(part) == id))
}

/// The part of a document that contains a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Part {
    #[default]
    Text,
    Title,
}

/// Added to spans in a title where those of a text and its title are stored together. Texts are far shorter.
pub const TITLE_BASE: usize = 1 << 30;

impl Part {
    /// One span for both parts: one in the title is [`TITLE_BASE`] further on.
    pub fn key(self, [start, end]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Text => [start, end],
            Self::Title => [start + TITLE_BASE, end + TITLE_BASE],
        }
    }

    /// The part and the span in it of a [`Self::key`].
    pub fn of_key([start, end]: [usize; 2]) -> (Self, [usize; 2]) {
        match start >= TITLE_BASE && end >= TITLE_BASE {
            true => (Self::Title, [start - TITLE_BASE, end - TITLE_BASE]),
            false => (Self::Text, [start, end]),
        }
    }

    /// True for the text itself, which JSON does not name.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    pub fn is_text(&self) -> bool {
        *self == Self::Text
    }
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
    /// A quarter, street or building of a settlement without a geometry of its own.
    Quarter,
    Settlement,
    Subdistrict,
    District,
    Governorate,
    Region,
    Country,
    /// An area that is described from other places.
    Area,
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

/// A span of a document that names a place. It contains the name only: no proclitic, no suffix, no type noun.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// `m` and the number of the mention in its text, from 1 (`m1`); with a document's id before it in the store.
    pub id: EcoString,
    /// The document's id; absent for a text that is not stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<EcoString>,
    /// `title` for a name in the title, whose offsets are those into the title; else absent.
    #[serde(rename = "in", skip_serializing_if = "Part::is_text")]
    pub part: Part,
    /// The name as written in the text.
    pub text: EcoString,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The span in three units.
    pub offsets: Offsets,
    /// Proclitics before the name (`و`, `ب`, `ول`), as written in the text; may be empty.
    pub prefix: EcoString,
    /// Suffixes after the name (Sorani `ی`, `دا`, `ەوە`), as written in the text; may be empty.
    pub suffix: EcoString,
    /// The type noun that governs it, as written in the text (`قضاء`, `محافظات`).
    pub trigger: Option<EcoString>,
    /// The level that the text names, or else the level of the place.
    pub level: Option<Level>,
    /// Literal or associative.
    pub reading: Reading,
    /// For an associative reading, the words of the actor (`حكومة بغداد`).
    pub actor: Option<EcoString>,
    /// For an associative reading in the head of a report: why it names no scene.
    #[serde(rename = "reason", skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// The place, when one candidate is good enough.
    #[serde(serialize_with = "serialize_place")]
    pub place: Option<Arc<MentionPlace>>,
    /// Ranked candidates, best first, the chosen one among them. Mentions of one name in like surroundings share the list.
    #[serde(serialize_with = "serialize_list")]
    pub candidates: Arc<[Candidate]>,
    /// Probability-like score of the chosen place, 0..=1; 0 when unresolved.
    pub confidence: f64,
    /// How finely it is placed.
    pub precision: Option<Precision>,
    /// Where it lies: its place, or the position that the text describes from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionRef>,
    /// When, as its sentence says; one of [`Parse::times`].
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "serialize_time")]
    pub time: Option<Arc<Time>>,
}

impl Mention {
    /// Its bytes, as [`Part::key`] writes them: rulings identify a mention by them.
    pub fn span(&self) -> [usize; 2] {
        self.part.key(self.offsets.byte)
    }

    /// True if it makes a feature: literal, resolved, not outside the land, and not only the place from which a
    /// position elsewhere is described.
    pub fn is_drawn(&self) -> bool {
        self.is_at_home() && !self.is_anchor()
    }

    /// True if a position outside its place is described from it: "20 km south of Kirkuk".
    pub fn is_anchor(&self) -> bool {
        let described = self.position.as_ref().and_then(PositionRef::described);
        described.is_some_and(|position| position.kind.leaves_its_anchors())
    }

    /// True if it is read literally and its place lies in the land.
    pub fn is_at_home(&self) -> bool {
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
    /// Ids of all units that contain it, nearest first; empty where they are not known.
    #[serde(skip)]
    pub within: Arc<[String]>,
}

impl MentionPlace {
    /// A place of a gazetteer as mentions name it.
    pub fn of(place: &Place, gazetteer: &Gazetteer) -> Self {
        Self {
            id: place.id.to_string(),
            name: place.names.preferred(),
            level: place.level,
            foreign: place.foreign,
            point: place.point,
            same_as: place.same_as.clone(),
            within: gazetteer.units_above(place),
        }
    }
}

/// A place that a mention could be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Gazetteer id.
    pub id: EcoString,
    /// 0..=1; the scores of one mention need not add up to 1.
    pub score: f64,
    /// Why, in short English phrases that quote the evidence.
    #[serde(serialize_with = "serialize_reasons")]
    pub reasons: Vec<Arc<str>>,
}

fn serialize_time<S: Serializer>(time: &Option<Arc<Time>>, serializer: S) -> Result<S::Ok, S::Error> {
    time.as_deref().serialize(serializer)
}

fn serialize_times<S: Serializer>(times: &[Arc<Time>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(times.iter().map(|time| &**time))
}

fn serialize_place<S: Serializer>(place: &Option<Arc<MentionPlace>>, serializer: S) -> Result<S::Ok, S::Error> {
    place.as_deref().serialize(serializer)
}

fn serialize_list<S: Serializer>(list: &Arc<[Candidate]>, serializer: S) -> Result<S::Ok, S::Error> {
    list.as_ref().serialize(serializer)
}

fn serialize_positions<S: Serializer>(positions: &[Arc<Position>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(positions.iter().map(|position| &**position))
}

fn serialize_reasons<S: Serializer>(reasons: &[Arc<str>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(reasons.iter().map(|reason| &**reason))
}

/// Words of the text with their span.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Words {
    /// `title` for words of the title, whose offsets are those into the title; else absent.
    #[serde(rename = "in", skip_serializing_if = "Part::is_text")]
    pub part: Part,
    /// As written in the text.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The span in three units.
    pub offsets: Offsets,
}

/// Kind of things that a quantity counts or measures. The words come from the data folder's lexicon.
pub type Unit = String;

/// How the people that a quantity counts were affected. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Role {
    Killed,
    Wounded,
    Kidnapped,
    Displaced,
    Arrested,
    Returned,
    Missing,
    /// Released, rescued.
    Freed,
    Surrendered,
}

impl Role {
    /// Every role with its name in data files and JSON.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Killed, "killed"),
        (Self::Wounded, "wounded"),
        (Self::Kidnapped, "kidnapped"),
        (Self::Displaced, "displaced"),
        (Self::Arrested, "arrested"),
        (Self::Returned, "returned"),
        (Self::Missing, "missing"),
        (Self::Freed, "freed"),
        (Self::Surrendered, "surrendered"),
    ];

    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| *role)
    }

    /// Its name in data files and JSON.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, _)| *role == self)
            .map_or("", |(_, name)| *name)
    }
}

/// How the number of the text limits the true one. A closed list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The number itself.
    #[default]
    Exact,
    /// Near the number: "about", "nearly", or a range.
    About,
    /// The number or more.
    AtLeast,
    /// The number or less: "up to", "fewer than".
    AtMost,
    /// More than the number.
    MoreThan,
    /// No number in the text: "dozens".
    Vague,
}

impl Bound {
    /// The bound of this name in data files.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "about" => Self::About,
            "at_least" => Self::AtLeast,
            "at_most" => Self::AtMost,
            "more_than" => Self::MoreThan,
            _ => return None,
        })
    }
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// `q1`, `q2`, …
    pub id: String,
    /// Number and unit noun as written (`206 هجمات`, `محورين`).
    #[serde(flatten)]
    pub words: Words,
    /// The value in `unit`; null where the text has no number ("dozens").
    pub value: Option<f64>,
    /// Upper end for a range ("5 to 7"), else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// For a word without a number, the least and the most that it commonly means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Normalised unit: `attack`, `casualty`, `killed`, `wounded`, `kidnapped`, `person`, `fighter`, `axis`, `km`, `m`, `km2`,
    /// `minute`, `hour`, `day`, `week`, `month`, `year`, `percent`, `dinar`, `dollar`, `village`, `vehicle`, …
    pub unit: Unit,
    /// How those that are counted were affected; null for things and where the text does not say.
    pub role: Option<Role>,
    /// Exact number, lower limit or upper limit.
    pub bound: Bound,
    /// The unit noun as written.
    pub noun: String,
    /// True if the text calls it approximate.
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

/// Attitude of a speaker to the words. A closed list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// States it, confirms it, is the source of it.
    #[default]
    Said,
    /// Says that it is not so.
    Denied,
    /// Asks for it, urges, orders or recommends it.
    Demanded,
    /// Accuses or blames somebody.
    Accused,
    /// Warns of it.
    Warned,
    /// Threatens to do it.
    Threatened,
    /// Promises to do it.
    Promised,
    /// Condemns it.
    Condemned,
    /// Welcomes or supports it.
    Welcomed,
    /// Refuses it.
    Rejected,
}

impl Stance {
    /// Every stance with its name in data files and JSON.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Said, "said"),
        (Self::Denied, "denied"),
        (Self::Demanded, "demanded"),
        (Self::Accused, "accused"),
        (Self::Warned, "warned"),
        (Self::Threatened, "threatened"),
        (Self::Promised, "promised"),
        (Self::Condemned, "condemned"),
        (Self::Welcomed, "welcomed"),
        (Self::Rejected, "rejected"),
    ];

    /// The stance of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(stance, _)| *stance)
    }

    /// True if the statement is put forward as a fact, so that it can make a claim.
    pub fn asserts(self) -> bool {
        matches!(
            self,
            Self::Said | Self::Accused | Self::Warned | Self::Condemned | Self::Welcomed
        )
    }
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
    /// Attitude of the speaker to the words: states, denies, demands, accuses, …
    pub stance: Stance,
    /// The statement: the quoted words without the quotation marks, or the reported clause.
    pub quote: Words,
    /// True if `quote` is between quotation marks.
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
    /// From the air, by artillery, rockets or drones.
    AirstrikeOrShelling,
    /// An exchange of fire.
    Clash,
    Arrest,
    DisplacementOrReturn,
    Protest,
    /// A place comes under the control of another party.
    ChangeOfControl,
    /// Somebody states that a territory belongs to a party.
    TerritorialClaim,
    /// Land is seized, or its users are denied access.
    LandSeizureOrDeniedAccess,
    /// Houses, crops or infrastructure are destroyed.
    Destruction,
    Abduction,
    /// A bomb, a mine or another device explodes or is found.
    ExplosiveDevice,
}

impl ClaimType {
    /// Every type with its name in data files and JSON.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::AttackCount, "attack_count"),
        (Self::Casualties, "casualties"),
        (Self::SecurityVacuum, "security_vacuum"),
        (Self::CoordinationAxis, "coordination_axis"),
        (Self::Meeting, "meeting"),
        (Self::AirstrikeOrShelling, "airstrike_or_shelling"),
        (Self::Clash, "clash"),
        (Self::Arrest, "arrest"),
        (Self::DisplacementOrReturn, "displacement_or_return"),
        (Self::Protest, "protest"),
        (Self::ChangeOfControl, "change_of_control"),
        (Self::TerritorialClaim, "territorial_claim"),
        (Self::LandSeizureOrDeniedAccess, "land_seizure_or_denied_access"),
        (Self::Destruction, "destruction"),
        (Self::Abduction, "abduction"),
        (Self::ExplosiveDevice, "explosive_device"),
    ];

    /// Its name in data files and JSON.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| *name)
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(kind, _)| *kind)
    }
}

/// Actor or target of the event of a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimParty {
    /// The words that name the party.
    #[serde(flatten)]
    pub words: Words,
    /// Id of the party in the land's `parties.toml`.
    pub party: EcoString,
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
    /// Ids of their resolved places, in order, each once; of a region that is named by a phrase ("the disputed areas"), its
    /// units.
    pub places: Vec<String>,
    /// `region` where the places are the units of such a region, else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Ids of the quantities in it.
    pub quantities: Vec<String>,
    /// Id of the attribution that contains it.
    pub attribution: Option<String>,
    /// The words that make the claim.
    pub evidence: Words,
    /// Where it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionRef>,
    /// When, as the text says; one of [`Parse::times`].
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "serialize_time")]
    pub time: Option<Arc<Time>>,
    /// The actor, one of the parties in the land's data; absent where the words do not name it plainly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Box<ClaimParty>>,
    /// The target, in the same form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Box<ClaimParty>>,
    /// The places that an analyst gave; they count instead of those of its mentions.
    #[serde(skip)]
    pub given: Option<Arc<[Arc<MentionPlace>]>>,
}
