//! How a name relates to the words around it, and its place to other places.

use super::{Anchor, Judge, Subject};
use crate::{
    gazetteer::{Level, Place, PlaceIndex},
    geoparse::{
        cue::{Cue, Cues},
        find::Found,
        lexicon::NameClass,
        ranks::SMALL,
        resolve,
    },
    text::{Kind, Token, UNKNOWN},
};

/// Two places nearer than this, in degrees, are one place and its outskirts.
const OUTSKIRTS: f64 = 0.12;
/// Two places nearer than this, in degrees, are neighbours.
const NEAR: f64 = 0.45;
/// Letters of a name that no word of another language has.
const LONG_NAME: usize = 5;
/// A city of this rank is named in all languages.
const UNMISTAKABLE: u8 = 99;
/// Words between a name and the name of the state that it lies in ("in the west of").
const LINK: usize = 5;

impl Judge<'_> {
    pub(super) fn is_contextual(&self, place: &Place) -> bool {
        matches!(place.level, Level::Neighbourhood | Level::Road | Level::Site) || place.rank < SMALL
    }

    /// "Amara Konate told": an unknown word with a capital follows, and then a verb of saying.
    pub(super) fn is_given_name(&self, one: &Found) -> bool {
        let person = |token: &Token| {
            token.kind == Kind::Latin && token.is_capital() && token.word == UNKNOWN && !token.begins_sentence()
        };
        let says =
            |token: &Token| token.kind == Kind::Latin && !token.is_capital() && self.words.of(token).has(Cue::Verb);
        one.trigger.is_none()
            && !self.is_placed(one)
            && !self.tokens.is_uncased_at(one.first)
            && self.tokens.get(one.last).is_some_and(person)
            && self.tokens.get(one.last + 1).is_some_and(says)
    }

    /// In a language whose words are not known: a long name in its own spelling, of a place that is known everywhere unless
    /// the land is named besides.
    pub(super) fn is_unmistakable(&self, one: &Found, place: &Place, at_home: bool) -> bool {
        let exact = self.tokens.tokens[one.first..one.last].iter().all(|token| {
            token.kind != Kind::Latin && token.kind != Kind::Arabic
                || token.word != UNKNOWN
                || token.cut + token.tail > 0
        });
        // "Musul'dan": an apostrophe shows where the name ends.
        let apart = self
            .text
            .get(one.span.end..)
            .is_some_and(|rest| rest.starts_with(['\'', '’']));
        let inflected = self.tokens.tokens[one.last - 1].tail > 0 && !apart;
        let long = self.slice(one).chars().count() >= LONG_NAME + usize::from(inflected);
        let bearers = self.names.bearers(one.name);
        let city = |place: &Place| place.level == Level::Settlement && place.rank >= UNMISTAKABLE;
        let known = place.level == Level::Country || bearers.iter().any(|bearer| city(self.gazetteer.at(bearer.place)));
        let region = place.level == Level::Region && one.trigger.is_none();
        exact && long && (known || at_home) && !region
    }

    pub(in super::super) fn are_neighbours(&self, one: PlaceIndex, other: PlaceIndex) -> bool {
        are_near(self.gazetteer.at(one), self.gazetteer.at(other))
    }

    pub(super) fn is_supported(&self, one: &Found) -> bool {
        self.tokens.language_at(one.first).is_supported()
    }

    /// True if one contains the other, or both lie in one governorate, or near each other.
    pub(in super::super) fn is_akin(&self, place: PlaceIndex, anchor: PlaceIndex) -> bool {
        place == anchor || self.holds_or_neighbours(anchor, place) || {
            let unit = self.gazetteer.at(place).level;
            unit != Level::Region && self.parents.hold(place, anchor)
        }
    }

    pub(in super::super) fn holds_or_neighbours(&self, anchor: PlaceIndex, place: PlaceIndex) -> bool {
        let (one, other) = (self.gazetteer.at(place), self.gazetteer.at(anchor));
        if other.foreign || matches!(other.level, Level::Country | Level::Region) {
            return false;
        }
        if self.parents.hold(anchor, place) || are_near(one, other) {
            return true;
        }
        // A quarter belongs to its own city; a village may be named with any place of its governorate.
        !matches!(one.level, Level::Neighbourhood | Level::Road) && self.share_governorate(place, anchor)
    }

    /// True for a place in the district or subdistrict of the anchor, for a unit in its governorate, and for the outskirts.
    pub(super) fn is_right_beside(&self, anchor: PlaceIndex, place: PlaceIndex) -> bool {
        let unit = match self.gazetteer.at(anchor).level {
            Level::Governorate => matches!(self.gazetteer.at(place).level, Level::District | Level::Subdistrict),
            level => matches!(level, Level::District | Level::Subdistrict),
        };
        unit && self.parents.hold(anchor, place)
            || are_nearer(self.gazetteer.at(place), self.gazetteer.at(anchor), OUTSKIRTS)
    }

    /// True for a quarter or a village inside the anchor or in its outskirts.
    pub(super) fn is_within(&self, place: PlaceIndex, anchor: PlaceIndex) -> bool {
        let (one, other) = (self.gazetteer.at(place), self.gazetteer.at(anchor));
        !other.foreign && (self.parents.hold(anchor, place) || are_nearer(one, other, OUTSKIRTS))
    }

    pub(in super::super) fn share_governorate(&self, one: PlaceIndex, other: PlaceIndex) -> bool {
        let governorates = |place: PlaceIndex| {
            let parents = self.parents.of(place).iter().copied().chain([place]);
            parents.filter(|parent| self.gazetteer.at(*parent).level == Level::Governorate)
        };
        governorates(one).any(|unit| governorates(other).any(|other| other == unit))
    }

    /// A river, a mountain or a plain in a text about another land, without a place of this one beside it: rivers flow
    /// through several lands, and their namesakes are many.
    pub(super) fn goes_on_abroad(&self, place: &Place, near: &[Anchor], subject: &Subject) -> bool {
        self.is_natural(place) && subject.names_abroad && !subject.is_land() && near.iter().all(|anchor| anchor.foreign)
    }

    pub(super) fn is_natural(&self, place: &Place) -> bool {
        matches!(
            place.level,
            Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area
        )
    }

    /// The text says that it lies in another state: "in Iran", ", Iran".
    pub(super) fn lies_abroad(&self, found: &[Found], at: usize, near: &[Anchor], place: &Place) -> bool {
        if place.level == Level::Country {
            return false;
        }
        let one = &found[at];
        let Some(next) = near.iter().find(|anchor| anchor.at == at + 1 && anchor.foreign) else {
            return false;
        };
        if self.gazetteer.at(next.place).level != Level::Country && self.names.get(one.name).class == NameClass::Safe {
            return false;
        }
        let other = &found[next.at];
        let from = one
            .trigger
            .as_ref()
            .map_or(one.last, |trigger| trigger.end.max(one.last));
        let to = other
            .trigger
            .as_ref()
            .map_or(other.first, |trigger| trigger.start.min(other.first));
        // "towards the border of Syria" says nothing of where the name before it lies.
        let noun = other.trigger.as_ref();
        if from > to || to - from > LINK || noun.is_some_and(|noun| !noun.noun.levels.contains(&Level::Country)) {
            return false;
        }
        let between = &self.tokens.tokens[from..to];
        let inside = |token: &Token| {
            let cues = self.words.of(token);
            !cues.any(&[Cue::Line, Cue::Motion]) && cues.any(&[Cue::Literal, Cue::Link, Cue::Belongs, Cue::Epithet])
        };
        let prefixed = self.prefix(other).has(Cue::Literal);
        let english = self.tokens.tokens[one.first].kind == Kind::Latin;
        let between = match self.words.noun_after(self.tokens, from) {
            Some(noun) if noun.end <= to => &self.tokens.tokens[noun.end..to],
            _ => between,
        };
        match between {
            [] => prefixed && !self.prefix(other).has(Cue::Channel),
            // "Sanandaj, Kurdistan province, Iran.", not "Erbil, Turkey and Iran".
            [comma] if comma.kind == Kind::Comma => {
                english && self.gazetteer.at(next.place).level == Level::Country && self.ends_phrase(other.last)
            }
            words => {
                let channel = words
                    .iter()
                    .any(|token| self.words.whole(token).any(&[Cue::Channel, Cue::Motion]));
                !channel && words.iter().all(inside)
            }
        }
    }

    /// "the village of Bashir, south of Kirkuk": only words of place lead from it to a place in its governorate.
    pub(super) fn is_described_from(&self, found: &[Found], at: usize, near: &[Anchor], place: PlaceIndex) -> bool {
        let one = &found[at];
        let from = one
            .trigger
            .as_ref()
            .map_or(one.last, |trigger| trigger.end.max(one.last));
        let comma = self.tokens.get(from).is_some_and(|token| token.kind == Kind::Comma);
        let from = from + usize::from(comma);
        let Some(next) = near.iter().find(|anchor| anchor.at == at + 1) else {
            return false;
        };
        let to = found[next.at].head;
        from < to
            && to - from < LINK
            && self.tokens.tokens[from..to]
                .iter()
                .all(|token| self.words.of(token).any(&[Cue::Literal, Cue::Tie]))
            && self.holds_or_neighbours(next.place, place)
    }

    pub(super) fn ends_phrase(&self, at: usize) -> bool {
        let and = |token: &Token| self.words.whole(token).has(Cue::And);
        match self.tokens.get(at) {
            None => true,
            Some(token) if token.begins_sentence() => true,
            Some(token) if token.kind == Kind::Comma => self.tokens.get(at + 1).is_none_or(|next| !and(next)),
            Some(token) => !and(token),
        }
    }

    /// True if a word of place, or a word for those who act for it, precedes it.
    pub(super) fn is_placed(&self, one: &Found) -> bool {
        self.is_located(one) || self.words.ending_at(self.tokens, one.head).0.has(Cue::Actor)
    }

    /// True if a word of place precedes it.
    pub(in super::super) fn is_located(&self, one: &Found) -> bool {
        let left = self.words.ending_at(self.tokens, one.head).0;
        left.any(&[Cue::Literal, Cue::Motion, Cue::Facility, Cue::Line]) || self.prefix(one).has(Cue::Literal)
    }

    /// Cues of the proclitics before a name.
    pub(in super::super) fn prefix(&self, one: &Found) -> Cues {
        let Some(token) = self.tokens.get(one.first) else {
            return Cues::NONE;
        };
        let prefix = self.text.get(token.start as usize..one.span.start).unwrap_or_default();
        self.words.proclitics(prefix, usize::MAX, token.is_sorani())
    }
}

fn are_near(one: &Place, other: &Place) -> bool {
    are_nearer(one, other, NEAR)
}

fn are_nearer(one: &Place, other: &Place, degrees: f64) -> bool {
    let coarse = |place: &Place| matches!(place.level, Level::Country | Level::Region | Level::Governorate);
    !coarse(one) && !coarse(other) && resolve::are_near(one, other, degrees)
}
