//! Verdicts on the names of each class: which company in the text a name needs.

use super::{
    Anchor, FAMOUS_LATIN, FAMOUS_SORANI, Judge, LONG, Strength, Subject, Verdict, confidence, strength::expected,
};
use crate::{
    gazetteer::{Level, PlaceIndex},
    geoparse::{
        find::Found,
        ranks::{CITY, FAMOUS, KNOWN},
        resolve::Resolution,
    },
    text::Kind,
};

impl Judge<'_> {
    /// A strong name without a type noun. Where nothing else in a longer text is at home, a town that is not known
    /// everywhere may have a namesake abroad.
    pub(super) fn strong(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let other = |anchor: &Anchor| !anchor.foreign && anchor.place != place;
        let (rank, level) = (self.rank(one, place), self.gazetteer.at(place).level);
        // Mountains and rivers go beyond the land, as the name of a region does.
        let natural = |place: PlaceIndex| self.is_natural(self.gazetteer.at(place));
        let other = |anchor: &Anchor| other(anchor) && !(level == Level::Region && natural(anchor.place));
        let named = self.land_words > 0
            || near.iter().any(other)
            || subject.grounded
                && subject
                    .places
                    .iter()
                    .any(|other| *other != place && !(level == Level::Region && natural(*other)));
        if named && (subject.is_land() || near.iter().any(|anchor| !anchor.foreign)) {
            return Verdict::Means(confidence::STRONG);
        }
        let doubtful = self.may_be_adjective(one)
            || self.is_adjective_among_lands(one, subject.abroad)
            || self.is_sorani_word(one)
            || self.is_object_of_word(one);
        // The name of a region goes beyond the land's part of it, and another word beyond the town.
        let famous = rank >= self.famous(one) && level != Level::Region;
        let whole = level == Level::Region && self.names.get(one.name).words > 1;
        if !doubtful && (named || famous || whole) {
            return Verdict::Means(confidence::STRONG);
        }
        if self.is_object_of_word(one) {
            return Verdict::Open;
        }
        match (self.is_short(), subject.abroad) {
            // All of Kurdistan, or the part of any state.
            (true, 0) if level == Level::Region && one.trigger.is_none() => Verdict::Means(confidence::ALONE),
            (true, 0) if !doubtful || self.is_placed(one) => Verdict::Means(confidence::LONE),
            (true, _) | (false, 0) if self.is_placed(one) && level != Level::Region && !doubtful => {
                Verdict::Means(confidence::SUBJECT)
            }
            _ => Verdict::Open,
        }
    }

    /// The rank of a place; the seat of a subdistrict is not better known than the subdistrict.
    fn rank(&self, one: &Found, place: PlaceIndex) -> u8 {
        let bearers = self.names.bearers(one.name).iter().map(|bearer| bearer.place);
        let seat =
            |unit: &PlaceIndex| self.gazetteer.at(*unit).level == Level::Subdistrict && self.parents.hold(*unit, place);
        let unit = bearers.filter(seat).map(|unit| self.gazetteer.at(unit).rank).min();
        let own = self.gazetteer.at(place).rank;
        if own < CITY {
            unit.map_or(own, |unit| own.min(unit))
        } else {
            own
        }
    }

    pub(super) fn famous(&self, one: &Found) -> u8 {
        match self.tokens.get(one.first) {
            Some(token) if token.kind == Kind::Latin => FAMOUS_LATIN,
            Some(token) if token.is_sorani() => FAMOUS_SORANI,
            _ => FAMOUS,
        }
    }

    /// A text too short to name a second place.
    pub(super) fn is_short(&self) -> bool {
        self.tokens.len() <= LONG
    }

    /// A weak name without a type noun and without a place beside it that contains or neighbours it.
    pub(super) fn weak(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let related = |anchor: &&Anchor| !anchor.foreign && self.is_akin(place, anchor.place);
        if near.iter().any(|anchor| related(&anchor)) {
            return Verdict::Means(confidence::BESIDE);
        }
        let country = near.iter().any(|anchor| !anchor.foreign);
        match subject.is_land() {
            true if subject.places.iter().any(|other| self.is_akin(place, *other)) => {
                Verdict::Means(confidence::PARAGRAPH)
            }
            true if country || self.is_placed(one) => Verdict::Means(confidence::SUBJECT),
            true => Verdict::Open,
            false
                if subject.abroad == 0
                    && (country || self.is_short() && self.is_placed(one) && !self.is_object_of_word(one)) =>
            {
                Verdict::Means(confidence::ALONE)
            }
            false => self.open_or_nothing(one),
        }
    }

    /// An everyday word that is also a name, without a type noun and without a place beside it.
    pub(super) fn word(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let akin = near
            .iter()
            .any(|anchor| !anchor.foreign && self.is_akin(place, anchor.place));
        let known = self.gazetteer.at(place).rank >= KNOWN;
        match self.is_located(one) {
            true if akin => Verdict::Means(confidence::BESIDE),
            true if known && subject.is_land() && subject.places.iter().any(|other| self.is_akin(place, *other)) => {
                Verdict::Means(confidence::SUBJECT)
            }
            _ => Verdict::Nothing,
        }
    }

    /// A quarter, a road, a village: the city or unit that contains it must be named, and no other one beside it.
    pub(super) fn contextual(
        &self,
        one: &Found,
        place: PlaceIndex,
        typed: bool,
        near: &[Anchor],
        subject: &Subject,
    ) -> Verdict {
        let holds = |anchor: &&Anchor| self.holds_or_neighbours(anchor.place, place);
        if near.iter().any(|anchor| holds(&anchor)) {
            return Verdict::Means(if typed { confidence::STRONG } else { confidence::BESIDE });
        }
        let finer = |anchor: &&Anchor| !matches!(self.gazetteer.at(anchor.place).level, Level::Country | Level::Region);
        if near.iter().any(|anchor| finer(&anchor)) {
            return self.open_or_nothing(one);
        }
        if subject
            .places
            .iter()
            .any(|other| self.holds_or_neighbours(*other, place))
        {
            return Verdict::Means(if typed {
                confidence::PARAGRAPH
            } else {
                confidence::SUBJECT
            });
        }
        let unit = |place: &PlaceIndex| !matches!(self.gazetteer.at(*place).level, Level::Country | Level::Region);
        if subject.abroad > 0 || subject.places.iter().any(unit) || !typed {
            return self.open_or_nothing(one);
        }
        // Nothing else is named: the name itself must be a rare one that only one place has.
        let name = self.names.get(one.name);
        let rare = name.words > 1 || name.zipf.iter().all(|zipf| *zipf < 3.2);
        let only = self.names.bearers(one.name).len() == 1;
        match rare && only && (subject.is_land() || subject.abroad == 0) {
            true => Verdict::Means(confidence::ALONE.max(if subject.is_land() { confidence::SUBJECT } else { 0.0 })),
            false => Verdict::Open,
        }
    }

    /// A bare name that was left open by resolution is listed unless it is an everyday word.
    pub(super) fn unresolved(&self, one: &Found, resolution: &Resolution) -> Verdict {
        if one.name == 0 && self.is_no_name(one) {
            return Verdict::Nothing;
        }
        if one.trigger.is_some() || one.name == 0 {
            return Verdict::Open;
        }
        let name = self.names.get(one.name);
        let best = resolution.candidates.first().map(|best| self.gazetteer.at(best.place));
        let Some(place) = best else { return Verdict::Open };
        let expected = expected(place).max(name.expected);
        match name.words == 1 && self.word_strength(one, place, name.zipf, expected) == Strength::Word {
            true => Verdict::Nothing,
            false => Verdict::Open,
        }
    }

    /// A name without evidence is listed after a type noun; without one it counts as a word.
    pub(super) fn open_or_nothing(&self, one: &Found) -> Verdict {
        match one.trigger.is_some() || self.is_located(one) {
            true => Verdict::Open,
            false => Verdict::Nothing,
        }
    }
}
