//! Positions: descriptions such as "20 km south-west of Kirkuk", found in a text.
//!
//! Only the description is read here: its kind, its words, its anchors, the distance and the direction. Its geometry is
//! made by an implementation of [`PlacePositions`] in a crate that has geodesy. The words are data
//! (`lexicon/position_words.csv`).

mod anchor;
mod angle;
mod apposed;
mod area;
mod attach;
mod between;
mod coordinates;
mod distance;
mod grid;
mod offset;
mod scan;
mod types;
mod words;

pub use attach::attach_positions;
pub use types::{
    Coordinates, DistanceLimit, PlacePosition, PlacePositions, Position, PositionArea, PositionExtent, PositionForm,
    PositionHint, PositionKind, PositionRef,
};
pub(super) use words::{PositionWord, PositionWords, read as read_words};

use super::parse::{Mention, Quantity};
use crate::{
    gazetteer::Gazetteer,
    text::{OffsetCounter, Tokens},
};
use scan::{Draft, Scan};
use std::{cell::RefCell, sync::Arc};

/// The positions that a text describes, in order, without their geometry.
pub(super) fn find(
    text: &str,
    tokens: &Tokens,
    words: &PositionWords,
    gazetteer: &Gazetteer,
    mentions: &[Mention],
    quantities: &[Quantity],
) -> Vec<Arc<Position>> {
    let mut scan = Scan::new(text, tokens, words, gazetteer, mentions, quantities);
    let counter = RefCell::new(OffsetCounter::new(text));
    // Drafts are larger than any other find, so only those of one sentence are in memory.
    let mut drafts = Vec::new();
    let mut found = Vec::new();
    let stops = std::mem::take(&mut scan.stops);
    let mut next = 0;
    for sentence in tokens.sentences() {
        let mut free = sentence.start;
        scan.sentence = sentence;
        while let Some(at) = stops.get(next).copied().filter(|at| *at < scan.sentence.end) {
            next += 1;
            if at < free {
                continue;
            }
            if let Some(mut draft) = scan.read(at) {
                free = draft.tokens.end;
                if draft.reason.is_none() && scan.describes_named_place(&draft) {
                    draft.reason = Some("it says where a place lies that is named itself".to_owned());
                }
                add(&scan, &mut drafts, draft);
            }
        }
        for draft in drafts.drain(..) {
            let number = found.len() + 1;
            found.push(Arc::new(scan.write(draft, number, &counter)));
        }
    }
    found.shrink_to_fit();
    found
}

/// Keeps a draft unless an earlier one contains its words.
fn add(scan: &Scan, drafts: &mut Vec<Draft>, draft: Draft) {
    if (draft.distance.is_none() && !scan.is_literal(&draft)) || scan.is_denied(&draft) {
        return;
    }
    if let Some(last) = drafts.last_mut()
        && draft.tokens.start < last.tokens.end
    {
        // The longer description says more: "the road between A and B" contains "between A and B".
        if draft.tokens.len() > last.tokens.len() {
            *last = draft;
        }
        return;
    }
    drafts.push(draft);
}

impl Scan<'_> {
    /// The description that begins at a token.
    fn read(&self, at: usize) -> Option<Draft> {
        if let Some(draft) = self.from_coordinates(at) {
            return Some(draft);
        }
        if self.mention_at(at).is_some() {
            return self
                .from_pair(at)
                .or_else(|| self.from_named_road(at))
                .or_else(|| self.from_named_bank(at));
        }
        // Words inside a name describe nothing.
        if self.mention_over(at).is_some() {
            return None;
        }
        if self.distance_at(at).is_some() {
            return self.from_distance(at);
        }
        if let Some(draft) = self.from_period(at) {
            return Some(draft);
        }
        if !self.begins_sign(at) {
            return None;
        }
        self.from_road(at)
            .or_else(|| self.from_border(at))
            .or_else(|| self.from_between(at))
            .or_else(|| self.from_quarter(at))
            .or_else(|| self.from_bank(at))
            .or_else(|| self.from_part(at))
            .or_else(|| self.from_near(at))
            .or_else(|| self.from_along(at))
            .or_else(|| self.from_away(at))
            .or_else(|| self.from_direction(at))
            .or_else(|| self.from_centre(at))
    }
}
