//! Distances of a text: their lengths in km, their limits, and the words around them.

use super::{
    scan::{GAP, Scan},
    types::DistanceLimit,
    words::{Sense, Sign},
};
use crate::{
    geoparse::parse::{Bound, Quantity},
    text::Kind,
};
use std::ops::Range;

/// Kilometres of the units of distance, by their normalised names.
const KILOMETRES: [(&str, f64); 6] = [
    ("km", 1.0),
    ("m", 0.001),
    ("mile", 1.609_344),
    ("nautical_mile", 1.852),
    ("yard", 0.000_914_4),
    ("foot", 0.000_304_8),
];
/// Half the circumference of the Earth, in km: nothing is farther away.
const FARTHEST_KM: f64 = 20_037.5;
/// "More than 40 km" is drawn up to so many times 40 km.
const MORE_THAN_FACTOR: f64 = 1.5;
/// Reason of a distance that is no number.
pub(super) const NO_NUMBER: &str = "the distance cannot be read as a number";

/// A distance of the text.
#[derive(Clone, Debug)]
pub(super) struct Distance {
    pub(super) tokens: Range<usize>,
    pub(super) km: f64,
    pub(super) upper_km: Option<f64>,
    pub(super) step_km: f64,
    pub(super) about: bool,
    pub(super) limit: DistanceLimit,
    /// Why it is no distance on Earth, if it is none.
    pub(super) absurd: Option<String>,
}

impl Distance {
    fn exact(tokens: Range<usize>, km: f64, step_km: f64) -> Self {
        Self {
            tokens,
            km,
            upper_km: None,
            step_km,
            about: false,
            limit: DistanceLimit::Exact,
            absurd: None,
        }
    }

    /// The same distance as a limit: from nothing to it, or from it to [`MORE_THAN_FACTOR`] times it.
    pub(super) fn limited(mut self, limit: DistanceLimit) -> Self {
        let farthest = self.upper_km.unwrap_or(self.km);
        match limit {
            DistanceLimit::Exact => return self,
            DistanceLimit::AtMost => {
                self.km = 0.0;
                self.upper_km = Some(farthest);
            }
            DistanceLimit::AtLeast => self.upper_km = Some(farthest * MORE_THAN_FACTOR),
        }
        self.limit = limit;
        self
    }

    /// The assumption of a distance without an upper limit.
    pub(super) fn note(&self) -> Option<String> {
        (self.limit == DistanceLimit::AtLeast)
            .then(|| format!("a distance without an upper limit is drawn up to {MORE_THAN_FACTOR} times its length"))
    }
}

impl Scan<'_> {
    /// The distance of a quantity.
    pub(super) fn distance(&self, quantity: &Quantity, tokens: Range<usize>) -> Option<Distance> {
        let factor = KILOMETRES.iter().find(|(unit, _)| *unit == quantity.unit)?.1;
        let value = quantity.value?;
        let km = value * factor;
        let power = tokens.start.checked_sub(1).is_some_and(|before| {
            let joined = self.token(tokens.start).is_some_and(|token| !token.is_spaced());
            joined && matches!(self.slice(before), "^" | "*" | "×" | "e" | "E")
        });
        // "1.500 m" may be one and a half metres or 1,500.
        let doubtful = quantity.unit == "m" && value.fract() != 0.0;
        let far = quantity.upper.map_or(km, |upper| upper * factor);
        let absurd = match () {
            () if power || doubtful || self.is_negative(tokens.start) => Some(NO_NUMBER.to_owned()),
            () if far > FARTHEST_KM => Some(format!(
                "a distance of {far} km is longer than half the circumference of the Earth"
            )),
            () => None,
        };
        let limit = match quantity.bound {
            Bound::AtMost => DistanceLimit::AtMost,
            Bound::AtLeast | Bound::MoreThan => DistanceLimit::AtLeast,
            Bound::Exact | Bound::About | Bound::Vague => DistanceLimit::Exact,
        };
        let distance = Distance {
            tokens,
            km,
            upper_km: quantity.upper.map(|upper| upper * factor),
            step_km: step(value) * factor,
            about: quantity.approximate || !matches!(quantity.bound, Bound::Exact),
            limit: DistanceLimit::Exact,
            absurd,
        };
        Some(distance.limited(limit))
    }

    /// "-5 km": a minus, or a dash of the sentence.
    fn is_negative(&self, number: usize) -> bool {
        let Some(sign) = number.checked_sub(1).and_then(|before| self.token(before)) else {
            return false;
        };
        let joined = self.token(number).is_some_and(|token| !token.is_spaced());
        let apart = sign.is_spaced() || number < 2 || self.kind(number - 2) == Some(Kind::Open);
        joined && apart && matches!(self.slice(number - 1), "-" | "−")
    }

    /// Reads "two and a half kilometres", "كيلومتر ونصف" and "دوو کیلۆمەتر و نیو".
    pub(super) fn add_halves(&mut self) {
        let halves: Vec<Sign> = self
            .signs
            .iter()
            .filter(|sign| sign.sense == Sense::Half)
            .copied()
            .collect();
        for half in halves {
            let unit_at = |end: usize| {
                let near = self.signs.iter().filter(|sign| sign.sense == Sense::Unit);
                near.filter(|sign| sign.end == end)
                    .max_by_key(|sign| sign.end - sign.start)
                    .copied()
            };
            let unit_after = self
                .signs_at(half.end)
                .iter()
                .find(|sign| sign.sense == Sense::Unit)
                .copied();
            if let Some(unit) = unit_at(half.start) {
                let known = self
                    .distances
                    .iter_mut()
                    .find(|distance| distance.tokens.end == half.start);
                match known {
                    Some(distance) if distance.limit == DistanceLimit::Exact && distance.upper_km.is_none() => {
                        distance.km += unit.value / 2.0;
                        distance.step_km = unit.value / 2.0;
                        distance.tokens.end = half.end;
                    }
                    Some(distance) => distance.absurd = Some(NO_NUMBER.to_owned()),
                    None => {
                        let distance = Distance::exact(unit.start..half.end, 1.5 * unit.value, unit.value / 2.0);
                        self.insert_distance(distance);
                    }
                }
            } else if let Some(unit) = unit_after {
                let counted = self
                    .signs
                    .iter()
                    .find(|sign| sign.sense == Sense::Count && sign.end == half.start);
                let digits = half
                    .start
                    .checked_sub(1)
                    .and_then(|at| Some((self.slice(at).parse::<u16>().ok()?, at)));
                let count = counted
                    .map(|count| (count.value, count.start))
                    .or(digits.map(|(value, at)| (f64::from(value), at)));
                let Some((count, start)) = count else { continue };
                let overlaps = |known: &&mut Distance| known.tokens.start < unit.end && start < known.tokens.end;
                match self.distances.iter_mut().find(overlaps) {
                    Some(known) => {
                        known.km = (count + 0.5) * unit.value;
                        known.tokens = start..unit.end;
                    }
                    None => {
                        let km = (count + 0.5) * unit.value;
                        self.insert_distance(Distance::exact(start..unit.end, km, unit.value / 2.0));
                    }
                }
            }
        }
    }

    fn insert_distance(&mut self, distance: Distance) {
        let at = self
            .distances
            .partition_point(|one| one.tokens.start < distance.tokens.start);
        self.distances.insert(at, distance);
    }

    /// "several dozen kilometres" is no number, although it holds one.
    pub(super) fn refuse_vague(&mut self) {
        let vague: Vec<usize> = self
            .signs
            .iter()
            .filter(|sign| sign.sense == Sense::Vague)
            .map(|sign| sign.end)
            .collect();
        for distance in &mut self.distances {
            if vague.contains(&distance.tokens.start) {
                distance.absurd = Some(NO_NUMBER.to_owned());
            }
        }
    }

    pub(super) fn distance_at(&self, at: usize) -> Option<&Distance> {
        let found = self.distances.partition_point(|distance| distance.tokens.start < at);
        self.distances.get(found).filter(|distance| distance.tokens.start == at)
    }

    /// True for the size of a thing: "a trench of 15 km", "بطول 15 كم", "15 km long".
    pub(super) fn is_length(&self, distance: &Distance) -> bool {
        let after = distance.tokens.end + usize::from(self.kind(distance.tokens.end) == Some(Kind::Dash));
        let start = self.with_fillers(distance.tokens.start);
        let ends = |sense: Sense| self.before(start, GAP, sense).is_some_and(|sign| sign.end == start);
        let of = start
            .checked_sub(1)
            .is_some_and(|at| self.slice(at).eq_ignore_ascii_case("of"));
        self.sign(after, Sense::Length).is_some() || ends(Sense::Length) || (of && !ends(Sense::Within))
    }

    /// The distance after a place: "south of Kirkuk, 20 km away".
    pub(super) fn distance_behind(&self, end: usize, between: &[Sense]) -> Option<Distance> {
        let at = self.skip(end, &[Sense::Filler, Sense::Away, Sense::In], true);
        // A distance with a direction of its own starts from another place.
        let distance = self.distance_at(at)?;
        let next = self.skip(distance.tokens.end, between, false);
        let own = self
            .direction(next, true)
            .is_some_and(|other| self.anchor(other.end).is_some());
        (!own && !self.is_length(distance)).then(|| distance.clone())
    }

    /// A distance that a second one makes a range: "6 km to 8 km".
    pub(super) fn ranged(&self, mut distance: Distance) -> Distance {
        let end = distance.tokens.end;
        let link = self
            .sign(end, Sense::Onward)
            .map(|sign| sign.end)
            .or_else(|| (self.kind(end) == Some(Kind::Dash)).then_some(end + 1));
        let second = link.and_then(|link| self.distance_at(link));
        let Some(second) = second.filter(|second| second.km > distance.km) else {
            return distance;
        };
        let exact = |one: &Distance| one.limit == DistanceLimit::Exact && one.upper_km.is_none();
        if exact(&distance) && exact(second) {
            distance.upper_km = Some(second.km);
            distance.step_km = distance.step_km.min(second.step_km);
            distance.tokens.end = second.tokens.end;
            distance.absurd = distance.absurd.or_else(|| second.absurd.clone());
        }
        distance
    }

    /// First token of a number in brackets without a unit, right before a direction: "(100 north of Erbil)".
    pub(super) fn unmeasured(&self, at: usize) -> Option<usize> {
        let number = at.checked_sub(1).filter(|number| self.inside(*number))?;
        let opened = self.kind(number.checked_sub(1)?) == Some(Kind::Open);
        (opened && self.kind(number) == Some(Kind::Number)).then_some(number)
    }

    /// First token of a distance that is no number before a direction: "10⁹⁹ km south of", "a few kilometres south of".
    pub(super) fn unread_distance(&self, at: usize) -> Option<usize> {
        let unit = self.before(at, GAP, Sense::Unit)?;
        let read = |distance: &Distance| distance.tokens.contains(&unit.start);
        if self.distances.iter().any(read) || !(unit.end..at).all(|between| self.may_follow_unit(between)) {
            return None;
        }
        let mut start = unit.start;
        while start > self.sentence.start && unit.start - start < GAP {
            let before = start - 1;
            let number = matches!(self.kind(before), Some(Kind::Number | Kind::Symbol | Kind::Separator));
            if let Some(vague) = self.before(start, GAP, Sense::Vague).filter(|vague| vague.end == start) {
                start = vague.start;
            } else if number {
                start = before;
            } else {
                break;
            }
        }
        Some(start)
    }

    /// True for a token between the unit of a distance and its direction.
    fn may_follow_unit(&self, at: usize) -> bool {
        let word = [
            Sense::Filler,
            Sense::Lead,
            Sense::Away,
            Sense::In,
            Sense::Unit,
            Sense::Half,
        ];
        self.any(at, &word).is_some()
            || matches!(
                self.kind(at),
                Some(Kind::Open | Kind::Close | Kind::Number | Kind::Separator)
            )
            || (self.kind(at) == Some(Kind::Arabic) && self.slice(at).starts_with('و'))
    }

    /// First token of fillers that end before a token: "at a distance of".
    pub(super) fn with_fillers(&self, mut start: usize) -> usize {
        while let Some(sign) = [Sense::Filler, Sense::Away]
            .iter()
            .find_map(|sense| self.before(start, 3, *sense).filter(|sign| sign.end == start))
        {
            if sign.start >= start {
                break;
            }
            start = sign.start;
        }
        start
    }
}

/// The step to which somebody rounds who writes this number: the largest of 100, 50, 10, 5 and 1 that divides it and is at
/// most half of it; a tenth of a unit for a number with a fraction.
fn step(value: f64) -> f64 {
    if value.fract() != 0.0 {
        return 0.1;
    }
    let fits = |step: &f64| value % step == 0.0 && value >= 2.0 * step;
    [100.0, 50.0, 10.0, 5.0].into_iter().find(fits).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Distance, DistanceLimit, step};

    #[test]
    fn round_numbers_are_coarse() {
        for (value, expected) in [
            (20.0, 10.0),
            (25.0, 5.0),
            (12.0, 1.0),
            (100.0, 50.0),
            (10.0, 5.0),
            (1.5, 0.1),
            (3.0, 1.0),
        ] {
            assert_eq!(step(value), expected, "{value}");
        }
    }

    #[test]
    fn a_limit_is_a_range() {
        let exact = Distance::exact(0..1, 40.0, 10.0);
        let most = exact.clone().limited(DistanceLimit::AtMost);
        assert_eq!((most.km, most.upper_km), (0.0, Some(40.0)));
        let least = exact.limited(DistanceLimit::AtLeast);
        assert_eq!((least.km, least.upper_km), (40.0, Some(60.0)));
        assert!(least.note().is_some() && most.note().is_none());
    }
}
