//! Events as analysts see them: pages, and decisions to join and to split.

use crate::events::Event;

/// Decision of an analyst on events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventDecision {
    /// These events, each named by one of its claims (`<document>-c1`), are one with the event.
    Join(Vec<String>),
    /// These claims of the event are about something else.
    Split(Vec<String>),
    /// The last decision on a claim of the event holds no more.
    Undo,
}

/// A decision to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEventRuling {
    /// The event, named by one of its claims.
    pub event: String,
    /// What.
    pub decision: EventDecision,
    /// The version of the event that the analyst saw; `None` where that does not matter.
    pub seen: Option<i64>,
    /// Author, as [`super::Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
}

/// Verdict of a decision, without the events it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventVerdict {
    /// All its claims are about one thing.
    Join,
    /// The claims of its two sides are about two things.
    Split,
    /// An earlier ruling, by its id, holds no more.
    Undo(i64),
}

impl EventVerdict {
    /// The word for it in JSON and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Split => "split",
            Self::Undo(_) => "undo",
        }
    }
}

/// A claim of a ruling, by its span: that outlives a new parse, which may number claims anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledClaim {
    /// 0 for claims that a split took out, 1 for the others; 0 in a join.
    pub side: i64,
    /// Document id.
    pub document: String,
    /// First byte and one past the last byte of its words.
    pub span: [usize; 2],
    /// Type of the claim, as JSON has it.
    pub kind: String,
}

/// A ruling on events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRuling {
    /// From 1, in order of commit.
    pub id: i64,
    /// The change that brought it.
    pub version: i64,
    /// What.
    pub verdict: EventVerdict,
    /// About which claims.
    pub claims: Vec<RuledClaim>,
    /// Author, as [`super::Author::stored`] writes it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// Time (RFC 3339, UTC).
    pub time: String,
    /// False if it was taken back.
    pub in_force: bool,
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct EventQuery {
    /// Only events of a claim of this document.
    pub document: Option<String>,
    /// Newest first, or in the order of their making.
    pub newest: bool,
    /// Key of the last event of the page before; `None` for the first page.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// Some events.
#[derive(Clone, Debug, Default)]
pub struct EventPage {
    /// In order.
    pub events: Vec<Event>,
    /// [`EventQuery::after`] of the next page; `None` at the end.
    pub next: Option<i64>,
    /// Number of all events.
    pub total: u64,
}
