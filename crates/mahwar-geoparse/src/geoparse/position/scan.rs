//! Parts of descriptions in a text: signs, mentions and distances by token, and the steps from one to the next.

use super::{
    distance::Distance,
    types::{DistanceLimit, Position, PositionForm, PositionHint, PositionKind},
    words::{PositionWords, Sense, Sign},
};
use crate::{
    gazetteer::{Gazetteer, Level, Place},
    geoparse::{
        parse::{Mention, Part, Quantity, Reading, Words},
        statement::grow,
    },
    language::Language,
    text::{Kind, OffsetCounter, Span, Token, Tokens},
};
use ecow::EcoString;
use std::{cell::RefCell, ops::Range};

/// Units of time, by their normalised names.
const TIMES: [&str; 2] = ["hour", "minute"];
/// Tokens that may come between two parts of a description.
pub(super) const GAP: usize = 6;
/// A direction of one or several words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Direction {
    /// Degrees clockwise from north.
    pub(super) bearing: f64,
    /// 4, 8 or 16.
    pub(super) points: u8,
    pub(super) start: usize,
    pub(super) end: usize,
    /// An adjective ("northern").
    pub(super) adjective: bool,
    /// Language of its words.
    pub(super) language: Language,
}

/// The place that a description starts from.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    /// Position in the mentions; none for a name that is no mention.
    pub(super) mention: Option<usize>,
    /// One past its last token.
    pub(super) end: usize,
    /// A word such as "of" leads to it.
    pub(super) linked: bool,
    /// "from" leads to it.
    pub(super) link: bool,
    /// A preposition of a place or of a movement leads to it: "in", "towards".
    pub(super) lead: bool,
    /// The last of the words that lead to it is a preposition of movement: "towards".
    pub(super) onward: bool,
    /// A noun of a unit precedes it.
    pub(super) noun: bool,
    /// Another thing is named by it: "Erbil airport", "Kirkuk's border". The mention is not the anchor itself.
    pub(super) beyond: bool,
}

/// A description before it is written out.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) kind: PositionKind,
    pub(super) form: PositionForm,
    pub(super) tokens: Range<usize>,
    /// Positions in the mentions.
    pub(super) anchors: Vec<usize>,
    pub(super) places: Vec<EcoString>,
    pub(super) distance: Option<Distance>,
    pub(super) direction: Option<Direction>,
    pub(super) hint: PositionHint,
    pub(super) reason: Option<String>,
}

impl Draft {
    pub(super) fn new(kind: PositionKind, form: PositionForm, tokens: Range<usize>) -> Self {
        Self {
            kind,
            form,
            tokens,
            anchors: Vec::new(),
            places: Vec::new(),
            distance: None,
            direction: None,
            hint: PositionHint::default(),
            reason: None,
        }
    }
}

/// A text with the parts of descriptions.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a Tokens,
    pub(super) words: &'a PositionWords,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) mentions: &'a [Mention],
    /// Tokens of each mention.
    pub(super) spans: Vec<Range<usize>>,
    pub(super) distances: Vec<Distance>,
    /// Tokens of periods in hours and minutes.
    pub(super) periods: Vec<Range<usize>>,
    /// By first token.
    pub(super) signs: Vec<Sign>,
    /// Tokens at which a description may begin, in order.
    pub(super) stops: Vec<usize>,
    /// The sentence that is read.
    pub(super) sentence: Range<usize>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        text: &'a str,
        tokens: &'a Tokens,
        words: &'a PositionWords,
        gazetteer: &'a Gazetteer,
        mentions: &'a [Mention],
        quantities: &[Quantity],
    ) -> Self {
        let mut scan = Self {
            text,
            tokens,
            words,
            gazetteer,
            mentions,
            spans: Vec::with_capacity(mentions.len()),
            distances: Vec::new(),
            periods: Vec::new(),
            signs: Vec::new(),
            stops: Vec::new(),
            sentence: 0..0,
        };
        scan.spans
            .extend(mentions.iter().map(|mention| covering(tokens, mention.offsets.byte)));
        for quantity in quantities {
            grow(&mut scan.distances);
            let covered = covering(tokens, quantity.words.offsets.byte);
            if TIMES.contains(&quantity.unit.as_str()) {
                scan.periods.push(covered);
            } else if let Some(distance) = scan.distance(quantity, covered) {
                scan.distances.push(distance);
            }
        }
        for paragraph in &tokens.paragraphs {
            for at in paragraph.tokens.start as usize..paragraph.tokens.end as usize {
                grow(&mut scan.signs);
                let known = scan.signs.len();
                let signs = &mut scan.signs;
                words.at(tokens, at, paragraph.language, |sign| signs.push(sign));
                if scan.signs.len() > known || scan.may_be_coordinates(at) {
                    scan.stops.push(at);
                }
            }
        }
        scan.add_halves();
        scan.refuse_vague();
        scan.stops.extend(scan.spans.iter().map(|span| span.start));
        scan.stops
            .extend(scan.distances.iter().map(|distance| distance.tokens.start));
        scan.stops.extend(scan.periods.iter().map(|period| period.start));
        scan.stops.sort_unstable();
        scan.stops.dedup();
        scan
    }

    pub(super) fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    pub(super) fn slice(&self, at: usize) -> &'a str {
        self.token(at)
            .and_then(|token| self.text.get(token.range()))
            .unwrap_or_default()
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.token(at).map(|token| token.kind)
    }

    pub(super) fn inside(&self, at: usize) -> bool {
        self.sentence.contains(&at)
    }

    /// True if a word of descriptions begins at a token.
    pub(super) fn begins_sign(&self, at: usize) -> bool {
        !self.signs_at(at).is_empty()
    }

    pub(super) fn signs_at(&self, at: usize) -> &[Sign] {
        let first = self.signs.partition_point(|sign| sign.start < at);
        let count = self.signs[first..].iter().take_while(|sign| sign.start == at).count();
        &self.signs[first..first + count]
    }

    /// The longest sign of a sense that begins at a token.
    pub(super) fn sign(&self, at: usize, sense: Sense) -> Option<Sign> {
        if !self.inside(at) {
            return None;
        }
        let own = self.signs_at(at).iter().filter(|sign| sign.sense == sense);
        own.copied().max_by_key(|sign| sign.end)
    }

    /// The longest sign of any of these senses.
    pub(super) fn any(&self, at: usize, senses: &[Sense]) -> Option<Sign> {
        if !self.inside(at) {
            return None;
        }
        let own = self.signs_at(at).iter().filter(|sign| senses.contains(&sign.sense));
        own.copied().max_by_key(|sign| sign.end)
    }

    /// A sign of a sense among the tokens before one.
    pub(super) fn before(&self, at: usize, reach: usize, sense: Sense) -> Option<Sign> {
        let first = at.saturating_sub(reach).max(self.sentence.start);
        (first..at)
            .rev()
            .find_map(|start| self.sign(start, sense).filter(|sign| sign.end <= at))
    }

    /// The mention that begins at a token.
    pub(super) fn mention_at(&self, at: usize) -> Option<usize> {
        if !self.inside(at) {
            return None;
        }
        let found = self.spans.partition_point(|span| span.start < at);
        (self.spans.get(found)?.start == at).then_some(found)
    }

    /// The mention that contains a token.
    pub(super) fn mention_over(&self, at: usize) -> Option<usize> {
        let after = self.spans.partition_point(|span| span.start <= at);
        let found = after.checked_sub(1)?;
        self.spans[found].contains(&at).then_some(found)
    }

    /// One past signs of these senses, and commas and brackets where `marks` is set.
    pub(super) fn skip(&self, mut at: usize, senses: &[Sense], marks: bool) -> usize {
        let limit = at + GAP;
        while at < limit && self.inside(at) && self.mention_at(at).is_none() && self.distance_at(at).is_none() {
            if let Some(sign) = self.any(at, senses) {
                at = sign.end;
                continue;
            }
            let mark = marks && matches!(self.kind(at), Some(Kind::Comma | Kind::Open | Kind::Close));
            if !mark && !self.is_letter(at) {
                break;
            }
            at += 1;
        }
        at
    }

    /// True for a preposition of one letter before digits: ب20.
    fn is_letter(&self, at: usize) -> bool {
        let slice = self.slice(at);
        self.kind(at) == Some(Kind::Arabic)
            && slice.chars().filter(|c| *c != 'ـ').count() == 1
            && self.token(at + 1).is_some_and(|next| !next.is_spaced())
    }

    /// The direction that begins at a token.
    pub(super) fn direction(&self, at: usize, after_distance: bool) -> Option<Direction> {
        let mut parts: Vec<(f64, bool)> = Vec::new();
        let mut language = Language::English;
        let mut next = at;
        while parts.len() < 3 {
            if self.mention_over(next).is_some() {
                break;
            }
            let mut sign = self.any(next, &[Sense::Direction, Sense::Adjective]);
            if sign.is_none() && after_distance {
                sign = self.sign(next, Sense::Letters);
            }
            // "20 km N of": one letter is that of a hemisphere.
            let letter = self.slice(next);
            if sign.is_none() && after_distance && parts.is_empty() && letter.len() == 1 {
                sign = self.words.hemisphere(letter).map(|value| Sign {
                    sense: Sense::Letters,
                    language: Language::English,
                    value,
                    start: next,
                    end: next + 1,
                });
            }
            let Some(sign) = sign else { break };
            let turned = parts.last().map(|(before, _)| turn(*before, sign.value).abs());
            if turned.is_some_and(|degrees| degrees > 91.0) {
                break;
            }
            // "شمال شمال شرق": a word that is repeated needs a third one.
            if turned.is_some_and(|degrees| degrees < 1.0) && (parts.len() > 1 || !self.turns(sign)) {
                break;
            }
            parts.push((sign.value, sign.sense == Sense::Adjective));
            language = sign.language;
            next = sign.end;
            // "north-east"
            if self.kind(next) == Some(Kind::Dash) && self.token(next).is_some_and(|dash| !dash.is_spaced()) {
                let more = self.any(next + 1, &[Sense::Direction, Sense::Adjective]);
                if more.is_none() {
                    break;
                }
                next += 1;
            }
        }
        // "north-eastern", but "الشمال الشرقي" is a noun.
        let latin = self.kind(at) == Some(Kind::Latin);
        let adjective = if latin { parts.last()?.1 } else { parts.first()?.1 };
        let mut bearing = parts.last()?.0;
        for (value, _) in parts.iter().rev().skip(1) {
            bearing = (value + turn(*value, bearing) / 2.0).rem_euclid(360.0);
        }
        let is_multiple = |of: f64| (bearing / of).fract() == 0.0;
        let points = match () {
            () if is_multiple(90.0) => 4,
            () if is_multiple(45.0) => 8,
            () => 16,
        };
        let dash = self.kind(next.saturating_sub(1)) == Some(Kind::Dash);
        Some(Direction {
            bearing,
            points,
            start: at,
            end: next - usize::from(dash && next > at + 1),
            adjective,
            language,
        })
    }

    /// True if another direction at a right angle follows one.
    fn turns(&self, sign: Sign) -> bool {
        let after = sign.end + usize::from(self.kind(sign.end) == Some(Kind::Dash));
        let next = self.any(after, &[Sense::Direction, Sense::Adjective]);
        next.is_some_and(|next| (1.0..=91.0).contains(&turn(sign.value, next.value).abs()))
    }

    pub(super) fn begins_name(&self, at: usize) -> bool {
        self.token(at)
            .is_some_and(|token| token.kind == Kind::Latin && token.is_capital())
    }

    /// The place of a mention, where it is read literally.
    pub(super) fn place(&self, mention: usize) -> Option<&'a Place> {
        let mention = &self.mentions[mention];
        if mention.reading != Reading::Literal {
            return None;
        }
        self.gazetteer.get(&mention.place.as_ref()?.id)
    }

    /// The settlement with the name of a unit: distances are measured from it. The mention's own place for any other.
    pub(super) fn town(&self, mention: usize) -> Option<&'a Place> {
        let place = self.place(mention)?;
        let has_town = matches!(place.level, Level::Governorate | Level::District | Level::Subdistrict);
        if !has_town {
            return Some(place);
        }
        let candidates = self.mentions[mention].candidates.iter();
        let towns = candidates
            .filter_map(|candidate| self.gazetteer.get(&candidate.id))
            .filter(|town| town.level == Level::Settlement && self.lies_in(town, place));
        towns.max_by_key(|town| town.rank)
    }

    /// True if a place lies in a unit, by the units that contain it.
    pub(super) fn lies_in(&self, town: &Place, unit: &Place) -> bool {
        let mut around: Vec<&str> = town.parents.iter().map(String::as_str).collect();
        let mut at = 0;
        while at < around.len() && around.len() < 16 {
            if around[at] == unit.id.as_str() {
                return true;
            }
            if let Some(parent) = self.gazetteer.get(around[at]) {
                let new = parent.parents.iter().map(String::as_str);
                let new: Vec<&str> = new.filter(|id| !around.contains(id)).collect();
                around.extend(new);
            }
            at += 1;
        }
        around.contains(&unit.id.as_str())
    }

    /// Writes a draft out.
    pub(super) fn write(&self, draft: Draft, number: usize, counter: &RefCell<OffsetCounter>) -> Position {
        let first = self.token(draft.tokens.start);
        let last = draft.tokens.end.checked_sub(1).and_then(|last| self.token(last));
        let mut span = Span {
            start: first.map_or(0, |token| token.start as usize),
            end: last.map_or(0, |token| token.end as usize),
        };
        // Prefixes and suffixes of a name at either end are no part of the description.
        if let Some(mention) = self.mention_over(draft.tokens.end.saturating_sub(1)) {
            span.end = span.end.min(self.mentions[mention].offsets.byte[1].max(span.start));
        }
        if let Some(mention) = self.mention_over(draft.tokens.start) {
            span.start = span.start.max(self.mentions[mention].offsets.byte[0]);
        } else if let Some(token) = first {
            span.start = token.stem_range(self.text).start.clamp(span.start, span.end);
        }
        let offsets = counter.borrow_mut().offsets(span);
        let mut position = Position {
            id: ecow::eco_format!("p{number}"),
            kind: draft.kind,
            form: draft.form,
            words: Words {
                part: Part::Text,
                text: self.text.get(span.start..span.end).unwrap_or_default().to_owned(),
                start: offsets.codepoint[0],
                end: offsets.codepoint[1],
                offsets,
            },
            anchors: draft.anchors.iter().map(|at| self.mentions[*at].id.clone()).collect(),
            places: draft.places,
            distance_km: draft.distance.as_ref().map(|distance| round(distance.km)),
            distance_upper_km: draft.distance.as_ref().and_then(|one| one.upper_km.map(round)),
            bearing_deg: draft.direction.map(|direction| direction.bearing),
            precision: None,
            extent: None,
            resolved: false,
            reason: None,
            note: draft.distance.as_ref().and_then(Distance::note),
            hint: PositionHint {
                limit: draft
                    .distance
                    .as_ref()
                    .map_or(DistanceLimit::Exact, |distance| distance.limit),
                points: draft.direction.map_or(0, |direction| direction.points),
                about: draft.distance.as_ref().is_some_and(|distance| distance.about),
                step_km: draft.distance.as_ref().map_or(0.0, |distance| distance.step_km),
                ..draft.hint
            },
        };
        let absurd = draft.distance.and_then(|distance| distance.absurd);
        if let Some(reason) = draft.reason.or(absurd) {
            position.refuse(reason);
        }
        position
    }
}

/// The tokens that cover a span of bytes.
fn covering(tokens: &Tokens, [start, end]: [usize; 2]) -> Range<usize> {
    let first = tokens.tokens.partition_point(|token| token.end as usize <= start);
    let last = tokens.tokens.partition_point(|token| (token.start as usize) < end);
    first..last.max(first)
}

/// The turn from one direction to another, from -180 to 180 degrees.
fn turn(from: f64, to: f64) -> f64 {
    (to - from + 180.0).rem_euclid(360.0) - 180.0
}

fn round(km: f64) -> f64 {
    (km * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn a_turn_takes_the_shorter_way() {
        assert_eq!(turn(315.0, 0.0), 45.0);
        assert_eq!(turn(0.0, 270.0), -90.0);
    }
}
