//! Coordinates in a text: two angles in either order, UTM, and military grid references.

use super::{
    angle::{self, Angle},
    grid,
    scan::{Draft, Scan},
    types::{Coordinates, PositionForm, PositionKind},
    words::Sense,
};
use crate::text::Kind;

/// Tokens between two angles.
const BETWEEN: usize = 9;
/// Tokens before an angle that are searched for its label.
const LABEL: usize = 4;
/// Tokens before two angles that are searched for "coordinates".
const KEYWORD: usize = 12;
/// Digits after the point from which on two bare numbers are coordinates.
const BARE_DECIMALS: usize = 3;
/// The same where the text says that they are coordinates.
const LABELLED_DECIMALS: usize = 1;

/// An angle with all that says which axis it is on.
struct Labelled {
    angle: Angle,
    negative: bool,
    /// True for latitude.
    latitude: Option<bool>,
    /// First token of the angle with its label.
    start: usize,
    /// One past its last token.
    end: usize,
}

impl Scan<'_> {
    /// True if coordinates may begin at a token.
    pub(super) fn may_be_coordinates(&self, at: usize) -> bool {
        let Some(token) = self.token(at).filter(|token| token.kind == Kind::Number) else {
            return false;
        };
        let short = token.end - token.start <= 6;
        let next = self.token(at + 1);
        let follows = next.is_some_and(|next| match next.kind {
            Kind::Separator => true,
            Kind::Number => self.is_spaced_angle(at),
            Kind::Symbol => matches!(self.slice(at + 1), "°" | "º" | "˚"),
            Kind::Latin => next.is_capital() || self.words.angle_word(self.slice(at + 1)).is_some(),
            Kind::Arabic => self.words.angle_word(self.slice(at + 1)).is_some(),
            Kind::Other => matches!(self.slice(at + 1), "º"),
            _ => false,
        });
        short && follows
    }

    /// Degrees before minutes without a sign, with a hemisphere: "N 35 28 05", "35 28.083 N".
    fn is_spaced_angle(&self, at: usize) -> bool {
        let led = at > self.sentence.start && self.words.hemisphere(self.slice(at - 1)).is_some();
        let angle = self
            .token(at)
            .and_then(|token| angle::read(self.words, self.text, token.start as usize, led));
        angle.is_some_and(|angle| angle.sexagesimal)
    }

    /// Coordinates that begin at a token.
    pub(super) fn from_coordinates(&self, at: usize) -> Option<Draft> {
        if !self.may_be_coordinates(at) {
            return None;
        }
        self.grid(at).or_else(|| self.angles(at))
    }

    fn grid(&self, at: usize) -> Option<Draft> {
        let byte = self.token(at)?.start as usize;
        let unspaced = self.token(at)?.is_spaced() || byte == 0 || !self.follows_word(byte);
        let found = grid::read(self.text, byte).filter(|_| unspaced)?;
        let end = self
            .tokens
            .tokens
            .partition_point(|token| (token.start as usize) < found.end);
        let form = match &found.coordinates {
            Coordinates::Utm { .. } => PositionForm::Utm,
            _ => PositionForm::Mgrs,
        };
        let mut draft = Draft::new(PositionKind::Coordinates, form, at..end);
        draft.hint.coordinates = Some(Box::new(found.coordinates));
        draft.reason = found.defect.map(str::to_owned);
        Some(draft)
    }

    fn follows_word(&self, byte: usize) -> bool {
        let before = self.text.get(..byte).and_then(|text| text.chars().next_back());
        before.is_some_and(char::is_alphanumeric)
    }

    fn angles(&self, at: usize) -> Option<Draft> {
        let first = self.labelled(at, self.sentence.start)?;
        let next = self.next_angle(first.end)?;
        let second = self.labelled(next, first.end)?;
        let keyword = self.before(first.start, KEYWORD, Sense::Coordinates).is_some();
        let said = |one: &Labelled| one.angle.marked || one.latitude.is_some();
        let decimals = |least: usize| first.angle.decimals >= least && second.angle.decimals >= least;
        let both = said(&first) && said(&second);
        // "35 N 44 E" could be anything, "35.4 N 44.3 E" and "35° N" cannot.
        let exact = |one: &Labelled| one.angle.marked || one.angle.decimals > 0;
        let bare = !said(&first) && !said(&second);
        let accepted = (both && exact(&first) && exact(&second))
            || (keyword && (decimals(LABELLED_DECIMALS) || both))
            || (bare && decimals(BARE_DECIMALS) && self.is_alone(&first, &second));
        if !accepted {
            return None;
        }
        let form = match first.angle.sexagesimal || second.angle.sexagesimal {
            true => PositionForm::Sexagesimal,
            false => PositionForm::Decimal,
        };
        let mut draft = Draft::new(PositionKind::Coordinates, form, first.start..second.end);
        if first.angle.excess || second.angle.excess {
            draft.reason = Some("minutes and seconds of an angle go from 0 to 59".to_owned());
        }
        let signed = |one: &Labelled| match one.negative {
            true => -one.angle.degrees,
            false => one.angle.degrees,
        };
        let complement = |own: Option<bool>, other: Option<bool>| own.or(other.map(|latitude| !latitude));
        draft.hint.coordinates = Some(Box::new(Coordinates::Angles {
            values: [signed(&first), signed(&second)],
            latitudes: [
                complement(first.latitude, second.latitude),
                complement(second.latitude, first.latitude),
            ],
            step_deg: first.angle.step.max(second.angle.step),
        }));
        Some(draft)
    }

    /// Two bare numbers are no part of a longer list of numbers, unless it is a list of such pairs.
    fn is_alone(&self, first: &Labelled, second: &Labelled) -> bool {
        let (start, end) = (first.start, second.end);
        let is_number = |at: usize| self.kind(at) == Some(Kind::Number);
        let beside = |at: usize| matches!(self.kind(at), Some(Kind::Comma | Kind::Semicolon | Kind::Slash));
        let inner = self.kind(first.end).filter(|_| beside(first.end));
        let apart = |mark: usize| beside(mark) && inner.is_some_and(|inner| self.kind(mark) != Some(inner));
        let before = start >= 2
            && beside(start - 1)
            && is_number(start - 2)
            && !(apart(start - 1) && self.pair_ends(start - 2, inner));
        let next = match self.any(end, &[Sense::And]) {
            Some(and) if is_number(and.end) => Some((and.end, inner.is_some())),
            _ if beside(end) && is_number(end + 1) => Some((end + 1, apart(end))),
            _ => None,
        };
        let behind = next.is_some_and(|(next, apart)| !(apart && self.pair_begins(next, inner)));
        let unit = self.any(end, &[Sense::Unit]).is_some() || self.kind(end) == Some(Kind::Symbol);
        !before && !behind && !unit
    }

    /// Two decimal numbers with a mark between them begin at a token, and the mark does not follow them.
    fn pair_begins(&self, at: usize, mark: Option<Kind>) -> bool {
        let decimal = |at: usize| self.labelled(at, at).filter(|one| one.angle.decimals >= BARE_DECIMALS);
        let second = decimal(at)
            .filter(|first| self.kind(first.end) == mark)
            .and_then(|first| decimal(first.end + 1));
        second.is_some_and(|second| self.kind(second.end) != mark)
    }

    /// Two decimal numbers with a mark between them end at a token: "36.51, 42.75".
    fn pair_ends(&self, last: usize, mark: Option<Kind>) -> bool {
        let kinds = [Kind::Number, Kind::Separator, Kind::Number];
        let decimal = |end: usize| {
            (end + 1).checked_sub(kinds.len()).is_some_and(|start| {
                start >= self.sentence.start && (0..kinds.len()).all(|at| self.kind(start + at) == Some(kinds[at]))
            })
        };
        let begins = |end: usize| end.checked_sub(kinds.len());
        let first_ends = begins(last).filter(|at| decimal(last) && self.kind(*at) == mark);
        first_ends
            .and_then(|at| at.checked_sub(1))
            .is_some_and(|end| decimal(end) && begins(end).and_then(|at| self.kind(at)) != mark)
    }

    /// The angle whose digits are a token, with its label.
    fn labelled(&self, at: usize, floor: usize) -> Option<Labelled> {
        let token = self.token(at).filter(|token| token.kind == Kind::Number)?;
        let led = at > floor && self.words.hemisphere(self.slice(at - 1)).is_some();
        let angle = angle::read(self.words, self.text, token.start as usize, led)?;
        let end = self
            .tokens
            .tokens
            .partition_point(|token| (token.start as usize) < angle.end);
        let mut start = at;
        let mut negative = false;
        if start > floor && self.kind(start - 1) == Some(Kind::Dash) && !token.is_spaced() {
            negative = true;
            start -= 1;
        } else if start > floor && matches!(self.slice(start - 1), "−" | "+") && !token.is_spaced() {
            negative = self.slice(start - 1) == "−";
            start -= 1;
        }
        let mut latitude = None;
        let mut bearing = angle.hemisphere;
        // "N 35.4", "lat: 35.4", "خط العرض 35.4"
        let mut label = start;
        while label > floor && start - label < LABEL {
            let before = label - 1;
            if bearing.is_none()
                && label == start
                && let Some(found) = self.words.hemisphere(self.slice(before))
            {
                bearing = Some(found);
                start = before;
                label = before;
                continue;
            }
            let ended = |sense| {
                self.before(label, 3, sense)
                    .filter(|sign| sign.end == label && sign.start >= floor)
            };
            if let Some(sign) = ended(Sense::Latitude).or_else(|| ended(Sense::Longitude)) {
                latitude = Some(sign.sense == Sense::Latitude);
                start = sign.start;
                break;
            }
            let passes = matches!(
                self.kind(before),
                Some(Kind::Colon | Kind::Symbol | Kind::Open | Kind::Comma)
            ) || self.any(before, &[Sense::Of, Sense::Link, Sense::Filler]).is_some();
            if !passes {
                break;
            }
            label = before;
        }
        if let Some(bearing) = bearing {
            latitude = Some(bearing == 0.0 || bearing == 180.0);
            negative |= bearing == 180.0 || bearing == 270.0;
        }
        Some(Labelled {
            angle,
            negative,
            latitude,
            start,
            end,
        })
    }

    /// The token at which the second angle begins.
    fn next_angle(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while at < from + BETWEEN && self.sentence.contains(&at) {
            let kind = self.kind(at)?;
            if kind == Kind::Number {
                return Some(at);
            }
            let senses = [
                Sense::And,
                Sense::Of,
                Sense::Link,
                Sense::Filler,
                Sense::Latitude,
                Sense::Longitude,
                Sense::In,
            ];
            let mark = matches!(
                kind,
                Kind::Comma
                    | Kind::Semicolon
                    | Kind::Slash
                    | Kind::Colon
                    | Kind::Dash
                    | Kind::Open
                    | Kind::Close
                    | Kind::Symbol
            );
            at = match self.any(at, &senses) {
                Some(sign) => sign.end,
                None if mark || self.words.hemisphere(self.slice(at)).is_some() => at + 1,
                None if self.slice(at).trim_end_matches('ـ') == "و" => at + 1,
                None => return None,
            };
        }
        None
    }
}
