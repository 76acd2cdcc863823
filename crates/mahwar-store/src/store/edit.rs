//! Edits: corrections of a document's description, and claims and mentions that analysts add, correct or delete. Each is a row
//! that stays; taking one back is a row too. The machine's reading is stored apart and is never changed.

use super::{Author, StoreError, packed::FindPlace};
use crate::{
    document::Document,
    geoparse::{
        Attribution, Bound, Calendar, Claim, ClaimType, Grain, Mention, MentionPlace, Parse, Part, PlacePosition,
        PositionKind, PositionRef, Quantity, Reading, Role, Speaker, Stance, Time, Words,
    },
    language::Language,
    text::{OffsetCounter, Offsets, Span},
};
use ecow::{EcoString, eco_format};
use jiff::civil::Date;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Deserializer, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Numbers of claims and mentions that analysts add begin after this one: the machine finds fewer in any text, so that ids
/// never meet.
pub const ADDED_BASE: u32 = 10_000_000;

/// A span in a document: first byte and one past the last byte, in the title as [`Part::key`] writes it.
pub type SpanKey = [usize; 2];

/// The object of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EditTarget {
    /// The description of the document.
    Document,
    /// The claim with this number: 3 for `c3`.
    Claim(u32),
    /// The mention with this number.
    Mention(u32),
}

impl EditTarget {
    /// Its words in the database: kind and number.
    pub(super) fn columns(self) -> (&'static str, u32) {
        match self {
            Self::Document => ("document", 0),
            Self::Claim(number) => ("claim", number),
            Self::Mention(number) => ("mention", number),
        }
    }

    pub(super) fn of_columns(kind: &str, number: u32) -> Option<Self> {
        Some(match kind {
            "document" => Self::Document,
            "claim" => Self::Claim(number),
            "mention" => Self::Mention(number),
            _ => return None,
        })
    }
}

/// A figure of a claim as an analyst enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Number; absent for words such as "dozens".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The unit that is counted, as a word of the lexicon (`person`, `killed`, `km`).
    pub unit: String,
    /// Role of the counted persons or things in the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Relation of the number to the true one.
    #[serde(default)]
    pub bound: Bound,
    /// Words of the text with the figure; those of the claim when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanKey>,
}

/// Keeps `null` apart from an absent member.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The values of a claim that an analyst enters; absent ones stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimEdit {
    /// Span and type of the machine's claim that it is about: they outlive a new parse, which may number claims anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<(SpanKey, ClaimType)>,
    /// Type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ClaimType>,
    /// Words that make the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<SpanKey>,
    /// All figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Vec<Figure>>,
    /// Words of the text that name the speaker; `Some(None)` where the report itself says it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Option<SpanKey>>,
    /// Ids of all places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<String>>,
    /// First and last day (`2021-12-03`); `Some(None)` where the claim has no day of its own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub days: Option<Option<[String; 2]>>,
}

impl ClaimEdit {
    /// Overwrites fields by those that a later edit sets.
    fn merge(&mut self, later: &Self) {
        /// Replaces a value by a later one.
        fn newer<T: Clone>(value: &mut Option<T>, later: &Option<T>) {
            if later.is_some() {
                value.clone_from(later);
            }
        }
        if self.anchor.is_none() {
            self.anchor = later.anchor;
        }
        newer(&mut self.kind, &later.kind);
        newer(&mut self.quote, &later.quote);
        newer(&mut self.figures, &later.figures);
        newer(&mut self.speaker, &later.speaker);
        newer(&mut self.places, &later.places);
        newer(&mut self.days, &later.days);
    }
}

/// Members of a document's description; `None` clears one.
pub type DocumentEdit = BTreeMap<DocumentField, Option<String>>;

/// A member of a document's description that may be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DocumentField {
    Title,
    Publisher,
    Published,
    SourceUrl,
    Language,
}

impl DocumentField {
    /// Each with its name in JSON.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Title, "title"),
        (Self::Publisher, "publisher"),
        (Self::Published, "published"),
        (Self::SourceUrl, "source_url"),
        (Self::Language, "language"),
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(field, _)| *field == self)
            .map_or("", |(_, name)| *name)
    }

    /// Its value in a document.
    pub fn of(self, document: &Document) -> Option<String> {
        match self {
            Self::Title => Some(document.title.clone()),
            Self::Publisher => document.publisher.clone(),
            Self::Published => document.published.clone(),
            Self::SourceUrl => document.source_url.clone(),
            Self::Language => Some(document.language.tag().to_owned()),
        }
    }
}

/// Decision of an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum EditVerdict {
    /// Other values for a document.
    Document(DocumentEdit),
    /// A claim that the machine did not find.
    AddClaim(ClaimEdit),
    /// Other values for a claim.
    CorrectClaim(ClaimEdit),
    /// No claim. The edit has the anchor only.
    DeleteClaim(ClaimEdit),
    /// A mention that the machine did not find: its span and the id of its place.
    AddMention(SpanKey, String),
    /// An earlier edit of the same target, by its id, holds no more.
    Undo(i64),
}

impl EditVerdict {
    /// The word for it in JSON and in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Document(_) | Self::CorrectClaim(_) => "correct",
            Self::AddClaim(_) | Self::AddMention(..) => "add",
            Self::DeleteClaim(_) => "delete",
            Self::Undo(_) => "undo",
        }
    }

    /// Ids of the places that it names.
    pub(super) fn places(&self) -> Vec<&str> {
        match self {
            Self::AddClaim(edit) | Self::CorrectClaim(edit) => {
                edit.places.iter().flatten().map(String::as_str).collect()
            }
            Self::AddMention(_, place) => vec![place],
            _ => Vec::new(),
        }
    }

    pub(super) fn body(&self) -> Result<String, StoreError> {
        let body = match self {
            Self::Document(edit) => serde_json::to_string(edit),
            Self::AddClaim(edit) | Self::CorrectClaim(edit) | Self::DeleteClaim(edit) => serde_json::to_string(edit),
            Self::AddMention(span, place) => serde_json::to_string(&(span, place)),
            Self::Undo(_) => Ok(String::new()),
        };
        body.map_err(|error| StoreError::Broken(error.to_string()))
    }

    pub(super) fn of_body(target: EditTarget, word: &str, body: &str, undoes: Option<i64>) -> Result<Self, StoreError> {
        fn read<'b, T: Deserialize<'b>>(body: &'b str) -> Result<T, StoreError> {
            serde_json::from_str(body).map_err(|error| StoreError::Broken(format!("an edit cannot be read: {error}")))
        }
        Ok(match (target, word, undoes) {
            (_, "undo", Some(undoes)) => Self::Undo(undoes),
            (EditTarget::Document, "correct", _) => Self::Document(read(body)?),
            (EditTarget::Claim(_), "add", _) => Self::AddClaim(read(body)?),
            (EditTarget::Claim(_), "correct", _) => Self::CorrectClaim(read(body)?),
            (EditTarget::Claim(_), "delete", _) => Self::DeleteClaim(read(body)?),
            (EditTarget::Mention(_), "add", _) => {
                let (span, place) = read(body)?;
                Self::AddMention(span, place)
            }
            _ => return Err(StoreError::Broken(format!("{word:?} is no edit of {target:?}"))),
        })
    }
}

/// An edit to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEdit {
    /// Document id.
    pub document: String,
    /// Object; `None` for the next free number of a claim or mention that is added.
    pub target: Option<EditTarget>,
    /// Decision. An undo takes back the last edit in force on its target, whatever id it names.
    pub verdict: EditVerdict,
    /// The places that it names.
    pub places: Vec<MentionPlace>,
    /// Id of the last edit of the target that the analyst saw (0 for none); `None` where that does not matter.
    pub seen: Option<i64>,
    /// Author, as [`Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
}

/// An edit of the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// From 1, in order of commit.
    pub id: i64,
    /// The change that brought it.
    pub version: i64,
    /// Document id.
    pub document: String,
    /// Object.
    pub target: EditTarget,
    /// Decision.
    pub verdict: EditVerdict,
    /// The places that it names.
    pub places: Vec<MentionPlace>,
    /// Author, as [`Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// Time (RFC 3339, UTC).
    pub time: String,
}

impl Edit {
    /// Author of the edit.
    pub fn author(&self) -> Author {
        Author::of_stored(&self.author)
    }
}

/// The edits of one document that hold, oldest first: those that are not undone. An undo may itself be undone.
pub fn edits_in_force(edits: &[Edit]) -> Vec<&Edit> {
    let mut undone = FxHashSet::default();
    let mut force = Vec::new();
    // An undo refers to an earlier row, so a later row never undoes the newest one.
    for edit in edits.iter().rev() {
        if undone.contains(&edit.id) {
            continue;
        }
        match edit.verdict {
            EditVerdict::Undo(id) => {
                undone.insert(id);
            }
            _ => force.push(edit),
        }
    }
    force.reverse();
    force
}

/// Combined result of the edits in force on one claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct ClaimState {
    number: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    added: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    edit: ClaimEdit,
}

/// Combined result of the edits in force on the claims and mentions of a document. It is stored with the document, so
/// that readers need no history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EditState {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<ClaimState>,
    /// Number, span and place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<(u32, SpanKey, String)>,
}

impl EditState {
    pub fn of(edits: &[Edit]) -> Self {
        let mut claims: BTreeMap<u32, ClaimState> = BTreeMap::new();
        let mut mentions: BTreeMap<u32, (SpanKey, String)> = BTreeMap::new();
        for edit in edits_in_force(edits) {
            match (edit.target, &edit.verdict) {
                (EditTarget::Claim(number), verdict) => {
                    let state = claims.entry(number).or_insert_with(|| ClaimState {
                        number,
                        ..ClaimState::default()
                    });
                    match verdict {
                        EditVerdict::AddClaim(edit) => {
                            state.added = true;
                            state.edit.merge(edit);
                        }
                        EditVerdict::CorrectClaim(edit) => state.edit.merge(edit),
                        EditVerdict::DeleteClaim(edit) => {
                            state.edit.merge(edit);
                            state.deleted = true;
                        }
                        _ => {}
                    }
                }
                (EditTarget::Mention(number), EditVerdict::AddMention(span, place)) => {
                    mentions.insert(number, (*span, place.clone()));
                }
                _ => {}
            }
        }
        // An edit of a claim whose addition was undone has no target any more.
        claims.retain(|number, state| state.added || *number <= ADDED_BASE);
        Self {
            claims: claims.into_values().collect(),
            mentions: mentions
                .into_iter()
                .map(|(number, (span, place))| (number, span, place))
                .collect(),
        }
    }

    /// The spans of added mentions.
    pub fn added_spans(&self) -> Vec<SpanKey> {
        self.mentions.iter().map(|(_, span, _)| *span).collect()
    }

    pub fn write(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::Broken(error.to_string()))
    }

    pub fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|error| StoreError::Broken(format!("edits cannot be read: {error}")))
    }

    /// Changes a reading as the edits say. Spans that are no part of the text any more, and claims that the machine does not
    /// find any more, are passed over.
    pub fn apply(&self, parse: &mut Parse, [title, text]: [&str; 2], place: &FindPlace<'_>) -> Result<(), StoreError> {
        for (number, span, id) in &self.mentions {
            if let (Some(words), Some(place)) = (words([title, text], *span), place(id)?) {
                add_mention(parse, *number, words, place);
            }
        }
        // Found before any of them is changed.
        let found: Vec<Option<String>> = self.claims.iter().map(|state| state.find(parse)).collect();
        for (state, id) in self.claims.iter().zip(found) {
            if state.deleted {
                parse.claims.retain(|claim| Some(&claim.id) != id.as_ref());
                continue;
            }
            let at = match (state.added, id) {
                (true, _) => {
                    let quote = state.edit.quote.and_then(|span| words([title, text], span));
                    let Some(evidence) = quote else { continue };
                    parse.claims.push(empty_claim(state.number, &state.edit, evidence));
                    parse.claims.len() - 1
                }
                (false, Some(id)) => match parse.claims.iter().position(|claim| claim.id == id) {
                    Some(at) => at,
                    None => continue,
                },
                (false, None) => continue,
            };
            let mut places = Vec::new();
            for id in state.edit.places.iter().flatten() {
                places.extend(place(id)?);
            }
            change_claim(parse, at, &state.edit, places, [title, text]);
        }
        Ok(())
    }
}

impl ClaimState {
    /// The id of the machine's claim that the edit is about: one of the same type with the same words, or with words in
    /// common.
    fn find(&self, parse: &Parse) -> Option<String> {
        if self.added {
            return None;
        }
        let (span, kind) = self.edit.anchor?;
        let own = |claim: &Claim| claim.evidence.part.key(claim.evidence.offsets.byte);
        let of_kind = || parse.claims.iter().filter(|claim| claim.kind == kind);
        let id = format!("c{}", self.number);
        let exact = of_kind().filter(|claim| own(claim) == span);
        let exact = exact.max_by_key(|claim| claim.id == id);
        let near = || {
            of_kind().find(|claim| {
                let other = own(claim);
                other[0] < span[1] && span[0] < other[1]
            })
        };
        exact.or_else(near).map(|claim| claim.id.clone())
    }
}

/// The words of a span; `None` if it is no part of the title or the text.
pub fn words([title, text]: [&str; 2], span: SpanKey) -> Option<Words> {
    let (part, [start, end]) = Part::of_key(span);
    let of = match part {
        Part::Text => text,
        Part::Title => title,
    };
    let found = of.get(start..end).filter(|found| !found.is_empty())?;
    let offsets: Offsets = OffsetCounter::new(of).offsets(Span { start, end });
    Some(Words {
        part,
        text: found.to_owned(),
        start: offsets.codepoint[0],
        end: offsets.codepoint[1],
        offsets,
    })
}

/// A position at a place.
fn position(place: &MentionPlace) -> PositionRef {
    PositionRef::Place(Arc::new(PlacePosition {
        kind: PositionKind::Place,
        place: place.id.as_str().into(),
        point: place.point,
        uncertainty_km: None,
        precision: Some(place.level.into()),
    }))
}

fn add_mention(parse: &mut Parse, number: u32, words: Words, place: Arc<MentionPlace>) {
    let span = words.part.key(words.offsets.byte);
    let mention = Mention {
        id: eco_format!("m{number}"),
        document: None,
        part: words.part,
        text: words.text.into(),
        start: words.start,
        end: words.end,
        offsets: words.offsets,
        prefix: EcoString::default(),
        suffix: EcoString::default(),
        trigger: None,
        level: Some(place.level),
        reading: Reading::Literal,
        actor: None,
        setting: None,
        candidates: Arc::default(),
        confidence: 1.0,
        precision: Some(place.level.into()),
        position: Some(position(&place)),
        place: Some(place),
        time: None,
    };
    match parse.mentions.iter_mut().find(|other| other.span() == span) {
        // A later reading found the words too; the analyst's place outranks it.
        Some(known) => {
            let id = known.id.clone();
            *known = Mention { id, ..mention };
        }
        None => parse.mentions.push(mention),
    }
}

fn empty_claim(number: u32, edit: &ClaimEdit, evidence: Words) -> Claim {
    Claim {
        id: format!("c{number}"),
        document: None,
        kind: edit.kind.unwrap_or(ClaimType::Meeting),
        status: "reported",
        mentions: Vec::new(),
        places: Vec::new(),
        precision: None,
        quantities: Vec::new(),
        attribution: None,
        evidence,
        position: None,
        time: None,
        actor: None,
        target: None,
        given: None,
    }
}

fn change_claim(parse: &mut Parse, at: usize, edit: &ClaimEdit, places: Vec<Arc<MentionPlace>>, of: [&str; 2]) {
    let mut claim = parse.claims[at].clone();
    if let Some(kind) = edit.kind {
        claim.kind = kind;
    }
    if let Some(evidence) = edit.quote.and_then(|span| words(of, span)) {
        claim.evidence = evidence;
    }
    if let Some(figures) = &edit.figures {
        claim.quantities.clear();
        for figure in figures {
            let id = format!("q{}", parse.quantities.len() + 1);
            let said = figure.span.and_then(|span| words(of, span));
            parse
                .quantities
                .push(quantity(&id, figure, said.unwrap_or_else(|| claim.evidence.clone())));
            claim.quantities.push(id);
        }
    }
    match edit.speaker.map(|speaker| speaker.and_then(|span| words(of, span))) {
        None => {}
        Some(None) => {
            claim.attribution = None;
            claim.status = "reported";
        }
        Some(Some(speaker)) => {
            let old = claim
                .attribution
                .as_deref()
                .and_then(|id| parse.attribution(id))
                .cloned();
            let attribution = attribution(parse.attributions.len() + 1, old, speaker, &claim.evidence);
            claim.attribution = Some(attribution.id.clone());
            claim.status = "claimed";
            parse.attributions.push(attribution);
        }
    }
    if edit.places.is_some() {
        let mut named: Vec<Arc<MentionPlace>> = Vec::new();
        for place in places {
            if named.iter().all(|other| other.id != place.id) {
                named.push(place);
            }
        }
        let ids: FxHashSet<&str> = named.iter().map(|place| place.id.as_str()).collect();
        claim.mentions.retain(|id| {
            let mention = parse.mention(id).and_then(|mention| mention.place.as_ref());
            mention.is_some_and(|place| ids.contains(place.id.as_str()))
        });
        claim.places = named.iter().map(|place| place.id.clone()).collect();
        claim.precision = None;
        claim.position = named
            .iter()
            .max_by_key(|place| place.level)
            .map(|place| position(place));
        claim.given = Some(named.into());
    }
    let day = |text: &String| text.parse::<Date>().ok();
    match edit
        .days
        .as_ref()
        .map(|days| days.as_ref().and_then(|[from, to]| day(from).zip(day(to))))
    {
        None => {}
        Some(None) => claim.time = None,
        Some(Some((from, to))) => {
            let time = Arc::new(Time {
                id: eco_format!("t{}", parse.times.len() + 1),
                words: claim.evidence.clone(),
                from: Some(from),
                to: Some(to),
                calendar: Calendar::Gregorian,
                relative_to: None,
                grain: Some(if from == to { Grain::Day } else { Grain::Interval }),
                duration: None,
                unresolved: None,
            });
            parse.times.push(Arc::clone(&time));
            claim.time = Some(time);
        }
    }
    parse.claims[at] = claim;
}

fn quantity(id: &str, figure: &Figure, words: Words) -> Quantity {
    Quantity {
        id: id.to_owned(),
        noun: words.text.clone(),
        words,
        value: figure.value,
        upper: figure.upper,
        range: None,
        unit: figure.unit.clone(),
        role: figure.role,
        bound: figure.bound,
        approximate: figure.bound != Bound::Exact,
        approximation: None,
    }
}

/// The attribution of a claim to a speaker whom an analyst named; the verb stays if the text had one.
fn attribution(number: usize, old: Option<Attribution>, speaker: Words, evidence: &Words) -> Attribution {
    let nothing = || Words {
        part: evidence.part,
        text: String::new(),
        start: evidence.start,
        end: evidence.start,
        offsets: Offsets {
            byte: [evidence.offsets.byte[0]; 2],
            codepoint: [evidence.offsets.codepoint[0]; 2],
            utf16: [evidence.offsets.utf16[0]; 2],
        },
    };
    let (verb, stance, quote, direct) = match old {
        Some(old) => (old.verb, old.stance, old.quote, old.direct),
        None => (nothing(), Stance::Said, evidence.clone(), false),
    };
    Attribution {
        id: format!("a{number}"),
        speaker: Some(Speaker {
            words: speaker,
            carried: false,
        }),
        verb,
        stance,
        quote,
        direct,
    }
}

/// A document with the corrections in force. A language that is not known stays as it is.
pub(super) fn corrected(declared: &Document, edits: &[Edit]) -> Document {
    let mut document = declared.clone();
    for edit in edits_in_force(edits) {
        let EditVerdict::Document(fields) = &edit.verdict else {
            continue;
        };
        for (field, value) in fields {
            match (field, value) {
                (DocumentField::Title, Some(title)) => document.title.clone_from(title),
                (DocumentField::Language, Some(tag)) => {
                    let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
                    document.language = known.unwrap_or(document.language);
                }
                (DocumentField::Title | DocumentField::Language, None) => {}
                (DocumentField::Publisher, value) => document.publisher.clone_from(value),
                (DocumentField::Published, value) => document.published.clone_from(value),
                (DocumentField::SourceUrl, value) => document.source_url.clone_from(value),
            }
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(id: i64, target: EditTarget, verdict: EditVerdict) -> Edit {
        Edit {
            id,
            version: id,
            document: "d".to_owned(),
            target,
            verdict,
            places: Vec::new(),
            author: "a".to_owned(),
            reason: None,
            time: String::new(),
        }
    }

    #[test]
    fn an_edit_is_read_as_it_was_written() {
        let claim = ClaimEdit {
            kind: Some(ClaimType::Casualties),
            speaker: Some(None),
            days: Some(Some(["2022-01-04".to_owned(), "2022-01-05".to_owned()])),
            figures: Some(vec![Figure {
                value: Some(5.0),
                upper: None,
                unit: "killed".to_owned(),
                role: Some(Role::Killed),
                bound: Bound::AtLeast,
                span: Some([0, 4]),
            }]),
            ..ClaimEdit::default()
        };
        let document = DocumentEdit::from([
            (DocumentField::Publisher, None),
            (DocumentField::Title, Some("T".to_owned())),
        ]);
        for (target, verdict) in [
            (EditTarget::Claim(3), EditVerdict::CorrectClaim(claim.clone())),
            (EditTarget::Claim(ADDED_BASE + 1), EditVerdict::AddClaim(claim)),
            (EditTarget::Document, EditVerdict::Document(document)),
            (
                EditTarget::Mention(ADDED_BASE + 1),
                EditVerdict::AddMention([0, 4], "IQG13".to_owned()),
            ),
        ] {
            let read = EditVerdict::of_body(target, verdict.word(), &verdict.body().unwrap(), None);
            assert_eq!(read, Ok(verdict));
        }
    }

    #[test]
    fn an_undo_may_be_undone() {
        let correct = || EditVerdict::DeleteClaim(ClaimEdit::default());
        let target = EditTarget::Claim(1);
        let edits = [
            edit(1, target, correct()),
            edit(2, target, EditVerdict::Undo(1)),
            edit(3, target, EditVerdict::Undo(2)),
        ];
        assert!(edits_in_force(&edits[..2]).is_empty());
        assert_eq!(edits_in_force(&edits)[0].id, 1);
    }

    #[test]
    fn a_span_is_a_slice_or_nothing() {
        let text = ["Title", "مخمور and more"];
        assert_eq!(words(text, [0, 10]).unwrap().text, "مخمور");
        assert_eq!(words(text, [0, 10]).unwrap().end, 5);
        assert!(words(text, [0, 9]).is_none() && words(text, [5, 5]).is_none() && words(text, [9, 1]).is_none());
        assert_eq!(words(text, Part::Title.key([0, 5])).unwrap().text, "Title");
        assert!(words(text, [0, usize::MAX >> 1]).is_none());
    }
}
