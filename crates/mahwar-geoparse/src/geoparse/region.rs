//! Names that the land's region of Kurdistan shares with other places: the whole Kurdistan and its parts in other states,
//! and the resort that is the seat of the Region's presidency.

use super::{
    cue::Cue,
    evidence::{Judge, Subject},
    find::Found,
    ranks::is_city,
    resolve::Resolution,
};
use crate::{
    gazetteer::{Level, Place, PlaceIndex},
    text::Token,
};

/// Tokens of a sentence on either side of the resort in which the presidency is looked for.
const PRESIDENCY: usize = 40;

impl Judge<'_> {
    /// True if the words beside a name say that it is another part of Kurdistan, or all of it: کوردستانی ڕۆژئاوا,
    /// باکوور و ڕۆژاوای کوردستان, چوار پارچەی کوردستان.
    pub(super) fn is_part_of_kurdistan(&self, one: &Found, place: &Place) -> bool {
        if place.level != Level::Region || one.trigger.is_some() || one.last != one.first + 1 {
            return false;
        }
        let part = |at: usize| {
            let token = self.tokens.get(at);
            token.is_some_and(|token| self.words.of(token).has(Cue::Part))
        };
        let token = &self.tokens.tokens[one.first];
        let joined = !token.is_sorani() || token.tail > 0;
        let follows = joined && part(one.last) && !self.tokens.tokens[one.last].begins_sentence();
        let precedes = one
            .head
            .checked_sub(1)
            .is_some_and(|before| part(before) && token.is_sorani() && !token.begins_sentence());
        follows || precedes
    }

    /// True if a governorate shares its name with the seat of the Region's presidency, and the text is about that: "Masoud
    /// Barzani received the ambassador in Salahaddin", or it names only places around the seat.
    pub(super) fn is_seat_of_presidency(
        &self,
        one: &Found,
        place: &Place,
        resolution: &Resolution,
        subject: &Subject,
    ) -> bool {
        if place.level != Level::Governorate || one.trigger.is_some() {
            return false;
        }
        let mut others = resolution.candidates.iter().skip(1);
        let resort = others.find(|other| {
            let town = self.gazetteer.at(other.place).level > Level::District;
            let region = |unit: &u32| self.gazetteer.at(*unit).level == Level::Region;
            town && self.parents.of(other.place).iter().any(region)
        });
        let Some(resort) = resort else { return false };
        if self.names_only_around(resort.place, subject) {
            return true;
        }
        let sentence = self.tokens.sentence_within(one.first, PRESIDENCY);
        self.is_inside_of(one)
            && sentence
                .into_iter()
                .any(|at| self.words.beginning_at(self.tokens, at).0.has(Cue::Presidency))
    }

    /// True if the towns and districts that a text names lie in the governorate of a place, and not only its capital.
    fn names_only_around(&self, place: PlaceIndex, subject: &Subject) -> bool {
        let fine = |other: &&PlaceIndex| {
            let level = self.gazetteer.at(**other).level;
            !matches!(level, Level::Country | Level::Region | Level::Governorate)
        };
        let small = |other: &PlaceIndex| !is_city(self.gazetteer.at(*other));
        let around = |other: &PlaceIndex| self.share_governorate(place, *other);
        let mut places = subject.places.iter().filter(fine);
        places.clone().all(around) && places.any(small)
    }

    /// "In" precedes it.
    fn is_inside_of(&self, one: &Found) -> bool {
        let before = one
            .head
            .checked_sub(1)
            .filter(|_| !self.tokens.get(one.head).is_none_or(Token::begins_sentence));
        let word = before.and_then(|at| self.tokens.get(at));
        word.is_some_and(|word| self.words.whole(word).has(Cue::Inside)) || self.prefix(one).has(Cue::Literal)
    }
}
