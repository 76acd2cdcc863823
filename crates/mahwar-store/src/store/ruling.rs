//! Rulings: decisions of analysts on mentions, one row each. Taking one back adds a row.

use crate::geoparse::{Mention, MentionPlace, Parse, PlacePosition, PositionKind, PositionRef, Reading};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{fmt, sync::Arc};

/// A mention, by its document and its span: that outlives a new parse, which may number mentions anew.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MentionRef {
    /// Document id.
    pub document: String,
    /// First byte and one past the last byte of the name, in the title as [`crate::geoparse::Part::key`] writes it.
    pub span: [usize; 2],
}

/// Verdict of a ruling.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The machine is right.
    Accept,
    /// It names no place: not drawn.
    Reject,
    /// It names this place, literally: drawn there.
    Move(Box<MentionPlace>),
    /// The name refers to something else than the place, such as its government: not drawn.
    Associative,
    /// An earlier ruling on the same mention, by its id, holds no more.
    Undo(i64),
}

impl Ruling {
    /// Author of the decision.
    pub fn author(&self) -> Author {
        Author::of_stored(&self.author)
    }
}

impl Verdict {
    /// The word for it in JSON and in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Move(_) => "move",
            Self::Associative => "associative",
            Self::Undo(_) => "undo",
        }
    }
}

/// Author of a ruling: the name of the token in the request, and the client's own remark beside it.
///
/// Rulings of stores from before tokens had names have only the remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name of the token or user.
    pub token: Option<String>,
    /// A remark of the client, which proves nothing.
    pub said: Option<String>,
}

impl Author {
    /// Its form in a ruling: the token's name, a line end, the remark. A remark has one line.
    pub fn stored(&self) -> String {
        let said = self.said.as_deref().unwrap_or_default();
        match &self.token {
            Some(token) => format!("{token}\n{said}"),
            None => said.to_owned(),
        }
    }

    /// Reads [`Self::stored`].
    pub fn of_stored(stored: &str) -> Self {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        match stored.split_once('\n') {
            Some((token, said)) => Self {
                token: given(token),
                said: given(said),
            },
            None => Self {
                token: None,
                said: given(stored),
            },
        }
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.token, &self.said) {
            (Some(token), None) => f.write_str(token),
            (Some(token), Some(said)) => write!(f, "{token} (says: {said})"),
            (None, said) => f.write_str(said.as_deref().unwrap_or_default()),
        }
    }
}

/// A ruling to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRuling {
    /// About what.
    pub mention: MentionRef,
    /// What; an undo goes through [`super::Store::undo`].
    pub verdict: Verdict,
    /// Author, as [`Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// Id of the last ruling on the mention that the author has seen, 0 for none; not checked when absent.
    pub seen: Option<i64>,
}

/// A ruling of the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// From 1, in order of commit.
    pub id: i64,
    /// The change that brought it.
    pub version: i64,
    /// About what.
    pub mention: MentionRef,
    /// What.
    pub verdict: Verdict,
    /// Author, as [`Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// Time (RFC 3339, UTC).
    pub time: String,
}

/// The rulings that hold, out of all on some documents, oldest first: for each mention the last one that is not undone.
/// An undo may itself be undone.
pub fn in_force(rulings: &[Ruling]) -> Vec<&Ruling> {
    let (mut undone, mut decided) = (FxHashSet::default(), FxHashSet::default());
    let mut force = Vec::new();
    // An undo refers to an earlier row, so a later row never undoes the newest one.
    for ruling in rulings.iter().rev() {
        if undone.contains(&ruling.id) {
            continue;
        }
        match ruling.verdict {
            Verdict::Undo(id) => {
                undone.insert(id);
            }
            _ if decided.insert(&ruling.mention) => force.push(ruling),
            _ => {}
        }
    }
    force.reverse();
    force
}

/// A parse as analysts have ruled it: the machine's, with every ruling in force applied to the mention of its span.
pub fn rule(parse: &Parse, rulings: &[Ruling]) -> Parse {
    let force: FxHashMap<[usize; 2], &Verdict> = in_force(rulings)
        .into_iter()
        .map(|ruling| (ruling.mention.span, &ruling.verdict))
        .collect();
    let mut ruled = parse.clone();
    for mention in &mut ruled.mentions {
        if let Some(verdict) = force.get(&mention.span()) {
            apply(mention, verdict);
        }
    }
    ruled
}

fn apply(mention: &mut Mention, verdict: &Verdict) {
    match verdict {
        Verdict::Accept | Verdict::Undo(_) => {}
        Verdict::Reject => {
            mention.place = None;
            mention.confidence = 0.0;
            mention.precision = None;
            mention.position = None;
        }
        Verdict::Associative => {
            mention.reading = Reading::Associative;
            mention.position = None;
        }
        Verdict::Move(place) => {
            mention.reading = Reading::Literal;
            mention.actor = None;
            mention.level = Some(place.level);
            mention.precision = Some(place.level.into());
            mention.confidence = 1.0;
            mention.position = Some(PositionRef::Place(Arc::new(PlacePosition {
                kind: PositionKind::Place,
                place: place.id.as_str().into(),
                point: place.point,
                uncertainty_km: None,
                precision: mention.precision,
            })));
            mention.place = Some(Arc::from(place.clone()));
        }
    }
}

/// The place where a mention is drawn under a verdict; `None` when it is not.
pub(super) fn shown<'m>(mention: &'m Mention, verdict: Option<&'m Verdict>) -> Option<&'m MentionPlace> {
    match verdict {
        None | Some(Verdict::Accept | Verdict::Undo(_)) => mention.place.as_deref().filter(|_| mention.is_drawn()),
        Some(Verdict::Reject | Verdict::Associative) => None,
        Some(Verdict::Move(place)) => Some(&**place).filter(|place| !place.foreign),
    }
}
